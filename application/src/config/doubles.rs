//! Test doubles of the settings' ports.

use std::sync::atomic::{AtomicBool, Ordering};

use async_trait::async_trait;
use keelson_domain::config::{
    SettingsChange, SettingsChanges, SettingsFeed, SettingsStore, StoredSettings, apply_changes,
};
use keelson_domain::shared::StoreResult;
use serde_json::{Value, json};
use tokio::sync::{Mutex, Notify, Semaphore, mpsc};

/// A tree that others write without counting versions, as the reference does.
#[derive(Default)]
pub(super) struct UncountedStore(pub(super) Mutex<Value>);

#[async_trait]
impl SettingsStore for UncountedStore {
    async fn load(&self) -> StoreResult<StoredSettings> {
        let tree = self.0.lock().await.clone();
        Ok(StoredSettings { version: 0, tree })
    }
    async fn version(&self) -> StoreResult<i64> {
        Ok(0)
    }
    async fn change(&self, changes: &[SettingsChange]) -> StoreResult<StoredSettings> {
        let mut tree = self.0.lock().await;
        *tree = apply_changes(tree.take(), changes);
        Ok(StoredSettings {
            version: 0,
            tree: tree.clone(),
        })
    }
    async fn clear(&self) -> StoreResult<()> {
        *self.0.lock().await = json!({});
        Ok(())
    }
}

/// A feed whose changes come from a channel, once.
pub(super) struct ChannelFeed(pub(super) Mutex<Option<mpsc::UnboundedReceiver<Option<String>>>>);

#[async_trait]
impl SettingsFeed for ChannelFeed {
    async fn publish(&self, _changed: &[(&'static str, Value)]) -> StoreResult<()> {
        Ok(())
    }
    async fn changes(&self) -> StoreResult<SettingsChanges> {
        let receiver = self.0.lock().await.take();
        Ok(match receiver {
            Some(receiver) => Box::pin(futures_util::stream::unfold(
                receiver,
                |mut receiver| async move {
                    let change = receiver.recv().await?;
                    Some((change, receiver))
                },
            )),
            None => Box::pin(futures_util::stream::empty()),
        })
    }
}

/// A feed whose first publication waits for a permit; records publications in the order in which they end.
pub(super) struct SlowFeed {
    pub(super) permits: Semaphore,
    pub(super) entered: Notify,
    has_started: AtomicBool,
    pub(super) published: Mutex<Vec<Value>>,
}

impl Default for SlowFeed {
    fn default() -> Self {
        Self {
            permits: Semaphore::new(0),
            entered: Notify::new(),
            has_started: AtomicBool::new(false),
            published: Mutex::default(),
        }
    }
}

#[async_trait]
impl SettingsFeed for SlowFeed {
    async fn publish(&self, changed: &[(&'static str, Value)]) -> StoreResult<()> {
        let is_first = !self.has_started.swap(true, Ordering::SeqCst);
        self.entered.notify_one();
        if is_first && let Ok(permit) = self.permits.acquire().await {
            permit.forget();
        }
        let values = changed.iter().map(|(_, value)| value.clone());
        self.published.lock().await.extend(values);
        Ok(())
    }
    async fn changes(&self) -> StoreResult<SettingsChanges> {
        Ok(Box::pin(futures_util::stream::pending()))
    }
}
