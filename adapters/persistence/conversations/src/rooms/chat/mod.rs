//! Chats in the table `chat`.

use super::{Backend, Connection, Database, RunQueryDsl, dialect};

mod checkpoints;
mod lists;
mod messages;
mod repository;
mod shares;

pub use checkpoints::AnswerCheckpoints;
pub use lists::ChatLists;
pub use messages::ChatMessages;
pub use repository::Chats;
pub use shares::ChatShares;
pub(crate) use shares::delete_copies;
