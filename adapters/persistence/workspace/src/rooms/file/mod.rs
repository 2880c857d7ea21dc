//! Files in the table `file`.

mod repository;
mod row;

use std::sync::Arc;

use keelson_domain::file::FilePorts;

use super::{Database, RunQueryDsl};
use repository::Files;

/// The ports of this room over one database.
pub(super) fn ports(database: &Database) -> FilePorts {
    FilePorts {
        repository: Arc::new(Files::new(database.clone())),
    }
}
