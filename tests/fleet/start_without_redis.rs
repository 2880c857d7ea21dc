//! A start while Redis is down.

use std::time::{Duration, Instant};

use keelson_domain::shared::InstanceId;
use keelson_memory::shared::SystemClock;
use keelson_redis::{Redis, RedisError};

use super::propagation::Subscriptions;
use crate::support::{Instance, RedisSet, eventually, options};

#[tokio::test(flavor = "multi_thread")]
async fn an_instance_starts_without_redis_and_connects_later() {
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
    assert!(here.redis.health().iter().all(|component| !component.is_up));

    set.servers[0].restart();
    eventually("it is connected", || async { here.is_up() }).await;
    let there = Instance::start(&set, "there").await;
    assert!(there.revocations.is_revoked("early").await.unwrap());
    Subscriptions::open(&there)
        .await
        .assert_propagation(&here, &there, "late")
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_required_redis_that_is_down_is_an_error() {
    let mut set = RedisSet::standalone();
    set.servers[0].kill();
    let mut options = options(&set);
    options.required = true;
    let connected = Redis::connect(
        &options,
        InstanceId::from("here"),
        std::sync::Arc::new(SystemClock),
    );
    assert!(matches!(connected.await, Err(RedisError::Unreachable { .. })));
}
