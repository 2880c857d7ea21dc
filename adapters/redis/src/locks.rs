//! Locks: a key that holds its holder's name and ends by itself. While Redis is down the twin grants them, so that each
//! instance does its own chores.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use fred::error::Error;
use fred::prelude::*;
use keelson_domain::shared::{InstanceId, Locks, StoreResult};

use crate::breaker::Breaker;
use crate::line::{Line, Restore};
use crate::names::Names;

const ACQUIRE: &str = "local holder = redis.call('GET', KEYS[1]) \
    if holder and holder ~= ARGV[1] then return 0 end \
    redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2]) \
    return 1";

const RELEASE: &str = "if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end \
    return 0";

/// Takes or renews a lock.
pub(crate) async fn acquire(
    redis: &Client,
    key: String,
    holder: &str,
    life: Duration,
) -> Result<bool, Error> {
    let life = life.as_millis().max(1).to_string();
    let taken: i64 = redis
        .eval(ACQUIRE, vec![key], vec![holder.to_owned(), life])
        .await?;
    Ok(taken == 1)
}

/// Gives a lock back.
pub(crate) async fn release(redis: &Client, key: String, holder: &str) -> Result<(), Error> {
    redis
        .eval::<(), _, _, _>(RELEASE, vec![key], vec![holder.to_owned()])
        .await
}

/// See the module.
pub(crate) struct RedisLocks {
    line: Arc<Line>,
    breaker: Arc<Breaker>,
    names: Names,
    twin: Arc<dyn Locks>,
}

impl RedisLocks {
    pub(crate) fn new(line: &Arc<Line>, names: &Names, twin: Arc<dyn Locks>) -> Arc<Self> {
        let breaker = line.breaker("locks");
        let this = Arc::new(Self {
            line: line.clone(),
            breaker: breaker.clone(),
            names: names.clone(),
            twin,
        });
        line.attach(breaker, this.clone(), names.name("lock:probe"));
        this
    }
}

impl Restore for RedisLocks {}

#[async_trait]
impl Locks for RedisLocks {
    async fn acquire(&self, name: &str, holder: &InstanceId, life: Duration) -> StoreResult<bool> {
        let taken = acquire(self.line.redis(), self.names.name(name), holder.as_str(), life);
        match self.breaker.attempt(taken).await {
            Some(taken) => Ok(taken),
            None => self.twin.acquire(name, holder, life).await,
        }
    }

    async fn release(&self, name: &str, holder: &InstanceId) -> StoreResult<()> {
        self.twin.release(name, holder).await?;
        self.breaker
            .attempt(release(self.line.redis(), self.names.name(name), holder.as_str()))
            .await;
        Ok(())
    }
}
