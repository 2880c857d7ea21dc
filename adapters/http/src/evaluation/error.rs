use keelson_application::evaluation::EvaluationError;
use poem::http::StatusCode;

use crate::error::{ApiError, Failed, Failure};

impl Failure for EvaluationError {
    const ANSWERS: &'static [(u16, &'static str)] = &[
        (401, "Not signed in, or not an administrator."),
        (404, "There is no such feedback, or it is none of the caller's."),
    ];

    fn into_answer(self) -> ApiError {
        let status = match &self {
            EvaluationError::NotFound => StatusCode::NOT_FOUND,
            EvaluationError::Denied(_) => StatusCode::UNAUTHORIZED,
            EvaluationError::Unexpected(source) => return ApiError::unexpected(source),
        };
        ApiError::of(status, &self)
    }
}

/// What an operation on feedback answers.
pub(super) type EvaluationResult<T> = Result<T, Failed<EvaluationError>>;
