use std::sync::Arc;
use std::time::Duration;

use keelson_domain::session::{SessionId, SessionStore};
use keelson_memory::session::MemorySessions;
use keelson_memory::shared::FakeClock;
use pretty_assertions::assert_eq;
use serde_json::{Map, Value, json};

const LONG: Duration = Duration::from_secs(3600);

fn data(value: Value) -> Map<String, Value> {
    value.as_object().cloned().unwrap()
}

/// What every store of sessions does. `wait` lets time go by: really, or on a clock that tests steer.
pub(crate) async fn suite<W: AsyncFn(Duration)>(store: &dyn SessionStore, wait: W) {
    keeps_and_forgets(store).await;
    ends_with_its_life(store, wait).await;
}

async fn keeps_and_forgets(store: &dyn SessionStore) {
    let (one, other) = (SessionId::from("one"), SessionId::from("other one"));
    assert_eq!(store.get(&one).await.unwrap(), None);
    let first = data(json!({"a": {"b": [1, null, "é"]}, "z": true}));
    store.put(&one, &first, LONG).await.unwrap();
    assert_eq!(store.get(&one).await.unwrap(), Some(first));
    assert_eq!(store.get(&other).await.unwrap(), None, "each has its own");

    let second = data(json!({"c": 2}));
    store.put(&one, &second, LONG).await.unwrap();
    assert_eq!(
        store.get(&one).await.unwrap(),
        Some(second),
        "replaced, not merged"
    );

    store.delete(&one).await.unwrap();
    store.delete(&one).await.unwrap();
    assert_eq!(store.get(&one).await.unwrap(), None);
}

/// What is put on one instance is there on another.
pub(crate) async fn is_shared(here: &dyn SessionStore, there: &dyn SessionStore) {
    let id = SessionId::from("shared");
    let (first, second) = (data(json!({"b": 1})), data(json!({"c": 2})));
    here.put(&id, &first, LONG).await.unwrap();
    assert_eq!(there.get(&id).await.unwrap(), Some(first));
    there.put(&id, &second, LONG).await.unwrap();
    assert_eq!(here.get(&id).await.unwrap(), Some(second));
    there.delete(&id).await.unwrap();
    assert_eq!(here.get(&id).await.unwrap(), None);
}

async fn ends_with_its_life<W: AsyncFn(Duration)>(store: &dyn SessionStore, wait: W) {
    let (short, long) = (SessionId::from("short"), SessionId::from("long"));
    let some = data(json!({"a": 1}));
    store.put(&short, &some, Duration::from_secs(2)).await.unwrap();
    store.put(&long, &some, Duration::from_secs(2)).await.unwrap();
    wait(Duration::from_millis(1200)).await;
    store.put(&long, &some, LONG).await.unwrap();
    assert_eq!(store.get(&short).await.unwrap(), Some(some.clone()));
    wait(Duration::from_millis(1200)).await;
    assert_eq!(store.get(&short).await.unwrap(), None);
    assert_eq!(
        store.get(&long).await.unwrap(),
        Some(some),
        "a new put is a new life"
    );
}

#[tokio::test]
async fn memory() {
    let clock = Arc::new(FakeClock::at(1_000));
    let store = MemorySessions::new(clock.clone());
    suite(&store, async |by: Duration| {
        clock.advance_millis(i64::try_from(by.as_millis()).unwrap());
    })
    .await;
}
