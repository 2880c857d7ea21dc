use std::sync::Arc;

use bytes::Bytes;
use keelson_domain::auth::Caller;
use keelson_domain::model::{Connection, Method, ProviderCall, ProviderError, ProviderReply};
use serde_json::{Map, Value, json};

use super::{ModelError, Models, connections};

/// What a provider answered, or why it did not.
type Answer = Result<ProviderReply, ProviderError>;

impl Models {
    /// Hands any other path of the OpenAI protocol on to the first connection. A body that names a model goes out only
    /// if the caller may use that model.
    ///
    /// # Errors
    /// [`ModelError::NotFound`] when there is no connection or the path leaves it, [`ModelError::NotAllowed`]; within,
    /// what the provider says.
    pub async fn forward(
        &self,
        caller: &Caller,
        method: Method,
        path: &str,
        body: Bytes,
    ) -> Result<Answer, ModelError> {
        let first = self.connection(|connection| connection.index == 0)?;
        if !self.access.of(caller).await?.sees_all_models() {
            let document: Value = serde_json::from_slice(&body).unwrap_or_default();
            if let Some(model) = document.get("model").and_then(Value::as_str) {
                self.resolve(caller, model).await.map_err(hidden)?;
            }
        }
        self.pass(caller, &first, method, path, body).await
    }

    /// Reads a text aloud at the official provider, where there is a connection to it.
    ///
    /// # Errors
    /// [`ModelError::NotFound`]; within, what the provider says.
    pub async fn speak(&self, caller: &Caller, body: Bytes) -> Result<Answer, ModelError> {
        let official = self.connection(|connection| connection.url == connections::OFFICIAL)?;
        self.pass(caller, &official, Method::Post, "audio/speech", body)
            .await
    }

    /// Embeds texts where the model is; admins may name models that are not listed, of the first connection.
    ///
    /// # Errors
    /// [`ModelError::NotFound`] when there is no connection, [`ModelError::NotAllowed`]; within, what the provider says.
    pub async fn embed(&self, caller: &Caller, mut body: Map<String, Value>) -> Result<Answer, ModelError> {
        let chosen = body.get("model").and_then(Value::as_str).unwrap_or_default();
        let sees_all = self.access.of(caller).await?.sees_all_models();
        let (connection, upstream) = match self.resolve(caller, chosen).await {
            Ok(model) => (model.connection, Some(model.upstream_id)),
            Err(ModelError::NotFound) if sees_all => {
                (self.connection(|connection| connection.index == 0)?, None)
            }
            Err(error) => return Err(hidden(error)),
        };
        if let Some(upstream) = upstream {
            body.insert("model".to_owned(), json!(upstream));
        }
        let body = Bytes::from(Value::Object(body).to_string());
        self.pass(caller, &connection, Method::Post, "embeddings", body)
            .await
    }

    fn connection(&self, wanted: impl Fn(&Connection) -> bool) -> Result<Arc<Connection>, ModelError> {
        connections::all(&self.settings.current())
            .into_iter()
            .find(|connection| !connection.url.is_empty() && wanted(connection))
            .ok_or(ModelError::NotFound)
    }

    async fn pass(
        &self,
        caller: &Caller,
        connection: &Arc<Connection>,
        method: Method,
        path: &str,
        body: Bytes,
    ) -> Result<Answer, ModelError> {
        // With the connection's key nobody may reach anything but what lies below its address.
        let names = path.split(['?', '#']).next().unwrap_or_default();
        if names.split(['/', '\\']).any(is_dots) {
            return Err(ModelError::NotFound);
        }
        let call = ProviderCall {
            method,
            path: path.to_owned(),
            body,
            headers: self.user_headers(caller, None),
        };
        let connection = connections::of_caller(connection, caller);
        Ok(self.openai.forward(&connection, call).await)
    }
}

/// Who may not see everything is not told whether a model exists.
pub(super) fn hidden(error: ModelError) -> ModelError {
    match error {
        ModelError::NotFound => ModelError::NotAllowed,
        other => other,
    }
}

/// Whether a part of a path leads up, written plainly or encoded.
fn is_dots(part: &str) -> bool {
    matches!(part.to_lowercase().replace("%2e", ".").as_str(), "." | "..")
}

#[cfg(test)]
mod tests {
    use super::is_dots;

    #[test]
    fn dots_are_known_in_every_spelling() {
        assert!([".", "..", "%2e%2E", ".%2e"].into_iter().all(is_dots));
        assert!(!["...", "a.b", "", "%2e%2e%2e"].into_iter().any(is_dots));
    }
}
