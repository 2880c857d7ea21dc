//! Collections of files in the table `knowledge`.

mod repository;
mod row;

use std::sync::Arc;

use keelson_domain::knowledge::KnowledgePorts;

use super::{Database, RunQueryDsl, dialect};
use repository::KnowledgeCollections;

/// The ports of this room over one database.
pub(super) fn ports(database: &Database) -> KnowledgePorts {
    KnowledgePorts {
        repository: Arc::new(KnowledgeCollections::new(database.clone())),
    }
}
