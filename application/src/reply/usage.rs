use serde_json::{Map, Value};

/// What a provider counted, as far as it has told: its `usage`, and the `timings` of llama.cpp. Both may be spread over
/// several chunks.
#[derive(Default)]
pub(crate) struct Usage(Map<String, Value>);

impl Usage {
    /// Adds what a document tells; answers whether it tells anything.
    pub(super) fn add(&mut self, document: &Value) -> bool {
        let counted = ["usage", "timings"].map(|name| document[name].as_object());
        let mut has_any = false;
        for fields in counted.into_iter().flatten().filter(|fields| !fields.is_empty()) {
            has_any = true;
            self.0
                .extend(fields.iter().map(|(name, value)| (name.clone(), value.clone())));
        }
        has_any
    }

    /// As a document; none where nothing was told.
    pub(crate) fn to_document(&self) -> Option<Value> {
        (!self.0.is_empty()).then(|| Value::Object(self.0.clone()))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn usage_and_timings_are_one() {
        for (documents, expected) in [
            (json!([{}]), Value::Null),
            (json!([{"usage": null}]), Value::Null),
            (json!([{"usage": {}}]), Value::Null),
            (json!([{"usage": [1], "timings": "x"}]), Value::Null),
            (
                json!([{"usage": {"total_tokens": 3}}]),
                json!({"total_tokens": 3}),
            ),
            (
                json!([{"timings": {"predicted_n": 2}}]),
                json!({"predicted_n": 2}),
            ),
            (
                json!([{"timings": {"predicted_n": 2}, "usage": {"total_tokens": 3}}]),
                json!({"total_tokens": 3, "predicted_n": 2}),
            ),
            (
                json!([{"timings": {"predicted_n": 2}}, {"usage": {"total_tokens": 3}}, {"usage": null}]),
                json!({"predicted_n": 2, "total_tokens": 3}),
            ),
            (
                json!([{"usage": {"total_tokens": 1}}, {"usage": {"total_tokens": 2}}]),
                json!({"total_tokens": 2}),
            ),
        ] {
            let mut usage = Usage::default();
            for document in documents.as_array().expect("a list") {
                usage.add(document);
            }
            assert_eq!(usage.to_document().unwrap_or_default(), expected, "{documents}");
        }
    }
}
