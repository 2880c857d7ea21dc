//! Reads the bodies that go to providers. What is read here is what goes out: the document is written anew, so that a
//! provider cannot find another model in it than the one that was asked about.

use bytes::Bytes;
use serde_json::{Map, Value};

use super::ModelError;

/// Fields by which some providers take other models than `model`.
const OTHER_MODELS: [&str; 3] = ["models", "fallbacks", "fallback_models"];

/// A body as it came in: the document, or the bytes of one that is none, and why it is none.
pub(super) enum ProxyBody {
    /// No body at all.
    Empty,
    /// A JSON object.
    Document(Map<String, Value>),
    /// Anything else.
    Opaque(Bytes, String),
}

impl ProxyBody {
    /// Reads a body. The only place that does, for whatever goes to a provider. Strict on purpose: of what two readers may
    /// understand in two ways, a provider could take another model than the one that was asked about.
    pub(super) fn read(body: Bytes) -> Self {
        if body.is_empty() {
            return Self::Empty;
        }
        match serde_json::from_slice(&body) {
            Ok(Value::Object(fields)) => Self::Document(fields),
            Ok(_) => Self::Opaque(body, "it is another kind of JSON".to_owned()),
            Err(error) => Self::Opaque(body, error.to_string()),
        }
    }

    /// The document.
    ///
    /// # Errors
    /// [`ModelError::UnreadableBody`].
    pub(super) fn into_document(self) -> Result<Map<String, Value>, ModelError> {
        match self {
            Self::Document(fields) => Ok(fields),
            Self::Empty => Err(ModelError::UnreadableBody("it is empty".to_owned())),
            Self::Opaque(_, reason) => Err(ModelError::UnreadableBody(reason)),
        }
    }
}

/// The model that a document names, if it names one.
///
/// # Errors
/// [`ModelError::NoModelNamed`] when the field holds no text.
pub(super) fn named_model(fields: &Map<String, Value>) -> Result<Option<&str>, ModelError> {
    match fields.get("model") {
        None => Ok(None),
        Some(Value::String(model)) if !model.is_empty() => Ok(Some(model)),
        Some(_) => Err(ModelError::NoModelNamed),
    }
}

/// Refuses documents in which a provider may find other models than the one that was asked about.
///
/// # Errors
/// [`ModelError::OtherModels`].
pub(super) fn check_only_model(fields: &Map<String, Value>) -> Result<(), ModelError> {
    let other = OTHER_MODELS.into_iter().find(|name| fields.contains_key(*name));
    other.map_or(Ok(()), |name| Err(ModelError::OtherModels(name)))
}

/// Refuses a query that could name another model: only the API's version may stand there.
///
/// # Errors
/// [`ModelError::OtherModels`].
pub(super) fn check_query(query: Option<&str>) -> Result<(), ModelError> {
    let mut names = url::form_urlencoded::parse(query.unwrap_or_default().as_bytes()).map(|(name, _)| name);
    match names.all(|name| name == "api-version") {
        true => Ok(()),
        false => Err(ModelError::OtherModels("query")),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn document(text: &str) -> Option<Map<String, Value>> {
        ProxyBody::read(Bytes::from(text.to_owned())).into_document().ok()
    }

    #[test]
    fn what_is_no_object_is_no_document() {
        for text in [
            "",
            "[]",
            "null",
            "\"model\"",
            "{\"model\": \"m\",}",
            "{\"t\": NaN}",
            "\u{feff}{}",
            "{\"a\": \"\\ud800\"}",
            "model=m",
            "{} {}",
            "{'model': 'm'}",
        ] {
            assert_eq!(document(text), None, "{text}");
        }
        assert_eq!(document(&format!("{}{}", "[".repeat(200), "]".repeat(200))), None);
    }

    #[test]
    fn of_a_field_that_stands_twice_one_goes_out() {
        let fields = document(r#"{"model": "large", "model": "small"}"#).expect("a document");
        assert_eq!(named_model(&fields).ok().flatten(), Some("small"));
        assert_eq!(Value::Object(fields).to_string(), r#"{"model":"small"}"#);
    }

    #[test]
    fn a_model_is_a_text() {
        for model in [
            json!(["large"]),
            json!(1),
            json!(null),
            json!({"id": "large"}),
            json!(""),
        ] {
            let fields = Map::from_iter([("model".to_owned(), model.clone())]);
            assert!(named_model(&fields).is_err(), "{model}");
        }
        assert!(matches!(named_model(&Map::new()), Ok(None)));
    }

    #[test]
    fn other_ways_to_name_a_model_are_refused() {
        for name in OTHER_MODELS {
            let fields = Map::from_iter([(name.to_owned(), json!(["large"]))]);
            assert!(check_only_model(&fields).is_err(), "{name}");
        }
        for (query, is_fine) in [
            (None, true),
            (Some("api-version=1"), true),
            (Some("model=large"), false),
            (Some("api-version=1&mod%65l=large"), false),
        ] {
            assert_eq!(check_query(query).is_ok(), is_fine, "{query:?}");
        }
    }
}
