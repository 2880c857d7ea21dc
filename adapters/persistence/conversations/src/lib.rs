//! Rows of conversations: `chat`, `folder`, `tag`.
//!
//! `rooms/` holds the repositories, once for both backends; `rows/` their rows; `dialect/` the statements that differ.

mod dialect;
#[cfg(feature = "postgres")]
pub mod postgres;
mod rows;
#[cfg(feature = "sqlite")]
pub mod sqlite;

use std::sync::Arc;

use keelson_domain::chat::{AnswerCheckpoints, ChatLists, ChatMessages, ChatRepository, ChatShares};
use keelson_domain::folder::FolderRepository;
use keelson_domain::tag::TagRepository;
use keelson_persistence_kit::Database;

/// The repositories of this crate over one database.
#[derive(Clone)]
pub struct Repositories {
    /// Whole chats.
    pub chats: Arc<dyn ChatRepository>,
    /// Running answers.
    pub answer_checkpoints: Arc<dyn AnswerCheckpoints>,
    /// Lists of chats.
    pub chat_lists: Arc<dyn ChatLists>,
    /// Single messages of chats.
    pub chat_messages: Arc<dyn ChatMessages>,
    /// Shared copies of chats.
    pub chat_shares: Arc<dyn ChatShares>,
    /// Folders.
    pub folders: Arc<dyn FolderRepository>,
    /// Tags.
    pub tags: Arc<dyn TagRepository>,
}

impl Repositories {
    /// Over the database in use.
    pub fn new(database: &Database) -> Self {
        match database {
            #[cfg(feature = "sqlite")]
            Database::Sqlite(database) => sqlite::repositories(database),
            #[cfg(feature = "postgres")]
            Database::Postgres(database) => postgres::repositories(database),
        }
    }
}
