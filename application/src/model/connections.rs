use std::sync::Arc;

use keelson_domain::auth::Caller;
use keelson_domain::config::{Snapshot, table};
use keelson_domain::model::Connection;
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Map, Value};

use super::Models;

/// The default connection's URL; without a key it means that no provider is configured.
pub(super) const OPENAI_URL: &str = "https://api.openai.com/v1";

/// The configured connections, enabled or not, in their order.
pub(crate) fn configured_connections(settings: &Snapshot) -> Vec<Arc<Connection>> {
    let keys = settings.list(&table::OPENAI_API_KEYS);
    let configs = settings.get(&table::OPENAI_API_CONFIGS);
    settings
        .list(&table::OPENAI_API_BASE_URLS)
        .iter()
        .enumerate()
        .map(|(index, url)| {
            let url = url
                .as_str()
                .unwrap_or_default()
                .trim()
                .trim_end_matches('/')
                .to_owned();
            let key = keys.get(index).and_then(Value::as_str).unwrap_or_default();
            let options = find_options(configs, index, &url);
            Arc::new(Connection {
                index,
                key: SecretString::from(key),
                options: options.and_then(Value::as_object).cloned().unwrap_or_default(),
                url,
            })
        })
        .collect()
}

/// The options of a connection. Older data keys them by its URL, with or without a slash at the end.
fn find_options<'c>(configs: &'c Value, index: usize, url: &str) -> Option<&'c Value> {
    let by_index = configs.get(index.to_string());
    by_index.or_else(|| {
        let mut options = configs.as_object()?.iter();
        let found = options.find(|(key, _)| !url.is_empty() && key.trim().trim_end_matches('/') == url);
        found.map(|(_, options)| options)
    })
}

/// Whether a connection is enabled; it is unless its options say otherwise.
pub(crate) fn is_enabled(connection: &Connection) -> bool {
    !connection.url.is_empty() && connection.options.get("enable") != Some(&Value::Bool(false))
}

/// Whether no provider was configured yet.
fn is_unconfigured(connections: &[Arc<Connection>]) -> bool {
    connections.iter().all(|connection| {
        connection.key.expose_secret().is_empty()
            && (connection.url.is_empty() || connection.url == OPENAI_URL)
    })
}

/// The connection of the built-in model.
fn demo_connection() -> Arc<Connection> {
    let options = Map::from_iter([("connection_type".to_owned(), Value::from("local"))]);
    Arc::new(Connection {
        index: 0,
        url: String::new(),
        key: SecretString::default(),
        options,
    })
}

/// An enabled connection, and whether it is that of the built-in model.
pub(super) struct EnabledConnection {
    pub(super) connection: Arc<Connection>,
    pub(super) is_demo: bool,
}

/// A connection with the caller's own token as its key where its `auth_type` is `session`; Azure always gets the
/// connection's key. Model lists are shared by all users, so they are fetched with the connection's key.
pub(super) fn with_caller_credential(connection: &Arc<Connection>, caller: &Caller) -> Arc<Connection> {
    let option = |name: &str| connection.options.get(name);
    let is_azure =
        option("azure") == Some(&Value::Bool(true)) || option("provider") == Some(&Value::from("azure"));
    if is_azure || option("auth_type") != Some(&Value::from("session")) {
        return connection.clone();
    }
    Arc::new(Connection {
        key: caller.credential.clone().unwrap_or_default(),
        ..connection.as_ref().clone()
    })
}

impl Models {
    /// The enabled connections; the built-in model's when none is configured.
    pub(super) fn enabled_connections(&self, settings: &Snapshot) -> Vec<EnabledConnection> {
        if !settings.bool(&table::ENABLE_OPENAI_API) {
            return Vec::new();
        }
        let connections = configured_connections(settings);
        if is_unconfigured(&connections) {
            let connection = demo_connection();
            return match self.deployment.providers.demo {
                true => vec![EnabledConnection {
                    connection,
                    is_demo: true,
                }],
                false => Vec::new(),
            };
        }
        connections
            .into_iter()
            .filter(|connection| is_enabled(connection))
            .map(|connection| EnabledConnection {
                connection,
                is_demo: false,
            })
            .collect()
    }

    /// The headers that identify the user to providers (`ENABLE_FORWARD_USER_INFO_HEADERS`).
    pub fn user_headers(&self, caller: &Caller, chat_id: Option<&str>) -> Vec<(String, String)> {
        if !self.deployment.providers.forward_user_info {
            return Vec::new();
        }
        let user = &caller.user;
        let mut headers = vec![
            ("X-OpenWebUI-User-Name".to_owned(), encode_header(&user.name)),
            ("X-OpenWebUI-User-Id".to_owned(), user.id.to_string()),
            ("X-OpenWebUI-User-Email".to_owned(), user.email.clone()),
            ("X-OpenWebUI-User-Role".to_owned(), user.role.as_str().to_owned()),
        ];
        if let Some(chat) = chat_id {
            headers.push(("X-OpenWebUI-Chat-Id".to_owned(), chat.to_owned()));
        }
        headers
    }
}

/// A name for a header: everything but unreserved characters and spaces is percent-encoded.
fn encode_header(name: &str) -> String {
    let mut text = String::with_capacity(name.len());
    for byte in name.bytes() {
        if byte.is_ascii_alphanumeric() || b"_.-~ ".contains(&byte) {
            text.push(char::from(byte));
        } else {
            text.push_str(&format!("%{byte:02X}"));
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn options_are_found_by_place_and_by_address() {
        for (configs, url, expected) in [
            (json!({"0": {"a": 1}}), "http://p/v1", Some(1)),
            (json!({"http://p/v1": {"a": 1}}), "http://p/v1", Some(1)),
            (json!({"http://p/v1/": {"a": 1}}), "http://p/v1", Some(1)),
            (json!({"http://p/v1//": {"a": 1}}), "http://p/v1", Some(1)),
            (json!({" http://p/v1/ ": {"a": 1}}), "http://p/v1", Some(1)),
            (
                json!({"http://p/v1/": {"a": 1}, "0": {"a": 2}}),
                "http://p/v1",
                Some(2),
            ),
            (json!({"1": {"a": 1}}), "http://p/v1", None),
            (json!({"http://p": {"a": 1}}), "http://p/v1", None),
            (json!({"http://p/v10": {"a": 1}}), "http://p/v1", None),
            (json!({"": {"a": 1}, "/": {"a": 1}}), "", None),
            (json!([]), "http://p/v1", None),
        ] {
            let found = find_options(&configs, 0, url).map(|options| options["a"].as_i64());
            assert_eq!(found, expected.map(Some), "{configs}");
        }
    }

    #[test]
    fn names_are_percent_encoded_in_headers() {
        assert_eq!(encode_header("User Two"), "User Two");
        assert_eq!(encode_header("Zoë/1\n"), "Zo%C3%AB%2F1%0A");
    }
}
