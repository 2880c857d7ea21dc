use keelson_application::group::GroupError;
use poem::http::StatusCode;

use crate::error::{ApiError, Failed, Failure};

impl Failure for GroupError {
    const ANSWERS: &'static [(u16, &'static str)] = &[
        (400, "There is no such group to change."),
        (
            401,
            "Not signed in, not an administrator, or there is no such group to read.",
        ),
    ];

    fn into_answer(self) -> ApiError {
        let status = match &self {
            GroupError::NotFound => StatusCode::BAD_REQUEST,
            GroupError::Denied(_) => StatusCode::UNAUTHORIZED,
            GroupError::Unexpected(source) => return ApiError::unexpected(source),
        };
        ApiError::of(status, &self)
    }
}

/// What an operation on groups answers.
pub(super) type GroupResult<T> = Result<T, Failed<GroupError>>;

/// The reference answers 401 where an unknown group is read, 400 where it is changed.
pub(super) fn unknown_is_unauthorized(error: GroupError) -> ApiError {
    match error {
        GroupError::NotFound => ApiError::of(StatusCode::UNAUTHORIZED, &error),
        other => other.into(),
    }
}
