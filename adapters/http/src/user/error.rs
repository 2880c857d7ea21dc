use keelson_application::user::UserError;
use poem::http::StatusCode;

use crate::error::{ApiError, Failure};

impl Failure for UserError {
    const ANSWERS: &'static [(u16, &'static str)] = &[
        (
            400,
            "There is no such user, or the values of the account are not accepted.",
        ),
        (403, "This account may not be changed or deleted so."),
    ];

    fn into_answer(self) -> ApiError {
        let status = match &self {
            UserError::NotFound
            | UserError::EmailTaken
            | UserError::InvalidEmail(_)
            | UserError::WeakPassword(_) => StatusCode::BAD_REQUEST,
            UserError::FirstAdmin | UserError::Oneself => StatusCode::FORBIDDEN,
            UserError::Unexpected(source) => return ApiError::unexpected(source),
        };
        ApiError::of(status, &self)
    }
}
