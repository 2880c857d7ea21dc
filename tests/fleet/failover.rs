//! The master dies, and the sentinels promote the replica.

use std::time::{Duration, Instant};

use pretty_assertions::assert_eq;

use super::propagation::Subscriptions;
use crate::support::{Instance, RedisSet, within};

#[tokio::test(flavor = "multi_thread")]
async fn instances_reconnect_to_the_new_master() {
    let mut set = RedisSet::sentinel();
    let (here, there) = (
        Instance::start(&set, "here").await,
        Instance::start(&set, "there").await,
    );
    let mut subscriptions = Subscriptions::open(&there).await;
    subscriptions.assert_propagation(&here, &there, "before").await;
    let clients = set.servers[0].clients();
    set.servers[0].kill();
    let dead = Instant::now();
    here.revocations.revoke("during", None).await.unwrap();
    here.tasks.list().await.unwrap();
    assert!(
        dead.elapsed() < Duration::from_millis(1700),
        "{:?}",
        dead.elapsed()
    );
    within(Duration::from_secs(30), "both are back", || async {
        here.is_up() && there.is_up() && set.servers[1].command(&["ROLE"]).starts_with("master")
    })
    .await;
    println!("back {:?} after the master died", dead.elapsed());
    subscriptions.assert_propagation(&here, &there, "after").await;
    assert!(there.revocations.is_revoked("during").await.unwrap());
    assert_eq!(
        set.servers[1].command(&["GET", "open-webui:auth:token:during:revoked"]),
        "1"
    );
    within(
        Duration::from_secs(5),
        "as many connections as before",
        || async { set.servers[1].clients() == clients },
    )
    .await;
}
