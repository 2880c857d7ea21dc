//! The stores of conversations in every adapter, and their suites.

use std::sync::Arc;

use keelson_domain::chat::{Chat, ChatId, ChatLists, ChatMessages, ChatRepository, ChatShares};
use keelson_domain::folder::FolderRepository;
use keelson_domain::shared::Timestamp;
use keelson_domain::tag::TagRepository;
use keelson_domain::user::UserId;
use keelson_memory::chat::MemoryConversations;
use keelson_persistence_conversations as rows;
use keelson_persistence_kit::{Database, DatabaseUrl, PoolOptions};
use secrecy::SecretString;
use serde_json::{Map, Value};

use super::{chat_lists, chat_messages, chat_repository, chat_shares, folder_repository, tag_repository};
use crate::support::Postgres;

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

    async fn of(url: &DatabaseUrl) -> Self {
        macro_rules! over {
            ($db:expr, $chats:ident, $lists:ident, $messages:ident, $shares:ident, $folders:ident, $tags:ident) => {
                Self {
                    chats: Arc::new(rows::$chats($db.clone())),
                    lists: Arc::new(rows::$lists($db.clone())),
                    messages: Arc::new(rows::$messages($db.clone())),
                    shares: Arc::new(rows::$shares($db.clone())),
                    folders: Arc::new(rows::$folders($db.clone())),
                    tags: Arc::new(rows::$tags($db)),
                }
            };
        }
        match Database::open(url, &PoolOptions::default()).await.unwrap() {
            Database::Sqlite(db) => over!(
                db,
                SqliteChats,
                SqliteChatLists,
                SqliteChatMessages,
                SqliteChatShares,
                SqliteFolders,
                SqliteTags
            ),
            Database::Postgres(db) => {
                over!(
                    db,
                    PgChats,
                    PgChatLists,
                    PgChatMessages,
                    PgChatShares,
                    PgFolders,
                    PgTags
                )
            }
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

#[tokio::test]
async fn sqlite() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.db");
    Stores::of(&DatabaseUrl::Sqlite { path }).await.pass_all().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn postgres() {
    let server = Postgres::start();
    let url = DatabaseUrl::parse(&SecretString::from(server.url()), None).unwrap();
    Stores::of(&url).await.pass_all().await;
}
