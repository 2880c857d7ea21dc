use keelson_application::model::ModelError;
use poem::http::StatusCode;

use crate::error::{ApiError, Failed, Failure};
use crate::provider::provider_error;

impl Failure for ModelError {
    const ANSWERS: &'static [(u16, &'static str)] = &[
        (400, "The id, the import, the change or the body is not accepted."),
        (401, "Not signed in, not permitted, or the id is taken."),
        (403, "The caller may not use this model."),
        (404, "There is no such model or connection."),
    ];

    fn into_answer(self) -> ApiError {
        let status = match &self {
            ModelError::NotFound | ModelError::EndpointNotOpen => StatusCode::NOT_FOUND,
            ModelError::NotAllowed | ModelError::BaseNotAllowed => StatusCode::FORBIDDEN,
            ModelError::NotPermitted
            | ModelError::NotShareable
            | ModelError::BaseNeeded
            | ModelError::ReadOnly
            | ModelError::IdTaken => StatusCode::UNAUTHORIZED,
            ModelError::InvalidId
            | ModelError::InvalidImport(_)
            | ModelError::UnreadableBody(_)
            | ModelError::NoModelNamed
            | ModelError::OtherModels(_) => StatusCode::BAD_REQUEST,
            ModelError::Provider(error) => return provider_error(error),
            ModelError::Unexpected(source) => return ApiError::unexpected(source),
        };
        ApiError::of(status, &self)
    }
}

/// What an operation on models answers.
pub(super) type ModelResult<T> = Result<T, Failed<ModelError>>;

/// On the workspace's paths an unknown model is 401, as in the reference.
pub(super) fn unknown_is_unauthorized(error: ModelError) -> ApiError {
    match error {
        ModelError::NotFound => ApiError::unauthorized("There is no such model."),
        other => other.into(),
    }
}
