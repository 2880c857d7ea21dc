use async_trait::async_trait;
use keelson_domain::shared::StoreResult;
use keelson_domain::system::StorageHealth;

#[cfg(feature = "postgres")]
use crate::PostgresDatabase;
#[cfg(feature = "sqlite")]
use crate::SqliteDatabase;
use crate::{DatabaseError, DatabaseUrl, PoolOptions};

/// The database in use.
#[derive(Clone)]
pub enum Database {
    /// SQLite, in a file or in memory.
    #[cfg(feature = "sqlite")]
    Sqlite(SqliteDatabase),
    /// A PostgreSQL database.
    #[cfg(feature = "postgres")]
    Postgres(PostgresDatabase),
}

impl Database {
    /// Opens a database and brings its schema up to date, or refuses it unchanged.
    ///
    /// # Errors
    /// Every variant of [`DatabaseError`]; a schema that does not fit is never served.
    pub async fn open(url: &DatabaseUrl, options: &PoolOptions) -> Result<Self, DatabaseError> {
        url.warn_of_ignored();
        match url {
            #[cfg(feature = "sqlite")]
            DatabaseUrl::Sqlite { path, .. } => SqliteDatabase::open(path, options).await.map(Self::Sqlite),
            #[cfg(feature = "postgres")]
            DatabaseUrl::Postgres(server) => PostgresDatabase::open(server, &url.place(), options)
                .await
                .map(Self::Postgres),
            #[expect(unreachable_patterns, reason = "reachable when a backend is compiled out")]
            other => Err(DatabaseError::Unreachable {
                place: other.place(),
                reason: "this build does not hold that backend".to_owned(),
            }),
        }
    }

    /// A fresh SQLite database in memory, gone with the last clone of it: what tests work on.
    ///
    /// # Errors
    /// When SQLite refuses, as when there is no memory.
    #[cfg(feature = "sqlite")]
    pub async fn in_memory() -> Result<Self, DatabaseError> {
        SqliteDatabase::in_memory().await.map(Self::Sqlite)
    }

    /// Runs statements as they are, for what no port offers: the rows that a test begins with, repairs.
    ///
    /// # Errors
    /// When one fails; those before it stay done.
    pub async fn run_script(&self, statements: &str) -> StoreResult<()> {
        match self {
            #[cfg(feature = "sqlite")]
            Self::Sqlite(database) => database.run_script(statements).await,
            #[cfg(feature = "postgres")]
            Self::Postgres(database) => database.run_script(statements).await,
        }
    }
}

#[async_trait]
impl StorageHealth for Database {
    async fn ping(&self) -> StoreResult<()> {
        match self {
            #[cfg(feature = "sqlite")]
            Self::Sqlite(database) => database.ping().await,
            #[cfg(feature = "postgres")]
            Self::Postgres(database) => database.ping().await,
        }
    }
}
