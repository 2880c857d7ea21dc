//! Migrations: a fresh database gets the reference's whole schema, an existing one is adopted as it is, and
//! anything else is refused before a byte changes. Many starters at once take turns.

use std::path::PathBuf;
use std::time::Duration;

use diesel::{OptionalExtension, QueryableByName};
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};
use secrecy::{ExposeSecret, SecretString};

use crate::DatabaseError;

/// The revision of the reference's schema that we work with.
pub const REVISION: &str = "c440947495f3";

/// How often a starter asks again while another holds the lock on the file.
const RETRIES: u32 = 600;

#[derive(QueryableByName)]
struct Name {
    #[diesel(sql_type = diesel::sql_types::Text)]
    name: String,
}

/// What a database holds before we touch it.
enum Found {
    /// Nothing.
    Empty,
    /// The reference's schema at our revision.
    Reference,
    /// Our own record of migrations.
    Ours,
}

/// Decides from the names of the tables and the recorded revision.
fn judge(tables: &[String], revision: Option<String>) -> Result<Found, DatabaseError> {
    let has = |name: &str| tables.iter().any(|table| table == name);
    if tables.is_empty() {
        return Ok(Found::Empty);
    }
    match revision {
        Some(revision) if revision == REVISION => {}
        Some(found) => {
            return Err(DatabaseError::OtherRevision {
                found,
                wanted: REVISION,
            });
        }
        None => {
            return Err(DatabaseError::OtherSchema {
                reason: "it holds tables but no alembic_version, so it is not a database of Open WebUI"
                    .to_owned(),
            });
        }
    }
    let missing: Vec<&str> = TABLES.iter().copied().filter(|table| !has(table)).collect();
    if !missing.is_empty() {
        return Err(DatabaseError::OtherSchema {
            reason: format!("missing tables: {}", missing.join(", ")),
        });
    }
    Ok(if has("__diesel_schema_migrations") {
        Found::Ours
    } else {
        Found::Reference
    })
}

/// The tables that the rooms use; a database without one of them does not fit.
const TABLES: &[&str] = &[
    "api_key",
    "auth",
    "channel",
    "channel_file",
    "channel_member",
    "channel_webhook",
    "chat",
    "chat_file",
    "config",
    "feedback",
    "file",
    "folder",
    "function",
    "group",
    "group_member",
    "knowledge",
    "knowledge_file",
    "memory",
    "message",
    "message_reaction",
    "model",
    "note",
    "oauth_session",
    "prompt",
    "tag",
    "tool",
    "user",
];

fn failed(error: impl std::fmt::Display) -> DatabaseError {
    DatabaseError::Migration(error.to_string())
}

#[cfg(feature = "sqlite")]
const SQLITE: EmbeddedMigrations = embed_migrations!("../../../migrations/sqlite");
#[cfg(feature = "postgres")]
const POSTGRES: EmbeddedMigrations = embed_migrations!("../../../migrations/postgres");

/// Records our first migration, the reference's schema, as applied: on an adopted database it must not run.
const RECORD_BASELINE: &str =
    "INSERT INTO __diesel_schema_migrations (version, run_on) VALUES ('20261123000000', CURRENT_TIMESTAMP)";

/// Migrates a SQLite file under its write lock.
#[cfg(feature = "sqlite")]
pub(crate) async fn sqlite(path: PathBuf) -> Result<(), DatabaseError> {
    tokio::task::spawn_blocking(move || sqlite_blocking(&path))
        .await
        .map_err(failed)?
}

