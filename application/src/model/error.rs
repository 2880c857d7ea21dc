use keelson_domain::access::Denied;
use keelson_domain::model::ProviderError;
use keelson_domain::shared::{BoxError, StoreError};

/// Why a model cannot be read, changed or used.
#[derive(Debug, thiserror::Error)]
pub enum ModelError {
    /// There is no such model, or no such connection.
    #[error("there is no such model")]
    NotFound,
    /// The caller may not use it.
    #[error("you may not use this model")]
    NotAllowed,
    /// The caller lacks a permission on models of the workspace.
    #[error("you may not do this with models")]
    NotPermitted,
    /// The caller may use the model, but not change it.
    #[error("you may not change this model")]
    ReadOnly,
    /// Another model has the id.
    #[error("this model id is taken")]
    IdTaken,
    /// The id is empty or longer than 256 bytes.
    #[error("a model id has 1 to 256 bytes")]
    InvalidId,
    /// An imported model has a wrong field; says which.
    #[error("a model cannot be imported: {0}")]
    InvalidImport(String),
    /// The provider failed.
    #[error(transparent)]
    Provider(#[from] ProviderError),
    /// Anything else.
    #[error("unexpected")]
    Unexpected(#[source] BoxError),
}

impl From<Denied> for ModelError {
    fn from(_: Denied) -> Self {
        Self::NotPermitted
    }
}

impl From<StoreError> for ModelError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Conflict { .. } => Self::IdTaken,
            other => Self::Unexpected(Box::new(other)),
        }
    }
}
