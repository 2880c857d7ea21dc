use std::sync::Arc;

use keelson_domain::config::{Setting, SettingsChange, Snapshot, StoredSettings};
use serde_json::Value;

use super::{ConfigError, Settings, check};

impl Settings {
    /// Changes settings in one transaction and puts the result in force, here at once and elsewhere by the feed.
    /// Nothing changes when one value does not fit.
    ///
    /// # Errors
    /// [`ConfigError::WrongKind`], or when the store fails.
    pub async fn change(&self, values: &[(Setting, Value)]) -> Result<Arc<Snapshot>, ConfigError> {
        for (setting, value) in values {
            check(setting, value)?;
        }
        let changes: Vec<_> = values
            .iter()
            .map(|(setting, value)| SettingsChange::Set {
                path: setting.path.to_owned(),
                value: value.clone(),
            })
            .collect();
        let snapshot = self.apply(&changes, values).await?;
        let told: Vec<_> = values
            .iter()
            .filter_map(|(setting, value)| Some((setting.state_key?, value.clone())))
            .collect();
        self.tell(&told).await;
        Ok(snapshot)
    }

    /// Replaces the whole stored tree.
    ///
    /// # Errors
    /// [`ConfigError::NotAnObject`], or when the store fails.
    pub async fn import(&self, tree: Value) -> Result<Arc<Snapshot>, ConfigError> {
        if !tree.is_object() {
            return Err(ConfigError::NotAnObject);
        }
        self.turn.lock().await.clear();
        let snapshot = self.apply(&[SettingsChange::Replace { tree }], &[]).await?;
        let told: Vec<_> = keelson_domain::config::table::ALL
            .iter()
            .filter_map(|setting| Some((setting.state_key?, snapshot.get(setting).clone())))
            .collect();
        self.tell(&told).await;
        Ok(snapshot)
    }

    /// Forgets the stored values of settings, so that the environment or the default counts again.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn reset(&self, settings: &[Setting]) -> Result<Arc<Snapshot>, ConfigError> {
        let changes: Vec<_> = settings
            .iter()
            .map(|setting| SettingsChange::Unset {
                path: setting.path.to_owned(),
            })
            .collect();
        let mut changed = self.turn.lock().await;
        for setting in settings {
            changed.remove(&setting.index);
        }
        drop(changed);
        self.apply(&changes, &[]).await
    }

    /// Forgets every stored value (`RESET_CONFIG_ON_START`).
    ///
    /// # Errors
    /// When the store fails.
    pub async fn forget_all(&self) -> Result<(), ConfigError> {
        let mut changed = self.turn.lock().await;
        self.store.clear().await?;
        changed.clear();
        let stored = self.store.load().await?;
        self.current.store(Arc::new(self.layers().snapshot(&stored)));
        Ok(())
    }

    /// The stored tree, as an export shows it.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn export(&self) -> Result<StoredSettings, ConfigError> {
        Ok(self.store.load().await?)
    }

    /// Reads the stored tree again, if its version is not the one in force.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn refresh(&self) -> Result<(), ConfigError> {
        if self.store.version().await? == self.current().version() {
            return Ok(());
        }
        self.reload().await
    }

    /// Reads the stored tree again, whatever its version: the reference changes the tree without counting.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn reload(&self) -> Result<(), ConfigError> {
        let changed = self.turn.lock().await;
        let stored = self.store.load().await?;
        let snapshot = self.layers().snapshot(&stored).with_changed(&*changed);
        self.current.store(Arc::new(snapshot));
        Ok(())
    }

    async fn apply(
        &self,
        changes: &[SettingsChange],
        values: &[(Setting, Value)],
    ) -> Result<Arc<Snapshot>, ConfigError> {
        let mut changed = self.turn.lock().await;
        let stored = self.store.change(changes).await?;
        for (setting, value) in values {
            if self.layers.value(setting, &stored.tree).0 == *value {
                changed.remove(&setting.index);
            } else {
                changed.insert(setting.index, value.clone());
            }
        }
        let snapshot = Arc::new(self.layers().snapshot(&stored).with_changed(&*changed));
        self.current.store(snapshot.clone());
        Ok(snapshot)
    }

    /// The change stands already; the others find it by the version if they are not told.
    async fn tell(&self, changed: &[(&'static str, Value)]) {
        if let Err(error) = self.feed.publish(changed).await {
            tracing::warn!(%error, "other instances were not told of changed settings");
        }
    }
}
