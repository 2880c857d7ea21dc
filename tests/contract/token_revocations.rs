use std::sync::Arc;

use keelson_domain::auth::TokenRevocations;
use keelson_domain::shared::Clock;
use keelson_memory::auth::MemoryRevocations;
use keelson_memory::shared::SystemClock;

use crate::support::eventually;

/// What every record of revoked tokens must do; `there` is the same record seen from another instance.
pub(super) async fn suite(here: &dyn TokenRevocations, there: &dyn TokenRevocations) {
    let later = SystemClock.now().plus_seconds(60);
    assert!(!here.is_revoked("t1").await.unwrap());
    here.revoke("t1", Some(later)).await.unwrap();
    assert!(here.is_revoked("t1").await.unwrap(), "here at once");
    here.revoke("t1", Some(later)).await.unwrap();
    there.revoke("t2", None).await.unwrap();
    eventually("both know of both", || async {
        here.is_revoked("t2").await.unwrap() && there.is_revoked("t1").await.unwrap()
    })
    .await;
    assert!(!there.is_revoked("t3").await.unwrap());
}

#[tokio::test]
async fn memory() {
    let record = MemoryRevocations::new(Arc::new(SystemClock));
    suite(&record, &record).await;
}
