use std::sync::Arc;

use keelson_domain::auth::Caller;
use keelson_domain::model::{Connection, ProviderError};
use secrecy::SecretString;
use serde_json::{Map, Value, json};

use super::{ModelError, Models, connections};

/// A connection to test.
#[derive(Debug)]
pub struct ConnectionTest {
    /// Its URL.
    pub url: String,
    /// Its key.
    pub key: SecretString,
    /// Its options.
    pub options: Map<String, Value>,
}

impl Models {
    /// Tests a connection that may not be stored yet; answers the models that its provider lists.
    ///
    /// # Errors
    /// [`ModelError::NotPermitted`] for anyone but administrators, [`ModelError::Provider`].
    pub async fn test_connection(
        &self,
        admin: &Caller,
        test: ConnectionTest,
    ) -> Result<Vec<Value>, ModelError> {
        self.access.of(admin).await?.require_administrator()?;
        let connection = Arc::new(Connection {
            index: 0,
            url: test.url.trim_end_matches('/').to_owned(),
            key: test.key,
            options: test.options,
        });
        let connection = connections::with_caller_credential(&connection, admin);
        let headers = self.user_headers(admin, None);
        let list = self.openai.models(&connection, &headers);
        let listed = tokio::time::timeout(self.deployment.providers.model_list, list)
            .await
            .unwrap_or(Err(ProviderError::TimedOut { phase: "model list" }))?;
        Ok(listed.models)
    }

    /// What the provider of a stored connection lists; for callers with limited access only the models that they may use.
    ///
    /// # Errors
    /// [`ModelError::NotFound`] when there is no such connection or it is off, [`ModelError::Provider`].
    pub async fn list_connection_models(
        &self,
        caller: &Caller,
        index: usize,
    ) -> Result<Vec<Value>, ModelError> {
        let settings = self.settings.snapshot();
        let enabled = self.enabled_connections(&settings);
        let enabled = enabled
            .into_iter()
            .find(|enabled| enabled.connection.index == index)
            .ok_or(ModelError::NotFound)?;
        let headers = self.user_headers(caller, None);
        let provider = self.protocol(&enabled);
        let listed = provider.models(&enabled.connection, &headers).await?.models;
        if self.access.of(caller).await?.sees_all_models() {
            return Ok(listed);
        }
        let visible = self.list_provider_models(caller).await?;
        let is_visible = |model: &Value| {
            visible
                .iter()
                .any(|known| known.get("id") == model.get("id") && known.get("urlIdx") == Some(&json!(index)))
        };
        Ok(listed.into_iter().filter(|model| is_visible(model)).collect())
    }
}
