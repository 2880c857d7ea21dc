use std::sync::Arc;

use super::{Backend, Connection, Database, RunQueryDsl, dialect};
use crate::Repositories;

mod chat;
mod folder;
mod tag;

pub use chat::{AnswerCheckpoints, ChatLists, ChatMessages, ChatShares, Chats};
pub use folder::Folders;
pub use tag::Tags;

/// Every repository of these rooms over one database.
pub fn repositories(database: &Database) -> Repositories {
    Repositories {
        chats: Arc::new(Chats::new(database.clone())),
        answer_checkpoints: Arc::new(AnswerCheckpoints::new(database.clone())),
        chat_lists: Arc::new(ChatLists::new(database.clone())),
        chat_messages: Arc::new(ChatMessages::new(database.clone())),
        chat_shares: Arc::new(ChatShares::new(database.clone())),
        folders: Arc::new(Folders::new(database.clone())),
        tags: Arc::new(Tags::new(database.clone())),
    }
}
