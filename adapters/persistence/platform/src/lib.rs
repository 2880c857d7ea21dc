//! Rows of the platform: `config`.
//!
//! `rooms/` is compiled once for each backend: a folder a room, with its rows in `row.rs` and its repositories.

#[cfg(feature = "postgres")]
mod postgres;
#[cfg(feature = "sqlite")]
mod sqlite;

use std::sync::Arc;

use keelson_domain::config::SettingsStore;
use keelson_persistence_kit::Database;

/// The stored settings in the database in use.
pub fn settings_store(database: &Database) -> Arc<dyn SettingsStore> {
    match database {
        #[cfg(feature = "sqlite")]
        Database::Sqlite(database) => Arc::new(sqlite::Settings::new(database.clone())),
        #[cfg(feature = "postgres")]
        Database::Postgres(database) => Arc::new(postgres::Settings::new(database.clone())),
    }
}
