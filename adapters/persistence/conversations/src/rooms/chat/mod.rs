//! Chats in the tables `chat` and `keelson_answer`.

mod answer_row;
mod checkpoints;
mod lists;
mod messages;
mod repository;
mod row;
mod shares;

use std::sync::Arc;

use keelson_domain::chat::ChatPorts;

use super::{Backend, Connection, Database, RunQueryDsl, dialect};
use checkpoints::AnswerCheckpoints;
use lists::ChatLists;
use messages::ChatMessages;
use repository::Chats;
use shares::ChatShares;
pub(super) use shares::delete_copies;

/// The ports of this room over one database.
pub(super) fn ports(database: &Database) -> ChatPorts {
    ChatPorts {
        repository: Arc::new(Chats::new(database.clone())),
        answer_checkpoints: Arc::new(AnswerCheckpoints::new(database.clone())),
        lists: Arc::new(ChatLists::new(database.clone())),
        messages: Arc::new(ChatMessages::new(database.clone())),
        shares: Arc::new(ChatShares::new(database.clone())),
    }
}
