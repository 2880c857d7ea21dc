use keelson_application::completion::CompletionError;
use poem::http::StatusCode;

use crate::error::{ApiError, Failed, Failure};
use crate::provider::provider_error;

impl Failure for CompletionError {
    const ANSWERS: &'static [(u16, &'static str)] = &[
        (400, "The request or the model is not accepted."),
        (401, "Not signed in, or the provider refuses its key."),
        (403, "The provider refuses the request."),
        (404, "The provider does not know the model."),
        (429, "The provider limits the rate of requests."),
    ];

    fn into_answer(self) -> ApiError {
        match &self {
            CompletionError::NoModel
            | CompletionError::NoMessages
            | CompletionError::InvalidField { .. }
            | CompletionError::NoChat
            | CompletionError::NoAction(_)
            | CompletionError::Model(_) => ApiError::of(StatusCode::BAD_REQUEST, &self),
            CompletionError::Provider(error) => provider_error(error),
            CompletionError::Unexpected(source) => ApiError::unexpected(source),
        }
    }
}

/// What an operation on completions answers.
pub(super) type CompletionResult<T> = Result<T, Failed<CompletionError>>;
