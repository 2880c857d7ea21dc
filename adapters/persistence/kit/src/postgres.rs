use deadpool::Runtime;
use deadpool::managed::{HookError, PoolError};
use diesel_async::AsyncPgConnection;
use diesel_async::pooled_connection::deadpool::{Hook, Object, Pool};
use diesel_async::pooled_connection::{AsyncDieselConnectionManager, ManagerConfig, RecyclingMethod};
use keelson_domain::shared::StoreResult;
use secrecy::{ExposeSecret, SecretString};

use crate::error::no_connection;
use crate::{DatabaseError, PoolOptions};

/// One PostgreSQL database.
#[derive(Clone)]
pub struct PgDb {
    pool: Pool<AsyncPgConnection>,
}

impl PgDb {
    /// Connects.
    ///
    /// # Errors
    /// [`DatabaseError::Unreachable`] when the server does not answer or refuses.
    pub async fn open(url: &SecretString, place: &str, options: &PoolOptions) -> Result<Self, DatabaseError> {
        let unreachable = |reason: String| DatabaseError::Unreachable {
            place: place.to_owned(),
            reason,
        };
        let mut config = ManagerConfig::default();
        // A broken connection is seen when it is given back; asking before each use would double the queries.
        config.recycling_method = RecyclingMethod::Fast;
        let recycle = options.recycle;
        let pool = Pool::builder(AsyncDieselConnectionManager::new_with_config(
            url.expose_secret(),
            config,
        ))
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
        .map_err(|error| unreachable(error.to_string()))?;
        drop(pool.get().await.map_err(|error| match error {
            PoolError::Timeout(_) => unreachable(format!("no answer in {} s", options.wait.as_secs())),
            PoolError::Backend(error) => unreachable(error.to_string()),
            error => unreachable(error.to_string()),
        })?);
        Ok(Self { pool })
    }

    /// A connection that reads.
    ///
    /// # Errors
    /// When none comes free in time.
    pub async fn read(&self) -> StoreResult<Object<AsyncPgConnection>> {
        self.pool.get().await.map_err(no_connection)
    }

    /// A connection that writes.
    ///
    /// # Errors
    /// When none comes free in time.
    pub async fn write(&self) -> StoreResult<Object<AsyncPgConnection>> {
        self.pool.get().await.map_err(no_connection)
    }
}
