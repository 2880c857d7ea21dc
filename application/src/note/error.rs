use keelson_domain::access::Denied;
use keelson_domain::shared::{BoxError, StoreError};

/// Why notes cannot be listed.
#[derive(Debug, thiserror::Error)]
pub enum NoteError {
    /// The account lacks the permission.
    #[error("you are not allowed to use this feature")]
    NotAllowed,
    /// Anything else.
    #[error("unexpected")]
    Unexpected(#[source] BoxError),
}

impl From<StoreError> for NoteError {
    fn from(error: StoreError) -> Self {
        Self::Unexpected(Box::new(error))
    }
}

impl From<Denied> for NoteError {
    fn from(_: Denied) -> Self {
        Self::NotAllowed
    }
}
