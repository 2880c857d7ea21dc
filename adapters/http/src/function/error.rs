use keelson_application::function::FunctionError;
use poem::http::StatusCode;

use crate::error::{ApiError, Failed, Failure};

impl Failure for FunctionError {
    const ANSWERS: &'static [(u16, &'static str)] = &[(401, "Only administrators may do this.")];

    fn into_answer(self) -> ApiError {
        match &self {
            FunctionError::Denied(_) => ApiError::of(StatusCode::UNAUTHORIZED, &self),
            FunctionError::Unexpected(_) => ApiError::unexpected(&Box::new(self).into()),
        }
    }
}

/// What an operation on functions answers.
pub(super) type FunctionResult<T> = Result<T, Failed<FunctionError>>;
