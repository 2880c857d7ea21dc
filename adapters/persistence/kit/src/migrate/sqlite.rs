use std::time::Duration;

use diesel::QueryResult;
use diesel::connection::SimpleConnection;
use diesel::sqlite::{Sqlite as Backend, SqliteConnection as Connection};
use diesel_migrations::{EmbeddedMigrations, embed_migrations};

use super::{BASELINE, failed};
use crate::DatabaseError;
use crate::sqlite::connect_blocking;

#[path = "steps.rs"]
mod steps;

const MIGRATIONS: EmbeddedMigrations = embed_migrations!("../../../migrations/sqlite");

const SELECT_TABLES: &str =
    "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'";

/// How often a starter asks again while another holds the lock on the file.
const RETRIES: u32 = 600;

/// Migrates a database under its write lock, and sets its journal; answers the connection that did.
pub(crate) async fn migrate(url: &str, journal: &'static str) -> Result<Connection, DatabaseError> {
    let url = url.to_owned();
    tokio::task::spawn_blocking(move || migrate_blocking(&url, journal))
        .await
        .map_err(failed)?
}

fn migrate_blocking(url: &str, journal: &str) -> Result<Connection, DatabaseError> {
    let unreadable = |reason: String| DatabaseError::Unreadable {
        place: url.to_owned(),
        reason,
    };
    let mut connection = connect_blocking(url).map_err(|error| unreadable(error.to_string()))?;
    connection
        .batch_execute("PRAGMA busy_timeout = 30000")
        .map_err(|error| unreadable(error.to_string()))?;
    // The first look comes before the switch to WAL, which is written into the file: what is refused stays as it was.
    retried(|| steps::inspect(&mut connection))
        .map_err(|error| unreadable(error.to_string()))?
        .classify(BASELINE)?;
    retried(|| connection.batch_execute(journal))?;
    connection.immediate_transaction(steps::upgrade)?;
    Ok(connection)
}

/// The switch to WAL, and a look during it, do not wait for the lock as other statements do.
fn retried<T>(mut attempt: impl FnMut() -> QueryResult<T>) -> QueryResult<T> {
    for _ in 0..RETRIES {
        match attempt() {
            Err(error) if error.to_string().contains("locked") => {
                std::thread::sleep(Duration::from_millis(50))
            }
            done => return done,
        }
    }
    attempt()
}
