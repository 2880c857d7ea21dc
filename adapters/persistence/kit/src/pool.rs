use std::time::Duration;

/// Limits of a pool of connections.
#[derive(Debug, Clone)]
pub struct PoolOptions {
    /// Connections at most (`DATABASE_POOL_SIZE` plus `DATABASE_POOL_MAX_OVERFLOW`).
    pub size: usize,
    /// How long to wait for one (`DATABASE_POOL_TIMEOUT`).
    pub wait: Duration,
    /// Age after which one is replaced (`DATABASE_POOL_RECYCLE`).
    pub recycle: Duration,
}

impl Default for PoolOptions {
    fn default() -> Self {
        Self {
            size: 10,
            wait: Duration::from_secs(30),
            recycle: Duration::from_secs(3600),
        }
    }
}
