use keelson_domain::access::Denied;
use keelson_domain::shared::{BoxError, StoreError};

/// Why something cannot be done with a chat.
#[derive(Debug, thiserror::Error)]
pub enum ChatError {
    /// There is no such chat, or it is somebody else's.
    #[error("there is no such chat, or it is not yours")]
    NotFound,
    /// There is no such chat at all.
    #[error("there is no such chat")]
    Unknown,
    /// The caller may not do this with chats.
    #[error("you may not do this with chats")]
    NotAllowed,
    /// There is no such folder among the caller's.
    #[error("there is no such folder")]
    NoFolder,
    /// The name is reserved.
    #[error("no tag may be named \"none\"")]
    ReservedTag,
    /// The title is no text.
    #[error("a chat's title is text")]
    TitleIsNoText,
    /// Anything else.
    #[error("unexpected")]
    Unexpected(#[source] BoxError),
}

impl From<StoreError> for ChatError {
    fn from(error: StoreError) -> Self {
        Self::Unexpected(Box::new(error))
    }
}

impl From<Denied> for ChatError {
    fn from(_: Denied) -> Self {
        Self::NotAllowed
    }
}
