//! Keeps others from changing a chat until the transaction ends; each function is named for how its backend begins one.

use diesel::QueryResult;

#[cfg(feature = "sqlite")]
pub(crate) async fn immediate_transaction(
    _: &mut keelson_persistence_kit::SqliteConnectionAsync,
    _chat: &str,
) -> QueryResult<()> {
    // The transaction holds the file's only write lock already.
    Ok(())
}

#[cfg(feature = "postgres")]
pub(crate) async fn transaction(
    connection: &mut diesel_async::AsyncPgConnection,
    chat: &str,
) -> QueryResult<()> {
    use diesel_async::RunQueryDsl;
    diesel::sql_query("SELECT 1 FROM chat WHERE id = $1 FOR UPDATE")
        .bind::<diesel::sql_types::Text, _>(chat)
        .execute(connection)
        .await
        .map(drop)
}

/// Makes a repository whose body needs to know how its backend begins a transaction.
macro_rules! transactional {
    ($body:ident, $sqlite:ident, $postgres:ident) => {
        #[cfg(feature = "sqlite")]
        $body!(
            $sqlite,
            keelson_persistence_kit::SqliteDb,
            immediate_transaction
        );
        #[cfg(feature = "postgres")]
        $body!($postgres, keelson_persistence_kit::PgDb, transaction);
    };
}
pub(crate) use transactional;
