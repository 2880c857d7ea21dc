use keelson_domain::model::ProviderError;
use keelson_domain::shared::BoxError;

use crate::model::ModelError;

/// Why nothing was written.
#[derive(Debug, thiserror::Error)]
pub enum GenerationError {
    /// Switched off; what depends on it goes on without.
    #[error("{0} are switched off")]
    Off(&'static str),
    /// Switched off; asking for it is an error.
    #[error("{0} are not allowed")]
    NotAllowed(&'static str),
    /// What is to be completed is too long.
    #[error("the text is longer than {0} characters (AUTOCOMPLETE_GENERATION_INPUT_MAX_LENGTH)")]
    TooLong(i64),
    /// The body names no model.
    #[error("\"model\" is missing: name one that /api/models lists")]
    NoModel,
    /// The model.
    #[error(transparent)]
    Model(ModelError),
    /// The provider.
    #[error(transparent)]
    Provider(#[from] ProviderError),
    /// Anything else.
    #[error("unexpected")]
    Unexpected(#[source] BoxError),
}

impl From<ModelError> for GenerationError {
    fn from(error: ModelError) -> Self {
        match error {
            ModelError::Unexpected(source) => Self::Unexpected(source),
            other => Self::Model(other),
        }
    }
}
