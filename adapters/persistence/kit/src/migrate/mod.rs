//! Migrations: a fresh database gets the reference's whole schema, an existing one is adopted as it is, and
//! anything else is refused before a byte changes. Many starters at once take turns; one that dies leaves what was
//! there before it, for all of it is one transaction.
//!
//! `steps.rs` is loaded once a backend, by `sqlite.rs` and `postgres.rs`.

mod inspect;
#[cfg(feature = "postgres")]
mod postgres;
#[cfg(feature = "sqlite")]
mod sqlite;

use diesel::QueryableByName;

use crate::DatabaseError;

use inspect::{Contents, Inspection, RECORDS};
pub use inspect::{REVISION, RevisionAge};
#[cfg(feature = "postgres")]
pub(crate) use postgres::migrate as postgres;
#[cfg(feature = "sqlite")]
pub(crate) use sqlite::migrate as sqlite;

/// Our first migration: the reference's schema. On an adopted database it is recorded as applied, and not run.
const BASELINE: &str = "20261123000000";

const RECORD_BASELINE: &str =
    "INSERT INTO __diesel_schema_migrations (version, run_on) VALUES ('20261123000000', CURRENT_TIMESTAMP)";

#[derive(QueryableByName)]
struct Name {
    #[diesel(sql_type = diesel::sql_types::Text)]
    name: String,
}

fn failed(error: impl std::fmt::Display) -> DatabaseError {
    DatabaseError::Migration {
        reason: error.to_string(),
    }
}

impl From<diesel::result::Error> for DatabaseError {
    fn from(error: diesel::result::Error) -> Self {
        failed(error)
    }
}
