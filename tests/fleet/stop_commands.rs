//! Stop commands while instances and Redis lose each other.

use std::time::Duration;

use futures_util::StreamExt;
use keelson_domain::task::StopCommands;

use crate::support::{Instance, RedisSet, eventually};

async fn hears(who: &str, stops: &mut StopCommands, id: &str) {
    let heard = tokio::time::timeout(Duration::from_secs(20), async {
        while let Some(stop) = stops.next().await {
            if stop.as_str() == id {
                return;
            }
        }
        panic!("the stream ended");
    });
    assert!(heard.await.is_ok(), "{who} does not hear of {id}");
}

/// What happens around a command.
#[derive(Debug, Clone, Copy)]
enum Fault {
    None,
    /// The server is dead, and everybody knows.
    KnownDeath,
    /// The server has just died.
    Death,
    /// The server answers nothing for a while.
    Pause,
    /// The connections that listen were cut a moment ago.
    CutSubscribers,
    /// Every connection was cut a moment ago.
    CutAll,
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stop_command_is_not_lost() {
    let mut set = RedisSet::standalone();
    let (here, there) = (
        Instance::start(&set, "here").await,
        Instance::start(&set, "there").await,
    );
    let mut stops = [
        here.signals.stops().await.unwrap(),
        there.signals.stops().await.unwrap(),
    ];
    for round in 0..3 {
        for fault in [
            Fault::None,
            Fault::KnownDeath,
            Fault::Death,
            Fault::Pause,
            Fault::CutSubscribers,
            Fault::CutAll,
        ] {
            let id = format!("{fault:?}-{round}");
            match fault {
                Fault::None => {}
                Fault::Death => set.servers[0].kill(),
                Fault::KnownDeath => {
                    set.servers[0].kill();
                    eventually("the loss is noticed", || async {
                        !here.is_up() && !there.is_up()
                    })
                    .await;
                }
                Fault::Pause => set.servers[0].pause(),
                Fault::CutSubscribers => {
                    set.servers[0].command(&["CLIENT", "KILL", "TYPE", "pubsub"]);
                }
                Fault::CutAll => {
                    set.servers[0].command(&["CLIENT", "KILL", "TYPE", "pubsub"]);
                    set.servers[0].command(&["CLIENT", "KILL", "TYPE", "normal"]);
                }
            }
            here.signals.stop(&id.as_str().into()).await.unwrap();
            // This instance waits for nobody.
            hears("here", &mut stops[0], &id).await;
            match fault {
                Fault::KnownDeath | Fault::Death => set.servers[0].restart(),
                Fault::Pause => set.servers[0].resume(),
                Fault::None | Fault::CutSubscribers | Fault::CutAll => {}
            }
            hears("there", &mut stops[1], &id).await;
            eventually("both are back", || async { here.is_up() && there.is_up() }).await;
        }
    }
    assert_eq!(
        set.servers[0].command(&["EXISTS", "open-webui:keelson:stops"]),
        "1"
    );
    let life: i64 = set.servers[0]
        .command(&["TTL", "open-webui:keelson:stops"])
        .parse()
        .unwrap();
    assert!((1..=120).contains(&life), "they are not kept for ever: {life}");
}
