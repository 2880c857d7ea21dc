//! Notes in the table `note`.

mod repository;
mod row;

use std::sync::Arc;

use keelson_domain::note::NotePorts;

use super::{Database, RunQueryDsl, dialect};
use repository::Notes;

/// The ports of this room over one database.
pub(super) fn ports(database: &Database) -> NotePorts {
    let notes = Arc::new(Notes::new(database.clone()));
    NotePorts {
        repository: notes.clone(),
        heads: notes,
    }
}
