//! Settings: what they are, what they may hold, and where they are kept.

pub mod defaults;
mod deployment;
mod ports;
mod setting;
mod snapshot;
pub mod table;

pub use deployment::Deployment;
pub use ports::{SettingsChange, SettingsChanges, SettingsFeed, SettingsStore, StoredSettings};
pub use setting::{Kind, Setting};
pub use snapshot::{Origin, Snapshot};
