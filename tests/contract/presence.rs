use std::sync::Arc;

use keelson_domain::realtime::{Presence, SocketId};
use keelson_memory::realtime::MemoryPresence;
use keelson_memory::shared::SystemClock;
use pretty_assertions::assert_eq;

use crate::support::{eventually, user};

/// What every record of open pages must do; `there` is the same record seen from another instance.
pub(super) async fn suite(here: &dyn Presence, there: &dyn Presence) {
    let (ann, bob) = (user("ann"), user("bob"));
    let (p1, p2, p3): (SocketId, SocketId, SocketId) = ("p1".into(), "p2".into(), "p3".into());
    assert!(!here.is_online(&ann.id).await.unwrap());
    here.exit(&p1).await.unwrap();
    here.use_model(&p1, "stranger").await.unwrap();
    assert!(here.models_in_use().await.unwrap().is_empty());

    here.enter(&p1, &ann).await.unwrap();
    assert_eq!(
        here.user_of(&p1).await.unwrap(),
        Some(ann.id.clone()),
        "here at once"
    );
    there.enter(&p2, &ann).await.unwrap();
    here.enter(&p3, &bob).await.unwrap();
    for presence in [here, there] {
        eventually("all pages are known", || async {
            let mut pages = presence.sockets_of(&ann.id).await.unwrap();
            pages.sort();
            pages == [p1.clone(), p2.clone()] && presence.user_of(&p3).await.unwrap() == Some(bob.id.clone())
        })
        .await;
    }
    here.enter(&p3, &ann).await.unwrap();
    eventually("the page changed hands", || async {
        there.user_of(&p3).await.unwrap() == Some(ann.id.clone()) && !there.is_online(&bob.id).await.unwrap()
    })
    .await;

    here.use_model(&p1, "m1").await.unwrap();
    there.use_model(&p2, "m2").await.unwrap();
    there.use_model(&p2, "m1").await.unwrap();
    for presence in [here, there] {
        eventually("models are in use", || async {
            presence.models_in_use().await.unwrap() == ["m1", "m2"]
        })
        .await;
    }
    eventually("use ends by itself", || async {
        there.models_in_use().await.unwrap().is_empty()
    })
    .await;

    here.exit(&p1).await.unwrap();
    here.exit(&p3).await.unwrap();
    there.exit(&p2).await.unwrap();
    for presence in [here, there] {
        eventually("nobody is left", || async {
            !presence.is_online(&ann.id).await.unwrap()
        })
        .await;
    }
}

#[tokio::test]
async fn memory() {
    let presence = MemoryPresence::new(Arc::new(SystemClock));
    suite(&presence, &presence).await;
}
