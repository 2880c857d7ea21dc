use std::path::{Path, PathBuf};
use std::time::Duration;

use diesel::connection::SimpleConnection;
use diesel::sqlite::{Sqlite, SqliteConnection};

use crate::{DatabaseError, SqliteDb};

super::steps!(
    SqliteConnection,
    Sqlite,
    "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'",
    "../../../migrations/sqlite"
);

/// How often a starter asks again while another holds the lock on the file.
const RETRIES: u32 = 600;

/// Migrates a file under its write lock.
pub(crate) async fn migrate(path: PathBuf) -> Result<(), DatabaseError> {
    tokio::task::spawn_blocking(move || blocking(&path))
        .await
        .map_err(failed)?
}

fn blocking(path: &Path) -> Result<(), DatabaseError> {
    let unreadable = |reason: String| DatabaseError::Unreadable {
        place: path.display().to_string(),
        reason,
    };
    let mut connection = SqliteDb::connect_alone(path).map_err(|error| unreadable(error.to_string()))?;
    connection
        .batch_execute("PRAGMA busy_timeout = 30000")
        .map_err(|error| unreadable(error.to_string()))?;
    // The first look comes before the switch to WAL, which is written into the file: what is refused stays as it was.
    retried(|| look(&mut connection))
        .map_err(|error| unreadable(error.to_string()))?
        .judge(BASELINE)?;
    retried(|| connection.batch_execute("PRAGMA journal_mode = WAL"))?;
    connection.immediate_transaction(bring_up)
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
