//! The rate limit of sign-in, counted by all instances together in the reference's buckets: one key a minute. The keys
//! lie in several cluster slots, so each is read alone, all in one round trip.
//!
//! No crate is used: `governor` counts in one process, and the buckets must be those that the reference counts in.

use std::sync::Arc;

use async_trait::async_trait;
use fred::error::Error;
use fred::prelude::*;
use futures_util::future::{try_join, try_join_all};
use keelson_domain::auth::RateLimiter;
use keelson_domain::shared::{StoreResult, Timestamp};

use crate::breaker::Breaker;
use crate::keys::Keys;
use crate::monitor::{ConnectionMonitor, Restore};

/// As the reference limits sign-in.
const MAX_ATTEMPTS: i64 = 15;
const WINDOW_SECONDS: i64 = 180;
const BUCKET_SECONDS: i64 = 60;

/// Counts one attempt and sets the bucket's expiry in the same step, so that no bucket stays for ever.
const COUNT: &str = "local n = redis.call('INCR', KEYS[1]) \
    if n == 1 then redis.call('EXPIRE', KEYS[1], ARGV[1]) end \
    return n";

/// See the module. While Redis is down each instance counts for itself, in `local`.
pub(crate) struct RedisLimiter {
    monitor: Arc<ConnectionMonitor>,
    breaker: Arc<Breaker>,
    keys: Keys,
    local: Arc<dyn RateLimiter>,
}

impl RedisLimiter {
    pub(crate) fn new(
        monitor: &Arc<ConnectionMonitor>,
        keys: &Keys,
        local: Arc<dyn RateLimiter>,
    ) -> Arc<Self> {
        let breaker = monitor.breaker("limits");
        let this = Arc::new(Self {
            monitor: monitor.clone(),
            breaker: breaker.clone(),
            keys: keys.clone(),
            local,
        });
        monitor.register(breaker, this.clone(), keys.key("ratelimit:probe"));
        this
    }

    async fn count(&self, key: &str, now: Timestamp) -> Result<i64, Error> {
        let redis = self.monitor.redis();
        let key = key.to_lowercase();
        let bucket = now.seconds().div_euclid(BUCKET_SECONDS);
        let name = |bucket: i64| self.keys.key(format_args!("ratelimit:{key}:{bucket}"));
        let ttl = WINDOW_SECONDS + BUCKET_SECONDS;
        let count = redis.eval::<i64, _, _, _>(COUNT, vec![name(bucket)], vec![ttl]);
        let before = (1..=WINDOW_SECONDS / BUCKET_SECONDS)
            .map(|back| redis.get::<Option<i64>, _>(name(bucket - back)));
        let (count, before) = try_join(count, try_join_all(before)).await?;
        Ok(count + before.into_iter().flatten().sum::<i64>())
    }
}

impl Restore for RedisLimiter {}

#[async_trait]
impl RateLimiter for RedisLimiter {
    async fn allow(&self, key: &str, now: Timestamp) -> StoreResult<bool> {
        match self.breaker.attempt(self.count(key, now)).await {
            Some(attempts) => Ok(attempts <= MAX_ATTEMPTS),
            None => self.local.allow(key, now).await,
        }
    }
}
