use crate::rooms::Suite;
use keelson_domain::config::{SettingsChange, SettingsStore};
use keelson_memory::config::MemorySettings;
use pretty_assertions::assert_eq;
use serde_json::json;

inventory::submit! {
    Suite { name: "settings_store", run: |on| Box::pin(suite(&*on.ports.config.store)) }
}

/// What every store of settings must do.
async fn suite(store: &dyn SettingsStore) {
    assert_eq!(store.load().await.unwrap().tree, json!({}));
    assert_eq!(store.version().await.unwrap(), 0);

    let set = |path: &str, value| SettingsChange::Set {
        path: path.to_owned(),
        value,
    };
    let stored = store
        .change(&[set("ui.a", json!(1)), set("ui.b", json!("x"))])
        .await
        .unwrap();
    assert_eq!(
        (stored.version, stored.tree),
        (1, json!({"ui": {"a": 1, "b": "x"}}))
    );

    let unset = SettingsChange::Unset { path: "ui.a".into() };
    store.change(&[unset]).await.unwrap();
    assert_eq!(store.load().await.unwrap().tree, json!({"ui": {"b": "x"}}));

    let changes: Vec<_> = (0..10).map(|n| [set(&format!("many.k{n}"), json!(n))]).collect();
    let all = changes.iter().map(|change| store.change(change));
    for outcome in futures_util::future::join_all(all).await {
        outcome.unwrap();
    }
    let stored = store.load().await.unwrap();
    assert_eq!(stored.version, 12);
    assert_eq!(
        stored.tree["many"].as_object().unwrap().len(),
        10,
        "no update is lost"
    );

    store.clear().await.unwrap();
    assert_eq!(store.load().await.unwrap().tree, json!({}));
}

#[tokio::test]
async fn memory() {
    suite(&MemorySettings::default()).await;
}
