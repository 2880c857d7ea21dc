use std::sync::Arc;

use keelson_domain::config::{SettingsFeed, SettingsStore};

/// The ports of the settings.
#[derive(Clone)]
pub struct ConfigPorts {
    /// Stored settings.
    pub store: Arc<dyn SettingsStore>,
    /// Changes of settings between instances.
    pub feed: Arc<dyn SettingsFeed>,
}
