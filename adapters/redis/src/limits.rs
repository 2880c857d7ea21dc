//! Limits on tries, counted by all instances together in the reference's buckets: one key a minute. Several keys lie in
//! several slots, so each is asked alone, all in one round trip.

use std::sync::Arc;

use async_trait::async_trait;
use fred::error::Error;
use fred::prelude::*;
use futures_util::future::{try_join, try_join_all};
use keelson_domain::auth::RateLimiter;
use keelson_domain::shared::{StoreResult, Timestamp};

use crate::breaker::Breaker;
use crate::line::{Line, Restore};
use crate::names::Names;

/// As the reference limits sign-in.
const TRIES: i64 = 15;
const WINDOW_SECONDS: i64 = 180;
const BUCKET_SECONDS: i64 = 60;

/// Counts one try, and lets the bucket end with its window; at once, so that no bucket stays for ever.
const COUNT: &str = "local n = redis.call('INCR', KEYS[1]) \
    if n == 1 then redis.call('EXPIRE', KEYS[1], ARGV[1]) end \
    return n";

/// See the module. While Redis is down the twin counts, each instance for itself.
pub(crate) struct RedisLimiter {
    line: Arc<Line>,
    breaker: Arc<Breaker>,
    names: Names,
    twin: Arc<dyn RateLimiter>,
}

impl RedisLimiter {
    pub(crate) fn new(line: &Arc<Line>, names: &Names, twin: Arc<dyn RateLimiter>) -> Arc<Self> {
        let breaker = line.breaker("limits");
        let this = Arc::new(Self {
            line: line.clone(),
            breaker: breaker.clone(),
            names: names.clone(),
            twin,
        });
        line.attach(breaker, this.clone(), names.name("ratelimit:probe"));
        this
    }

    async fn count(&self, key: &str, now: Timestamp) -> Result<i64, Error> {
        let redis = self.line.redis();
        let key = key.to_lowercase();
        let bucket = now.seconds().div_euclid(BUCKET_SECONDS);
        let name = |bucket: i64| self.names.name(format_args!("ratelimit:{key}:{bucket}"));
        let life = WINDOW_SECONDS + BUCKET_SECONDS;
        let count = redis.eval::<i64, _, _, _>(COUNT, vec![name(bucket)], vec![life]);
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
            Some(tries) => Ok(tries <= TRIES),
            None => self.twin.allow(key, now).await,
        }
    }
}
