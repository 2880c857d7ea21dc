use keelson_application::config::ConfigError;
use poem::http::StatusCode;

use crate::error::{ApiError, Failed, Failure};

impl Failure for ConfigError {
    const ANSWERS: &'static [(u16, &'static str)] = &[(400, "A value is not of its setting's kind.")];

    fn into_answer(self) -> ApiError {
        match &self {
            ConfigError::WrongKind { .. } | ConfigError::NotAnObject => {
                ApiError::of(StatusCode::BAD_REQUEST, &self)
            }
            ConfigError::Unexpected(source) => ApiError::unexpected(source),
        }
    }
}

/// What an operation on settings answers.
pub(crate) type ConfigResult<T> = Result<T, Failed<ConfigError>>;
