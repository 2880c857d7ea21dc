//! A server that dies and comes back empty.

use pretty_assertions::assert_eq;

use super::news::Ears;
use crate::support::{Instance, RedisSet, eventually, user};

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_lost_and_everything_is_heard_again_twenty_times() {
    let mut set = RedisSet::standalone();
    let (here, there) = (
        Instance::start(&set, "here").await,
        Instance::start(&set, "there").await,
    );
    let mut ears = Ears::of(&there).await;
    ears.hear(&here, &there, "mark-0").await;
    here.presence.enter(&"page".into(), &user("ann")).await.unwrap();
    eventually("the page is known", || async {
        there.presence.is_online(&"ann".into()).await.unwrap()
    })
    .await;
    let clients = set.servers[0].clients();
    for round in 1..=20 {
        set.servers[0].kill();
        assert!(there.revocations.is_revoked("mark-0").await.unwrap());
        if round % 4 == 0 {
            eventually("the death is noticed", || async {
                !here.is_up() && !there.is_up()
            })
            .await;
        }
        set.servers[0].revive();
        eventually("both are back", || async {
            here.is_up()
                && there.is_up()
                && set.servers[0].tell(&["EXISTS", "open-webui:keelson:instance:here"]) == "1"
        })
        .await;
        ears.hear(&here, &there, &format!("mark-{round}")).await;
        eventually("the page is known again", || async {
            there.presence.is_online(&"ann".into()).await.unwrap()
        })
        .await;
    }
    for mark in 0..=20 {
        let key = format!("open-webui:auth:token:mark-{mark}:revoked");
        assert_eq!(
            set.servers[0].tell(&["GET", &key]),
            "1",
            "written anew into the empty server"
        );
    }
    assert_eq!(
        set.servers[0].tell(&["HEXISTS", "open-webui:session_pool", "page"]),
        "1"
    );
    eventually("no connection more than before", || async {
        set.servers[0].clients() == clients
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cluster_node_that_restarts_is_heard_again() {
    let mut set = RedisSet::cluster();
    let (here, there) = (
        Instance::start(&set, "here").await,
        Instance::start(&set, "there").await,
    );
    let mut ears = Ears::of(&there).await;
    for round in 0..3 {
        set.servers[round].kill();
        here.revocations.revoke("during", None).await.unwrap();
        assert!(here.revocations.is_revoked("during").await.unwrap());
        eventually("the death is noticed", || async {
            !here.is_up() && !there.is_up()
        })
        .await;
        set.servers[round].revive();
        eventually("both are back", || async { here.is_up() && there.is_up() }).await;
        // Marks of several slots, so that every node has to tell of some.
        for mark in 0..6 {
            ears.hear(&here, &there, &format!("mark-{round}-{mark}")).await;
        }
    }
}
