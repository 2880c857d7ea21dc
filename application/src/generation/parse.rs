use serde_json::Value;

/// The text of a completion document.
pub fn completion_text(completion: &Value) -> &str {
    let message = &completion["choices"][0]["message"];
    let text = |name: &str| message[name].as_str().filter(|text| !text.is_empty());
    text("content")
        .or_else(|| text("reasoning_content"))
        .unwrap_or_default()
}

/// The JSON object in a text that may surround it with words or a code fence.
fn parse_object(text: &str) -> Option<Value> {
    let (start, end) = (text.find('{')?, text.rfind('}')?);
    serde_json::from_str(text.get(start..=end)?).ok()
}

/// A text by its key in the JSON object of a reply.
pub fn parse_text(reply: &str, key: &str) -> Option<String> {
    let text = parse_object(reply)?.get(key)?.as_str()?.trim().to_owned();
    Some(text).filter(|text| !text.is_empty())
}

/// A list of texts by its key in the JSON object of a reply; empty when there is none.
pub fn parse_list(reply: &str, key: &str) -> Vec<String> {
    let object = parse_object(reply).unwrap_or_default();
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
    fn an_object_is_found_inside_text() {
        assert_eq!(
            parse_text("Sure:\n```json\n{\"title\": \" A \"}\n```", "title").as_deref(),
            Some("A")
        );
        assert_eq!(parse_text("no object", "title"), None);
        assert_eq!(
            parse_list("{\"tags\": [\"a\", 1, \"\", \"b\"]}", "tags"),
            ["a", "b"]
        );
    }
}
