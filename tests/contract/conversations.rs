//! The stores of conversations that the suites of chats, folders and tags share.

use std::sync::Arc;

use keelson_application::Ports;
use keelson_domain::chat::{Chat, ChatId, ChatLists, ChatMessages, ChatRepository, ChatShares};
use keelson_domain::folder::FolderRepository;
use keelson_domain::shared::Timestamp;
use keelson_domain::tag::TagRepository;
use keelson_domain::user::UserId;
use keelson_memory::chat::MemoryConversations;
use serde_json::{Map, Value};

use super::{chat_lists, chat_messages, chat_repository, chat_shares, folder_repository, tag_repository};

/// Stores over the same data.
pub(super) struct Stores {
    pub(super) chats: Arc<dyn ChatRepository>,
    pub(super) lists: Arc<dyn ChatLists>,
    pub(super) messages: Arc<dyn ChatMessages>,
    pub(super) shares: Arc<dyn ChatShares>,
    pub(super) folders: Arc<dyn FolderRepository>,
    pub(super) tags: Arc<dyn TagRepository>,
}

impl Stores {
    /// Those of an application.
    pub(super) fn of(ports: &Ports) -> Self {
        Self {
            chats: ports.chats.clone(),
            lists: ports.chat_lists.clone(),
            messages: ports.chat_messages.clone(),
            shares: ports.chat_shares.clone(),
            folders: ports.folders.clone(),
            tags: ports.tags.clone(),
        }
    }

    fn memory() -> Self {
        let all = Arc::new(MemoryConversations::default());
        Self {
            chats: all.clone(),
            lists: all.clone(),
            messages: all.clone(),
            shares: all.clone(),
            folders: all.clone(),
            tags: all,
        }
    }

    /// Every suite has owners of its own.
    async fn pass_all(&self) {
        chat_messages::suite(self).await;
        chat_repository::suite(self).await;
        chat_lists::suite(self).await;
        chat_shares::suite(self).await;
        folder_repository::suite(self).await;
        tag_repository::suite(self).await;
    }
}

/// A chat named like its id, made in the first second.
pub(super) fn chat(id: &str, owner: &str, body: Value) -> Chat {
    Chat {
        id: ChatId::from(id),
        owner: UserId::from(owner),
        title: id.to_owned(),
        share_id: None,
        archived: false,
        pinned: false,
        body: body.as_object().cloned().unwrap(),
        meta: Map::new(),
        folder: None,
        created_at: Timestamp::from_seconds(1),
        updated_at: Timestamp::from_seconds(1),
    }
}

#[tokio::test]
async fn memory() {
    Stores::memory().pass_all().await;
}
