use keelson_domain::auth::RateLimiter;
use keelson_domain::shared::{Clock, Timestamp};
use keelson_memory::auth::MemoryRateLimiter;
use keelson_memory::shared::SystemClock;

/// What every limit on sign-in must do; `there` is the same limit seen from another instance.
pub(super) async fn suite(here: &dyn RateLimiter, there: &dyn RateLimiter) {
    // The start of a bucket, so that no bucket changes under the test.
    let now = Timestamp::from_seconds(SystemClock.now().seconds() / 60 * 60);
    for try_ in 0..15 {
        let limiter = if try_ % 2 == 0 { here } else { there };
        let at = now.plus_seconds(try_);
        assert!(limiter.allow("ann@example.org", at).await.unwrap(), "try {try_}");
    }
    assert!(!here.allow("ann@example.org", now.plus_seconds(20)).await.unwrap());
    assert!(
        !there
            .allow("ann@example.org", now.plus_seconds(100))
            .await
            .unwrap()
    );
    assert!(
        here.allow("bob@example.org", now).await.unwrap(),
        "each key for itself"
    );
    assert!(
        here.allow("ann@example.org", now.plus_seconds(600))
            .await
            .unwrap()
    );
}

#[tokio::test]
async fn memory() {
    let limiter = MemoryRateLimiter::for_sign_in();
    suite(&limiter, &limiter).await;
}
