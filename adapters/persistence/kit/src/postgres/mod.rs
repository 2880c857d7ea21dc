//! One PostgreSQL database: a pool of connections that outlives restarts of the server.

mod connect;
mod manager;
mod pooled;
mod suspicion;
mod tls;
mod verifier;

use std::time::Duration;

use deadpool::Runtime;
use deadpool::managed::{Pool, PoolError, Timeouts};
use diesel_async::{AsyncConnection, AsyncPgConnection, RunQueryDsl, SimpleAsyncConnection};
use keelson_domain::shared::StoreResult;
use tokio::time::Instant;

use crate::error::no_connection;
use crate::url::Server;
use crate::{DatabaseError, PoolOptions, TransactionError, Work, failed, migrate};

use connect::connect;

pub use connect::ConnectError;
pub use manager::ServerConnections;
pub use pooled::PooledPostgresConnection;
pub(crate) use suspicion::note_failure;

/// The longest pause between two tries to connect to a server that restarts; the first is a sixteenth of it.
const LONGEST_PAUSE: Duration = Duration::from_millis(800);

/// A connection to a PostgreSQL database.
pub type PostgresConnection = AsyncPgConnection;

/// One PostgreSQL database.
#[derive(Clone)]
pub struct PostgresDatabase {
    pool: Pool<ServerConnections>,
    kept: usize,
    wait: Duration,
}

impl PostgresDatabase {
    /// Connects, and brings the schema up to date. `place` names the database in errors.
    ///
    /// # Errors
    /// [`DatabaseError::Unreachable`] when the server does not answer or refuses, and what migrations answer.
    pub async fn open(server: &Server, place: &str, options: &PoolOptions) -> Result<Self, DatabaseError> {
        let unreachable = |reason: String| DatabaseError::Unreachable {
            place: place.to_owned(),
            reason,
        };
        let connected = tokio::time::timeout(options.wait, connect(server)).await;
        let connection = connected
            .map_err(|_| unreachable(format!("no answer in {} s", options.wait.as_secs())))?
            .map_err(|error| unreachable(error.to_string()))?;
        migrate::postgres(connection, server.schema.as_deref()).await?;
        let manager = ServerConnections::new(server.clone(), options.recycle);
        let pool = Pool::builder(manager)
            .max_size(options.limit)
            .runtime(Runtime::Tokio1)
            .build()
            .map_err(|error| unreachable(error.to_string()))?;
        Ok(Self {
            pool,
            kept: options.kept,
            wait: options.wait,
        })
    }

    /// A connection that reads.
    ///
    /// # Errors
    /// When none comes free in time.
    pub async fn read(&self) -> StoreResult<PooledPostgresConnection> {
        self.connection().await.map_err(no_connection)
    }

    /// A connection that writes.
    ///
    /// # Errors
    /// When none comes free in time.
    pub async fn write(&self) -> StoreResult<PooledPostgresConnection> {
        self.connection().await.map_err(no_connection)
    }

    /// One of the pool. While the server restarts, or another one takes its place, it is tried again, until the time to
    /// wait is over: whoever asks then waits instead of being told of it.
    async fn connection(&self) -> Result<PooledPostgresConnection, PoolError<ConnectError>> {
        let deadline = Instant::now() + self.wait;
        let mut pause = LONGEST_PAUSE / 16;
        loop {
            let left = deadline.saturating_duration_since(Instant::now());
            let timeouts = Timeouts {
                wait: Some(left),
                create: Some(left),
                recycle: None,
            };
            match self.pool.timeout_get(&timeouts).await {
                Err(PoolError::Backend(error)) if error.may_pass() && Instant::now() + pause < deadline => {
                    tokio::time::sleep(pause).await;
                    pause = (pause * 2).min(LONGEST_PAUSE);
                }
                done => return done.map(|taken| PooledPostgresConnection::new(taken, &self.pool, self.kept)),
            }
        }
    }

    /// Does some work in one transaction; an error rolls it back. `table` is what errors name, as with [`failed`].
    ///
    /// # Errors
    /// The work's own, and the driver's.
    pub async fn transaction<'a, R, F>(&self, table: &'static str, work: F) -> StoreResult<R>
    where
        for<'r> F: AsyncFnOnce(&'r mut PostgresConnection) -> Result<R, TransactionError>
            + Work<&'r mut PostgresConnection, Result<R, TransactionError>, Future: Send>
            + Send
            + 'a,
        R: Send + 'a,
    {
        let mut connection = self.write().await?;
        let done = AsyncConnection::transaction(&mut *connection, work).await;
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
