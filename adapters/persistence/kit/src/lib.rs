//! What the persistence crates share: connections to SQLite and PostgreSQL, the schema, migrations, and the
//! pattern by which one repository body serves both backends.
//!
//! A repository is written once, in a macro of its room, with the backend's type as a parameter, and made for each
//! backend by [`repositories!`]. Where the SQL differs, a function of [`dialect`] named for the difference says so.
//! `platform/src/config.rs` is the shortest example.

mod database;
pub mod dialect;
mod error;
mod migrate;
#[cfg(feature = "postgres")]
mod postgres;
mod repository;
pub mod schema;
#[cfg(feature = "sqlite")]
mod sqlite;
mod url;

pub use database::Database;
pub use error::{DatabaseError, failed};
pub use migrate::{Age, REVISION};
#[cfg(feature = "postgres")]
pub use postgres::PgDb;
#[cfg(feature = "sqlite")]
pub use sqlite::{SqliteConnectionAsync, SqliteDb};
pub use url::{DatabaseParts, DatabaseUrl, PoolOptions};
