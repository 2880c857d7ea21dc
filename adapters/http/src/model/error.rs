use keelson_application::model::ModelError;
use poem::http::StatusCode;

use crate::error::{ApiError, Failure};

impl Failure for ModelError {
    const ANSWERS: &'static [(u16, &'static str)] = &[
        (400, "The id or the import is not accepted."),
        (401, "Not signed in, not permitted, or the id is taken."),
        (403, "The caller may not use this model."),
        (404, "There is no such model."),
    ];

    fn into_answer(self) -> ApiError {
        let status = match &self {
            ModelError::NotFound => StatusCode::NOT_FOUND,
            ModelError::NotAllowed => StatusCode::FORBIDDEN,
            ModelError::NotPermitted | ModelError::ReadOnly | ModelError::IdTaken => StatusCode::UNAUTHORIZED,
            ModelError::InvalidId | ModelError::InvalidImport(_) => StatusCode::BAD_REQUEST,
            ModelError::Unexpected(source) => return ApiError::unexpected(source),
        };
        ApiError::of(status, &self)
    }
}
