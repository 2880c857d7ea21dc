use keelson_domain::access::Denied;
use keelson_domain::shared::{BoxError, StoreError};

use crate::user::UserError;

/// Why channels cannot be listed.
#[derive(Debug, thiserror::Error)]
pub enum ChannelError {
    /// Channels are switched off.
    #[error("channels are not enabled")]
    Disabled,
    /// The account lacks the permission.
    #[error("you are not allowed to use this feature")]
    NotAllowed,
    /// Anything else.
    #[error("unexpected")]
    Unexpected(#[source] BoxError),
}

impl From<StoreError> for ChannelError {
    fn from(error: StoreError) -> Self {
        Self::Unexpected(Box::new(error))
    }
}

impl From<UserError> for ChannelError {
    fn from(error: UserError) -> Self {
        Self::Unexpected(Box::new(error))
    }
}

impl From<Denied> for ChannelError {
    fn from(_: Denied) -> Self {
        Self::NotAllowed
    }
}
