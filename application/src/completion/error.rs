use keelson_domain::model::ProviderError;
use keelson_domain::shared::{BoxError, StoreError};

use crate::model::ModelError;

/// Why a completion does not start.
#[derive(Debug, thiserror::Error)]
pub enum CompletionError {
    /// The body names no model.
    #[error("\"model\" is missing: name one that /api/models lists")]
    NoModel,
    /// The body has no messages.
    #[error("\"messages\" is missing: a list of messages, oldest first")]
    NoMessages,
    /// A field has the wrong type.
    #[error("\"{field}\" must be {allowed}")]
    InvalidField {
        /// The field.
        field: &'static str,
        /// What it may hold.
        allowed: &'static str,
    },
    /// The chat does not exist, or is somebody else's.
    #[error("there is no such chat, or it is not yours")]
    NoChat,
    /// No action function has the id.
    #[error("there is no action {0}")]
    NoAction(String),
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

impl From<ModelError> for CompletionError {
    fn from(error: ModelError) -> Self {
        match error {
            ModelError::Provider(error) => Self::Provider(error),
            ModelError::Unexpected(source) => Self::Unexpected(source),
            other => Self::Model(other),
        }
    }
}

impl From<StoreError> for CompletionError {
    fn from(error: StoreError) -> Self {
        Self::Unexpected(Box::new(error))
    }
}
