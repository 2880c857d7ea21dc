use std::time::{Duration, Instant};

use keelson_domain::realtime::CallError;
use keelson_domain::user::Role;
use serde_json::{Value, json};

use super::client::Page;
use super::house::House;

const LONG: Duration = Duration::from_secs(60);

#[tokio::test]
async fn a_call_brings_the_pages_answer() {
    let house = House::open().await;
    let ann = house.door.admit("ann", Role::User);
    let mut page = Page::of(&house, "ann").await;
    let mut other = Page::of(&house, "ann").await;
    for (answer, expected) in [
        (json!([{"sum": 5}]), json!({"sum": 5})),
        (json!([[1, 2]]), json!([1, 2])),
        (json!(["x", "y"]), json!("x")),
        (json!([null]), Value::Null),
        (json!([]), Value::Null),
    ] {
        let id = page.id.clone();
        let question = json!({"type": "execute:tool"});
        let asking = house.bus.call(&ann, &id, "events", &question, LONG);
        let answering = async {
            let heard = page.next().await;
            assert_eq!((heard.event.as_str(), &heard.data), ("events", &question));
            page.answer(&heard, answer).await;
        };
        let (answer, ()) = tokio::join!(asking, answering);
        assert_eq!(answer.unwrap(), expected);
    }
    other.hears_nothing().await;
}

#[tokio::test]
async fn a_call_ends_in_time_or_when_the_page_goes() {
    let house = House::open().await;
    let ann = house.door.admit("ann", Role::User);
    let page = Page::of(&house, "ann").await;
    let short = Duration::from_millis(50);
    let answer = house.bus.call(&ann, &page.id, "events", &json!(1), short).await;
    assert!(matches!(answer, Err(CallError::TimedOut)), "{answer:?}");
    let id = page.id.clone();
    let started = Instant::now();
    let question = json!(1);
    let asking = house.bus.call(&ann, &id, "events", &question, LONG);
    let leaving = async {
        tokio::time::sleep(short).await;
        drop(page);
    };
    let (answer, ()) = tokio::join!(asking, leaving);
    assert!(matches!(answer, Err(CallError::Gone)), "{answer:?}");
    assert!(started.elapsed() < Duration::from_secs(5));
    let answer = house.bus.call(&ann, &id, "events", &json!(1), LONG).await;
    assert!(matches!(answer, Err(CallError::Gone)), "{answer:?}");
}

#[tokio::test]
async fn nobody_calls_another_users_page() {
    let house = House::open().await;
    let ann = house.door.admit("ann", Role::User);
    house.door.admit("bob", Role::User);
    let mut bobs = Page::of(&house, "bob").await;
    let mut stranger = Page::stranger(&house).await;
    for page in [&mut bobs, &mut stranger] {
        let answer = house.bus.call(&ann, &page.id, "events", &json!(1), LONG).await;
        assert!(matches!(answer, Err(CallError::Gone)), "{answer:?}");
        page.hears_nothing().await;
    }
    let answer = house
        .bus
        .call(&ann, &"no id".into(), "events", &json!(1), LONG)
        .await;
    assert!(matches!(answer, Err(CallError::Gone)), "{answer:?}");
}
