//! Removes what dead instances left behind (connections, tasks) and expired model usage. One instance at a time does it.
//!
//! Usage is removed under the reference's own lock, so that only one of the two does it; what only Keelson knows of is
//! removed under a lock of its own, because the reference holds its lock as long as it runs.

use std::sync::Arc;
use std::time::Duration;

use fred::error::Error;
use fred::prelude::*;
use futures_util::future::try_join_all;
use keelson_domain::shared::{BoxError, Clock, InstanceId};

use crate::breaker::Breaker;
use crate::keys::Keys;
use crate::lease::Lease;
use crate::locks;
use crate::monitor::{ConnectionMonitor, Restore};
use crate::presence::{self, PresenceChange};
use crate::tasks::RedisTasks;

/// How often the cleanup runs.
const INTERVAL: Duration = Duration::from_secs(3);
/// How long Keelson's own lock is held.
const LOCK_TTL: Duration = Duration::from_secs(15);

/// See the module.
pub(crate) struct Cleanup {
    pub(crate) monitor: Arc<ConnectionMonitor>,
    pub(crate) lease: Arc<Lease>,
    pub(crate) breaker: Arc<Breaker>,
    pub(crate) keys: Keys,
    pub(crate) clock: Arc<dyn Clock>,
    /// The tasks, if these servers hold them.
    pub(crate) tasks: Option<Arc<RedisTasks>>,
    /// How long the lock on the usage pool is held, if these servers hold that pool.
    pub(crate) usage_lock_ttl: Option<Duration>,
}

impl Restore for Cleanup {}

impl Cleanup {
    /// Cleans up for ever.
    pub(crate) async fn run(&self) -> Result<(), BoxError> {
        loop {
            tokio::time::sleep(INTERVAL).await;
            self.breaker.attempt(self.clean_up()).await;
        }
    }

    async fn clean_up(&self) -> Result<(), Error> {
        let redis = self.monitor.redis();
        let me = self.lease.instance().as_str();
        if let Some(ttl) = self.usage_lock_ttl
            && locks::acquire(redis, self.usage_lock(), me, ttl).await?
        {
            presence::remove_expired_usage(redis, self.keys.usage_pool(), self.clock.now().seconds()).await?;
        }
        if !locks::acquire(redis, self.keys.key("keelson:cleanup_lock"), me, LOCK_TTL).await? {
            return Ok(());
        }
        let all = self.lease.list_instances(redis).await?;
        for dead in self.lease.find_expired(redis, all.iter().collect()).await? {
            self.remove_instance(redis, &dead).await?;
        }
        Ok(())
    }

    fn usage_lock(&self) -> String {
        self.keys.key("usage_cleanup_lock")
    }

    async fn remove_instance(&self, redis: &Client, instance: &InstanceId) -> Result<(), Error> {
        let id = instance.as_str();
        let sockets: Vec<String> = redis.smembers(self.keys.connections_of(id)).await?;
        for sockets in sockets.chunks(256) {
            redis
                .hdel::<(), _, _>(self.keys.session_pool(), sockets.to_vec())
                .await?;
            try_join_all(sockets.iter().map(|socket| {
                let change = PresenceChange {
                    instance: id.to_owned(),
                    socket: socket.as_str().into(),
                    user: None,
                };
                let change = serde_json::to_string(&change).unwrap_or_default();
                redis.publish::<i64, _, _>(self.keys.connections(), change)
            }))
            .await?;
        }
        redis.del::<(), _>(self.keys.connections_of(id)).await?;
        if let Some(tasks) = &self.tasks {
            tasks.remove_instance(redis, id).await?;
        }
        self.lease.remove(redis, id).await?;
        tracing::info!(
            instance = id,
            connections = sockets.len(),
            "removed what a dead instance left in Redis"
        );
        Ok(())
    }

    /// Releases the locks.
    pub(crate) async fn close(&self) {
        let redis = self.monitor.redis();
        let me = self.lease.instance().as_str();
        let ours = locks::release(redis, self.keys.key("keelson:cleanup_lock"), me);
        self.breaker.attempt(ours).await;
        if self.usage_lock_ttl.is_some() {
            let usage = locks::release(redis, self.usage_lock(), me);
            self.breaker.attempt(usage).await;
        }
    }
}
