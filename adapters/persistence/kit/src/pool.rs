use std::time::Duration;

/// Limits of a pool of connections, as SQLAlchemy has them where no variable says otherwise.
#[derive(Debug, Clone)]
pub struct PoolOptions {
    /// Connections that are kept (`DATABASE_POOL_SIZE`); 0 lets each be used once.
    pub kept: usize,
    /// Connections at most (and `DATABASE_POOL_MAX_OVERFLOW`): those beyond the kept ones are closed when idle.
    pub limit: usize,
    /// How long to wait for one (`DATABASE_POOL_TIMEOUT`).
    pub wait: Duration,
    /// Age after which one is replaced (`DATABASE_POOL_RECYCLE`); never when none.
    pub recycle: Option<Duration>,
    /// Whether SQLite writes ahead to a log (`DATABASE_ENABLE_SQLITE_WAL`), as it can on a disk of this machine alone:
    /// then nobody who reads waits for who writes.
    pub wal: bool,
}

impl PoolOptions {
    /// As many connections as a pool without a limit opens: more than any server takes by default.
    pub const UNLIMITED: usize = 1000;
}

impl Default for PoolOptions {
    fn default() -> Self {
        Self {
            kept: 5,
            limit: 15,
            wait: Duration::from_secs(30),
            recycle: Some(Duration::from_secs(3600)),
            wal: true,
        }
    }
}
