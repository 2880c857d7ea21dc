//! The rooms of this crate, and their ports.

use keelson_domain::ConversationPorts;

use super::{Backend, Connection, Database, RunQueryDsl, dialect};

mod chat;
mod folder;
mod tag;

/// The ports of these rooms over one database.
pub(crate) fn ports(database: &Database) -> ConversationPorts {
    ConversationPorts {
        chat: chat::ports(database),
        folder: folder::ports(database),
        tag: tag::ports(database),
    }
}
