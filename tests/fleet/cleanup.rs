//! What becomes of an instance's entries in Redis when it dies, and when it shuts down.

use keelson_domain::task::RunningTask;
use pretty_assertions::assert_eq;

use crate::support::{Instance, RedisServer, RedisSet, eventually, user};

fn task(id: &str) -> RunningTask {
    RunningTask {
        id: id.into(),
        owner: Some("ann".into()),
        item: Some("c1".to_owned()),
    }
}

/// The keys in Redis, without locks.
fn remaining_keys(server: &RedisServer) -> Vec<String> {
    let keys = server.command(&["KEYS", "*"]);
    let mut keys: Vec<String> = keys.lines().map(str::to_owned).collect();
    keys.retain(|key| !key.is_empty() && !key.ends_with("_lock"));
    keys.sort();
    keys
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dead_instances_connections_and_tasks_are_removed_when_its_lease_expires() {
    let set = RedisSet::standalone();
    let server = &set.servers[0];
    let (here, there) = (
        Instance::start(&set, "here").await,
        Instance::start(&set, "there").await,
    );
    here.tasks.enter(&task("t1")).await.unwrap();
    here.tasks.enter(&task("t2")).await.unwrap();
    here.presence.enter(&"socket".into(), &user("ann")).await.unwrap();
    eventually("its connection is known", || async {
        there.presence.is_online(&"ann".into()).await.unwrap()
    })
    .await;
    eventually("and written", || async {
        server.command(&["HLEN", "open-webui:session_pool"]) == "1"
    })
    .await;
    let life: i64 = server
        .command(&["TTL", "open-webui:keelson:instance:here"])
        .parse()
        .unwrap();
    assert!((1..=15).contains(&life), "{life}");

    here.die().await;
    // As after fifteen seconds.
    server.command(&["DEL", "open-webui:keelson:instance:here"]);
    assert_eq!(
        there.tasks.find(&"t1".into()).await.unwrap(),
        None,
        "not found any more"
    );
    assert_eq!(
        server.command(&["HKEYS", "open-webui:tasks"]),
        "t2",
        "and removed"
    );
    eventually("the rest is removed", || async {
        !there.presence.is_online(&"ann".into()).await.unwrap()
            && remaining_keys(server)
                == [
                    "open-webui:keelson:instance:there",
                    "open-webui:keelson:instances",
                ]
    })
    .await;
    assert_eq!(
        server.command(&["SMEMBERS", "open-webui:keelson:instances"]),
        "there"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn an_instance_that_shuts_down_removes_its_entries() {
    let set = RedisSet::standalone();
    let here = Instance::start(&set, "here").await;
    here.tasks.enter(&task("t1")).await.unwrap();
    here.presence.enter(&"socket".into(), &user("ann")).await.unwrap();
    eventually("its connection is written", || async {
        set.servers[0].command(&["HLEN", "open-webui:session_pool"]) == "1"
    })
    .await;
    here.redis.close().await;
    assert!(
        remaining_keys(&set.servers[0]).is_empty(),
        "{:?}",
        remaining_keys(&set.servers[0])
    );
    eventually("no connection stays", || async { set.servers[0].clients() == 0 }).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_instance_that_was_considered_dead_writes_its_entries_again() {
    let set = RedisSet::standalone();
    let server = &set.servers[0];
    let here = Instance::start(&set, "here").await;
    here.tasks.enter(&task("t1")).await.unwrap();
    // As another instance does after a pause of more than fifteen seconds.
    server.command(&["FLUSHALL"]);
    eventually("its task is written again", || async {
        server.command(&["HKEYS", "open-webui:tasks"]) == "t1"
    })
    .await;
}
