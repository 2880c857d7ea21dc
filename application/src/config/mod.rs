//! Settings in use: an immutable snapshot that readers share, replaced as a whole by changes.
//!
//! Effective value = database, else environment, else default. `layers.rs` works it out, `kind.rs` checks what a
//! setting may hold, `change.rs` writes, `follow.rs` hears of what others wrote.

mod change;
#[cfg(test)]
mod doubles;
mod error;
mod follow;
mod kind;
mod layers;
mod ports;

use std::collections::HashMap;
use std::sync::Arc;

use arc_swap::{ArcSwap, Guard};
use keelson_domain::config::{SettingsFeed, SettingsStore, Snapshot};
use serde_json::Value;
use tokio::sync::Mutex;

pub use error::ConfigError;
pub use kind::{allowed, check, from_text};
pub use layers::Layers;
pub use ports::ConfigPorts;

/// By the position of a setting: a value that an admin gave where the stored one does not count
/// (`ENABLE_PERSISTENT_CONFIG=false`, a `null`). It holds until the process ends, as in the reference.
type Changed = HashMap<u16, Value>;

/// The settings in force. A read is one atomic load: no lock, no IO.
pub struct Settings {
    current: ArcSwap<Snapshot>,
    layers: Layers,
    store: Arc<dyn SettingsStore>,
    feed: Arc<dyn SettingsFeed>,
    /// Keeps writers of this process in turn, so that an older tree never replaces a newer one; and what they changed
    /// that the stored tree cannot bring into force.
    turn: Mutex<Changed>,
}

impl Settings {
    /// Reads the stored tree and lays it over the environment and the defaults.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn load(
        store: Arc<dyn SettingsStore>,
        feed: Arc<dyn SettingsFeed>,
        layers: Layers,
    ) -> Result<Self, ConfigError> {
        let stored = store.load().await?;
        let snapshot = layers.snapshot(&stored);
        Ok(Self {
            current: ArcSwap::from_pointee(snapshot),
            layers,
            store,
            feed,
            turn: Mutex::default(),
        })
    }

    /// The settings now. Take it once a request, so that one request sees one state; do not hold it across an await.
    pub fn current(&self) -> Guard<Arc<Snapshot>> {
        self.current.load()
    }

    /// The settings now, to keep for as long as needed.
    pub fn snapshot(&self) -> Arc<Snapshot> {
        self.current.load_full()
    }

    /// What the values come from.
    pub fn layers(&self) -> &Layers {
        &self.layers
    }
}
