//! Migrations: a fresh database gets the reference's whole schema, an existing one is adopted as it is, and
//! anything else is refused before a byte changes. Many starters at once take turns; one that dies leaves what was
//! there before it, for all of it is one transaction.

mod judge;
#[cfg(feature = "postgres")]
mod postgres;
#[cfg(feature = "sqlite")]
mod sqlite;

use diesel::QueryableByName;

use crate::DatabaseError;

pub use judge::{Age, REVISION};
use judge::{Found, Seen};
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

/// Two functions over a blocking connection of a backend: `look` at what a database is, and `bring_up` it in the
/// transaction that the caller began.
macro_rules! steps {
    ($connection:ty, $backend:ty, $tables:literal, $folder:literal) => {
        use diesel::{QueryResult, RunQueryDsl, sql_query};
        use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};

        use super::{BASELINE, Found, Name, RECORD_BASELINE, Seen, failed};

        const MIGRATIONS: EmbeddedMigrations = embed_migrations!($folder);

        fn names(connection: &mut $connection, query: &str) -> QueryResult<Vec<String>> {
            let rows = sql_query(query).load::<Name>(connection)?;
            Ok(rows.into_iter().map(|row| row.name).collect())
        }

        fn look(connection: &mut $connection) -> QueryResult<Seen> {
            let tables = names(connection, $tables)?;
            let mut column = |table: &str, column: &str| {
                if tables.iter().any(|name| name == table) {
                    names(
                        connection,
                        &format!("SELECT CAST({column} AS TEXT) AS name FROM {table}"),
                    )
                } else {
                    Ok(Vec::new())
                }
            };
            let revisions = column("alembic_version", "version_num")?;
            let records = column(super::judge::RECORDS, "version")?;
            Ok(Seen {
                tables,
                revisions,
                records,
            })
        }

        fn bring_up(connection: &mut $connection) -> Result<(), DatabaseError> {
            let found = look(connection)?.judge(BASELINE)?;
            if found == Found::Reference {
                // Makes the table of records where it is missing.
                MigrationHarness::<$backend>::applied_migrations(connection).map_err(failed)?;
                sql_query(RECORD_BASELINE).execute(connection)?;
            }
            MigrationHarness::<$backend>::run_pending_migrations(connection, MIGRATIONS).map_err(failed)?;
            Ok(())
        }
    };
}
use steps;
