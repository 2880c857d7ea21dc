use std::sync::Arc;

use keelson_domain::auth::Caller;
use keelson_domain::config::{Snapshot, table};
use keelson_domain::model::Connection;
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Map, Value};

use super::Models;

/// The address that a fresh installation names; without a key it means that nothing is configured yet.
pub(super) const OFFICIAL: &str = "https://api.openai.com/v1";

/// Every configured connection, enabled or not, in its order.
pub(crate) fn all(settings: &Snapshot) -> Vec<Arc<Connection>> {
    let keys = settings.list(&table::OPENAI_API_KEYS);
    let configs = settings.get(&table::OPENAI_API_CONFIGS);
    settings
        .list(&table::OPENAI_API_BASE_URLS)
        .iter()
        .enumerate()
        .map(|(index, url)| {
            let url = url.as_str().unwrap_or_default().trim_end_matches('/').to_owned();
            let key = keys.get(index).and_then(Value::as_str).unwrap_or_default();
            // Older data knows the options by the address.
            let options = configs.get(index.to_string()).or_else(|| configs.get(&url));
            Arc::new(Connection {
                index,
                key: SecretString::from(key),
                options: options.and_then(Value::as_object).cloned().unwrap_or_default(),
                url,
            })
        })
        .collect()
}

/// Whether a connection is on; it is unless its options say otherwise.
pub(crate) fn is_enabled(connection: &Connection) -> bool {
    !connection.url.is_empty() && connection.options.get("enable") != Some(&Value::Bool(false))
}

/// Whether nobody has set up a provider yet.
fn is_untouched(connections: &[Arc<Connection>]) -> bool {
    connections.iter().all(|connection| {
        connection.key.expose_secret().is_empty() && (connection.url.is_empty() || connection.url == OFFICIAL)
    })
}

/// The connection that stands for the built-in model.
fn demo() -> Arc<Connection> {
    let options = Map::from_iter([("connection_type".to_owned(), Value::from("local"))]);
    Arc::new(Connection {
        index: 0,
        url: String::new(),
        key: SecretString::default(),
        options,
    })
}

/// A connection whose models are offered, and whether it is the built-in one.
pub(super) struct Source {
    pub(super) connection: Arc<Connection>,
    pub(super) demo: bool,
}

/// A connection as a caller uses it: where it signs in by the caller's session, the caller's own token stands in the
/// place of the connection's key. Lists of models are everybody's, so they are fetched with the key. Azure always gets
/// its own key.
pub(super) fn of_caller(connection: &Arc<Connection>, caller: &Caller) -> Arc<Connection> {
    let option = |name: &str| connection.options.get(name);
    let azure =
        option("azure") == Some(&Value::Bool(true)) || option("provider") == Some(&Value::from("azure"));
    if azure || option("auth_type") != Some(&Value::from("session")) {
        return connection.clone();
    }
    Arc::new(Connection {
        key: caller.credential.clone().unwrap_or_default(),
        ..connection.as_ref().clone()
    })
}

impl Models {
    /// The connections whose models are offered now.
    pub(super) fn sources(&self, settings: &Snapshot) -> Vec<Source> {
        if !settings.bool(&table::ENABLE_OPENAI_API) {
            return Vec::new();
        }
        let connections = all(settings);
        if is_untouched(&connections) {
            let connection = demo();
            return match self.deployment.providers.demo {
                true => vec![Source {
                    connection,
                    demo: true,
                }],
                false => Vec::new(),
            };
        }
        connections
            .into_iter()
            .filter(|connection| is_enabled(connection))
            .map(|connection| Source {
                connection,
                demo: false,
            })
            .collect()
    }

    /// The headers that tell a provider who asks, where the operator wants that.
    pub fn user_headers(&self, caller: &Caller, chat_id: Option<&str>) -> Vec<(String, String)> {
        if !self.deployment.providers.forward_user_info {
            return Vec::new();
        }
        let user = &caller.user;
        let mut headers = vec![
            ("X-OpenWebUI-User-Name".to_owned(), header_text(&user.name)),
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

/// A name as a header may hold it: everything but plain characters and spaces percent-encoded.
fn header_text(name: &str) -> String {
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
    use super::*;

    #[test]
    fn names_go_into_headers_encoded() {
        assert_eq!(header_text("User Two"), "User Two");
        assert_eq!(header_text("Zoë/1\n"), "Zo%C3%AB%2F1%0A");
    }
}
