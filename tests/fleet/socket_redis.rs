//! A Redis of its own for the socket layer (`WEBSOCKET_REDIS_URL`).

use keelson_domain::task::RunningTask;
use pretty_assertions::assert_eq;
use serde_json::json;

use super::propagation::Subscriptions;
use crate::support::{Instance, RedisServer, RedisSet, address, eventually, options, user};

/// The components that do not work.
fn down(instance: &Instance) -> Vec<&'static str> {
    let health = instance.redis.health();
    health
        .iter()
        .filter(|component| !component.is_up)
        .map(|component| component.name)
        .collect()
}

async fn both_are_up(here: &Instance, there: &Instance) {
    eventually("everything works", || async { here.is_up() && there.is_up() }).await;
}

fn keys(server: &RedisServer) -> Vec<String> {
    let mut keys: Vec<String> = server
        .command(&["KEYS", "*"])
        .lines()
        .map(str::to_owned)
        .collect();
    keys.retain(|key| !key.is_empty() && !key.contains("lock") && !key.contains("instance"));
    keys.sort();
    keys
}

/// The socket layer's server dies; everything else goes on.
async fn without_sockets(sockets: &mut RedisSet, [here, there]: [&Instance; 2], task: &RunningTask) {
    sockets.servers[0].kill();
    eventually("the loss is noticed", || async {
        !here.is_up() && !there.is_up()
    })
    .await;
    for name in ["settings", "tasks", "task signals", "revocations"] {
        assert!(
            !down(here).contains(&name),
            "{name} does not need it: {:?}",
            down(here)
        );
    }
    assert!(
        down(here).contains(&"fanout") && down(here).contains(&"presence"),
        "{:?}",
        down(here)
    );
    assert_eq!(there.tasks.find(&"t1".into()).await.unwrap(), Some(task.clone()));
    here.revocations.revoke("without sockets", None).await.unwrap();
    eventually("it is known", || async {
        there.revocations.is_revoked("without sockets").await.unwrap()
    })
    .await;
    sockets.servers[0].restart();
}

/// The main server dies; the socket layer goes on.
async fn without_main(main: &mut RedisSet, [here, there]: [&Instance; 2]) {
    main.servers[0].kill();
    eventually("the loss is noticed", || async {
        !here.is_up() && !there.is_up()
    })
    .await;
    for name in ["fanout", "presence", "models"] {
        assert!(
            !down(here).contains(&name),
            "{name} does not need it: {:?}",
            down(here)
        );
    }
    here.presence.enter(&"second".into(), &user("bob")).await.unwrap();
    eventually("the connection is known", || async {
        there.presence.is_online(&"bob".into()).await.unwrap()
    })
    .await;
    main.servers[0].restart();
}

#[tokio::test(flavor = "multi_thread")]
async fn each_of_two_servers_holds_its_part_and_may_fail_alone() {
    let (mut main, mut sockets) = (RedisSet::standalone(), RedisSet::standalone());
    let mut options = options(&main);
    options.sockets = Some(address(&sockets.url(), false, ""));
    let (here, there) = (
        Instance::with(&options, "here").await,
        Instance::with(&options, "there").await,
    );
    both_are_up(&here, &there).await;
    let mut subscriptions = Subscriptions::open(&there).await;
    subscriptions.assert_propagation(&here, &there, "both").await;
    here.presence.enter(&"socket".into(), &user("ann")).await.unwrap();
    here.models
        .replace(&[("m".to_owned(), json!({"id": "m"}))])
        .await
        .unwrap();
    let task = RunningTask {
        id: "t1".into(),
        owner: None,
        item: Some("c1".to_owned()),
    };
    here.tasks.enter(&task).await.unwrap();
    let of_sockets = ["open-webui:models", "open-webui:session_pool"];
    let of_main = [
        "open-webui:auth:token:both:revoked",
        "open-webui:config:WEBUI_NAME",
        "open-webui:keelson:stops",
        "open-webui:keelson:tasks",
        "open-webui:tasks",
        "open-webui:tasks:item:c1",
    ];
    eventually("each holds its part", || async {
        keys(&sockets.servers[0]) == of_sockets && keys(&main.servers[0]) == of_main
    })
    .await;

    without_sockets(&mut sockets, [&here, &there], &task).await;
    both_are_up(&here, &there).await;
    eventually("what was lost is written again", || async {
        keys(&sockets.servers[0]) == of_sockets
    })
    .await;
    subscriptions
        .assert_propagation(&here, &there, "sockets again")
        .await;
    without_main(&mut main, [&here, &there]).await;
    both_are_up(&here, &there).await;
    subscriptions
        .assert_propagation(&here, &there, "main again")
        .await;
    eventually("the task is written again", || async {
        there.tasks.find(&"t1".into()).await.unwrap() == Some(task.clone())
    })
    .await;

    here.redis.close().await;
    there.redis.close().await;
    eventually("no connection stays", || async {
        main.servers[0].clients() == 0 && sockets.servers[0].clients() == 0
    })
    .await;
    assert_eq!(keys(&sockets.servers[0]), ["open-webui:models"]);
}
