use std::sync::Arc;

use bytes::Bytes;
use keelson_domain::auth::Caller;
use keelson_domain::model::{Connection, Method, ProviderCall, ProviderReply};
use serde_json::{Map, Value, json};

use super::{ModelError, Models, connections};

impl Models {
    /// Forwards any other path of the OpenAI protocol to the first connection. A body that names a model is forwarded
    /// only if the caller may use that model.
    ///
    /// # Errors
    /// [`ModelError::NotFound`] when there is no connection or the path leaves its URL, [`ModelError::NotAllowed`],
    /// [`ModelError::Provider`].
    pub async fn forward(
        &self,
        caller: &Caller,
        method: Method,
        path: &str,
        body: Bytes,
    ) -> Result<ProviderReply, ModelError> {
        let first = self.find_connection(|connection| connection.index == 0)?;
        if !self.access.of(caller).await?.sees_all_models() {
            let document: Value = serde_json::from_slice(&body).unwrap_or_default();
            if let Some(model) = document.get("model").and_then(Value::as_str) {
                self.resolve(caller, model).await.map_err(hide_existence)?;
            }
        }
        self.send(caller, &first, method, path, body).await
    }

    /// Reads a text aloud at OpenAI, where there is a connection to it.
    ///
    /// # Errors
    /// [`ModelError::NotFound`] when there is no such connection, [`ModelError::Provider`].
    pub async fn speak(&self, caller: &Caller, body: Bytes) -> Result<ProviderReply, ModelError> {
        let openai = self.find_connection(|connection| connection.url == connections::OPENAI_URL)?;
        self.send(caller, &openai, Method::Post, "audio/speech", body)
            .await
    }

    /// Embeds texts at the model's provider; callers who see all models may name unlisted models of the first connection.
    ///
    /// # Errors
    /// [`ModelError::NotFound`] when there is no connection, [`ModelError::NotAllowed`],
    /// [`ModelError::Provider`].
    pub async fn embed(
        &self,
        caller: &Caller,
        mut body: Map<String, Value>,
    ) -> Result<ProviderReply, ModelError> {
        let chosen = body.get("model").and_then(Value::as_str).unwrap_or_default();
        let sees_all = self.access.of(caller).await?.sees_all_models();
        let (connection, upstream) = match self.resolve(caller, chosen).await {
            Ok(model) => (model.connection, Some(model.upstream_id)),
            Err(ModelError::NotFound) if sees_all => {
                (self.find_connection(|connection| connection.index == 0)?, None)
            }
            Err(error) => return Err(hide_existence(error)),
        };
        if let Some(upstream) = upstream {
            body.insert("model".to_owned(), json!(upstream));
        }
        let body = Bytes::from(Value::Object(body).to_string());
        self.send(caller, &connection, Method::Post, "embeddings", body)
            .await
    }

    fn find_connection(&self, matches: impl Fn(&Connection) -> bool) -> Result<Arc<Connection>, ModelError> {
        connections::configured_connections(&self.settings.current())
            .into_iter()
            .find(|connection| !connection.url.is_empty() && matches(connection))
            .ok_or(ModelError::NotFound)
    }

    async fn send(
        &self,
        caller: &Caller,
        connection: &Arc<Connection>,
        method: Method,
        path: &str,
        body: Bytes,
    ) -> Result<ProviderReply, ModelError> {
        // The connection's key must not reach anything outside its URL.
        let segments = path.split(['?', '#']).next().unwrap_or_default();
        if segments.split(['/', '\\']).any(is_dot_segment) {
            return Err(ModelError::NotFound);
        }
        let call = ProviderCall {
            method,
            path: path.to_owned(),
            body,
            headers: self.user_headers(caller, None),
        };
        let connection = connections::with_caller_credential(connection, caller);
        Ok(self.openai.forward(&connection, call).await?)
    }
}

/// Does not tell callers with limited access whether a model exists.
pub(super) fn hide_existence(error: ModelError) -> ModelError {
    match error {
        ModelError::NotFound => ModelError::NotAllowed,
        other => other,
    }
}

/// Whether a path segment is `.` or `..`, plain or percent-encoded.
fn is_dot_segment(segment: &str) -> bool {
    matches!(segment.to_lowercase().replace("%2e", ".").as_str(), "." | "..")
}

#[cfg(test)]
mod tests {
    use super::is_dot_segment;

    #[test]
    fn dot_segments_are_recognized_in_every_encoding() {
        assert!([".", "..", "%2e%2E", ".%2e"].into_iter().all(is_dot_segment));
        assert!(!["...", "a.b", "", "%2e%2e%2e"].into_iter().any(is_dot_segment));
    }
}
