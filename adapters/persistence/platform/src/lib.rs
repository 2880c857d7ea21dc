//! Rows of the platform: `config`.
//!
//! `rooms/` holds the repositories, once for both backends; `rows/` their rows.

#[cfg(feature = "postgres")]
pub mod postgres;
mod rows;
#[cfg(feature = "sqlite")]
pub mod sqlite;

use std::sync::Arc;

use keelson_domain::config::SettingsStore;
use keelson_persistence_kit::Database;

/// The repositories of this crate over one database.
#[derive(Clone)]
pub struct Repositories {
    /// The stored settings.
    pub settings: Arc<dyn SettingsStore>,
}

impl Repositories {
    /// Over the database in use.
    pub fn new(database: &Database) -> Self {
        match database {
            #[cfg(feature = "sqlite")]
            Database::Sqlite(database) => sqlite::repositories(database),
            #[cfg(feature = "postgres")]
            Database::Postgres(database) => postgres::repositories(database),
        }
    }
}
