//! Functions in the table `function`.

mod repository;
mod row;

use std::sync::Arc;

use keelson_domain::function::FunctionPorts;

use super::{Database, RunQueryDsl};
use repository::Functions;

/// The ports of this room over one database.
pub(super) fn ports(database: &Database) -> FunctionPorts {
    FunctionPorts {
        repository: Arc::new(Functions::new(database.clone())),
    }
}
