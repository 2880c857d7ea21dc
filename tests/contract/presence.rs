use std::sync::Arc;

use keelson_domain::realtime::{Presence, SocketId};
use keelson_memory::realtime::MemoryPresence;
use keelson_memory::shared::SystemClock;
use pretty_assertions::assert_eq;

use crate::support::{eventually, user};

/// What every adapter of [`Presence`] must do; `there` is the same one seen from another instance.
pub(super) async fn suite(here: &dyn Presence, there: &dyn Presence) {
    let (ann, bob) = (user("ann"), user("bob"));
    let (s1, s2, s3): (SocketId, SocketId, SocketId) = ("s1".into(), "s2".into(), "s3".into());
    assert!(!here.is_online(&ann.id).await.unwrap());
    here.exit(&s1).await.unwrap();
    here.use_model(&s1, "unknown").await.unwrap();
    assert!(here.models_in_use().await.unwrap().is_empty());

    here.enter(&s1, &ann).await.unwrap();
    assert_eq!(
        here.user_of(&s1).await.unwrap(),
        Some(ann.id.clone()),
        "here at once"
    );
    there.enter(&s2, &ann).await.unwrap();
    here.enter(&s3, &bob).await.unwrap();
    for presence in [here, there] {
        eventually("all connections are known", || async {
            let mut sockets = presence.sockets_of(&ann.id).await.unwrap();
            sockets.sort();
            sockets == [s1.clone(), s2.clone()]
                && presence.user_of(&s3).await.unwrap() == Some(bob.id.clone())
        })
        .await;
    }
    here.enter(&s3, &ann).await.unwrap();
    eventually("the connection is another user's", || async {
        there.user_of(&s3).await.unwrap() == Some(ann.id.clone()) && !there.is_online(&bob.id).await.unwrap()
    })
    .await;

    here.use_model(&s1, "m1").await.unwrap();
    there.use_model(&s2, "m2").await.unwrap();
    there.use_model(&s2, "m1").await.unwrap();
    for presence in [here, there] {
        eventually("models are in use", || async {
            presence.models_in_use().await.unwrap() == ["m1", "m2"]
        })
        .await;
    }
    eventually("usage expires", || async {
        there.models_in_use().await.unwrap().is_empty()
    })
    .await;

    here.exit(&s1).await.unwrap();
    here.exit(&s3).await.unwrap();
    there.exit(&s2).await.unwrap();
    for presence in [here, there] {
        eventually("nobody is connected", || async {
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
