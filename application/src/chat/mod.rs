//! Conversations: making, reading, changing, sharing and finding them. One file a group of verbs.

mod change;
mod create;
mod delete;
mod error;
mod list;
mod message;
mod search;
mod share;
mod stats;
mod tags;

use std::sync::Arc;

use keelson_domain::auth::Caller;
use keelson_domain::chat::{Chat, ChatHead, ChatId, ChatLists, ChatMessages, ChatRepository, ChatShares};
use keelson_domain::folder::FolderRepository;
use keelson_domain::realtime::EventBus;
use keelson_domain::shared::{Clock, Ids};
use keelson_domain::tag::TagRepository;

use crate::Ports;
use crate::access::AccessControl;

pub use create::ImportChat;
pub use error::ChatError;
pub use list::ListOrder;
pub use stats::ChatStats;

/// The use cases of the room.
pub struct Chats {
    clock: Arc<dyn Clock>,
    ids: Arc<dyn Ids>,
    chats: Arc<dyn ChatRepository>,
    lists: Arc<dyn ChatLists>,
    messages: Arc<dyn ChatMessages>,
    shares: Arc<dyn ChatShares>,
    folders: Arc<dyn FolderRepository>,
    tags: Arc<dyn TagRepository>,
    events: Arc<dyn EventBus>,
    access: Arc<AccessControl>,
}

impl Chats {
    /// From the ports it needs.
    pub fn new(ports: &Ports, access: Arc<AccessControl>) -> Self {
        Self {
            clock: ports.clock.clone(),
            ids: ports.ids.clone(),
            chats: ports.conversations.chat.repository.clone(),
            lists: ports.conversations.chat.lists.clone(),
            messages: ports.conversations.chat.messages.clone(),
            shares: ports.conversations.chat.shares.clone(),
            folders: ports.conversations.folder.repository.clone(),
            tags: ports.conversations.tag.repository.clone(),
            events: ports.realtime.events.clone(),
            access,
        }
    }

    /// The caller's own chat.
    ///
    /// # Errors
    /// [`ChatError::NotFound`] when there is none, or it is somebody else's.
    pub async fn get(&self, caller: &Caller, id: &ChatId) -> Result<Chat, ChatError> {
        self.chats
            .find_of(caller.id(), id)
            .await?
            .ok_or(ChatError::NotFound)
    }

    /// Whether the caller's own chat is pinned.
    ///
    /// # Errors
    /// [`ChatError::NotFound`].
    pub async fn is_pinned(&self, caller: &Caller, id: &ChatId) -> Result<bool, ChatError> {
        Ok(self.head(caller, id).await?.pinned)
    }

    /// The caller's own chat without its messages.
    async fn head(&self, caller: &Caller, id: &ChatId) -> Result<ChatHead, ChatError> {
        self.lists
            .head_of(caller.id(), id)
            .await?
            .ok_or(ChatError::NotFound)
    }
}
