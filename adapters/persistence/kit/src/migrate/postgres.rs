use diesel::{RunQueryDsl, sql_query};
use diesel_async::AsyncPgConnection;
use diesel_async::async_connection_wrapper::AsyncConnectionWrapper;
use diesel_migrations::{EmbeddedMigrations, embed_migrations};

use super::failed;
use crate::DatabaseError;

#[path = "steps.rs"]
mod steps;

use diesel::pg::Pg as Backend;

/// A connection that blocks, for what migrations are made of.
type Connection = AsyncConnectionWrapper<AsyncPgConnection>;

const MIGRATIONS: EmbeddedMigrations = embed_migrations!("../../../migrations/postgres");

const SELECT_TABLES: &str =
    "SELECT tablename::text AS name FROM pg_tables WHERE schemaname = current_schema()";

/// Any number that no one else uses: "keelson" in base 36, shortened.
const LOCK: &str = "SELECT pg_advisory_lock(1204719)";

/// Migrates a database under an advisory lock, over a connection of its own.
pub(crate) async fn migrate(
    connection: AsyncPgConnection,
    schema: Option<&str>,
) -> Result<(), DatabaseError> {
    let schema = schema.map(|schema| format!("CREATE SCHEMA IF NOT EXISTS \"{schema}\""));
    tokio::task::spawn_blocking(move || {
        let mut connection = Connection::from(connection);
        // The lock belongs to this connection: it ends with it, whatever happens below.
        sql_query(LOCK).execute(&mut connection)?;
        diesel::Connection::transaction(&mut connection, |connection| {
            if let Some(schema) = schema {
                sql_query(schema).execute(connection)?;
            }
            steps::upgrade(connection)
        })
    })
    .await
    .map_err(failed)?
}
