//! The stores of conversations in every adapter, and their suites.

use std::sync::Arc;

use keelson_domain::chat::{Chat, ChatId, ChatLists, ChatMessages, ChatRepository, ChatShares};
use keelson_domain::folder::FolderRepository;
use keelson_domain::shared::Timestamp;
use keelson_domain::tag::TagRepository;
use keelson_domain::user::UserId;
use keelson_persistence_conversations::Repositories;
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
    fn over(database: &Database) -> Self {
        let all = Repositories::new(database);
        Self {
            chats: all.chats,
            lists: all.chat_lists,
            messages: all.chat_messages,
            shares: all.chat_shares,
            folders: all.folders,
            tags: all.tags,
        }
    }

    async fn open(url: &DatabaseUrl) -> Self {
        Self::over(&Database::open(url, &PoolOptions::default()).await.unwrap())
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
async fn sqlite_in_memory() {
    let database = Database::in_memory().await.unwrap();
    Stores::over(&database).pass_all().await;
}

#[tokio::test]
async fn sqlite_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.db");
    Stores::open(&DatabaseUrl::Sqlite { path }).await.pass_all().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn postgres() {
    let server = Postgres::start();
    let url = DatabaseUrl::parse(&SecretString::from(server.url()), None).unwrap();
    Stores::open(&url).await.pass_all().await;
}
