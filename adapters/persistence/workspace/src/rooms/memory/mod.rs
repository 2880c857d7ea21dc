//! Memories in the table `memory`.

mod repository;
mod row;

use std::sync::Arc;

use keelson_domain::memory::MemoryPorts;

use super::{Database, RunQueryDsl};
use repository::Memories;

/// The ports of this room over one database.
pub(super) fn ports(database: &Database) -> MemoryPorts {
    MemoryPorts {
        repository: Arc::new(Memories::new(database.clone())),
    }
}
