//! A server that dies and restarts empty.

use pretty_assertions::assert_eq;

use super::propagation::Subscriptions;
use crate::support::{Instance, RedisSet, eventually, user};

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_lost_and_everything_propagates_again_twenty_times() {
    let mut set = RedisSet::standalone();
    let (here, there) = (
        Instance::start(&set, "here").await,
        Instance::start(&set, "there").await,
    );
    let mut subscriptions = Subscriptions::open(&there).await;
    subscriptions.assert_propagation(&here, &there, "mark-0").await;
    here.presence.enter(&"socket".into(), &user("ann")).await.unwrap();
    eventually("the connection is known", || async {
        there.presence.is_online(&"ann".into()).await.unwrap()
    })
    .await;
    let clients = set.servers[0].clients();
    for round in 1..=20 {
        set.servers[0].kill();
        assert!(there.revocations.is_revoked("mark-0").await.unwrap());
        if round % 4 == 0 {
            eventually("the loss is noticed", || async {
                !here.is_up() && !there.is_up()
            })
            .await;
        }
        set.servers[0].restart();
        eventually("both are back", || async {
            here.is_up()
                && there.is_up()
                && set.servers[0].command(&["EXISTS", "open-webui:keelson:instance:here"]) == "1"
        })
        .await;
        subscriptions
            .assert_propagation(&here, &there, &format!("mark-{round}"))
            .await;
        eventually("the connection is known again", || async {
            there.presence.is_online(&"ann".into()).await.unwrap()
        })
        .await;
    }
    for mark in 0..=20 {
        let key = format!("open-webui:auth:token:mark-{mark}:revoked");
        assert_eq!(
            set.servers[0].command(&["GET", &key]),
            "1",
            "written again to the empty server"
        );
    }
    assert_eq!(
        set.servers[0].command(&["HEXISTS", "open-webui:session_pool", "socket"]),
        "1"
    );
    eventually("as many connections as before", || async {
        set.servers[0].clients() == clients
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_restarted_cluster_node_is_subscribed_to_again() {
    let mut set = RedisSet::cluster();
    let (here, there) = (
        Instance::start(&set, "here").await,
        Instance::start(&set, "there").await,
    );
    let mut subscriptions = Subscriptions::open(&there).await;
    for round in 0..3 {
        set.servers[round].kill();
        here.revocations.revoke("during", None).await.unwrap();
        assert!(here.revocations.is_revoked("during").await.unwrap());
        eventually("the loss is noticed", || async {
            !here.is_up() && !there.is_up()
        })
        .await;
        set.servers[round].restart();
        eventually("both are back", || async { here.is_up() && there.is_up() }).await;
        // Marks in several slots, so that every node has to report some.
        for mark in 0..6 {
            subscriptions
                .assert_propagation(&here, &there, &format!("mark-{round}-{mark}"))
                .await;
        }
    }
}
