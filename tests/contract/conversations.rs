//! The stores of conversations that the suites of chats, folders and tags share.

use std::sync::Arc;

use keelson_application::Ports;
use keelson_domain::chat::{Chat, ChatId, ChatLists, ChatMessages, ChatRepository, ChatShares};
use keelson_domain::folder::{Folder, FolderId, FolderRepository};
use keelson_domain::shared::Timestamp;
use keelson_domain::tag::TagRepository;
use keelson_domain::user::UserId;
use serde_json::{Map, Value};

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
            chats: ports.conversations.chat.repository.clone(),
            lists: ports.conversations.chat.lists.clone(),
            messages: ports.conversations.chat.messages.clone(),
            shares: ports.conversations.chat.shares.clone(),
            folders: ports.conversations.folder.repository.clone(),
            tags: ports.conversations.tag.repository.clone(),
        }
    }
}

impl Stores {
    /// Makes a folder that is named like its id.
    pub(super) async fn make_folder(&self, id: &str, owner: &str, parent: Option<&str>) {
        let made = self.folders.insert(&folder(id, owner, parent)).await.unwrap();
        assert_eq!(made, Ok(()), "{id}");
    }
}

/// A folder that is named like its id, made in the first second.
pub(super) fn folder(id: &str, owner: &str, parent: Option<&str>) -> Folder {
    Folder {
        id: FolderId::from(id),
        parent: parent.map(FolderId::from),
        owner: UserId::from(owner),
        name: id.to_owned(),
        items: None,
        meta: None,
        data: None,
        is_expanded: false,
        created_at: Timestamp::from_seconds(1),
        updated_at: Timestamp::from_seconds(1),
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
