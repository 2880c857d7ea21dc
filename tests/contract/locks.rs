use std::sync::Arc;
use std::time::Duration;

use keelson_domain::shared::{InstanceId, Locks};
use keelson_memory::shared::{MemoryLocks, SystemClock};

/// What all locks must do; `there` are the same seen from another instance.
pub(super) async fn suite(here: &dyn Locks, there: &dyn Locks) {
    let (one, two) = (InstanceId::from("one"), InstanceId::from("two"));
    let minute = Duration::from_secs(60);
    assert!(here.acquire("a", &one, minute).await.unwrap());
    assert!(!there.acquire("a", &two, minute).await.unwrap());
    assert!(there.acquire("b", &two, minute).await.unwrap(), "each for itself");
    assert!(here.acquire("a", &one, minute).await.unwrap(), "renewed");
    there.release("a", &two).await.unwrap();
    assert!(
        !there.acquire("a", &two, minute).await.unwrap(),
        "not its to give back"
    );
    here.release("a", &one).await.unwrap();
    assert!(there.acquire("a", &two, minute).await.unwrap());

    assert!(here.acquire("c", &one, Duration::from_millis(50)).await.unwrap());
    tokio::time::sleep(Duration::from_millis(100)).await;
    assert!(
        there.acquire("c", &two, minute).await.unwrap(),
        "it ended by itself"
    );

    let holders: Vec<InstanceId> = (0..16).map(|it| InstanceId::from(it.to_string())).collect();
    let tries = holders.iter().map(|holder| here.acquire("d", holder, minute));
    let taken = futures_util::future::join_all(tries).await;
    assert_eq!(taken.into_iter().filter(|it| *it.as_ref().unwrap()).count(), 1);
}

#[tokio::test]
async fn memory() {
    let locks = MemoryLocks::new(Arc::new(SystemClock));
    suite(&locks, &locks).await;
}
