//! URLs, headers and bodies as a connection's provider expects them.

use keelson_domain::model::{Connection, ProviderError};
use secrecy::ExposeSecret;
use serde_json::Value;

/// The version of Azure's API where a connection names none.
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

/// The URL of a path below the connection's URL, with one slash between them.
pub(super) fn url(connection: &Connection, path: &str) -> String {
    format!(
        "{}/{}",
        connection.url.trim_end_matches('/'),
        path.trim_start_matches('/')
    )
}

/// The URL of the list of models.
pub(super) fn models_url(connection: &Connection) -> String {
    if is_azure(connection) {
        let version = azure_version(connection);
        return url(connection, &format!("openai/models?api-version={version}"));
    }
    url(connection, "models")
}

/// The URL of chat completions.
pub(super) fn chat_url(connection: &Connection, body: &Value) -> String {
    if is_azure(connection) {
        let model = body["model"].as_str().unwrap_or_default();
        let version = azure_version(connection);
        let path = format!("openai/deployments/{model}/chat/completions?api-version={version}");
        return url(connection, &path);
    }
    url(connection, "chat/completions")
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
        // Some providers refuse an empty key and accept a request without one.
        "" | "bearer" | "session" if key.is_empty() => {}
        // For `session` the key is the caller's own token.
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

/// Reasoning models accept neither `max_tokens` nor the role `system`.
fn is_reasoning(model: &str) -> bool {
    let model = model.to_lowercase();
    ["o1", "o3", "o4", "gpt-5"]
        .iter()
        .any(|family| model.starts_with(family))
}

/// Adapts a body to what the model accepts.
pub(super) fn adapt_body(mut body: Value) -> Value {
    let model = body["model"].as_str().unwrap_or_default().to_owned();
    let Some(fields) = body.as_object_mut() else {
        return body;
    };
    if is_reasoning(&model) {
        if let Some(limit) = fields.shift_remove("max_tokens") {
            fields.entry("max_completion_tokens").or_insert(limit);
        }
        let family = model.to_lowercase();
        let role = if family.starts_with("o1-mini") || family.starts_with("o1-preview") {
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
            url(&connection("http://p/v1/", json!({})), "/models"),
            "http://p/v1/models"
        );
    }

    #[test]
    fn azure_has_its_own_urls_and_key_header() {
        let azure = connection("https://a.test", json!({"azure": true, "api_version": "v9"}));
        assert_eq!(
            chat_url(&azure, &json!({"model": "m"})),
            "https://a.test/openai/deployments/m/chat/completions?api-version=v9"
        );
        assert_eq!(
            headers(&azure).expect("headers"),
            [("api-key".to_owned(), "k".to_owned())]
        );
    }

    #[test]
    fn reasoning_models_get_their_own_fields_and_roles() {
        let sent = adapt_body(
            json!({"model": "gpt-5-x", "max_tokens": 5, "messages": [{"role": "system", "content": "s"}]}),
        );
        assert_eq!(
            sent,
            json!({"model": "gpt-5-x", "max_completion_tokens": 5, "messages": [{"role": "developer", "content": "s"}]})
        );
    }

    #[test]
    fn without_a_key_there_is_no_authorization_header() {
        let mut without_key = connection("http://p", json!({}));
        without_key.key = SecretString::default();
        assert_eq!(headers(&without_key).expect("headers"), []);
        assert_eq!(
            headers(&connection("http://p", json!({"auth_type": "session"}))).expect("headers"),
            [("authorization".to_owned(), "Bearer k".to_owned())]
        );
    }

    #[test]
    fn an_unknown_auth_type_is_an_error_that_names_it() {
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
