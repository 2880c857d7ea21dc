//! The lease of an instance: when it expires, others remove the instance's tasks and connections.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use fred::error::Error;
use fred::prelude::*;
use futures_util::future::{try_join, try_join_all};
use keelson_domain::shared::{BoxError, InstanceId};

use crate::breaker::Breaker;
use crate::keys::Keys;
use crate::monitor::{ConnectionMonitor, Restore};

/// How long an instance counts as alive after its last renewal, in seconds.
const TTL_SECONDS: i64 = 15;
/// How often the lease is renewed.
const RENEWAL_INTERVAL: Duration = Duration::from_secs(5);

/// See the module.
pub(crate) struct Lease {
    monitor: Arc<ConnectionMonitor>,
    breaker: Arc<Breaker>,
    keys: Keys,
    instance: InstanceId,
}

impl Lease {
    /// Registers with the monitor; create it before whatever depends on it.
    pub(crate) fn new(monitor: &Arc<ConnectionMonitor>, keys: &Keys, instance: &InstanceId) -> Arc<Self> {
        let breaker = monitor.breaker("lease");
        let this = Arc::new(Self {
            monitor: monitor.clone(),
            breaker: breaker.clone(),
            keys: keys.clone(),
            instance: instance.clone(),
        });
        monitor.register(breaker, this.clone(), keys.instances());
        this
    }

    pub(crate) fn instance(&self) -> &InstanceId {
        &self.instance
    }

    pub(crate) async fn renew(&self, redis: &Client) -> Result<(), Error> {
        let id = self.instance.as_str();
        try_join(
            redis.set::<(), _, _>(
                self.keys.instance(id),
                "1",
                Some(Expiration::EX(TTL_SECONDS)),
                None,
                false,
            ),
            redis.sadd::<i64, _, _>(self.keys.instances(), id),
        )
        .await?;
        Ok(())
    }

    /// Renews for ever.
    pub(crate) async fn renew_periodically(&self) -> Result<(), BoxError> {
        loop {
            tokio::time::sleep(RENEWAL_INTERVAL).await;
            if self.monitor.is_shutting_down() {
                return std::future::pending().await;
            }
            let redis = self.monitor.redis();
            let renewed = async {
                let existed: i64 = redis.exists(self.keys.instance(self.instance.as_str())).await?;
                self.renew(redis).await?;
                Ok(existed == 1)
            };
            if self.breaker.attempt(renewed).await == Some(false) {
                // It had expired, for this process was paused: others have removed its entries.
                self.monitor.invalidate();
            }
        }
    }

    /// Which of these instances have no lease.
    pub(crate) async fn find_expired(
        &self,
        redis: &Client,
        instances: HashSet<&InstanceId>,
    ) -> Result<HashSet<InstanceId>, Error> {
        let others: Vec<&InstanceId> = instances.into_iter().filter(|id| **id != self.instance).collect();
        let leases = others
            .iter()
            .map(|id| redis.exists::<i64, _>(self.keys.instance(id.as_str())));
        let leases = try_join_all(leases).await?;
        let expired = others.into_iter().zip(leases).filter(|(_, leases)| *leases == 0);
        Ok(expired.map(|(id, _)| id.clone()).collect())
    }

    /// Every instance that has, or had and did not clean up, entries in Redis.
    pub(crate) async fn list_instances(&self, redis: &Client) -> Result<Vec<InstanceId>, Error> {
        let all: Vec<String> = redis.smembers(self.keys.instances()).await?;
        Ok(all.into_iter().map(InstanceId::from).collect())
    }

    /// Removes an instance and its lease.
    pub(crate) async fn remove(&self, redis: &Client, instance: &str) -> Result<(), Error> {
        try_join(
            redis.del::<i64, _>(self.keys.instance(instance)),
            redis.srem::<i64, _, _>(self.keys.instances(), instance),
        )
        .await?;
        Ok(())
    }

    /// Releases the lease.
    pub(crate) async fn close(&self) {
        self.breaker
            .attempt(self.remove(self.monitor.redis(), self.instance.as_str()))
            .await;
    }
}

#[async_trait]
impl Restore for Lease {
    async fn restore(&self, redis: &Client) -> Result<(), Error> {
        self.renew(redis).await
    }
}
