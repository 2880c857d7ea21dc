//! Tools in the table `tool`.

mod repository;
mod row;

use std::sync::Arc;

use keelson_domain::tool::ToolPorts;

use super::{Database, RunQueryDsl, dialect};
use repository::Tools;

/// The ports of this room over one database.
pub(super) fn ports(database: &Database) -> ToolPorts {
    ToolPorts {
        repository: Arc::new(Tools::new(database.clone())),
    }
}
