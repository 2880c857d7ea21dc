//! Parameters of models and chats as the OpenAI protocol knows them.

use serde_json::{Map, Number, Value};

/// Parameters that are this server's own and say nothing to a provider.
const OWN: &[&str] = &[
    "system",
    "stream_response",
    "stream_delta_chunk_size",
    "function_calling",
    "reasoning_tags",
    "custom_params",
];

fn number(value: &Value) -> Option<Value> {
    match value {
        Value::Number(_) => Some(value.clone()),
        Value::String(text) => text
            .trim()
            .parse()
            .ok()
            .and_then(Number::from_f64)
            .map(Value::Number),
        _ => None,
    }
}

fn integer(value: &Value) -> Option<Value> {
    match value {
        Value::Number(number) => number
            .as_i64()
            .or_else(|| number.as_f64().map(|n| n as i64))
            .map(Value::from),
        Value::String(text) => text.trim().parse::<i64>().ok().map(Value::from),
        _ => None,
    }
}

/// Text that holds JSON as what it holds, other text as it is.
fn decoded(value: &Value) -> Value {
    match value {
        Value::String(text) => serde_json::from_str(text).unwrap_or_else(|_| value.clone()),
        other => other.clone(),
    }
}

/// Writes parameters into a payload. Those that cannot be read are left out; empty ones do not count.
pub(crate) fn apply(payload: &mut Map<String, Value>, params: &Map<String, Value>) {
    for (name, value) in params {
        if value.is_null() || OWN.contains(&name.as_str()) {
            continue;
        }
        let value = match name.as_str() {
            "temperature" | "top_p" | "min_p" | "frequency_penalty" | "presence_penalty" => number(value),
            "max_tokens" | "seed" => integer(value),
            "logit_bias" | "response_format" => Some(decoded(value)),
            "stop" | "reasoning_effort" => Some(value.clone()),
            // Parameters of other protocols are not known here.
            _ => None,
        };
        if let Some(value) = value {
            payload.insert(name.clone(), value);
        }
    }
    if let Some(custom) = params.get("custom_params").and_then(Value::as_object) {
        for (name, value) in custom {
            payload.insert(name.clone(), decoded(value));
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn known_parameters_are_written_and_own_ones_are_not() {
        let mut payload = Map::new();
        let params = json!({
            "temperature": "0.5", "seed": 3, "stop": "END", "system": "x", "mirostat": 1, "top_p": null,
            "custom_params": {"foo": "1", "bar": "text"},
        });
        apply(&mut payload, params.as_object().expect("an object"));
        assert_eq!(
            Value::Object(payload),
            json!({"temperature": 0.5, "seed": 3, "stop": "END", "foo": 1, "bar": "text"})
        );
    }
}
