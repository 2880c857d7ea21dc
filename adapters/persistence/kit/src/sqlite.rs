use std::path::{Path, PathBuf};

use deadpool::Runtime;
use diesel::sqlite::SqliteConnection;
use diesel::{Connection, ConnectionError};
use diesel_async::pooled_connection::deadpool::{Object, Pool};
use diesel_async::pooled_connection::{AsyncDieselConnectionManager, ManagerConfig, RecyclingMethod};
use diesel_async::sync_connection_wrapper::SyncConnectionWrapper;
use diesel_async::{AsyncConnection, SimpleAsyncConnection};
use futures_util::FutureExt;
use keelson_domain::shared::StoreResult;

use crate::error::no_connection;
use crate::{DatabaseError, PoolOptions};

/// A connection to a SQLite file.
pub type SqliteConnectionAsync = SyncConnectionWrapper<SqliteConnection>;

/// Readers beside the one writer; more only wait for the same disk.
const READERS: usize = 4;

/// One SQLite file: one writer, several readers.
#[derive(Clone)]
pub struct SqliteDb {
    path: PathBuf,
    writer: Pool<SqliteConnectionAsync>,
    readers: Pool<SqliteConnectionAsync>,
}

impl SqliteDb {
    /// Opens a file that was checked and migrated.
    ///
    /// # Errors
    /// [`DatabaseError::Unreachable`] when the file cannot be opened for writing.
    pub async fn open(path: &Path, options: &PoolOptions) -> Result<Self, DatabaseError> {
        let unreachable = |reason: String| DatabaseError::Unreachable {
            place: path.display().to_string(),
            reason,
        };
        let url = path
            .to_str()
            .ok_or_else(|| unreachable("its path is not UTF-8".to_owned()))?;
        let database = Self {
            path: path.to_owned(),
            writer: pool(url, 1, false, options).map_err(unreachable)?,
            readers: pool(url, READERS, true, options).map_err(unreachable)?,
        };
        drop(
            database
                .writer
                .get()
                .await
                .map_err(|error| unreachable(error.to_string()))?,
        );
        Ok(database)
    }

    /// Whether the file can be written, or made where it is missing.
    pub(crate) fn check(path: &Path) -> Result<(), DatabaseError> {
        check_writable(path).map_err(|reason| DatabaseError::Unreachable {
            place: path.display().to_string(),
            reason,
        })
    }

    /// A connection that reads.
    ///
    /// # Errors
    /// When none comes free in time.
    pub async fn read(&self) -> StoreResult<Object<SqliteConnectionAsync>> {
        self.readers.get().await.map_err(no_connection)
    }

    /// The connection that writes.
    ///
    /// # Errors
    /// When it does not come free in time.
    pub async fn write(&self) -> StoreResult<Object<SqliteConnectionAsync>> {
        self.writer.get().await.map_err(no_connection)
    }

    /// The file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// A connection of its own, outside the pools, for migrations.
    pub(crate) fn connect_alone(path: &Path) -> Result<SqliteConnection, ConnectionError> {
        SqliteConnection::establish(&path.to_string_lossy())
    }
}

/// SQLite opens a read-only file without complaint and fails at the first write: look before.
fn check_writable(path: &Path) -> Result<(), String> {
    let folder = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty())
        .unwrap_or(Path::new("."));
    let probe = folder.join(format!(".keelson-write-test-{}", std::process::id()));
    std::fs::write(&probe, b"").map_err(|error| format!("its folder cannot be written to: {error}"))?;
    std::fs::remove_file(&probe).map_err(|error| format!("its folder cannot be written to: {error}"))?;
    if path.exists() {
        std::fs::OpenOptions::new()
            .append(true)
            .open(path)
            .map_err(|error| error.to_string())?;
    }
    Ok(())
}

fn pool(
    url: &str,
    size: usize,
    reads_only: bool,
    options: &PoolOptions,
) -> Result<Pool<SqliteConnectionAsync>, String> {
    let mut config = ManagerConfig::default();
    // A connection to a file does not go stale, so none is asked for a sign of life before its use.
    config.recycling_method = RecyclingMethod::Fast;
    config.custom_setup =
        Box::new(move |url| {
            let url = url.to_owned();
            async move {
            let mut connection = SqliteConnectionAsync::establish(&url).await?;
            // The busy time-out comes first: the switch to WAL needs the lock, too.
            let setup = "PRAGMA busy_timeout = 10000; PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = ON; \
                         PRAGMA temp_store = MEMORY;";
            let mode = if reads_only { "PRAGMA query_only = ON;" } else { "PRAGMA journal_mode = WAL;" };
            for statement in [setup, mode] {
                connection
                    .batch_execute(statement)
                    .await
                    .map_err(|error| ConnectionError::BadConnection(error.to_string()))?;
            }
            Ok(connection)
        }
        .boxed()
        });
    Pool::builder(AsyncDieselConnectionManager::new_with_config(url, config))
        .max_size(size)
        .wait_timeout(Some(options.wait))
        .runtime(Runtime::Tokio1)
        .build()
        .map_err(|error| error.to_string())
}
