//! Locks: a key with an expiry that holds its holder's name. While Redis is down `local` grants them, to each instance
//! for itself.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use fred::error::Error;
use fred::prelude::*;
use keelson_domain::shared::{InstanceId, Locks, StoreResult};

use crate::breaker::Breaker;
use crate::keys::Keys;
use crate::monitor::{ConnectionMonitor, Restore};

const ACQUIRE: &str = "local holder = redis.call('GET', KEYS[1]) \
    if holder and holder ~= ARGV[1] then return 0 end \
    redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2]) \
    return 1";

const RELEASE: &str = "if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end \
    return 0";

/// Acquires or renews a lock; false when another holds it.
pub(crate) async fn acquire(redis: &Client, key: String, holder: &str, ttl: Duration) -> Result<bool, Error> {
    let ttl = ttl.as_millis().max(1).to_string();
    let taken: i64 = redis
        .eval(ACQUIRE, vec![key], vec![holder.to_owned(), ttl])
        .await?;
    Ok(taken == 1)
}

/// Releases a lock, if this holder has it.
pub(crate) async fn release(redis: &Client, key: String, holder: &str) -> Result<(), Error> {
    redis
        .eval::<(), _, _, _>(RELEASE, vec![key], vec![holder.to_owned()])
        .await
}

/// See the module.
pub(crate) struct RedisLocks {
    monitor: Arc<ConnectionMonitor>,
    breaker: Arc<Breaker>,
    keys: Keys,
    local: Arc<dyn Locks>,
}

impl RedisLocks {
    pub(crate) fn new(monitor: &Arc<ConnectionMonitor>, keys: &Keys, local: Arc<dyn Locks>) -> Arc<Self> {
        let breaker = monitor.breaker("locks");
        let this = Arc::new(Self {
            monitor: monitor.clone(),
            breaker: breaker.clone(),
            keys: keys.clone(),
            local,
        });
        monitor.register(breaker, this.clone(), keys.key("lock:probe"));
        this
    }
}

impl Restore for RedisLocks {}

#[async_trait]
impl Locks for RedisLocks {
    async fn acquire(&self, name: &str, holder: &InstanceId, ttl: Duration) -> StoreResult<bool> {
        let taken = acquire(self.monitor.redis(), self.keys.key(name), holder.as_str(), ttl);
        match self.breaker.attempt(taken).await {
            Some(taken) => Ok(taken),
            None => self.local.acquire(name, holder, ttl).await,
        }
    }

    async fn release(&self, name: &str, holder: &InstanceId) -> StoreResult<()> {
        self.local.release(name, holder).await?;
        self.breaker
            .attempt(release(
                self.monitor.redis(),
                self.keys.key(name),
                holder.as_str(),
            ))
            .await;
        Ok(())
    }
}
