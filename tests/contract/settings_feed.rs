use futures_util::StreamExt;
use keelson_domain::config::SettingsFeed;
use keelson_memory::config::NoopSettingsFeed;
use serde_json::json;

/// What every feed must do: take news, and hand out a stream.
pub(super) async fn suite(feed: &dyn SettingsFeed) {
    let _changes = feed.changes().await.unwrap();
    feed.publish(&[]).await.unwrap();
    feed.publish(&[("WEBUI_NAME", json!("a"))]).await.unwrap();
}

/// What a feed between two instances must do.
pub(super) async fn tells_others(here: &dyn SettingsFeed, there: &dyn SettingsFeed) {
    let mut changes = there.changes().await.unwrap();
    let values = [
        ("ENABLE_SIGNUP", json!(false)),
        ("DEFAULT_MODELS", json!(["a", "é"])),
    ];
    here.publish(&values).await.unwrap();
    let mut wanted: Vec<&str> = values.iter().map(|(key, _)| *key).collect();
    while !wanted.is_empty() {
        let heard = tokio::time::timeout(std::time::Duration::from_secs(5), changes.next());
        let heard = heard.await.expect("news in time").expect("an open stream");
        // Nothing in particular means everything.
        wanted.retain(|key| heard.as_deref().is_some_and(|heard| heard != *key));
    }
}

#[tokio::test]
async fn memory() {
    suite(&NoopSettingsFeed).await;
}
