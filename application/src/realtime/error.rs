use keelson_domain::shared::{BoxError, StoreError};

/// Why an operation on connected clients fails.
#[derive(Debug, thiserror::Error)]
pub enum RealtimeError {
    /// Only admins see how many people are active.
    #[error("only admins may see the usage")]
    AdminsOnly,
    /// Anything else.
    #[error("unexpected")]
    Unexpected(#[source] BoxError),
}

impl From<StoreError> for RealtimeError {
    fn from(error: StoreError) -> Self {
        Self::Unexpected(Box::new(error))
    }
}
