use std::sync::Arc;

use keelson_domain::model::{Connection, Model};
use serde_json::{Map, Value, json};

/// Parts of the ids of OpenAI's models that cannot chat.
const NOT_FOR_CHAT: [&str; 6] = ["babbage", "dall-e", "davinci", "embedding", "tts", "whisper"];

/// A model of a provider.
pub(super) struct ProviderModel {
    /// Id with the connection's prefix.
    pub(super) id: String,
    /// Id as the provider knows it.
    pub(super) upstream_id: String,
    /// The connection that offers it.
    pub(super) connection: Arc<Connection>,
    /// Whether it is the built-in model.
    pub(super) is_demo: bool,
    /// The listing as clients see it, without what the workspace adds.
    pub(super) listing: Map<String, Value>,
    /// The workspace's model of the same id, active or not.
    pub(super) workspace_model: Option<Arc<Model>>,
}

/// The models that a connection is limited to (`model_ids`), if it is; its provider is not asked then.
pub(super) fn configured_models(connection: &Connection) -> Option<Vec<Value>> {
    let ids = connection.options.get("model_ids")?.as_array()?;
    let models: Vec<_> = ids
        .iter()
        .filter_map(Value::as_str)
        .map(|id| {
            json!({
                "id": id, "name": id, "owned_by": "openai", "openai": {"id": id}, "urlIdx": connection.index,
            })
        })
        .collect();
    (!models.is_empty()).then_some(models)
}

/// The models that a connection offers, from its provider's list.
pub(super) fn provider_models(
    connection: &Arc<Connection>,
    is_demo: bool,
    models: &[Value],
) -> Vec<ProviderModel> {
    let is_openai = connection.url.contains("api.openai.com");
    models
        .iter()
        .filter_map(Value::as_object)
        .filter_map(|model| Some((model.get("id")?.as_str()?, model)))
        .filter(|(id, _)| !is_openai || !NOT_FOR_CHAT.iter().any(|part| id.contains(part)))
        .map(|(id, model)| provider_model(connection, is_demo, id, model))
        .collect()
}

fn provider_model(
    connection: &Arc<Connection>,
    is_demo: bool,
    upstream_id: &str,
    model: &Map<String, Value>,
) -> ProviderModel {
    let option = |name: &str| connection.options.get(name);
    let prefix = option("prefix_id").and_then(Value::as_str).unwrap_or_default();
    let id = match prefix {
        "" => upstream_id.to_owned(),
        prefix => format!("{prefix}.{upstream_id}"),
    };
    let connection_type = option("connection_type")
        .and_then(Value::as_str)
        .unwrap_or("external");
    let mut inner = model.clone();
    inner.insert("id".to_owned(), json!(id));
    if let Some(tags) = option("tags").filter(|tags| tags.as_array().is_some_and(|tags| !tags.is_empty())) {
        inner.insert("tags".to_owned(), tags.clone());
    }
    inner.insert("connection_type".to_owned(), json!(connection_type));
    let mut listing = inner.clone();
    let name = inner.get("name").filter(|name| name.is_string()).cloned();
    listing.insert("name".to_owned(), name.unwrap_or_else(|| json!(id)));
    listing.insert("owned_by".to_owned(), json!("openai"));
    listing.insert("openai".to_owned(), Value::Object(inner));
    listing.insert("urlIdx".to_owned(), json!(connection.index));
    ProviderModel {
        id,
        upstream_id: upstream_id.to_owned(),
        connection: connection.clone(),
        is_demo,
        listing,
        workspace_model: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn connection(options: Value) -> Arc<Connection> {
        Arc::new(Connection {
            index: 1,
            url: "http://p/v1".to_owned(),
            key: secrecy::SecretString::default(),
            options: options.as_object().cloned().unwrap_or_default(),
        })
    }

    #[test]
    fn options_of_the_connection_shape_the_listing() {
        let connection = connection(
            json!({"prefix_id": "p", "model_ids": ["a"], "tags": [{"name": "t"}], "connection_type": "local"}),
        );
        let configured = configured_models(&connection).expect("a limited connection");
        let models = provider_models(&connection, false, &configured);
        assert_eq!(
            (models[0].id.as_str(), models[0].upstream_id.as_str()),
            ("p.a", "a")
        );
        assert_eq!(
            Value::Object(models[0].listing.clone()),
            json!({
                "id": "p.a", "name": "a", "owned_by": "openai", "urlIdx": 1, "connection_type": "local", "tags": [{"name": "t"}],
                "openai": {
                    "id": "p.a", "name": "a", "owned_by": "openai", "urlIdx": 1, "connection_type": "local",
                    "tags": [{"name": "t"}], "openai": {"id": "a"},
                },
            })
        );
    }
}
