use std::ops::{Deref, DerefMut};

use deadpool::managed::{Object, Pool};
use diesel_async::AsyncPgConnection;

use super::ServerConnections;

/// A connection of the pool. It goes back when it is dropped; what then lies idle beyond the connections that are kept
/// is closed.
pub struct PooledPostgresConnection {
    // Dropped first, so that it is idle when the surplus is counted.
    connection: Object<ServerConnections>,
    _surplus: Surplus,
}

/// Closes idle connections beyond those that are kept, when it is dropped.
struct Surplus {
    pool: Pool<ServerConnections>,
    kept: usize,
}

impl PooledPostgresConnection {
    pub(super) fn new(
        connection: Object<ServerConnections>,
        pool: &Pool<ServerConnections>,
        kept: usize,
    ) -> Self {
        let pool = pool.clone();
        Self {
            connection,
            _surplus: Surplus { pool, kept },
        }
    }
}

impl Deref for PooledPostgresConnection {
    type Target = AsyncPgConnection;

    fn deref(&self) -> &Self::Target {
        &self.connection
    }
}

impl DerefMut for PooledPostgresConnection {
    fn deref_mut(&mut self) -> &mut Self::Target {
        &mut self.connection
    }
}

impl Drop for Surplus {
    fn drop(&mut self) {
        // Nothing is idle while somebody waits for a connection.
        if self.pool.status().available > self.kept {
            let mut left = self.kept;
            let closed = self.pool.retain(|_, _| {
                let stays = left > 0;
                left = left.saturating_sub(1);
                stays
            });
            drop(closed);
        }
    }
}
