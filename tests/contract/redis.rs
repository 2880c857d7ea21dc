//! Every suite of a port that has a Redis adapter, on two instances, in each mode. The servers are started once a mode.

use super::{
    fanout, locks, presence, rate_limiter, session_store, settings_feed, shared_models, task_directory,
    task_signals, token_revocations,
};
use crate::support::{Instance, RedisSet};

async fn suites(set: &RedisSet) {
    let (here, there) = (
        Instance::start(set, "here").await,
        Instance::start(set, "there").await,
    );
    settings_feed::suite(&*here.feed).await;
    settings_feed::tells_others(&*here.feed, &*there.feed).await;
    session_store::suite(&*here.sessions, tokio::time::sleep).await;
    session_store::is_shared(&*here.sessions, &*there.sessions).await;
    token_revocations::suite(&*here.revocations, &*there.revocations).await;
    rate_limiter::suite(&*here.limiter, &*there.limiter).await;
    task_directory::suite(&*here.tasks, &*there.tasks).await;
    task_signals::suite(&*here.signals, &*there.signals).await;
    presence::suite(&*here.presence, &*there.presence).await;
    fanout::suite(&*here.fanout, &*there.fanout).await;
    locks::suite(&*here.locks, &*there.locks).await;
    shared_models::suite(&*here.models, &*there.models).await;
    // Nothing of this was answered by a local adapter.
    assert!(here.is_up() && there.is_up(), "{:?}", here.redis.health());
    here.redis.close().await;
    there.redis.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn standalone() {
    suites(&RedisSet::standalone()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn sentinel() {
    suites(&RedisSet::sentinel()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn cluster() {
    suites(&RedisSet::cluster()).await;
}
