use diesel::Connection;
use diesel::pg::Pg;
use diesel_async::async_connection_wrapper::AsyncConnectionWrapper;
use diesel_async::{AsyncConnection, AsyncPgConnection};
use secrecy::{ExposeSecret, SecretString};

use crate::DatabaseError;

/// A connection that blocks, for what migrations are made of.
type Blocking = AsyncConnectionWrapper<AsyncPgConnection>;

super::steps!(
    Blocking,
    Pg,
    "SELECT tablename::text AS name FROM pg_tables WHERE schemaname = current_schema()",
    "../../../migrations/postgres"
);

/// Any number that no one else uses: "keelson" in base 36, shortened.
const LOCK: &str = "SELECT pg_advisory_lock(1204719)";

/// Migrates a database under an advisory lock.
pub(crate) async fn migrate(
    url: &SecretString,
    place: &str,
    schema: Option<&str>,
) -> Result<(), DatabaseError> {
    let connection = AsyncPgConnection::establish(url.expose_secret())
        .await
        .map_err(|error| DatabaseError::Unreachable {
            place: place.to_owned(),
            reason: error.to_string(),
        })?;
    let schema = schema.map(|schema| format!("CREATE SCHEMA IF NOT EXISTS \"{schema}\""));
    tokio::task::spawn_blocking(move || {
        let mut connection = Blocking::from(connection);
        // The lock belongs to this connection: it ends with it, whatever happens below.
        sql_query(LOCK).execute(&mut connection)?;
        Connection::transaction(&mut connection, |connection| {
            if let Some(schema) = schema {
                sql_query(schema).execute(connection)?;
            }
            bring_up(connection)
        })
    })
    .await
    .map_err(failed)?
}
