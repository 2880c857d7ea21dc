//! Settings in process memory.

use std::sync::{Mutex, PoisonError};

use async_trait::async_trait;
use keelson_domain::config::{
    SettingsChange, SettingsChanges, SettingsFeed, SettingsStore, StoredSettings, apply_changes,
};
use keelson_domain::shared::StoreResult;
use serde_json::{Value, json};

/// The settings tree of this process.
#[derive(Debug)]
pub struct MemorySettings(Mutex<StoredSettings>);

impl Default for MemorySettings {
    fn default() -> Self {
        Self(Mutex::new(StoredSettings {
            version: 0,
            tree: json!({}),
        }))
    }
}

#[async_trait]
impl SettingsStore for MemorySettings {
    async fn load(&self) -> StoreResult<StoredSettings> {
        Ok(self.0.lock().unwrap_or_else(PoisonError::into_inner).clone())
    }

    async fn version(&self) -> StoreResult<i64> {
        Ok(self.0.lock().unwrap_or_else(PoisonError::into_inner).version)
    }

    async fn change(&self, changes: &[SettingsChange]) -> StoreResult<StoredSettings> {
        let mut stored = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        stored.tree = apply_changes(std::mem::take(&mut stored.tree), changes);
        stored.version += 1;
        Ok(stored.clone())
    }

    async fn clear(&self) -> StoreResult<()> {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = StoredSettings {
            version: 0,
            tree: json!({}),
        };
        Ok(())
    }
}

/// The feed of a single instance: nobody to publish to, nothing to receive.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoopSettingsFeed;

#[async_trait]
impl SettingsFeed for NoopSettingsFeed {
    async fn publish(&self, _changed: &[(&'static str, Value)]) -> StoreResult<()> {
        Ok(())
    }

    async fn changes(&self) -> StoreResult<SettingsChanges> {
        Ok(Box::pin(futures_util::stream::pending()))
    }
}
