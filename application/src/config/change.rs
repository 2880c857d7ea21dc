use std::sync::Arc;

use keelson_domain::config::{Setting, SettingsChange, Snapshot, StoredSettings};
use serde_json::Value;

use super::{Changed, ConfigError, Settings, check};

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
        let published: Vec<_> = values
            .iter()
            .filter_map(|(setting, value)| Some((setting.state_key?, value.clone())))
            .collect();
        let mut changed = self.turn.lock().await;
        let stored = self.store.change(&changes).await?;
        for (setting, value) in values {
            if self.layers.value(setting, &stored.tree).0 == *value {
                changed.remove(&setting.index);
            } else {
                changed.insert(setting.index, value.clone());
            }
        }
        let snapshot = self.put_in_force(&stored, &changed);
        self.publish(&changed, &published).await;
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
        let mut changed = self.turn.lock().await;
        let stored = self.store.change(&[SettingsChange::Replace { tree }]).await?;
        changed.clear();
        let snapshot = self.put_in_force(&stored, &changed);
        let published: Vec<_> = keelson_domain::config::table::ALL
            .iter()
            .filter_map(|setting| Some((setting.state_key?, snapshot.get(setting).clone())))
            .collect();
        self.publish(&changed, &published).await;
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
        let stored = self.store.change(&changes).await?;
        for setting in settings {
            changed.remove(&setting.index);
        }
        Ok(self.put_in_force(&stored, &changed))
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
        self.put_in_force(&stored, &changed);
        Ok(())
    }

    fn put_in_force(&self, stored: &StoredSettings, changed: &Changed) -> Arc<Snapshot> {
        let snapshot = Arc::new(self.layers().snapshot(stored).with_changed(changed));
        self.current.store(snapshot.clone());
        snapshot
    }

    /// Publishes to the other instances. Takes what the lock guards as a proof that it is held: changes are published in
    /// the order in which they were stored, so that no older value replaces a newer one elsewhere. When it fails the
    /// others find the change by the version of the stored tree.
    async fn publish(&self, _locked: &Changed, changed: &[(&'static str, Value)]) {
        if let Err(error) = self.feed.publish(changed).await {
            tracing::warn!(%error, "changed settings were not published to other instances");
        }
    }
}

#[cfg(test)]
mod tests {
    use keelson_domain::config::table;
    use serde_json::json;

    use super::*;
    use crate::config::Layers;
    use crate::config::doubles::{SlowFeed, UncountedStore};

    #[tokio::test]
    async fn changes_are_published_in_the_order_in_which_they_are_stored() {
        let feed = Arc::new(SlowFeed::default());
        let layers = Layers {
            persistent: true,
            ..Layers::default()
        };
        let store = Arc::new(UncountedStore::default());
        let settings = Arc::new(Settings::load(store, feed.clone(), layers).await.unwrap());
        let mut changes = tokio::task::JoinSet::new();
        let mut change = |value: &str| {
            let (settings, value) = (settings.clone(), json!(value));
            changes.spawn(async move { settings.change(&[(table::WEBUI_URL, value)]).await.map(drop) });
        };
        change("https://older.example");
        feed.entered.notified().await;
        change("https://newer.example");
        // Lets the newer change come as far as it can while the older one is being published.
        for _ in 0..100 {
            tokio::task::yield_now().await;
        }
        feed.permits.add_permits(1);
        while let Some(changed) = changes.join_next().await {
            changed.unwrap().unwrap();
        }
        assert_eq!(
            *feed.published.lock().await,
            [json!("https://older.example"), json!("https://newer.example")]
        );
        assert_eq!(
            settings.current().text(&table::WEBUI_URL),
            "https://newer.example"
        );
    }
}
