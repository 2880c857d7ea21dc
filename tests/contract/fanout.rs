use std::time::Duration;

use futures_util::StreamExt;
use keelson_domain::realtime::{AnswerTo, Dispatch, Fanout};
use pretty_assertions::assert_eq;
use serde_json::json;
use serde_json::value::RawValue;

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

/// What every fan-out must do between two instances.
pub(super) async fn suite(here: &dyn Fanout, there: &dyn Fanout) {
    let (mut own, mut heard) = (here.receive().await.unwrap(), there.receive().await.unwrap());
    let answer = |instance: &dyn Fanout| AnswerTo {
        room: "p1".to_owned(),
        call: 7,
        instance: instance.instance().clone(),
    };
    let mut sent = vec![
        emit(None, r#"{"a":"é","b":[1.5,null]}"#, &[], None),
        emit(Some("user:ann"), "\"x\"", &["p1"], None),
        emit(Some("p1"), "[1,2]", &["p1", "p2"], Some(answer(here))),
        Dispatch::Answer {
            to: answer(there),
            args: vec![json!({"ok": true}), json!(2)],
        },
        Dispatch::Enter {
            page: "p1".into(),
            room: "r".to_owned(),
        },
        Dispatch::Leave {
            page: "p1".into(),
            room: "r".to_owned(),
        },
        Dispatch::Close { room: "r".to_owned() },
        Dispatch::Disconnect { page: "p1".into() },
    ];
    sent.extend((0..500).map(|number| emit(Some("many"), &number.to_string(), &[], None)));
    for dispatch in &sent {
        here.send(dispatch.clone());
    }
    for dispatch in &sent {
        let next = tokio::time::timeout(Duration::from_secs(5), heard.next()).await;
        let next = next.expect("in time").expect("an open line");
        assert_eq!(
            format!("{next:?}"),
            format!("{dispatch:?}"),
            "in order, unaltered"
        );
    }
    there.send(emit(None, "0", &[], None));
    let next = tokio::time::timeout(Duration::from_secs(5), own.next()).await;
    let next = next.expect("in time").expect("an open line");
    assert_eq!(
        format!("{next:?}"),
        format!("{:?}", emit(None, "0", &[], None)),
        "nothing of one's own came before"
    );
}
