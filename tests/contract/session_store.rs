use std::sync::Arc;
use std::time::Duration;

use keelson_domain::session::{SessionId, SessionStore};
use keelson_memory::session::MemorySessions;
use keelson_memory::shared::SystemClock;
use pretty_assertions::assert_eq;
use serde_json::{Map, Value, json};

fn data(value: &Value) -> Map<String, Value> {
    value.as_object().cloned().unwrap()
}

/// What every store of sessions must do; `there` is the same store seen from another instance.
pub(super) async fn suite(here: &dyn SessionStore, there: &dyn SessionStore) {
    let (one, other) = (SessionId::from("one"), SessionId::from("other"));
    let hour = Duration::from_secs(3600);
    assert_eq!(here.get(&one).await.unwrap(), None);
    here.delete(&one).await.unwrap();

    let first = data(&json!({"b": 1, "a": {"é": [null]}}));
    here.put(&one, &first, hour).await.unwrap();
    assert_eq!(there.get(&one).await.unwrap(), Some(first));
    assert_eq!(there.get(&other).await.unwrap(), None);
    let second = data(&json!({"c": 2}));
    there.put(&one, &second, hour).await.unwrap();
    assert_eq!(here.get(&one).await.unwrap(), Some(second), "replaced whole");
    there.delete(&one).await.unwrap();
    assert_eq!(here.get(&one).await.unwrap(), None);

    here.put(&other, &Map::new(), Duration::from_millis(50))
        .await
        .unwrap();
    tokio::time::sleep(Duration::from_millis(100)).await;
    assert_eq!(here.get(&other).await.unwrap(), None, "its life is over");
}

#[tokio::test]
async fn memory() {
    let store = MemorySessions::new(Arc::new(SystemClock));
    suite(&store, &store).await;
}
