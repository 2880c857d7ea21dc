use keelson_domain::access::Denied;
use keelson_domain::shared::{BoxError, StoreError};

/// Why something cannot be done with a group.
#[derive(Debug, thiserror::Error)]
pub enum GroupError {
    /// The caller may not do this.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// There is no such group.
    #[error("there is no such group")]
    NotFound,
    /// Anything else.
    #[error("unexpected")]
    Unexpected(#[source] BoxError),
}

impl From<StoreError> for GroupError {
    fn from(error: StoreError) -> Self {
        Self::Unexpected(Box::new(error))
    }
}
