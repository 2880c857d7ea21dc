use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use deadpool::Runtime;
use diesel::{Connection, ConnectionError};
use diesel_async::pooled_connection::deadpool::{Object, Pool};
use diesel_async::pooled_connection::{AsyncDieselConnectionManager, ManagerConfig, RecyclingMethod};
use diesel_async::sync_connection_wrapper::SyncConnectionWrapper;
use diesel_async::{RunQueryDsl, SimpleAsyncConnection};
use futures_util::FutureExt;
use keelson_domain::shared::StoreResult;

use crate::error::no_connection;
use crate::{DatabaseError, PoolOptions, TransactionError, Work, failed, functions, migrate};

/// A connection to a SQLite database.
pub type SqliteConnection = SyncConnectionWrapper<diesel::SqliteConnection>;

/// Readers beside the one writer; more only wait for the same disk.
const READERS: usize = 4;

/// One SQLite database: one writer, several readers.
#[derive(Clone)]
pub struct SqliteDatabase {
    writer: Pool<SqliteConnection>,
    readers: Pool<SqliteConnection>,
    /// Keeps a database in memory alive while the pools hold no connection to it.
    _anchor: Option<Arc<Mutex<diesel::SqliteConnection>>>,
}

impl SqliteDatabase {
    /// Opens a file, or makes it, and brings its schema up to date.
    ///
    /// # Errors
    /// [`DatabaseError::Unreachable`] when the file cannot be opened for writing, and what migrations answer.
    pub async fn open(path: &Path, options: &PoolOptions) -> Result<Self, DatabaseError> {
        let unreachable = |reason: String| DatabaseError::Unreachable {
            place: path.display().to_string(),
            reason,
        };
        check_writable(path).map_err(unreachable)?;
        let url = path
            .to_str()
            .ok_or_else(|| unreachable("its path is not UTF-8".to_owned()))?;
        create_private(path).map_err(|error| unreachable(error.to_string()))?;
        migrate::sqlite(url, journal(options)).await?;
        let database = Self {
            writer: pool(url, 1, Access::Write, options).map_err(unreachable)?,
            readers: pool(url, READERS, Access::Read, options).map_err(unreachable)?,
            _anchor: None,
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

    /// A fresh database in memory, gone with the last clone of this value. Readers and writers share one connection:
    /// they take turns, and nobody ever finds it locked.
    ///
    /// # Errors
    /// When SQLite refuses, as when there is no memory.
    pub async fn in_memory() -> Result<Self, DatabaseError> {
        static NUMBER: AtomicU64 = AtomicU64::new(0);
        // Connections of this process that name the same database in this VFS share it.
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let url = format!("file:/keelson-{number}?vfs=memdb");
        let anchor = migrate::sqlite(&url, WAL).await?;
        let pool = pool(&url, 1, Access::Write, &PoolOptions::default())
            .map_err(|reason| DatabaseError::Unreachable { place: url, reason })?;
        Ok(Self {
            writer: pool.clone(),
            readers: pool,
            _anchor: Some(Arc::new(Mutex::new(anchor))),
        })
    }

    /// A connection that reads.
    ///
    /// # Errors
    /// When none comes free in time.
    pub async fn read(&self) -> StoreResult<Object<SqliteConnection>> {
        self.readers.get().await.map_err(no_connection)
    }

    /// The connection that writes.
    ///
    /// # Errors
    /// When it does not come free in time.
    pub async fn write(&self) -> StoreResult<Object<SqliteConnection>> {
        self.writer.get().await.map_err(no_connection)
    }

    /// Does some work in one transaction, which holds the write lock from its start; an error rolls it back. `table` is
    /// what errors name, as with [`failed`].
    ///
    /// # Errors
    /// The work's own, and the driver's.
    pub async fn transaction<'a, R, F>(&self, table: &'static str, work: F) -> StoreResult<R>
    where
        for<'r> F: AsyncFnOnce(&'r mut SqliteConnection) -> Result<R, TransactionError>
            + Work<&'r mut SqliteConnection, Result<R, TransactionError>, Future: Send>
            + Send
            + 'a,
        R: Send + 'a,
    {
        let mut connection = self.write().await?;
        let done = connection.immediate_transaction(work).await;
        done.map_err(|error| error.into_store_error(table))
    }

