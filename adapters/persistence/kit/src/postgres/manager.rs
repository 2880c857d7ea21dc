use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use deadpool::managed::{Manager, Metrics, RecycleError, RecycleResult};
use diesel_async::pooled_connection::PoolableConnection;
use diesel_async::{AsyncPgConnection, RunQueryDsl};

use super::connect::{ConnectError, connect};
use super::suspicion;
use crate::url::Server;

/// How long a connection may lie idle until it is asked for a sign of life before its use: a server that vanished does not
/// say so. One that closed its connections is noticed without asking.
const IDLE: Duration = Duration::from_secs(5);

/// How long that sign may take.
const PATIENCE: Duration = Duration::from_secs(3);

/// Makes the connections of a pool, and judges those that come back.
pub struct ServerConnections {
    server: Server,
    /// Age after which one is not used again.
    recycle: Option<Duration>,
    /// When one was found without life last. Those made before are given up with it: the server that they led to has ended, or
    /// is about to.
    found_dead: Mutex<Option<Instant>>,
}

impl ServerConnections {
    pub(super) fn new(server: Server, recycle: Option<Duration>) -> Self {
        Self {
            server,
            recycle,
            found_dead: Mutex::default(),
        }
    }

    fn found_dead(&self) -> MutexGuard<'_, Option<Instant>> {
        self.found_dead.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Gives up a connection without life, and those made before.
    fn give_up(&self, why: &'static str) -> RecycleResult<ConnectError> {
        *self.found_dead() = Some(Instant::now());
        Err(RecycleError::Message(why.into()))
    }
}

impl Manager for ServerConnections {
    type Type = AsyncPgConnection;
    type Error = ConnectError;

    async fn create(&self) -> Result<Self::Type, Self::Error> {
        connect(&self.server).await
    }

    async fn recycle(&self, connection: &mut Self::Type, metrics: &Metrics) -> RecycleResult<Self::Error> {
        if connection.is_broken() {
            return Err(RecycleError::Message("broken".into()));
        }
        let is_given_up = self.found_dead().is_some_and(|at| metrics.created <= at);
        if is_given_up || self.recycle.is_some_and(|age| metrics.age() > age) {
            return Err(RecycleError::Message("old enough".into()));
        }
        if metrics.last_used() > IDLE || suspicion::is_raised() {
            let ping = diesel::sql_query("SELECT 1").execute(connection);
            if !matches!(tokio::time::timeout(PATIENCE, ping).await, Ok(Ok(_))) {
                return self.give_up("no sign of life");
            }
        }
        Ok(())
    }
}
