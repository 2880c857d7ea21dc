//! Tags of chats in the table `tag`.

mod repository;
mod row;

use std::sync::Arc;

use keelson_domain::tag::TagPorts;

use super::{Database, RunQueryDsl, dialect};
use repository::Tags;
pub(super) use row::TagRow;

/// The ports of this room over one database.
pub(super) fn ports(database: &Database) -> TagPorts {
    TagPorts {
        repository: Arc::new(Tags::new(database.clone())),
    }
}
