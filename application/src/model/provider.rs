use std::sync::Arc;

use keelson_domain::auth::Caller;
use keelson_domain::model::{Connection, ProviderError, ProviderReply, ProviderRequest};
use secrecy::SecretString;
use serde_json::{Map, Value, json};

use super::forward::hidden;
use super::{ModelError, Models, connections};
use crate::completion::{params, payload, variables};

/// A connection to be tried.
#[derive(Debug)]
pub struct Verify {
    /// Its address.
    pub url: String,
    /// Its key.
    pub key: SecretString,
    /// Its options.
    pub options: Map<String, Value>,
}

impl Models {
    /// Tries a connection that may not be stored yet; answers the models that its provider lists.
    ///
    /// # Errors
    /// What the provider says.
    pub async fn verify(&self, admin: &Caller, verify: Verify) -> Result<Vec<Value>, ProviderError> {
        let connection = Arc::new(Connection {
            index: 0,
            url: verify.url.trim_end_matches('/').to_owned(),
            key: verify.key,
            options: verify.options,
        });
        let connection = connections::of_caller(&connection, admin);
        let headers = self.user_headers(admin, None);
        let asked = self.openai.models(&connection, &headers);
        tokio::time::timeout(self.deployment.providers.model_list, asked)
            .await
            .unwrap_or(Err(ProviderError::TimedOut { phase: "model list" }))
    }

    /// What the provider of a stored connection lists; for plain users only the models that they may use.
    ///
    /// # Errors
    /// [`ModelError::NotFound`] when there is no such connection; within, what the provider says.
    pub async fn of_connection(
        &self,
        caller: &Caller,
        index: usize,
    ) -> Result<Result<Vec<Value>, ProviderError>, ModelError> {
        let settings = self.settings.snapshot();
        let connection = connections::all(&settings)
            .into_iter()
            .nth(index)
            .ok_or(ModelError::NotFound)?;
        let headers = self.user_headers(caller, None);
        let listed = match self.openai.models(&connection, &headers).await {
            Ok(listed) => listed,
            Err(error) => return Ok(Err(error)),
        };
        if self.access.of(caller).await?.sees_all_models() {
            return Ok(Ok(listed));
        }
        let base = self.base(caller).await?;
        let seen = |model: &Value| {
            base.iter()
                .any(|known| known.get("id") == model.get("id") && known.get("urlIdx") == Some(&json!(index)))
        };
        Ok(Ok(listed.into_iter().filter(|model| seen(model)).collect()))
    }

    /// Completes a chat as the provider of the model does: the body goes out as it came, but for the model's name and
    /// what the workspace says about the model.
    ///
    /// # Errors
    /// [`ModelError::NotFound`], [`ModelError::NotAllowed`]; within, what the provider says.
    pub async fn relay(
        &self,
        caller: &Caller,
        mut body: Map<String, Value>,
    ) -> Result<Result<ProviderReply, ProviderError>, ModelError> {
        let chosen = body
            .get("model")
            .and_then(Value::as_str)
            .unwrap_or_default()
            .to_owned();
        let model = self.resolve(caller, &chosen).await;
        let sees_all = self.access.of(caller).await?.sees_all_models();
        let model = match model {
            Err(error) if !sees_all => return Err(hidden(error)),
            model => model?,
        };
        body.shift_remove("metadata");
        if let Some(params) = model.params() {
            params::apply(&mut body, params);
            self.instruct(&mut body, params, caller);
        }
        body.insert("model".to_owned(), json!(model.upstream_id));
        let request = ProviderRequest {
            body: Value::Object(body),
            headers: self.user_headers(caller, None),
        };
        Ok(model.provider.chat(&model.connection, request).await)
    }

    /// Puts the model's own instructions in front of the conversation.
    fn instruct(&self, body: &mut Map<String, Value>, params: &Map<String, Value>, caller: &Caller) {
        let prompt = params.get("system").and_then(Value::as_str).unwrap_or_default();
        if let Some(messages) = body.get_mut("messages").and_then(Value::as_array_mut)
            && !prompt.is_empty()
        {
            let text = variables::filled(prompt, &Map::new(), &caller.user, self.clock.now());
            payload::put_in_front(messages, &text);
        }
    }
}
