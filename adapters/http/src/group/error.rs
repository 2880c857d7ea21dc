use keelson_application::group::GroupError;
use poem::http::StatusCode;

use crate::error::{ApiError, Failure};

impl Failure for GroupError {
    const ANSWERS: &'static [(u16, &'static str)] = &[(400, "There is no such group.")];

    fn into_answer(self) -> ApiError {
        match &self {
            GroupError::NotFound => ApiError::of(StatusCode::BAD_REQUEST, &self),
            GroupError::Unexpected(source) => ApiError::unexpected(source),
        }
    }
}
