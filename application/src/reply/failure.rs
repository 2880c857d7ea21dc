use serde_json::{Value, json};

/// The error that a document reports, in whatever shape: in a field or a list, as text or an object, or as the document
/// itself. `null`, an empty text and an empty object are none: some servers send them with every chunk.
pub(super) fn reported_error(document: &Value) -> Option<&Value> {
    match document {
        Value::Array(items) => items.iter().find_map(reported_error),
        Value::Object(fields) => {
            let error = fields.get("error").filter(|error| !is_blank(error));
            let is_error = ["object", "type"]
                .iter()
                .any(|name| fields.get(*name).and_then(Value::as_str) == Some("error"));
            error.or_else(|| is_error.then_some(document))
        }
        _ => None,
    }
}

fn is_blank(value: &Value) -> bool {
    match value {
        Value::Null | Value::Bool(false) => true,
        Value::String(text) => text.trim().is_empty(),
        Value::Array(items) => items.is_empty(),
        Value::Object(fields) => fields.is_empty(),
        Value::Bool(true) | Value::Number(_) => false,
    }
}

/// What the user sees of a document that a provider sent instead of an answer: the error that it reports, else the document.
/// The stock page shows texts, and objects whose message is a text or missing; of other ones the texts are shown. None where
/// the document says nothing.
pub(crate) fn shown_error(document: &Value) -> Option<Value> {
    let error = reported_error(document).unwrap_or(document);
    if is_blank(error) {
        return None;
    }
    let is_readable = ["detail", "message"]
        .iter()
        .find_map(|name| error.get(*name).filter(|text| !text.is_null()))
        .is_some_and(Value::is_string);
    if is_readable || error.is_string() {
        return Some(error.clone());
    }
    let mut texts = Vec::new();
    collect_messages(error, &mut texts);
    let has_message = ["detail", "message"]
        .iter()
        .any(|name| error.get(*name).is_some());
    if !texts.is_empty() {
        return Some(json!(texts.join("; ")));
    }
    let is_shown_whole = error.is_object() && !has_message;
    Some(if is_shown_whole {
        error.clone()
    } else {
        json!(error.to_string())
    })
}

/// The messages in a document, however deep.
fn collect_messages(value: &Value, texts: &mut Vec<String>) {
    match value {
        Value::Array(items) => {
            for item in items {
                match item.as_str() {
                    Some(text) => texts.push(text.to_owned()),
                    None => collect_messages(item, texts),
                }
            }
        }
        Value::Object(fields) => {
            for (name, value) in fields {
                match (name.as_str(), value) {
                    ("message" | "msg" | "detail" | "error" | "reason", Value::String(text)) => {
                        texts.push(text.clone());
                    }
                    ("loc", _) => {}
                    (_, Value::Array(_) | Value::Object(_)) => collect_messages(value, texts),
                    _ => {}
                }
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_are_shown_in_every_shape() {
        let object = json!({"code": 400, "message": "Invalid JSON payload", "status": "INVALID_ARGUMENT"});
        for (document, expected) in [
            (json!({"error": object}), object.clone()),
            (json!([{"error": object}]), object.clone()),
            (
                json!([{"x": 1}, {"error": {"message": "second"}}]),
                json!({"message": "second"}),
            ),
            (json!({"error": "model not found"}), json!("model not found")),
            (
                json!({"object": "error", "message": "m", "code": 40}),
                json!({"object": "error", "message": "m", "code": 40}),
            ),
            (
                json!({"type": "error", "error": {"message": "m"}}),
                json!({"message": "m"}),
            ),
            (json!({"detail": "Not Found"}), json!({"detail": "Not Found"})),
            (json!({"message": "no route"}), json!({"message": "no route"})),
            (
                json!({"detail": [{"loc": ["body", "stop"], "msg": "not a list"}, {"msg": "too long"}]}),
                json!("not a list; too long"),
            ),
            (json!({"message": {"detail": [{"msg": "deep"}]}}), json!("deep")),
            (json!({"errors": ["one", {"message": "two"}]}), json!("one; two")),
            (json!({"error": {"code": 400}}), json!({"code": 400})),
            (json!({"error": {"message": 7}}), json!("{\"message\":7}")),
            (json!("upstream connect error"), json!("upstream connect error")),
            (json!({"error": 7}), json!("7")),
        ] {
            assert_eq!(shown_error(&document), Some(expected), "{document}");
        }
        for document in [json!(null), json!(""), json!(" \n"), json!({}), json!([])] {
            assert_eq!(shown_error(&document), None, "{document}");
        }
    }

    #[test]
    fn chunks_without_an_error_report_none() {
        for document in [
            json!({"error": null, "choices": []}),
            json!({"error": "", "choices": []}),
            json!({"error": {}, "choices": []}),
            json!({"error": false}),
            json!({"object": "chat.completion.chunk"}),
            json!({"message": "m"}),
            json!([]),
            json!("error"),
        ] {
            assert_eq!(reported_error(&document), None, "{document}");
        }
    }
}
