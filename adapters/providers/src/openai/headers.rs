//! The headers of a request, as a connection's provider expects them.

use keelson_domain::model::{Connection, ProviderError};
use reqwest::header::{AUTHORIZATION, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue, USER_AGENT};
use secrecy::ExposeSecret;
use serde_json::Value;

use super::endpoint::{azure_version, is_azure, option};

/// What this server calls itself. Some gateways in front of providers refuse requests that say nothing.
const OWN_NAME: &str = concat!("keelson/", env!("CARGO_PKG_VERSION"));

/// All headers of a request: ours, how the connection signs in, `more` of the caller, and at last those that the connection
/// sets, each of which replaces another of its name.
pub(super) fn headers(
    connection: &Connection,
    more: &[(String, String)],
) -> Result<HeaderMap, ProviderError> {
    let mut headers = HeaderMap::new();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    headers.insert(USER_AGENT, HeaderValue::from_static(OWN_NAME));
    if let Some((name, value)) = credential(connection)? {
        insert(&mut headers, name.as_str(), &value)?;
    }
    if is_azure(connection) {
        insert(&mut headers, "api-version", azure_version(connection))?;
    }
    for (name, value) in more {
        insert(&mut headers, name, value)?;
    }
    let own = connection.options.get("headers").and_then(Value::as_object);
    for (name, value) in own.into_iter().flatten() {
        match value {
            Value::String(text) => insert(&mut headers, name, text)?,
            Value::Number(_) | Value::Bool(_) => insert(&mut headers, name, &value.to_string())?,
            Value::Null | Value::Array(_) | Value::Object(_) => {}
        }
    }
    Ok(headers)
}

/// The header by which a connection signs in.
fn credential(connection: &Connection) -> Result<Option<(HeaderName, String)>, ProviderError> {
    // Keys are pasted, often with the end of their line.
    let key = connection.key.expose_secret().trim();
    match option(connection, "auth_type") {
        "" | "bearer" | "session" | "none" if is_azure(connection) => {
            Ok(Some((HeaderName::from_static("api-key"), key.to_owned())))
        }
        "none" => Ok(None),
        // Some providers refuse an empty key and accept a request without one.
        "" | "bearer" | "session" if key.is_empty() => Ok(None),
        // For `session` the key is the caller's own token.
        "" | "bearer" | "session" => Ok(Some((AUTHORIZATION, format!("Bearer {key}")))),
        other => Err(ProviderError::UnknownSignIn(other.to_owned())),
    }
}

fn insert(headers: &mut HeaderMap, name: &str, value: &str) -> Result<(), ProviderError> {
    let invalid = || ProviderError::InvalidHeader(name.to_owned());
    let header = HeaderName::from_bytes(name.trim().as_bytes()).map_err(|_| invalid())?;
    let mut value = HeaderValue::from_bytes(value.trim().as_bytes()).map_err(|_| invalid())?;
    value.set_sensitive(header == AUTHORIZATION || header == "api-key");
    headers.insert(header, value);
    Ok(())
}

#[cfg(test)]
mod tests {
    use secrecy::SecretString;
    use serde_json::json;

    use super::*;

    fn connection(key: &str, options: &Value) -> Connection {
        Connection {
            index: 0,
            url: "http://p".to_owned(),
            key: SecretString::from(key),
            options: options.as_object().cloned().unwrap_or_default(),
        }
    }

    /// The headers but for the content type, sorted.
    fn sent(key: &str, options: &Value, more: &[(&str, &str)]) -> Vec<(String, String)> {
        let more: Vec<_> = more
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect();
        let headers = headers(&connection(key, options), &more).expect("valid headers");
        let mut sent: Vec<_> = headers
            .iter()
            .filter(|(name, _)| *name != CONTENT_TYPE)
            .map(|(name, value)| {
                let value = String::from_utf8_lossy(value.as_bytes()).into_owned();
                (name.to_string(), value)
            })
            .collect();
        sent.sort();
        sent
    }

