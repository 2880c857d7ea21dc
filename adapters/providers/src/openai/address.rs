//! Where a connection's paths are, and how it wants to be addressed.

use keelson_domain::model::{Connection, ProviderError};
use secrecy::ExposeSecret;
use serde_json::Value;

/// The version of Azure's API that is asked where a connection names none.
const AZURE_VERSION: &str = "2023-03-15-preview";

fn option<'c>(connection: &'c Connection, name: &str) -> &'c str {
    connection
        .options
        .get(name)
        .and_then(Value::as_str)
        .unwrap_or_default()
}

fn is_azure(connection: &Connection) -> bool {
    connection.options.get("azure") == Some(&Value::Bool(true)) || option(connection, "provider") == "azure"
}

fn azure_version(connection: &Connection) -> &str {
    match option(connection, "api_version") {
        "" => AZURE_VERSION,
        version => version,
    }
}

/// A path below the connection's address, with one slash between them.
pub(super) fn path(connection: &Connection, path: &str) -> String {
    format!(
        "{}/{}",
        connection.url.trim_end_matches('/'),
        path.trim_start_matches('/')
    )
}

/// Where the models are listed.
pub(super) fn models(connection: &Connection) -> String {
    if is_azure(connection) {
        let version = azure_version(connection);
        return path(connection, &format!("openai/models?api-version={version}"));
    }
    path(connection, "models")
}

/// Where a chat is completed.
pub(super) fn chat(connection: &Connection, body: &Value) -> String {
    if is_azure(connection) {
        let model = body["model"].as_str().unwrap_or_default();
        let version = azure_version(connection);
        let place = format!("openai/deployments/{model}/chat/completions?api-version={version}");
        return path(connection, &place);
    }
    path(connection, "chat/completions")
}

/// The headers that the connection's options ask for.
pub(super) fn headers(connection: &Connection) -> Result<Vec<(String, String)>, ProviderError> {
    let key = connection.key.expose_secret();
    let mut headers = Vec::new();
    match option(connection, "auth_type") {
        "" | "bearer" | "session" | "none" if is_azure(connection) => {
            headers.push(("api-key".to_owned(), key.to_owned()));
        }
        "none" => {}
        // Some providers refuse a request whose key is empty, and answer one without a key.
        "" | "bearer" | "session" if key.is_empty() => {}
        // The caller's own token stands in the place of the key.
        "" | "bearer" | "session" => headers.push(("authorization".to_owned(), format!("Bearer {key}"))),
        other => return Err(ProviderError::UnknownSignIn(other.to_owned())),
    }
    if let Some(own) = connection.options.get("headers").and_then(Value::as_object) {
        let texts = own
            .iter()
            .filter_map(|(name, value)| Some((name.clone(), value.as_str()?.to_owned())));
        headers.extend(texts);
    }
    Ok(headers)
}

/// Reasoning models know neither `max_tokens` nor the role `system`.
fn is_reasoning(model: &str) -> bool {
    let model = model.to_lowercase();
    ["o1", "o3", "o4", "gpt-5"]
        .iter()
        .any(|family| model.starts_with(family))
}

/// The body as the provider wants it.
pub(super) fn body(_connection: &Connection, mut body: Value) -> Value {
    let model = body["model"].as_str().unwrap_or_default().to_owned();
    let Some(fields) = body.as_object_mut() else {
        return body;
    };
    if is_reasoning(&model) {
        if let Some(limit) = fields.shift_remove("max_tokens") {
            fields.entry("max_completion_tokens").or_insert(limit);
        }
        let old = model.to_lowercase();
        let role = if old.starts_with("o1-mini") || old.starts_with("o1-preview") {
            "user"
        } else {
            "developer"
        };
        let first = fields
            .get_mut("messages")
            .and_then(|messages| messages.get_mut(0));
        if let Some(first) = first.filter(|message| message["role"] == "system") {
            first["role"] = Value::from(role);
        }
    }
    body
}

#[cfg(test)]
mod tests {
    use secrecy::SecretString;
    use serde_json::json;

    use super::*;

    fn connection(url: &str, options: Value) -> Connection {
        Connection {
            index: 0,
            url: url.to_owned(),
            key: SecretString::from("k"),
            options: options.as_object().cloned().unwrap_or_default(),
        }
    }

    #[test]
    fn slashes_do_not_double() {
        assert_eq!(
            path(&connection("http://p/v1/", json!({})), "/models"),
            "http://p/v1/models"
        );
    }

    #[test]
    fn azure_has_its_own_places_and_key() {
        let azure = connection("https://a.test", json!({"azure": true, "api_version": "v9"}));
        assert_eq!(
            chat(&azure, &json!({"model": "m"})),
            "https://a.test/openai/deployments/m/chat/completions?api-version=v9"
        );
        assert_eq!(
            headers(&azure).expect("headers"),
            [("api-key".to_owned(), "k".to_owned())]
        );
    }

    #[test]
    fn reasoning_models_get_their_own_names() {
        let sent = body(
            &connection("http://p", json!({})),
            json!({"model": "gpt-5-x", "max_tokens": 5, "messages": [{"role": "system", "content": "s"}]}),
        );
        assert_eq!(
            sent,
            json!({"model": "gpt-5-x", "max_completion_tokens": 5, "messages": [{"role": "developer", "content": "s"}]})
        );
    }

    #[test]
    fn without_a_key_there_is_no_header() {
        let mut bare = connection("http://p", json!({}));
        bare.key = SecretString::default();
        assert_eq!(headers(&bare).expect("headers"), []);
        assert_eq!(
            headers(&connection("http://p", json!({"auth_type": "session"}))).expect("headers"),
            [("authorization".to_owned(), "Bearer k".to_owned())]
        );
    }

    #[test]
    fn an_unknown_way_to_sign_in_is_an_error_that_names_it() {
        for name in ["system_oauth", "azure_ad", "microsoft_entra_id", "magic"] {
            let error = headers(&connection("http://p", json!({"auth_type": name, "azure": true})));
            let text = error.map_err(|error| error.to_string()).unwrap_err();
            assert!(text.contains(name) && text.contains("bearer"), "{text}");
        }
        assert!(
            headers(&connection("http://p", json!({"auth_type": "none"})))
                .expect("none")
                .is_empty()
        );
    }
}