#[cfg(feature = "sqlite")]
fn sqlite_blocking(path: &std::path::Path) -> Result<(), DatabaseError> {
    use diesel::RunQueryDsl;
    use diesel::connection::SimpleConnection;

    let mut connection = crate::SqliteDb::connect_alone(path).map_err(failed)?;
    connection
        .batch_execute("PRAGMA busy_timeout = 30000")
        .map_err(failed)?;
    // The switch to WAL does not wait for the lock as other statements do.
    for attempt in 0.. {
        match connection.batch_execute("PRAGMA journal_mode = WAL") {
            Ok(()) => break,
            Err(error) if attempt >= RETRIES => return Err(failed(error)),
            Err(_) => std::thread::sleep(Duration::from_millis(50)),
        }
    }
    connection.immediate_transaction(|connection| {
        let tables: Vec<Name> = diesel::sql_query(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'",
        )
        .load(connection)?;
        let tables: Vec<String> = tables.into_iter().map(|table| table.name).collect();
        let revision = if tables.iter().any(|table| table == "alembic_version") {
            diesel::sql_query("SELECT version_num AS name FROM alembic_version")
                .get_result::<Name>(connection)
                .optional()?
        } else {
            None
        };
        let found = judge(&tables, revision.map(|row| row.name))?;
        if matches!(found, Found::Reference) {
            MigrationHarness::<diesel::sqlite::Sqlite>::applied_migrations(connection).map_err(failed)?;
            diesel::sql_query(RECORD_BASELINE).execute(connection)?;
        }
        MigrationHarness::<diesel::sqlite::Sqlite>::run_pending_migrations(connection, SQLITE)
            .map_err(failed)?;
        Ok(())
    })
}

/// Migrates a PostgreSQL database under an advisory lock.
#[cfg(feature = "postgres")]
pub(crate) async fn postgres(
    url: &SecretString,
    place: &str,
    schema: Option<&str>,
) -> Result<(), DatabaseError> {
    use diesel_async::{AsyncConnection, AsyncMigrationHarness, AsyncPgConnection, RunQueryDsl};

    /// Any number that no one else uses: "keelson" in base 36, shortened.
    const LOCK: &str = "1204719";

    let mut connection = AsyncPgConnection::establish(url.expose_secret())
        .await
        .map_err(|error| DatabaseError::Unreachable {
            place: place.to_owned(),
            reason: error.to_string(),
        })?;
    // The lock belongs to this connection: it ends with it, whatever happens below.
    diesel::sql_query(format!("SELECT pg_advisory_lock({LOCK})"))
        .execute(&mut connection)
        .await
        .map_err(failed)?;
    if let Some(schema) = schema {
        diesel::sql_query(format!("CREATE SCHEMA IF NOT EXISTS \"{schema}\""))
            .execute(&mut connection)
            .await
            .map_err(failed)?;
    }
    let tables: Vec<Name> = diesel::sql_query(
        "SELECT tablename::text AS name FROM pg_tables WHERE schemaname = current_schema()",
    )
    .load(&mut connection)
    .await
    .map_err(failed)?;
    let tables: Vec<String> = tables.into_iter().map(|table| table.name).collect();
    let revision = if tables.iter().any(|table| table == "alembic_version") {
        diesel::sql_query("SELECT version_num::text AS name FROM alembic_version")
            .get_result::<Name>(&mut connection)
            .await
            .optional()
            .map_err(failed)?
    } else {
        None
    };
    let found = judge(&tables, revision.map(|row| row.name))?;
    let mut harness = AsyncMigrationHarness::new(connection);
    tokio::task::spawn_blocking(move || {
        if matches!(found, Found::Reference) {
            MigrationHarness::<diesel::pg::Pg>::applied_migrations(&mut harness).map_err(failed)?;
            let mut connection = harness.into_inner();
            tokio::runtime::Handle::current()
                .block_on(diesel::sql_query(RECORD_BASELINE).execute(&mut connection))
                .map_err(failed)?;
            harness = AsyncMigrationHarness::new(connection);
        }
        MigrationHarness::<diesel::pg::Pg>::run_pending_migrations(&mut harness, POSTGRES).map_err(failed)?;
        Ok(())
    })
    .await
    .map_err(failed)?
}

impl From<diesel::result::Error> for DatabaseError {
    fn from(error: diesel::result::Error) -> Self {
        Self::Migration(error.to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn other_databases_are_refused() {
        let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
        assert!(matches!(judge(&[], None), Ok(Found::Empty)));
        assert!(matches!(
            judge(&names(&["user"]), Some("abc".into())),
            Err(DatabaseError::OtherRevision { found, .. }) if found == "abc"
        ));
        assert!(matches!(
            judge(&names(&["user"]), None),
            Err(DatabaseError::OtherSchema { .. })
        ));
        assert!(matches!(
            judge(&names(&["user"]), Some(REVISION.into())),
            Err(DatabaseError::OtherSchema { .. })
        ));
        assert!(matches!(
            judge(&names(TABLES), Some(REVISION.into())),
            Ok(Found::Reference)
        ));
    }
}
