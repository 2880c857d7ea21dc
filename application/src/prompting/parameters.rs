use serde_json::{Map, Number, Value};

/// Parameters that this server interprets itself and never sends to a provider.
const SERVER_PARAMETERS: &[&str] = &[
    "system",
    "stream_response",
    "stream_delta_chunk_size",
    "function_calling",
    "reasoning_tags",
    "custom_params",
];

fn parse_number(value: &Value) -> Option<Value> {
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

fn parse_integer(value: &Value) -> Option<Value> {
    match value {
        Value::Number(number) => number
            .as_i64()
            .or_else(|| number.as_f64().map(|n| n as i64))
            .map(Value::from),
        Value::String(text) => text.trim().parse::<i64>().ok().map(Value::from),
        _ => None,
    }
}

/// Decodes text that holds JSON; other text stays as it is.
fn decode_json_text(value: &Value) -> Value {
    match value {
        Value::String(text) => serde_json::from_str(text).unwrap_or_else(|_| value.clone()),
        other => other.clone(),
    }
}

/// Writes the parameters of a model or a chat into a payload of the OpenAI protocol. Null values and values of the wrong
/// type are left out.
pub(crate) fn apply_parameters(payload: &mut Map<String, Value>, params: &Map<String, Value>) {
    for (name, value) in params {
        if value.is_null() || SERVER_PARAMETERS.contains(&name.as_str()) {
            continue;
        }
        let value = match name.as_str() {
            "temperature" | "top_p" | "min_p" | "frequency_penalty" | "presence_penalty" => {
                parse_number(value)
            }
            "max_tokens" | "seed" => parse_integer(value),
            "logit_bias" | "response_format" => Some(decode_json_text(value)),
            "stop" | "reasoning_effort" => Some(value.clone()),
            // Parameters of other protocols (Ollama's `mirostat`, `num_ctx`) are not sent.
            _ => None,
        };
        if let Some(value) = value {
            payload.insert(name.clone(), value);
        }
    }
    if let Some(custom) = params.get("custom_params").and_then(Value::as_object) {
        for (name, value) in custom {
            payload.insert(name.clone(), decode_json_text(value));
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn known_parameters_are_written_and_server_parameters_are_not() {
        let mut payload = Map::new();
        let params = json!({
            "temperature": "0.5", "seed": 3, "stop": "END", "system": "x", "mirostat": 1, "top_p": null,
            "custom_params": {"foo": "1", "bar": "text"},
        });
        apply_parameters(&mut payload, params.as_object().expect("an object"));
        assert_eq!(
            Value::Object(payload),
            json!({"temperature": 0.5, "seed": 3, "stop": "END", "foo": 1, "bar": "text"})
        );
    }
}
