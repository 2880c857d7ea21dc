use keelson_domain::model::ProviderError;
use keelson_domain::shared::BoxError;

use crate::model::ModelError;

/// Why nothing was generated.
#[derive(Debug, thiserror::Error)]
pub enum GenerationError {
    /// Disabled by a setting; callers go on without.
    #[error("{0} is disabled")]
    Disabled(&'static str),
    /// Disabled by a setting; asking for it is an error.
    #[error("{0} is not allowed")]
    NotAllowed(&'static str),
    /// The text to complete is too long.
    #[error("the text is longer than {0} characters (AUTOCOMPLETE_GENERATION_INPUT_MAX_LENGTH)")]
    TooLong(i64),
    /// The body names no model.
    #[error("\"model\" is missing: name one that /api/models lists")]
    NoModel,
    /// The model is unknown or not allowed.
    #[error(transparent)]
    Model(ModelError),
    /// The provider failed.
    #[error(transparent)]
    Provider(#[from] ProviderError),
    /// Anything else.
    #[error("unexpected")]
    Unexpected(#[source] BoxError),
}

impl From<ModelError> for GenerationError {
    fn from(error: ModelError) -> Self {
        match error {
            ModelError::Provider(error) => Self::Provider(error),
            ModelError::Unexpected(source) => Self::Unexpected(source),
            other => Self::Model(other),
        }
    }
}
