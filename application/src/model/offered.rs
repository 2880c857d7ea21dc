use keelson_domain::model::Connection;
use serde_json::{Map, Value, json};

/// Parts of the names of the official provider's models that cannot chat.
const NOT_FOR_CHAT: [&str; 6] = ["babbage", "dall-e", "davinci", "embedding", "tts", "whisper"];

/// One model of a provider, as the workspace offers it.
pub(super) struct Offered {
    /// Id with the connection's prefix.
    pub(super) id: String,
    /// Id as the provider knows it.
    pub(super) upstream: String,
    /// The listing without what the workspace adds.
    pub(super) json: Map<String, Value>,
}

/// The names that a connection is limited to, if it is: its provider is not asked then.
pub(super) fn allowed(connection: &Connection) -> Option<Vec<Value>> {
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

/// What a connection offers, from its provider's list.
pub(super) fn offered(connection: &Connection, models: &[Value]) -> Vec<Offered> {
    let official = connection.url.contains("api.openai.com");
    models
        .iter()
        .filter_map(Value::as_object)
        .filter_map(|model| Some((model.get("id")?.as_str()?, model)))
        .filter(|(id, _)| !official || !NOT_FOR_CHAT.iter().any(|part| id.contains(part)))
        .map(|(id, model)| one(connection, id, model))
        .collect()
}

fn one(connection: &Connection, upstream: &str, model: &Map<String, Value>) -> Offered {
    let option = |name: &str| connection.options.get(name);
    let prefix = option("prefix_id").and_then(Value::as_str).unwrap_or_default();
    let id = match prefix {
        "" => upstream.to_owned(),
        prefix => format!("{prefix}.{upstream}"),
    };
    let kind = option("connection_type")
        .and_then(Value::as_str)
        .unwrap_or("external");
    let mut inner = model.clone();
    inner.insert("id".to_owned(), json!(id));
    if let Some(tags) = option("tags").filter(|tags| tags.as_array().is_some_and(|tags| !tags.is_empty())) {
        inner.insert("tags".to_owned(), tags.clone());
    }
    inner.insert("connection_type".to_owned(), json!(kind));
    let mut json = inner.clone();
    let name = inner.get("name").filter(|name| name.is_string()).cloned();
    json.insert("name".to_owned(), name.unwrap_or_else(|| json!(id)));
    json.insert("owned_by".to_owned(), json!("openai"));
    json.insert("openai".to_owned(), Value::Object(inner));
    json.insert("urlIdx".to_owned(), json!(connection.index));
    Offered {
        id,
        upstream: upstream.to_owned(),
        json,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn connection(options: Value) -> Connection {
        Connection {
            index: 1,
            url: "http://p/v1".to_owned(),
            key: secrecy::SecretString::default(),
            options: options.as_object().cloned().unwrap_or_default(),
        }
    }

    #[test]
    fn a_prefix_an_allow_list_and_tags_shape_the_listing() {
        let connection = connection(
            json!({"prefix_id": "p", "model_ids": ["a"], "tags": [{"name": "t"}], "connection_type": "local"}),
        );
        let allowed = allowed(&connection).expect("limited");
        let offered = offered(&connection, &allowed);
        assert_eq!(
            (offered[0].id.as_str(), offered[0].upstream.as_str()),
            ("p.a", "a")
        );
        assert_eq!(
            Value::Object(offered[0].json.clone()),
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
