//! Models of the workspace in the table `model`.

mod lists;
mod repository;
mod row;

use std::sync::Arc;

use keelson_domain::model::ModelPorts;

use super::{Backend, Database, RunQueryDsl, dialect};
use lists::ModelLists;
use repository::Models;

/// The ports of this room over one database.
pub(super) fn ports(database: &Database) -> ModelPorts {
    ModelPorts {
        repository: Arc::new(Models::new(database.clone())),
        lists: Arc::new(ModelLists::new(database.clone())),
    }
}
