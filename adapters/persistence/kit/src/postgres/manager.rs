use std::time::Duration;

use deadpool::managed::{Manager, Metrics, RecycleError, RecycleResult};
use diesel_async::pooled_connection::PoolableConnection;
use diesel_async::{AsyncPgConnection, RunQueryDsl};

use super::connect::{ConnectError, connect};
use crate::url::Server;

/// How long a connection may lie idle until it is asked for a sign of life before its use: a server that vanished does not
/// say so. One that closed its connections is noticed without asking.
const IDLE: Duration = Duration::from_secs(5);

/// How long that sign may take.
const PATIENCE: Duration = Duration::from_secs(3);

/// Makes the connections of a pool, and judges those that come back.
pub struct ServerConnections {
    pub(super) server: Server,
    /// Whether a connection is used again at all.
    pub(super) keeps: bool,
    /// Age after which it is not.
    pub(super) recycle: Option<Duration>,
}

impl Manager for ServerConnections {
    type Type = AsyncPgConnection;
    type Error = ConnectError;

    async fn create(&self) -> Result<Self::Type, Self::Error> {
        connect(&self.server).await
    }

    async fn recycle(&self, connection: &mut Self::Type, metrics: &Metrics) -> RecycleResult<Self::Error> {
        let refused = |why: &'static str| Err(RecycleError::Message(why.into()));
        if connection.is_broken() {
            return refused("broken");
        }
        if !self.keeps || self.recycle.is_some_and(|age| metrics.age() > age) {
            return refused("old enough");
        }
        if metrics.last_used() > IDLE {
            let ping = diesel::sql_query("SELECT 1").execute(connection);
            if !matches!(tokio::time::timeout(PATIENCE, ping).await, Ok(Ok(_))) {
                return refused("no sign of life");
            }
        }
        Ok(())
    }
}
