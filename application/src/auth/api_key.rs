use std::fmt::Write;

use keelson_domain::access::Permission;
use keelson_domain::auth::Caller;
use keelson_domain::config::table;

use super::{Auth, AuthError};

impl Auth {
    /// The caller's API key.
    ///
    /// # Errors
    /// [`AuthError::NoApiKey`].
    pub async fn api_key(&self, caller: &Caller) -> Result<String, AuthError> {
        self.api_keys.find(caller.id()).await?.ok_or(AuthError::NoApiKey)
    }

    /// Makes a new API key for the caller; the old one is gone.
    ///
    /// # Errors
    /// [`AuthError::ApiKeysNotAllowed`] when they are off or the permission `features.api_keys` is missing, for admins too.
    pub async fn create_api_key(&self, caller: &Caller) -> Result<String, AuthError> {
        let enabled = self.settings.current().bool(&table::ENABLE_API_KEYS);
        if !enabled || !self.access.of(caller).await?.holds(Permission::FeaturesApiKeys) {
            return Err(AuthError::ApiKeysNotAllowed);
        }
        let mut key = String::from("sk-");
        for byte in self.ids.secret_bytes() {
            let _ = write!(key, "{byte:02x}");
        }
        self.api_keys.replace(caller.id(), &key, self.clock.now()).await?;
        Ok(key)
    }

    /// Deletes the caller's API key; fine when there is none.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn delete_api_key(&self, caller: &Caller) -> Result<(), AuthError> {
        Ok(self.api_keys.delete(caller.id()).await?)
    }
}
