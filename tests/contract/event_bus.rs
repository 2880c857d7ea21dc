use std::time::Duration;

use keelson_domain::realtime::{Audience, CallError, EventBus};
use keelson_memory::realtime::{Emitted, EventRecorder};
use pretty_assertions::assert_eq;
use serde_json::json;

use crate::support::TestApp;

/// What every bus must do while nobody has a page open. What pages hear, `realtime/` tests over real connections.
async fn suite(bus: &dyn EventBus) {
    let ann = "ann".into();
    for to in [
        Audience::User("ann".into()),
        Audience::Room("channel:c".to_owned()),
        Audience::Socket("page".into()),
    ] {
        bus.emit(&to, "events", &json!({"a": 1})).await;
    }
    let wait = Duration::from_secs(5);
    let answer = bus.call(&ann, &"page".into(), "events", &json!({}), wait).await;
    assert!(matches!(answer, Err(CallError::Gone)), "{answer:?}");
    bus.leave(&ann, "channel:c").await;
    bus.join(&ann, "channel:c").await;
    bus.disconnect(&ann).await;
    bus.disconnect(&ann).await;
    bus.disconnect_token("t1").await;
}

#[tokio::test]
async fn sockets() {
    let app = TestApp::start().await;
    suite(&*app.app.sockets.bus()).await;
    app.close().await;
}

#[tokio::test]
async fn recorder() {
    let bus = EventRecorder::default();
    suite(&bus).await;
    bus.take();
    let (ann, bob, page) = ("ann".into(), "bob".into(), "page".into());
    bus.open(&ann, &page);
    bus.answer_with(json!("yes"));
    let wait = Duration::from_secs(5);
    let answer = bus.call(&bob, &page, "q", &json!(1), wait).await;
    assert!(matches!(answer, Err(CallError::Gone)), "the page is another's");
    let answer = bus.call(&ann, &page, "q", &json!(1), wait).await.unwrap();
    assert_eq!(answer, json!("yes"));
    assert_eq!(
        bus.take(),
        [Emitted {
            to: Audience::Socket(page),
            event: "q".to_owned(),
            data: json!(1),
        }]
    );
}
