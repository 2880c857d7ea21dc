//! Settings: what they are, what they may hold, and where they are kept.

pub mod defaults;
/// What the operator fixed at start.
pub mod deployment;
mod ports;
mod setting;
mod snapshot;
pub mod table;
mod tree;

pub use deployment::Deployment;
pub use ports::{SettingsChange, SettingsChanges, SettingsFeed, SettingsStore, StoredSettings};
pub use setting::{Kind, Setting};
pub use snapshot::{Origin, Snapshot};
pub use tree::apply_changes;
