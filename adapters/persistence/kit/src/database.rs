use async_trait::async_trait;
use diesel_async::RunQueryDsl;
use keelson_domain::shared::StoreResult;
use keelson_domain::system::StorageHealth;

use crate::{DatabaseError, DatabaseUrl, PoolOptions, failed, migrate};

/// The database in use.
#[derive(Clone)]
pub enum Database {
    /// A SQLite file.
    #[cfg(feature = "sqlite")]
    Sqlite(crate::SqliteDb),
    /// A PostgreSQL database.
    #[cfg(feature = "postgres")]
    Postgres(crate::PgDb),
}

impl Database {
    /// Opens a database and brings its schema up to date, or refuses it unchanged.
    ///
    /// # Errors
    /// Every variant of [`DatabaseError`]; a schema that does not fit is never served.
    pub async fn open(url: &DatabaseUrl, options: &PoolOptions) -> Result<Self, DatabaseError> {
        match url {
            #[cfg(feature = "sqlite")]
            DatabaseUrl::Sqlite { path } => {
                crate::SqliteDb::check(path)?;
                migrate::sqlite(path.clone()).await?;
                Ok(Self::Sqlite(crate::SqliteDb::open(path, options).await?))
            }
            #[cfg(feature = "postgres")]
            DatabaseUrl::Postgres {
                url: address,
                place,
                schema,
            } => {
                let database = crate::PgDb::open(address, place, options).await?;
                migrate::postgres(address, place, schema.as_deref()).await?;
                Ok(Self::Postgres(database))
            }
            #[expect(unreachable_patterns, reason = "reachable when a backend is compiled out")]
            other => Err(DatabaseError::Unreachable {
                place: other.place(),
                reason: "this build does not hold that backend".to_owned(),
            }),
        }
    }
}

#[async_trait]
impl StorageHealth for Database {
    async fn ping(&self) -> StoreResult<()> {
        match self {
            #[cfg(feature = "sqlite")]
            Self::Sqlite(database) => {
                let mut connection = database.read().await?;
                diesel::sql_query("SELECT 1")
                    .execute(&mut connection)
                    .await
                    .map_err(failed("ping"))?;
            }
            #[cfg(feature = "postgres")]
            Self::Postgres(database) => {
                let mut connection = database.read().await?;
                diesel::sql_query("SELECT 1")
                    .execute(&mut connection)
                    .await
                    .map_err(failed("ping"))?;
            }
        }
        Ok(())
    }
}
