//! Several instances with pages each, which share who is there and hear each other.

use std::time::{Duration, Instant};

use futures_util::StreamExt;
use keelson_domain::realtime::{AnswerTo, Audience, CallError, Dispatch, Dispatches, Fanout, Presence};
use keelson_domain::user::Role;
use serde_json::value::to_raw_value;
use serde_json::{Value, json};

use super::client::Page;
use super::house::{House, Street, eventually};

const LONG: Duration = Duration::from_secs(60);

/// Two instances, with ann and bob known to both.
async fn two() -> (Street, House, House) {
    let street = Street::new();
    let (a, b) = (street.house("a").await, street.house("b").await);
    a.door.admit("ann", Role::User);
    a.door.admit("bob", Role::User);
    (street, a, b)
}

fn emit(room: Option<&str>, number: u64, skip: &[&Page]) -> Dispatch {
    Dispatch::Emit {
        room: room.map(str::to_owned),
        event: "events".to_owned(),
        data: to_raw_value(&json!({ "number": number })).unwrap(),
        skip: skip.iter().map(|page| page.id.clone()).collect(),
        answer: None,
    }
}

async fn hears_number(page: &mut Page, number: u64) {
    assert_eq!(page.next().await.data, json!({ "number": number }));
}

#[tokio::test]
async fn a_users_pages_hear_on_every_instance_and_others_do_not() {
    let (street, a, b) = two().await;
    let c = street.house("c").await;
    let ann = "ann".into();
    let mut anns = Vec::new();
    for house in [&a, &b, &c] {
        anns.push(Page::of(house, "ann").await);
    }
    let mut bobs = Page::of(&b, "bob").await;
    a.tell(&ann, 1).await;
    b.tell(&ann, 2).await;
    // Told here first, and then elsewhere; by whom first does not matter between instances.
    for page in &mut anns {
        let mut heard = [page.next().await.data, page.next().await.data];
        heard.sort_by_key(|data| data["number"].as_u64());
        assert_eq!(heard, [json!({"number": 1}), json!({"number": 2})]);
        page.hears_nothing().await;
    }
    bobs.hears_nothing().await;
}

