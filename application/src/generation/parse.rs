//! Reads what models answered.

use serde_json::Value;

/// The text of a completion.
pub fn first_text(completion: &Value) -> &str {
    let message = &completion["choices"][0]["message"];
    let text = |name: &str| message[name].as_str().filter(|text| !text.is_empty());
    text("content")
        .or_else(|| text("reasoning_content"))
        .unwrap_or_default()
}

/// The JSON object in a text that may have words or a fence around it.
fn object(text: &str) -> Option<Value> {
    let (start, end) = (text.find('{')?, text.rfind('}')?);
    serde_json::from_str(text.get(start..=end)?).ok()
}

/// A text by its key.
pub fn text(answer: &str, key: &str) -> Option<String> {
    let text = object(answer)?.get(key)?.as_str()?.trim().to_owned();
    Some(text).filter(|text| !text.is_empty())
}

/// A list of texts by its key.
pub fn list(answer: &str, key: &str) -> Vec<String> {
    let object = object(answer).unwrap_or_default();
    let items = object[key].as_array().map_or(&[][..], Vec::as_slice);
    items
        .iter()
        .filter_map(|item| item.as_str().map(|item| item.trim().to_owned()))
        .filter(|item| !item.is_empty())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_object_is_found_among_words() {
        assert_eq!(
            text("Sure:\n```json\n{\"title\": \" A \"}\n```", "title").as_deref(),
            Some("A")
        );
        assert_eq!(text("no object", "title"), None);
        assert_eq!(list("{\"tags\": [\"a\", 1, \"\", \"b\"]}", "tags"), ["a", "b"]);
    }
}
