use keelson_application::generation::GenerationError;
use keelson_application::model::ModelError;
use poem::http::StatusCode;

use crate::error::{ApiError, Failed, Failure};
use crate::provider::provider_error;

impl Failure for GenerationError {
    const ANSWERS: &'static [(u16, &'static str)] = &[
        (400, "The generation is disabled, or the request is not accepted."),
        (401, "Not signed in, or the provider refuses its key."),
        (403, "The provider refuses the request."),
        (404, "There is no such model."),
        (429, "The provider limits the rate of requests."),
    ];

    fn into_answer(self) -> ApiError {
        match &self {
            GenerationError::Model(ModelError::NotFound) | GenerationError::NoModel => {
                ApiError::of(StatusCode::NOT_FOUND, &self)
            }
            GenerationError::Disabled(_)
            | GenerationError::NotAllowed(_)
            | GenerationError::TooLong(_)
            | GenerationError::Model(_) => ApiError::of(StatusCode::BAD_REQUEST, &self),
            GenerationError::Provider(error) => provider_error(error),
            GenerationError::Unexpected(source) => ApiError::unexpected(source),
        }
    }
}

/// What a generation answers.
pub(super) type GenerationResult<T> = Result<T, Failed<GenerationError>>;
