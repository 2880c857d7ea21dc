use std::time::Duration;

use futures_util::StreamExt;
use keelson_domain::realtime::{AnswerTo, Dispatch, Dispatches, Fanout};
use keelson_domain::shared::InstanceId;
use keelson_memory::realtime::MemoryHub;
use pretty_assertions::assert_eq;
use serde_json::value::{RawValue, to_raw_value};
use serde_json::{Value, json};

/// An emission to a room.
pub(crate) fn emit(room: Option<&str>, data: &str, skip: &[&str], answer: Option<AnswerTo>) -> Dispatch {
    Dispatch::Emit {
        room: room.map(str::to_owned),
        event: "events".to_owned(),
        data: RawValue::from_string(data.to_owned()).unwrap(),
        skip: skip.iter().map(|page| (*page).into()).collect(),
        answer,
    }
}

/// How long something that was sent may take.
const PATIENCE: Duration = Duration::from_secs(5);
/// How long a test waits for something that should not come.
const QUIET: Duration = Duration::from_millis(200);

/// What two instances of one fleet may expect of each other. Nobody else may be in that fleet.
pub(crate) async fn suite(a: &dyn Fanout, b: &dyn Fanout) {
    assert_ne!(a.instance(), b.instance());
    // Nobody listens: no error, and not heard by those who come later.
    a.send(numbered(0));
    tokio::time::sleep(QUIET).await;
    let mut at_a = a.receive().await.unwrap();
    let mut at_b = b.receive().await.unwrap();
    everything_arrives_as_it_was_sent(a, b, &mut at_b).await;
    everything_arrives_as_it_was_sent(b, a, &mut at_a).await;
    order_is_kept(a, &mut at_b).await;
    calls_and_answers_cross(a, b, &mut at_a, &mut at_b).await;
    hears_nothing(&mut at_a).await;
    hears_nothing(&mut at_b).await;
}

async fn everything_arrives_as_it_was_sent(from: &dyn Fanout, to: &dyn Fanout, heard: &mut Dispatches) {
    for dispatch in dispatches(to.instance()) {
        from.send(dispatch.clone());
        assert_eq!(shape(&next(heard).await), shape(&dispatch));
    }
}

async fn order_is_kept(from: &dyn Fanout, heard: &mut Dispatches) {
    for number in 1..=1_000 {
        from.send(numbered(number));
    }
    for number in 1..=1_000 {
        assert_eq!(shape(&next(heard).await), shape(&numbered(number)));
    }
}

/// What the asker named its call comes back as it was.
async fn calls_and_answers_cross(
    a: &dyn Fanout,
    b: &dyn Fanout,
    at_a: &mut Dispatches,
    at_b: &mut Dispatches,
) {
    let asked = AnswerTo {
        room: "AbC-_0123456789x".to_owned(),
        call: 7,
        instance: a.instance().clone(),
    };
    let mut emit = numbered(1);
    if let Dispatch::Emit { room, answer, .. } = &mut emit {
        *room = Some(asked.room.clone());
        *answer = Some(asked.clone());
    }
    a.send(emit);
    let Dispatch::Emit { answer: Some(to), .. } = next(at_b).await else {
        panic!("a call arrives as one");
    };
    assert_eq!(to, asked);
    let args = vec![json!({"sum": 5})];
    b.send(Dispatch::Answer { to, args });
    let Dispatch::Answer { to, args } = next(at_a).await else {
        panic!("an answer arrives as one");
    };
    assert_eq!((to, args), (asked, vec![json!({"sum": 5})]));
}

/// One of everything, for an instance that answers.
fn dispatches(instance: &InstanceId) -> Vec<Dispatch> {
    let room = || "channel:1".to_owned();
    let to = AnswerTo {
        room: "AAAAAAAAAAAAAAAA".to_owned(),
        call: 1,
        instance: instance.clone(),
    };
    let emit = |room: Option<String>, data: Value, skip: &[&str]| Dispatch::Emit {
        room,
        event: "events".to_owned(),
        data: to_raw_value(&data).unwrap(),
        skip: skip.iter().map(|id| (*id).into()).collect(),
        answer: None,
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
        Dispatch::Answer {
            to: to.clone(),
            args: vec![json!({"x": 1}), json!([2])],
        },
        Dispatch::Answer { to, args: Vec::new() },
        Dispatch::Enter {
            page: "AAAAAAAAAAAAAAAA".into(),
            room: room(),
        },
        Dispatch::Leave {
            page: "AAAAAAAAAAAAAAAA".into(),
            room: room(),
        },
        Dispatch::Close { room: room() },
        Dispatch::Disconnect {
            page: "AAAAAAAAAAAAAAAA".into(),
        },
    ]
}

fn numbered(number: u64) -> Dispatch {
    Dispatch::Emit {
        room: Some("user:ann".to_owned()),
        event: "events".to_owned(),
        data: to_raw_value(&json!({ "number": number })).unwrap(),
        skip: Vec::new(),
        answer: None,
    }
}

/// A dispatch as something that can be compared: JSON text may be written in several ways.
fn shape(dispatch: &Dispatch) -> (String, Value) {
    match dispatch {
        Dispatch::Emit {
            room,
            event,
            data,
            skip,
            answer,
        } => (
            format!("emit {event} to {room:?} without {skip:?}, answer {answer:?}"),
            serde_json::from_str(data.get()).unwrap(),
        ),
        Dispatch::Answer { to, args } => (format!("answer {to:?}"), json!(args)),
        other => (format!("{other:?}"), Value::Null),
    }
}

async fn next(heard: &mut Dispatches) -> Dispatch {
    tokio::time::timeout(PATIENCE, heard.next())
        .await
        .expect("in time")
        .expect("the line holds")
}

async fn hears_nothing(heard: &mut Dispatches) {
    if let Ok(dispatch) = tokio::time::timeout(QUIET, heard.next()).await {
        panic!("heard {dispatch:?}");
    }
}

#[tokio::test]
async fn memory() {
    let hub = MemoryHub::default();
    suite(&hub.join("a"), &hub.join("b")).await;
}

#[tokio::test]
async fn a_line_in_memory_that_is_cut_ends_and_can_be_opened_again() {
    let hub = MemoryHub::default();
    let (a, b) = (hub.join("a"), hub.join("b"));
    let mut lost = b.receive().await.unwrap();
    hub.cut();
    assert!(lost.next().await.is_none());
    let mut again = b.receive().await.unwrap();
    a.send(numbered(1));
    assert_eq!(shape(&next(&mut again).await), shape(&numbered(1)));
}
