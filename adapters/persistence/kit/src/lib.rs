//! What the persistence crates share: connections to SQLite and PostgreSQL, the schema, migrations, and what lets one
//! repository body serve both backends.
//!
//! A repository is written once, in an ordinary file below `rooms/` of its crate. The crate's `sqlite.rs` and
//! `postgres.rs` load that folder as a module each, after they said which `Database` and which `dialect` it works with.
//! Both databases have the same methods ([`SqliteDatabase::read`], `write`, `transaction`); where the SQL differs, a
//! function of [`dialect`] named for the difference says so. Rows and change sets are the same types for both and stand
//! outside `rooms/`. `platform` is the shortest example.

mod condition;
mod database;
pub mod dialect;
mod error;
#[cfg(feature = "sqlite")]
pub mod functions;
mod json;
mod migrate;
mod pool;
#[cfg(feature = "postgres")]
mod postgres;
mod row;
pub mod run_query;
pub mod schema;
#[cfg(feature = "sqlite")]
mod sqlite;
mod transaction;
mod url;

pub use condition::Condition;
pub use database::Database;
pub use error::{DatabaseError, failed};
pub use json::{DateColumn, JsonColumn};
pub use migrate::{REVISION, RevisionAge};
pub use pool::PoolOptions;
#[cfg(feature = "postgres")]
pub use postgres::{
    ConnectError, PooledPostgresConnection, PostgresConnection, PostgresDatabase, ServerConnections,
};
pub use row::RowDecoder;
#[cfg(feature = "sqlite")]
pub use sqlite::{SqliteConnection, SqliteDatabase};
pub use transaction::{TransactionError, Work};
pub use url::{DatabaseParts, DatabaseUrl, Server, ServerEnvironment};
