//! A start without Redis.

use std::time::{Duration, Instant};

use keelson_domain::shared::InstanceId;
use keelson_memory::shared::SystemClock;
use keelson_redis::{Redis, RedisError};

use super::news::Ears;
use crate::support::{Instance, RedisSet, eventually, options};

#[tokio::test(flavor = "multi_thread")]
async fn a_start_without_redis_takes_a_second_and_joins_later() {
    let mut set = RedisSet::standalone();
    set.servers[0].kill();
    let start = Instant::now();
    let here = Instance::with(&options(&set), "here").await;
    assert!(
        start.elapsed() < Duration::from_millis(1500),
        "{:?}",
        start.elapsed()
    );
    here.revocations.revoke("early", None).await.unwrap();
    assert!(here.revocations.is_revoked("early").await.unwrap());
    assert!(here.tasks.list().await.unwrap().is_empty());
    assert!(here.redis.health().iter().all(|it| !it.up));

    set.servers[0].revive();
    eventually("it has joined", || async { here.is_up() }).await;
    let there = Instance::start(&set, "there").await;
    assert!(there.revocations.is_revoked("early").await.unwrap());
    Ears::of(&there).await.hear(&here, &there, "late").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn redis_that_must_be_there_is_an_error() {
    let mut set = RedisSet::standalone();
    set.servers[0].kill();
    let mut options = options(&set);
    options.required = true;
    let tried = Redis::connect(
        &options,
        InstanceId::from("here"),
        std::sync::Arc::new(SystemClock),
    );
    assert!(matches!(tried.await, Err(RedisError::Absent)));
}
