use deadpool::Runtime;
use deadpool::managed::{HookError, PoolError};
use diesel::ConnectionError;
use diesel_async::pooled_connection::deadpool::{Hook, Object, Pool};
use diesel_async::pooled_connection::{AsyncDieselConnectionManager, ManagerConfig, RecyclingMethod};
use diesel_async::{AsyncConnection, AsyncPgConnection, RunQueryDsl, SimpleAsyncConnection};
use futures_util::FutureExt;
use keelson_domain::shared::StoreResult;
use tokio_postgres::{Config, NoTls};

use crate::error::no_connection;
use crate::{DatabaseError, PoolOptions, TransactionError, Work, failed, migrate};

/// A connection to a PostgreSQL database.
pub type PostgresConnection = AsyncPgConnection;

/// One PostgreSQL database.
#[derive(Clone)]
pub struct PostgresDatabase {
    pool: Pool<PostgresConnection>,
}

impl PostgresDatabase {
    /// Connects, and brings the schema up to date. `place` names the database in errors.
    ///
    /// # Errors
    /// [`DatabaseError::Unreachable`] when the server does not answer or refuses, and what migrations answer.
    pub async fn open(
        config: &Config,
        schema: Option<&str>,
        place: &str,
        options: &PoolOptions,
    ) -> Result<Self, DatabaseError> {
        let unreachable = |reason: String| DatabaseError::Unreachable {
            place: place.to_owned(),
            reason,
        };
        let pool = pool(config, options).map_err(unreachable)?;
        drop(pool.get().await.map_err(|error| match error {
            PoolError::Timeout(_) => unreachable(format!("no answer in {} s", options.wait.as_secs())),
            PoolError::Backend(error) => unreachable(error.to_string()),
            error => unreachable(error.to_string()),
        })?);
        let connection = connect(config)
            .await
            .map_err(|error| unreachable(error.to_string()))?;
        migrate::postgres(connection, schema).await?;
        Ok(Self { pool })
    }

    /// A connection that reads.
    ///
    /// # Errors
    /// When none comes free in time.
    pub async fn read(&self) -> StoreResult<Object<PostgresConnection>> {
        self.pool.get().await.map_err(no_connection)
    }

    /// A connection that writes.
    ///
    /// # Errors
    /// When none comes free in time.
    pub async fn write(&self) -> StoreResult<Object<PostgresConnection>> {
        self.pool.get().await.map_err(no_connection)
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

fn pool(config: &Config, options: &PoolOptions) -> Result<Pool<PostgresConnection>, String> {
    let mut manager = ManagerConfig::default();
    // A broken connection is seen when it is given back; asking before each use would double the queries.
    manager.recycling_method = RecyclingMethod::Fast;
    let config = config.clone();
    manager.custom_setup = Box::new(move |_| {
        let config = config.clone();
        async move { connect(&config).await }.boxed()
    });
    let recycle = options.recycle;
    // The manager's own address is not used: the set-up above connects.
    Pool::builder(AsyncDieselConnectionManager::new_with_config("", manager))
        .max_size(options.size)
        .wait_timeout(Some(options.wait))
        .create_timeout(Some(options.wait))
        .runtime(Runtime::Tokio1)
        .pre_recycle(Hook::sync_fn(move |_, metrics| {
            if metrics.age() > recycle {
                Err(HookError::message("old enough"))
            } else {
                Ok(())
            }
        }))
        .build()
        .map_err(|error| error.to_string())
}

async fn connect(config: &Config) -> Result<PostgresConnection, ConnectionError> {
    let (client, connection) = config.connect(NoTls).await.map_err(|error| {
        let reason = error.as_db_error().map(|refused| refused.message().to_owned());
        ConnectionError::BadConnection(reason.unwrap_or_else(|| with_causes(&error)))
    })?;
    AsyncPgConnection::try_from_client_and_connection(client, connection).await
}

/// An error with what caused it: the driver's own text says neither that a connection was refused nor that a name is
/// unknown.
fn with_causes(error: &dyn std::error::Error) -> String {
    let causes = std::iter::successors(Some(error), |error| error.source());
    let texts: Vec<String> = causes.map(ToString::to_string).collect();
    texts.join(": ")
}
