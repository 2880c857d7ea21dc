//! URLs as a connection's provider expects them.

use keelson_domain::model::Connection;
use serde_json::Value;

/// The version of Azure's API where a connection names none.
const AZURE_VERSION: &str = "2023-03-15-preview";

pub(super) fn option<'c>(connection: &'c Connection, name: &str) -> &'c str {
    connection
        .options
        .get(name)
        .and_then(Value::as_str)
        .unwrap_or_default()
}

pub(super) fn is_azure(connection: &Connection) -> bool {
    connection.options.get("azure") == Some(&Value::Bool(true)) || option(connection, "provider") == "azure"
}

pub(super) fn azure_version(connection: &Connection) -> &str {
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
    fn azure_has_its_own_urls() {
        let azure = connection("https://a.test", json!({"azure": true, "api_version": "v9"}));
        assert_eq!(
            chat_url(&azure, &json!({"model": "m"})),
            "https://a.test/openai/deployments/m/chat/completions?api-version=v9"
        );
    }
}
