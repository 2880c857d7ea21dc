use std::sync::Arc;

use super::{Database, RunQueryDsl, dialect};
use crate::Repositories;

mod config;

pub use config::Settings;

/// Every repository of these rooms over one database.
pub fn repositories(database: &Database) -> Repositories {
    Repositories {
        settings: Arc::new(Settings::new(database.clone())),
    }
}
