use serde_json::{Map, Value};

/// The fields in which servers send reasoning beside the content.
const REASONING_FIELDS: [&str; 4] = ["reasoning_content", "reasoning", "thinking", "reasoning_details"];

/// The fields of a part that hold its text.
const TEXT_FIELDS: [&str; 7] = [
    "text",
    "thinking",
    "reasoning",
    "summary",
    "content",
    "refusal",
    "parts",
];

/// A part of a message.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Fragment {
    /// Reasoning that the server has told from the text.
    Reasoning(String),
    /// Text, in which tags may stand.
    Content(String),
}

/// What a message, or the delta of one, holds in the order of its parts: text, or a list of parts of text and reasoning,
/// and reasoning in a field of its own.
pub(super) fn fragments(message: &Value) -> Vec<Fragment> {
    let mut fragments = Vec::new();
    let reasoning = REASONING_FIELDS.iter().map(|name| text_of(&message[*name]));
    if let Some(reasoning) = reasoning.into_iter().find(|text| !text.is_empty()) {
        fragments.push(Fragment::Reasoning(reasoning));
    }
    push_content(&message["content"], &mut fragments);
    if fragments.is_empty() {
        push_content(&message["refusal"], &mut fragments);
    }
    fragments
}

fn push_content(content: &Value, fragments: &mut Vec<Fragment>) {
    match content {
        Value::Array(parts) => {
            for part in parts {
                push_content(part, fragments);
            }
        }
        Value::Object(part) if is_reasoning(part) => push(Fragment::Reasoning(text_in(part)), fragments),
        other => push(Fragment::Content(text_of(other)), fragments),
    }
}

fn push(fragment: Fragment, fragments: &mut Vec<Fragment>) {
    match &fragment {
        Fragment::Reasoning(text) | Fragment::Content(text) if text.is_empty() => {}
        _ => fragments.push(fragment),
    }
}

fn is_reasoning(part: &Map<String, Value>) -> bool {
    match part.get("type").and_then(Value::as_str) {
        Some(kind) => kind.contains("thinking") || kind.contains("reasoning"),
        // Gemini marks the parts that are thoughts.
        None => part.get("thought") == Some(&Value::Bool(true)),
    }
}

/// The text of a value, which is text, a part with text, or a list of both.
fn text_of(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(parts) => parts.iter().map(text_of).collect(),
        Value::Object(part) => text_in(part),
        Value::Null | Value::Bool(_) | Value::Number(_) => String::new(),
    }
}

fn text_in(part: &Map<String, Value>) -> String {
    let texts = TEXT_FIELDS.iter().filter_map(|name| part.get(*name)).map(text_of);
    texts
        .into_iter()
        .find(|text| !text.is_empty())
        .unwrap_or_default()
}

/// The reason why an answer ended, if it did. Some servers send an empty reason, or `"null"`, with every chunk.
pub(super) fn finish_reason(choice: &Value) -> Option<&str> {
    let reason = choice["finish_reason"].as_str()?.trim();
    (!reason.is_empty() && !reason.eq_ignore_ascii_case("null")).then_some(reason)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    /// Text as it is, reasoning in brackets.
    fn written(message: &Value) -> String {
        let parts = fragments(message).into_iter().map(|fragment| match fragment {
            Fragment::Reasoning(text) => format!("[{text}]"),
            Fragment::Content(text) => text,
        });
        parts.collect()
    }

    #[test]
    fn reasoning_and_text_are_found_in_every_form() {
        for (message, expected) in [
            (json!({"content": "a"}), "a"),
            (json!({"content": null}), ""),
            (json!({"content": 7}), ""),
            (json!({"content": "a", "reasoning_content": "r"}), "[r]a"),
            (
                json!({"content": "", "reasoning": "r", "reasoning_content": null}),
                "[r]",
            ),
            (json!({"thinking": "r", "reasoning_content": ""}), "[r]"),
            (
                json!({"reasoning": "r", "reasoning_details": [{"type": "reasoning.text", "text": "r"}]}),
                "[r]",
            ),
            (
                json!({"reasoning_details": [{"type": "reasoning.summary", "summary": "r"}]}),
                "[r]",
            ),
            (
                json!({"content": [
                    {"type": "thinking", "thinking": [{"type": "text", "text": "why"}]},
                    {"type": "text", "text": "Hello"},
                ]}),
                "[why]Hello",
            ),
            (
                json!({"content": [
                    {"type": "text", "text": "a"}, {"type": "reasoning", "text": "b"}, {"type": "text", "text": "c"},
                    {"type": "redacted_thinking", "data": "x"}, {"type": "thinking", "thinking": "d"},
                ]}),
                "a[b]c[d]",
            ),
            (
                json!({"content": ["a", {"text": "b"}, null, {"type": "reference", "reference_ids": [1]}]}),
                "ab",
            ),
            (json!({"content": {"type": "text", "text": "a"}}), "a"),
            (
                json!({"content": [{"text": "r", "thought": true}, {"text": "a"}]}),
                "[r]a",
            ),
            (
                json!({"content": {"parts": [{"text": "a"}, {"text": "b"}]}}),
                "ab",
            ),
            (json!({"content": null, "refusal": "I may not."}), "I may not."),
            (json!({"content": [{"type": "refusal", "refusal": "no"}]}), "no"),
        ] {
            assert_eq!(written(&message), expected, "{message}");
        }
    }

    #[test]
    fn only_a_word_is_a_reason() {
        for (reason, expected) in [
            (json!("stop"), Some("stop")),
            (json!("length"), Some("length")),
            (json!("eos"), Some("eos")),
            (json!(" stop "), Some("stop")),
            (json!(""), None),
            (json!(" "), None),
            (json!("null"), None),
            (json!("NULL"), None),
            (json!(null), None),
            (json!(false), None),
            (json!(0), None),
            (json!({}), None),
        ] {
            assert_eq!(
                finish_reason(&json!({"finish_reason": reason})),
                expected,
                "{reason}"
            );
        }
        assert_eq!(finish_reason(&json!({})), None);
    }
}
