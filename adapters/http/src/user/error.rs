use keelson_application::user::UserError;
use poem::http::StatusCode;

use crate::error::{ApiError, Failed, Failure};

impl Failure for UserError {
    const ANSWERS: &'static [(u16, &'static str)] = &[
        (
            400,
            "There is no such user, or the values of the account are not accepted.",
        ),
        (401, "Not signed in, or only administrators may do this."),
        (403, "This account may not be changed or deleted."),
    ];

    fn into_answer(self) -> ApiError {
        let status = match &self {
            UserError::NotFound
            | UserError::EmailTaken
            | UserError::InvalidEmail(_)
            | UserError::UnknownRole(_)
            | UserError::WeakPassword(_) => StatusCode::BAD_REQUEST,
            UserError::Denied(_) => StatusCode::UNAUTHORIZED,
            UserError::FirstAdmin | UserError::OwnAccount => StatusCode::FORBIDDEN,
            UserError::Unexpected(source) => return ApiError::unexpected(source),
        };
        ApiError::of(status, &self)
    }
}

/// What an operation on users answers.
pub(super) type UserResult<T> = Result<T, Failed<UserError>>;
