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
    /// The model would be everyone's, which the caller may not decide.
    #[error(
        "you may not share models with everyone: name users or groups in access_control, or give it as {{}}"
    )]
    NotShareable,
    /// The caller may not use the base of a preset, or a preset below it.
    #[error("you may not use the base model, or there is none")]
    BaseNotAllowed,
    /// Without a base it would be the settings of a provider's model.
    #[error("the settings of providers' models are the administrator's: name a base model")]
    BaseNeeded,
    /// The operator did not open this endpoint of the provider to users.
    #[error("there is no such endpoint, or it is the administrator's")]
    EndpointNotOpen,
    /// A body that must be a document is none; says why.
    #[error("the body must be a JSON object: {0}")]
    UnreadableBody(String),
    /// The body names no model.
    #[error("the body must name a model, as a text in the field \"model\"")]
    NoModelNamed,
    /// The request may name other models than the one in the field `model`; says where.
    #[error("\"{0}\" may name other models: give one model in the field \"model\" of the body")]
    OtherModels(&'static str),
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
