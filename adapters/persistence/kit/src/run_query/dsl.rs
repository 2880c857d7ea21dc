use diesel::QueryResult;
use diesel::query_builder::QueryId;
use diesel::query_dsl::methods::LimitDsl;
use diesel_async::RunQueryDsl as Unboxed;
use diesel_async::methods::{ExecuteDsl, LoadQuery};
use futures_util::future::BoxFuture;

use super::Connection;

/// Runs a statement on a connection.
pub trait RunQueryDsl: Sized {
    /// Runs it; answers how many rows it changed.
    fn execute<'query>(self, connection: &'query mut Connection) -> BoxFuture<'query, QueryResult<usize>>
    where
        Self: ExecuteDsl<Connection> + QueryId + Send + 'query,
    {
        Box::pin(Unboxed::execute(self, connection))
    }

    /// All rows.
    fn load<'query, R>(self, connection: &'query mut Connection) -> BoxFuture<'query, QueryResult<Vec<R>>>
    where
        R: Send + 'query,
        Self: LoadQuery<'query, Connection, R> + 'query,
    {
        Box::pin(Unboxed::load(self, connection))
    }

    /// The only row; `NotFound` when there is none.
    fn get_result<'query, R>(self, connection: &'query mut Connection) -> BoxFuture<'query, QueryResult<R>>
    where
        R: Send + 'query,
        Self: LoadQuery<'query, Connection, R> + 'query,
    {
        Box::pin(Unboxed::get_result(self, connection))
    }

    /// The first row; `NotFound` when there is none.
    fn first<'query, R>(self, connection: &'query mut Connection) -> BoxFuture<'query, QueryResult<R>>
    where
        R: Send + 'query,
        Self: LimitDsl,
        diesel::dsl::Limit<Self>: LoadQuery<'query, Connection, R> + Send + 'query,
    {
        Box::pin(Unboxed::first(self, connection))
    }
}

impl<T> RunQueryDsl for T {}
