use keelson_domain::access::Denied;
use keelson_domain::shared::{BoxError, StoreError};

/// Why a list cannot be shown.
#[derive(Debug, thiserror::Error)]
pub enum WorkspaceError {
    /// Channels are switched off.
    #[error("channels are not enabled")]
    ChannelsOff,
    /// The account lacks the permission.
    #[error("you are not allowed to use this feature")]
    NotAllowed,
    /// Anything else.
    #[error("unexpected")]
    Unexpected(#[source] BoxError),
}

impl From<StoreError> for WorkspaceError {
    fn from(error: StoreError) -> Self {
        Self::Unexpected(Box::new(error))
    }
}

impl From<Denied> for WorkspaceError {
    fn from(_: Denied) -> Self {
        Self::NotAllowed
    }
}
