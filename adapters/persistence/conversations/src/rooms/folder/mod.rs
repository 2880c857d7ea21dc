//! Folders of chats in the table `folder`.

mod repository;
mod row;

use std::sync::Arc;

use keelson_domain::folder::FolderPorts;

use super::{Connection, Database, RunQueryDsl, dialect};
use repository::Folders;
pub(super) use repository::lock_folder;

/// The ports of this room over one database.
pub(super) fn ports(database: &Database) -> FolderPorts {
    FolderPorts {
        repository: Arc::new(Folders::new(database.clone())),
    }
}
