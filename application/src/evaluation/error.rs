use keelson_domain::access::Denied;
use keelson_domain::shared::{BoxError, StoreError};

/// Why something cannot be done with feedback.
#[derive(Debug, thiserror::Error)]
pub enum EvaluationError {
    /// The caller may not do this.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// There is no such feedback, or it is none of the caller's.
    #[error("there is no such feedback")]
    NotFound,
    /// Anything else.
    #[error("unexpected")]
    Unexpected(#[source] BoxError),
}

impl From<StoreError> for EvaluationError {
    fn from(error: StoreError) -> Self {
        Self::Unexpected(Box::new(error))
    }
}
