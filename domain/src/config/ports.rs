use std::pin::Pin;

use async_trait::async_trait;
use futures_core::Stream;
use serde_json::Value;

use crate::shared::StoreResult;

/// The stored tree and its version.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct StoredSettings {
    /// Counts changes; 0 when nothing was ever stored.
    pub version: i64,
    /// The whole tree, keyed by the first segments of the dotted paths; an object.
    pub tree: Value,
}

/// One change of the tree.
#[derive(Debug, Clone, PartialEq)]
pub enum SettingsChange {
    /// Sets the value at a dotted path, making the objects on the way.
    Set {
        /// Dotted path.
        path: String,
        /// New value.
        value: Value,
    },
    /// Removes the value at a dotted path; fine when there is none.
    Unset {
        /// Dotted path.
        path: String,
    },
    /// Replaces the whole tree, as an import does.
    Replace {
        /// The new tree; an object.
        tree: Value,
    },
}

/// Keeps the settings that were changed at run time.
#[async_trait]
pub trait SettingsStore: Send + Sync {
    /// The tree as it is now.
    async fn load(&self) -> StoreResult<StoredSettings>;
    /// The version alone, for the slow poll.
    async fn version(&self) -> StoreResult<i64>;
    /// Applies the changes in order in one transaction on the newest tree, so that two admins who save
    /// at once lose nothing, and answers the tree that resulted.
    async fn change(&self, changes: &[SettingsChange]) -> StoreResult<StoredSettings>;
    /// Removes the stored tree (`RESET_CONFIG_ON_START`).
    async fn clear(&self) -> StoreResult<()>;
}

/// State keys (or nothing, meaning "read everything again") that another instance changed.
pub type SettingsChanges = Pin<Box<dyn Stream<Item = Option<String>> + Send>>;

/// Tells other instances of changes, and is told.
#[async_trait]
pub trait SettingsFeed: Send + Sync {
    /// Tells the others that these state keys hold these values now. At most once.
    async fn publish(&self, changed: &[(&'static str, Value)]) -> StoreResult<()>;
    /// Changes made elsewhere from now on.
    async fn changes(&self) -> StoreResult<SettingsChanges>;
}
