//! Errors as clients of the OpenAI protocol read them: an object `error` beside `detail`. Their SDKs show nothing of a
//! `detail`.

use poem::http::StatusCode;
use poem_openapi::Object;
use poem_openapi::types::ToJSON;
use serde_json::Value;

use crate::json::Nullable;

/// The paths below which clients of the OpenAI protocol call.
const TREES: [&str; 2] = ["/openai", "/ollama/v1"];

/// The single paths on which they call; what lies below them is not the protocol's.
const PATHS: [&str; 6] = [
    "/api/chat/completions",
    "/api/v1/chat/completions",
    "/api/models",
    "/api/v1/models",
    "/api/embeddings",
    "/api/v1/embeddings",
];

/// Whether clients of the OpenAI protocol call this path.
pub(crate) fn is_openai_path(path: &str) -> bool {
    let below = |tree: &&str| {
        path.strip_prefix(*tree)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    PATHS.contains(&path) || TREES.iter().any(below)
}

/// An error for clients of the OpenAI protocol.
#[derive(Object)]
#[oai(rename = "OpenAIError")]
pub(crate) struct OpenAiError {
    /// The reason, as a sentence.
    message: String,
    /// Its kind: `invalid_request_error`, `authentication_error`, `permission_error`, `not_found_error`,
    /// `rate_limit_error`, `server_error`.
    #[oai(rename = "type")]
    kind: String,
    /// The cause in one word, where there is one.
    code: Nullable<String>,
}

impl OpenAiError {
    /// The error of a status and a `detail`.
    pub(crate) fn new(status: StatusCode, detail: &Value) -> Self {
        let (kind, code) = match status.as_u16() {
            401 => ("authentication_error", Some("unauthorized")),
            403 => ("permission_error", Some("forbidden")),
            404 => ("not_found_error", Some("not_found")),
            429 => ("rate_limit_error", Some("rate_limit_exceeded")),
            504 => ("server_error", Some("timeout")),
            500.. => ("server_error", None),
            _ => ("invalid_request_error", None),
        };
        Self {
            message: message(detail),
            kind: kind.to_owned(),
            code: code.map(str::to_owned).into(),
        }
    }

    /// Adds the error to a document that has a `detail` and no `error` of its own, such as a provider's.
    pub(crate) fn add_to(status: StatusCode, document: &mut Value) {
        if let Value::Object(fields) = document
            && !fields.contains_key("error")
            && let Some(detail) = fields.get("detail")
            && let Some(error) = Self::new(status, detail).to_json()
        {
            fields.insert("error".to_owned(), error);
        }
    }
}

/// The text of a detail: its own, or those of the faults of a request with their places.
fn message(detail: &Value) -> String {
    match detail {
        Value::String(text) => text.clone(),
        Value::Array(faults) => faults.iter().map(fault).collect::<Vec<_>>().join("; "),
        other => other.to_string(),
    }
}

fn fault(fault: &Value) -> String {
    let place = fault["loc"].as_array().map_or(&[][..], Vec::as_slice);
    let place: Vec<String> = place
        .iter()
        .map(|part| part.as_str().map_or_else(|| part.to_string(), str::to_owned))
        .collect();
    let reason = fault["msg"].as_str().unwrap_or("not valid");
    format!("{}: {reason}", place.join("."))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn paths_of_the_protocol_are_known() {
        for path in ["/openai/models", "/api/models", "/api/v1/chat/completions"] {
            assert!(is_openai_path(path), "{path}");
        }
        for path in [
            "/api/v1/chats/",
            "/api/models/base",
            "/api/modelsx",
            "/api/chat/completed",
            "/",
        ] {
            assert!(!is_openai_path(path), "{path}");
        }
    }

    #[test]
    fn faults_of_a_request_become_one_text() {
        let mut document = json!({"detail": [
            {"loc": ["body", "messages", 0], "msg": "Field required"}, {"loc": ["query", "id"], "msg": "no"},
        ]});
        OpenAiError::add_to(StatusCode::UNPROCESSABLE_ENTITY, &mut document);
        assert_eq!(
            document["error"],
            json!({
                "message": "body.messages.0: Field required; query.id: no", "type": "invalid_request_error", "code": null,
            })
        );
    }

    #[test]
    fn an_error_of_the_provider_stays() {
        let mut document = json!({"detail": "x", "error": {"message": "theirs"}});
        let before = document.clone();
        OpenAiError::add_to(StatusCode::BAD_REQUEST, &mut document);
        assert_eq!(document, before);
    }
}