    #[test]
    fn a_header_of_the_connection_replaces_ours() {
        for (key, options, more, expected) in [
            (
                "k",
                json!({}),
                vec![],
                vec![("authorization", "Bearer k"), ("user-agent", OWN_NAME)],
            ),
            (
                " k\n",
                json!({}),
                vec![],
                vec![("authorization", "Bearer k"), ("user-agent", OWN_NAME)],
            ),
            ("", json!({}), vec![], vec![("user-agent", OWN_NAME)]),
            (
                "k",
                json!({"auth_type": "none"}),
                vec![],
                vec![("user-agent", OWN_NAME)],
            ),
            (
                "k",
                json!({"auth_type": "session", "headers": {"USER-AGENT": "curl/8", "X-One": 1}}),
                vec![],
                vec![
                    ("authorization", "Bearer k"),
                    ("user-agent", "curl/8"),
                    ("x-one", "1"),
                ],
            ),
            (
                "k",
                json!({"headers": {"AuthoriZation": "Basic eA=="}}),
                vec![],
                vec![("authorization", "Basic eA=="), ("user-agent", OWN_NAME)],
            ),
            (
                "k",
                json!({"azure": true, "headers": {"Api-Key": "other"}}),
                vec![],
                vec![
                    ("api-key", "other"),
                    ("api-version", "2023-03-15-preview"),
                    ("user-agent", OWN_NAME),
                ],
            ),
            (
                "k",
                json!({"azure": true, "api_version": "v9"}),
                vec![],
                vec![("api-key", "k"), ("api-version", "v9"), ("user-agent", OWN_NAME)],
            ),
            (
                "",
                json!({"headers": {"x-openwebui-user-id": "team"}}),
                vec![("X-OpenWebUI-User-Id", "u1")],
                vec![("user-agent", OWN_NAME), ("x-openwebui-user-id", "team")],
            ),
            (
                "",
                json!({"headers": {"X-Name": " Zoë ", "x-name": "Zoë", "X-None": null, "X-List": []}}),
                vec![],
                vec![("user-agent", OWN_NAME), ("x-name", "Zoë")],
            ),
            ("", json!({"headers": []}), vec![], vec![("user-agent", OWN_NAME)]),
        ] {
            let expected: Vec<_> = expected
                .into_iter()
                .map(|(name, value)| (name.to_owned(), value.to_owned()))
                .collect();
            assert_eq!(sent(key, &options, &more), expected, "{options}");
        }
        let own = headers(
            &connection("", &json!({"headers": {"content-TYPE": "text/x"}})),
            &[],
        )
        .expect("valid headers");
        assert_eq!(own.get_all(CONTENT_TYPE).iter().collect::<Vec<_>>(), ["text/x"]);
    }

    #[test]
    fn headers_that_cannot_be_sent_are_named_without_their_value() {
        for (key, own, named) in [
            ("", json!({"X-Bad": "a\nb-secret"}), "X-Bad"),
            ("", json!({"X-Bad": "a\u{0}secret"}), "X-Bad"),
            ("", json!({"X Bad": "secret"}), "X Bad"),
            ("", json!({"Zoë": "secret"}), "Zoë"),
            ("", json!({"": "secret"}), "\"\""),
            ("", json!({"x:y": "secret"}), "x:y"),
            ("a\nsecret", json!({}), "authorization"),
            ("a\u{7f}secret", json!({}), "authorization"),
        ] {
            let error = headers(&connection(key, &json!({"headers": own})), &[]).expect_err("invalid");
            let text = error.to_string();
            assert!(text.contains(named) && !text.contains("secret"), "{text}");
        }
    }

    #[test]
    fn an_unknown_auth_type_is_an_error_that_names_it() {
        for name in ["system_oauth", "azure_ad", "microsoft_entra_id", "magic"] {
            let error = headers(&connection("k", &json!({"auth_type": name, "azure": true})), &[]);
            let text = error.map_err(|error| error.to_string()).unwrap_err();
            assert!(text.contains(name) && text.contains("bearer"), "{text}");
        }
    }
}