#[tokio::test]
async fn one_page_is_reached_wherever_it_is_and_only_it() {
    let (street, a, b) = two().await;
    let mut near = Page::of(&a, "ann").await;
    let mut far = Page::of(&b, "ann").await;
    let mut overheard = street.stranger("ear").receive().await.unwrap();
    for (page, number) in [(&near, 1), (&far, 2)] {
        let to = Audience::Socket(page.id.clone());
        a.bus.emit(&to, "events", &json!({ "number": number })).await;
    }
    hears_number(&mut near, 1).await;
    hears_number(&mut far, 2).await;
    near.hears_nothing().await;
    far.hears_nothing().await;
    // What is for a page of ours is not told to others at all.
    let told = overheard.next().await.unwrap();
    assert!(matches!(told, Dispatch::Emit { room: Some(room), .. } if room == far.id.as_str()));
    is_quiet(&mut overheard).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_thousand_events_arrive_in_order_on_both() {
    let (_street, a, b) = two().await;
    let mut near = Page::of(&a, "ann").await;
    let mut far = Page::of(&b, "ann").await;
    for number in 0..1_000 {
        a.tell(&"ann".into(), number).await;
    }
    for number in 0..1_000 {
        hears_number(&mut near, number).await;
        hears_number(&mut far, number).await;
    }
}

#[tokio::test]
async fn what_others_ask_is_done_with_the_pages_here() {
    let (street, a, _b) = two().await;
    let other = street.stranger("python");
    let mut first = Page::of(&a, "ann").await;
    let mut second = Page::of(&a, "ann").await;
    let mut bobs = Page::of(&a, "bob").await;
    // The skipped hear nothing, also by their own ids; no room means everybody.
    other.send(emit(Some("user:ann"), 1, &[&first]));
    other.send(emit(Some(first.id.as_str()), 2, &[]));
    other.send(emit(Some(first.id.as_str()), 3, &[&first]));
    other.send(emit(None, 4, &[&second, &bobs]));
    hears_number(&mut first, 2).await;
    hears_number(&mut first, 4).await;
    hears_number(&mut second, 1).await;
    second.hears_nothing().await;
    bobs.hears_nothing().await;
    // Rooms are entered, left and closed.
    for page in [&first, &bobs] {
        other.send(Dispatch::Enter {
            page: page.id.clone(),
            room: "note:n".to_owned(),
        });
    }
    other.send(emit(Some("note:n"), 5, &[]));
    other.send(Dispatch::Leave {
        page: first.id.clone(),
        room: "note:n".to_owned(),
    });
    other.send(emit(Some("note:n"), 6, &[]));
    other.send(Dispatch::Close {
        room: "note:n".to_owned(),
    });
    other.send(emit(Some("note:n"), 7, &[]));
    other.send(emit(Some("user:ann"), 8, &[]));
    for number in [5, 8] {
        hears_number(&mut first, number).await;
    }
    for number in [5, 6] {
        hears_number(&mut bobs, number).await;
    }
    first.hears_nothing().await;
    bobs.hears_nothing().await;
    other.send(Dispatch::Disconnect {
        page: first.id.clone(),
    });
    first.is_hung_up().await;
    hears_number(&mut second, 8).await;
}

#[tokio::test]
async fn a_call_is_answered_from_another_instance() {
    let (_street, a, b) = two().await;
    let mut page = Page::of(&b, "ann").await;
    let (ann, id) = ("ann".into(), page.id.clone());
    let question = json!({"type": "execute:tool"});
    for (answer, expected) in [
        (json!([{"sum": 5}]), json!({"sum": 5})),
        (json!([[1, 2]]), json!([1, 2])),
        (json!([null]), Value::Null),
        (json!([]), Value::Null),
    ] {
        let asking = a.bus.call(&ann, &id, "events", &question, LONG);
        let answering = async {
            let heard = page.next().await;
            assert_eq!((heard.event.as_str(), &heard.data), ("events", &question));
            page.answer(&heard, answer).await;
        };
        let (answer, ()) = tokio::join!(asking, answering);
        assert_eq!(answer.unwrap(), expected);
    }
}

#[tokio::test]
async fn a_far_call_ends_in_time_or_when_the_page_goes() {
    let (_street, a, b) = two().await;
    let page = Page::of(&b, "ann").await;
    let (ann, id, question) = ("ann".into(), page.id.clone(), json!(1));
    let short = Duration::from_millis(50);
    let answer = a.bus.call(&ann, &id, "events", &question, short).await;
    assert!(matches!(answer, Err(CallError::TimedOut)), "{answer:?}");
    let started = Instant::now();
    let asking = a.bus.call(&ann, &id, "events", &question, LONG);
    let leaving = async {
        tokio::time::sleep(short).await;
        drop(page);
    };
    let (answer, ()) = tokio::join!(asking, leaving);
    assert!(matches!(answer, Err(CallError::Gone)), "{answer:?}");
    assert!(started.elapsed() < Duration::from_secs(10));
}

#[tokio::test]
async fn nobody_calls_another_users_page_on_another_instance() {
    let (street, a, b) = two().await;
    let mut bobs = Page::of(&b, "bob").await;
    let mut unseated = Page::stranger(&b).await;
    let mut overheard = street.stranger("ear").receive().await.unwrap();
    for id in [bobs.id.clone(), unseated.id.clone(), "no id".into()] {
        let answer = a.bus.call(&"ann".into(), &id, "events", &json!(1), LONG).await;
        assert!(matches!(answer, Err(CallError::Gone)), "{answer:?}");
    }
    bobs.hears_nothing().await;
    unseated.hears_nothing().await;
    is_quiet(&mut overheard).await;
}

/// The answer counts only under the asker's name, for the page that was asked.
#[tokio::test]
async fn answers_to_others_and_for_other_pages_count_for_nothing() {
    let (street, a, b) = two().await;
    let mut page = Page::of(&b, "ann").await;
    let other = street.stranger("other");
    let mut overheard = other.receive().await.unwrap();
    let (ann, id, question) = ("ann".into(), page.id.clone(), json!(1));
    let asking = a.bus.call(&ann, &id, "events", &question, LONG);
    let answering = async {
        let Dispatch::Emit { answer: Some(to), .. } = overheard.next().await.unwrap() else {
            panic!("a call asks for an answer");
        };
        assert_eq!((to.instance.as_str(), to.room.as_str()), ("a", id.as_str()));
        let wrong = [
            AnswerTo {
                instance: "b".into(),
                ..to.clone()
            },
            AnswerTo {
                room: "elsewhere".to_owned(),
                ..to.clone()
            },
            AnswerTo {
                call: to.call + 1,
                ..to
            },
        ];
        for to in wrong {
            other.send(Dispatch::Answer {
                to,
                args: vec![json!("wrong")],
            });
        }
        let heard = page.next().await;
        page.answer(&heard, json!(["right"])).await;
    };
    let (answer, ()) = tokio::join!(asking, answering);
    assert_eq!(answer.unwrap(), json!("right"));
}

#[tokio::test]
async fn rooms_are_joined_and_left_on_every_instance() {
    let (_street, a, b) = two().await;
    let mut near = Page::of(&a, "ann").await;
    let mut far = Page::of(&b, "ann").await;
    let mut bobs = Page::of(&b, "bob").await;
    let room = Audience::Room("channel:new".to_owned());
    // One after the other from one instance, so that they keep their order.
    a.bus.join(&"ann".into(), "channel:new").await;
    a.bus.emit(&room, "events:channel", &json!({"number": 1})).await;
    a.bus.leave(&"ann".into(), "channel:new").await;
    a.bus.emit(&room, "events:channel", &json!({"number": 2})).await;
    a.tell(&"ann".into(), 3).await;
    for page in [&mut near, &mut far] {
        hears_number(page, 1).await;
        hears_number(page, 3).await;
    }
    bobs.hears_nothing().await;
}

#[tokio::test]
async fn a_disconnect_reaches_every_instance_and_pages_may_come_back() {
    let (_street, a, b) = two().await;
    let mut near = Page::of(&a, "ann").await;
    let mut far = Page::of(&b, "ann").await;
    let mut bobs = Page::of(&b, "bob").await;
    let ann = "ann".into();
    a.bus.disconnect(&ann).await;
    near.is_hung_up().await;
    far.is_hung_up().await;
    eventually("ann is gone", async || !a.presence.is_online(&ann).await.unwrap()).await;
    let mut again = Page::of(&b, "ann").await;
    a.tell(&ann, 1).await;
    hears_number(&mut again, 1).await;
    b.tell(&"bob".into(), 2).await;
    hears_number(&mut bobs, 2).await;
}

#[tokio::test]
async fn a_lost_line_keeps_nobody_from_its_own_pages_and_is_opened_again() {
    let (street, a, b) = two().await;
    let mut near = Page::of(&a, "ann").await;
    let mut far = Page::of(&b, "ann").await;
    street.cut_lines().await;
    a.tell(&"ann".into(), 1).await;
    hears_number(&mut near, 1).await;
    hears_number(&mut far, 1).await;
    assert_eq!((a.sockets.open(), b.sockets.open()), (1, 1));
}

async fn is_quiet(overheard: &mut Dispatches) {
    let more = tokio::time::timeout(Duration::from_millis(150), overheard.next()).await;
    assert!(more.is_err(), "{more:?}");
}