    /// Runs statements as they are.
    ///
    /// # Errors
    /// When one fails; those before it stay done.
    pub(crate) async fn run_script(&self, statements: &str) -> StoreResult<()> {
        let mut connection = self.write().await?;
        connection
            .batch_execute(statements)
            .await
            .map_err(failed("script"))
    }

    /// Asks for the simplest thing.
    ///
    /// # Errors
    /// When the database does not answer.
    pub(crate) async fn ping(&self) -> StoreResult<()> {
        let mut connection = self.read().await?;
        let asked = diesel::sql_query("SELECT 1").execute(&mut connection).await;
        asked.map(drop).map_err(failed("ping"))
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

/// Makes a file that is not there for its owner alone; SQLite gives the files beside it the same mode. One that is there
/// keeps its mode.
fn create_private(path: &Path) -> std::io::Result<()> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    match options.open(path) {
        Ok(_) => Ok(()),
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => Ok(()),
        Err(error) => Err(error),
    }
}

/// What the connections of a pool may do.
#[derive(Clone, Copy)]
enum Access {
    Read,
    Write,
}

/// A log that is written ahead. It loses nothing but the last moment when the power fails, and never the file.
const WAL: &str = "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;";

/// A journal to roll back by, which must be on the disk before the file changes.
const ROLLBACK: &str = "PRAGMA journal_mode = DELETE; PRAGMA synchronous = FULL;";

fn journal(options: &PoolOptions) -> &'static str {
    if options.wal { WAL } else { ROLLBACK }
}

fn pool(
    url: &str,
    size: usize,
    access: Access,
    options: &PoolOptions,
) -> Result<Pool<SqliteConnection>, String> {
    let own = match access {
        Access::Read => "PRAGMA query_only = ON;",
        Access::Write => journal(options),
    };
    let mut config = ManagerConfig::default();
    // A connection to a file does not go stale, so none is asked for a sign of life before its use.
    config.recycling_method = RecyclingMethod::Fast;
    config.custom_setup = Box::new(move |url| {
        let url = url.to_owned();
        async move { connect(&url, own).await }.boxed()
    });
    Pool::builder(AsyncDieselConnectionManager::new_with_config(url, config))
        .max_size(size)
        .wait_timeout(Some(options.wait))
        .runtime(Runtime::Tokio1)
        .build()
        .map_err(|error| error.to_string())
}

async fn connect(url: &str, own: &'static str) -> Result<SqliteConnection, ConnectionError> {
    let url = url.to_owned();
    let connected = tokio::task::spawn_blocking(move || connect_blocking(&url)).await;
    let connection = connected.map_err(|error| ConnectionError::BadConnection(error.to_string()))??;
    let mut connection = SqliteConnection::new(connection);
    // The busy time-out comes first: the switch to WAL needs the lock, too.
    let setup = "PRAGMA busy_timeout = 10000; PRAGMA foreign_keys = ON; PRAGMA temp_store = MEMORY;";
    for statement in [setup, own] {
        connection
            .batch_execute(statement)
            .await
            .map_err(|error| ConnectionError::BadConnection(error.to_string()))?;
    }
    Ok(connection)
}

/// A connection that blocks, with our functions.
pub(crate) fn connect_blocking(url: &str) -> Result<diesel::SqliteConnection, ConnectionError> {
    let mut connection = diesel::SqliteConnection::establish(url)?;
    functions::register(&mut connection).map_err(ConnectionError::CouldntSetupConfiguration)?;
    Ok(connection)
}
