//! What an instance leaves behind when it dies, and when it leaves.

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

/// Keys that are left but for those of the instance that lives.
fn left(server: &RedisServer) -> Vec<String> {
    let keys = server.tell(&["KEYS", "*"]);
    let mut keys: Vec<String> = keys.lines().map(str::to_owned).collect();
    keys.retain(|key| !key.is_empty() && !key.ends_with("_lock"));
    keys.sort();
    keys
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dead_instances_pages_and_tasks_disappear_with_its_lease() {
    let set = RedisSet::standalone();
    let server = &set.servers[0];
    let (here, there) = (
        Instance::start(&set, "here").await,
        Instance::start(&set, "there").await,
    );
    here.tasks.enter(&task("t1")).await.unwrap();
    here.tasks.enter(&task("t2")).await.unwrap();
    here.presence.enter(&"page".into(), &user("ann")).await.unwrap();
    eventually("its page is known", || async {
        there.presence.is_online(&"ann".into()).await.unwrap()
    })
    .await;
    eventually("and written", || async {
        server.tell(&["HLEN", "open-webui:session_pool"]) == "1"
    })
    .await;
    let life: i64 = server
        .tell(&["TTL", "open-webui:keelson:instance:here"])
        .parse()
        .unwrap();
    assert!((1..=15).contains(&life), "{life}");

    here.die().await;
    // As fifteen seconds later.
    server.tell(&["DEL", "open-webui:keelson:instance:here"]);
    assert_eq!(
        there.tasks.find(&"t1".into()).await.unwrap(),
        None,
        "not shown any more"
    );
    assert_eq!(server.tell(&["HKEYS", "open-webui:tasks"]), "t2", "and removed");
    eventually("the rest is tidied", || async {
        !there.presence.is_online(&"ann".into()).await.unwrap()
            && left(server)
                == [
                    "open-webui:keelson:instance:there",
                    "open-webui:keelson:instances",
                ]
    })
    .await;
    assert_eq!(
        server.tell(&["SMEMBERS", "open-webui:keelson:instances"]),
        "there"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn who_leaves_takes_everything_along() {
    let set = RedisSet::standalone();
    let here = Instance::start(&set, "here").await;
    here.tasks.enter(&task("t1")).await.unwrap();
    here.presence.enter(&"page".into(), &user("ann")).await.unwrap();
    eventually("its page is written", || async {
        set.servers[0].tell(&["HLEN", "open-webui:session_pool"]) == "1"
    })
    .await;
    here.redis.close().await;
    assert!(left(&set.servers[0]).is_empty(), "{:?}", left(&set.servers[0]));
    eventually("no connection stays", || async { set.servers[0].clients() == 0 }).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_instance_that_was_taken_for_dead_comes_back() {
    let set = RedisSet::standalone();
    let server = &set.servers[0];
    let here = Instance::start(&set, "here").await;
    here.tasks.enter(&task("t1")).await.unwrap();
    // As another instance does after a pause of more than fifteen seconds.
    server.tell(&["FLUSHALL"]);
    eventually("its task is there again", || async {
        server.tell(&["HKEYS", "open-webui:tasks"]) == "t1"
    })
    .await;
}
