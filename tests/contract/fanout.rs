use std::time::Duration;

use futures_util::StreamExt;
use keelson_domain::realtime::{Dispatch, Dispatches, Fanout, ReplyTo};
use keelson_domain::shared::InstanceId;
use keelson_memory::realtime::MemoryHub;
use pretty_assertions::assert_eq;
use serde_json::value::{RawValue, to_raw_value};
use serde_json::{Value, json};

/// A dispatch that emits to a room.
pub(crate) fn emit(room: Option<&str>, data: &str, skip: &[&str], reply: Option<ReplyTo>) -> Dispatch {
    Dispatch::Emit {
        room: room.map(str::to_owned),
        event: "events".to_owned(),
        data: RawValue::from_string(data.to_owned()).unwrap(),
        skip: skip.iter().map(|socket| (*socket).into()).collect(),
        reply,
    }
}

/// How long a dispatch may take to arrive.
const TIMEOUT: Duration = Duration::from_secs(5);
/// How long a test waits to see that nothing arrives.
const QUIET: Duration = Duration::from_millis(200);

/// What two instances may expect of each other. There may be no others.
pub(crate) async fn suite(a: &dyn Fanout, b: &dyn Fanout) {
    assert_ne!(a.instance(), b.instance());
    // Nobody receives: no error, and not delivered to later receivers.
    a.send(numbered(0));
    tokio::time::sleep(QUIET).await;
    let mut at_a = a.receive().await.unwrap();
    let mut at_b = b.receive().await.unwrap();
    assert_unchanged(a, b, &mut at_b).await;
    assert_unchanged(b, a, &mut at_a).await;
    assert_order(a, &mut at_b).await;
    assert_calls(a, b, &mut at_a, &mut at_b).await;
    assert_receives_nothing(&mut at_a).await;
    assert_receives_nothing(&mut at_b).await;
}

async fn assert_unchanged(from: &dyn Fanout, to: &dyn Fanout, received: &mut Dispatches) {
    for dispatch in dispatches(to.instance()) {
        from.send(dispatch.clone());
        assert_eq!(shape(&next(received).await), shape(&dispatch));
    }
}

async fn assert_order(from: &dyn Fanout, received: &mut Dispatches) {
    for number in 1..=1_000 {
        from.send(numbered(number));
    }
    for number in 1..=1_000 {
        assert_eq!(shape(&next(received).await), shape(&numbered(number)));
    }
}

/// A reply carries what the caller named its call.
async fn assert_calls(a: &dyn Fanout, b: &dyn Fanout, at_a: &mut Dispatches, at_b: &mut Dispatches) {
    let called = ReplyTo {
        room: "AbC-_0123456789x".to_owned(),
        call: 7,
        instance: a.instance().clone(),
    };
    let mut emit = numbered(1);
    if let Dispatch::Emit { room, reply, .. } = &mut emit {
        *room = Some(called.room.clone());
        *reply = Some(called.clone());
    }
    a.send(emit);
    let Dispatch::Emit { reply: Some(to), .. } = next(at_b).await else {
        panic!("expected a call");
    };
    assert_eq!(to, called);
    let args = vec![json!({"sum": 5})];
    b.send(Dispatch::Reply { to, args });
    let Dispatch::Reply { to, args } = next(at_a).await else {
        panic!("expected a reply");
    };
    assert_eq!((to, args), (called, vec![json!({"sum": 5})]));
}

/// One dispatch of each kind, with replies to an instance.
fn dispatches(instance: &InstanceId) -> Vec<Dispatch> {
    let room = || "channel:1".to_owned();
    let to = ReplyTo {
        room: "AAAAAAAAAAAAAAAA".to_owned(),
        call: 1,
        instance: instance.clone(),
    };
    let emit = |room: Option<String>, data: Value, skip: &[&str]| Dispatch::Emit {
        room,
        event: "events".to_owned(),
        data: to_raw_value(&data).unwrap(),
        skip: skip.iter().map(|id| (*id).into()).collect(),
        reply: None,
    };
    vec![
        emit(
            Some(room()),
            json!({"b": [1, 2.5, null, "ü\u{1F600}\n\""], "a": true}),
            &[],
        ),
        emit(None, json!("a text"), &["AAAAAAAAAAAAAAAA"]),
        emit(
            Some(room()),
            json!([1]),
            &["AAAAAAAAAAAAAAAA", "BBBBBBBBBBBBBBBB"],
        ),
        emit(Some(room()), Value::Null, &[]),
        Dispatch::Reply {
            to: to.clone(),
            args: vec![json!({"x": 1}), json!([2])],
        },
        Dispatch::Reply { to, args: Vec::new() },
        Dispatch::Enter {
            socket: "AAAAAAAAAAAAAAAA".into(),
            room: room(),
        },
        Dispatch::Leave {
            socket: "AAAAAAAAAAAAAAAA".into(),
            room: room(),
        },
        Dispatch::Close { room: room() },
        Dispatch::Disconnect {
            socket: "AAAAAAAAAAAAAAAA".into(),
        },
    ]
}

fn numbered(number: u64) -> Dispatch {
    Dispatch::Emit {
        room: Some("user:ann".to_owned()),
        event: "events".to_owned(),
        data: to_raw_value(&json!({ "number": number })).unwrap(),
        skip: Vec::new(),
        reply: None,
    }
}

/// A dispatch in a comparable form: JSON text may be written in several ways.
fn shape(dispatch: &Dispatch) -> (String, Value) {
    match dispatch {
        Dispatch::Emit {
            room,
            event,
            data,
            skip,
            reply,
        } => (
            format!("emit {event} to {room:?} without {skip:?}, reply {reply:?}"),
            serde_json::from_str(data.get()).unwrap(),
        ),
        Dispatch::Reply { to, args } => (format!("reply {to:?}"), json!(args)),
        other => (format!("{other:?}"), Value::Null),
    }
}

async fn next(received: &mut Dispatches) -> Dispatch {
    tokio::time::timeout(TIMEOUT, received.next())
        .await
        .expect("in time")
        .expect("an open stream")
}

async fn assert_receives_nothing(received: &mut Dispatches) {
    if let Ok(dispatch) = tokio::time::timeout(QUIET, received.next()).await {
        panic!("received {dispatch:?}");
    }
}

#[tokio::test]
async fn memory() {
    let hub = MemoryHub::default();
    suite(&hub.join("a"), &hub.join("b")).await;
}

#[tokio::test]
async fn a_disconnected_memory_stream_ends_and_can_be_opened_again() {
    let hub = MemoryHub::default();
    let (a, b) = (hub.join("a"), hub.join("b"));
    let mut lost = b.receive().await.unwrap();
    hub.disconnect_all();
    assert!(lost.next().await.is_none());
    let mut again = b.receive().await.unwrap();
    a.send(numbered(1));
    assert_eq!(shape(&next(&mut again).await), shape(&numbered(1)));
}
