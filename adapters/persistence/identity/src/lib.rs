//! Rows of accounts: `user`, `auth`, `api_key`, `group`, `group_member`.
//!
//! `rooms/` is compiled once for each backend: a folder a room, with its rows in `row.rs` and its repositories.

#[cfg(feature = "postgres")]
mod postgres;
#[cfg(feature = "sqlite")]
mod sqlite;

use keelson_domain::IdentityPorts;
use keelson_persistence_kit::Database;

/// The ports of this crate's rooms over the database in use.
pub fn ports(database: &Database) -> IdentityPorts {
    match database {
        #[cfg(feature = "sqlite")]
        Database::Sqlite(database) => sqlite::ports(database),
        #[cfg(feature = "postgres")]
        Database::Postgres(database) => postgres::ports(database),
    }
}
