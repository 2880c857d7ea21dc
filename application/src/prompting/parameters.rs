use serde_json::{Map, Number, Value, json};

use super::escapes::unescape;

/// Parameters that this server interprets itself and never sends to a provider.
const SERVER_PARAMETERS: &[&str] = &[
    "system",
    "stream_response",
    "stream_delta_chunk_size",
    "function_calling",
    "reasoning_tags",
    "custom_params",
];

/// Who wrote parameters, and so how their texts are meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ParameterSource {
    /// Somebody who set up a model: texts stand as they were typed, with escapes.
    Model,
    /// A request: the page has decoded what people typed, and programs write what they mean.
    Request,
}

/// Biases of tokens lie between these.
const BIASES: std::ops::RangeInclusive<i64> = -100..=100;

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
    if let Value::String(text) = value
        && let Ok(number) = text.trim().parse::<i64>()
    {
        return Some(Value::from(number));
    }
    let number = parse_number(value)?;
    number
        .as_i64()
        .or_else(|| number.as_f64().map(|number| number as i64))
        .map(Value::from)
}

/// Decodes text that holds JSON; other text stays as it is. People typed it: `NaN` is a word.
fn decode_json_text(value: &Value) -> Value {
    match value {
        Value::String(text) => serde_json::from_str(text).unwrap_or_else(|_| value.clone()),
        other => other.clone(),
    }
}

/// The texts at which the model stops, as they are sent.
fn parse_stop(value: &Value, source: ParameterSource) -> Option<Value> {
    let decode = |text: &str| match source {
        ParameterSource::Model => unescape(text),
        ParameterSource::Request => text.to_owned(),
    };
    let stops = |texts: Vec<&str>| {
        let texts = texts.into_iter().filter(|text| !text.is_empty());
        Some(texts.map(decode).collect::<Vec<_>>()).filter(|texts| !texts.is_empty())
    };
    match value {
        // People type several of them between commas.
        Value::String(text) if source == ParameterSource::Model && text.contains(',') => {
            stops(text.split(',').map(str::trim).collect()).map(|texts| json!(texts))
        }
        Value::String(text) if !text.is_empty() => Some(json!(decode(text))),
        Value::Array(items) => {
            stops(items.iter().filter_map(Value::as_str).collect()).map(|texts| json!(texts))
        }
        _ => None,
    }
}

/// Biases by token: an object, its text, or pairs as people type them (`5432:100, 413:-100`).
fn parse_logit_bias(value: &Value) -> Option<Value> {
    match decode_json_text(value) {
        biases @ Value::Object(_) => Some(biases),
        Value::String(text) => {
            let pairs = text.split(',').map(|pair| {
                let (token, bias) = pair.rsplit_once(':')?;
                let bias: i64 = bias.trim().parse().ok()?;
                let bias = bias.clamp(*BIASES.start(), *BIASES.end());
                Some((token.trim().to_owned(), Value::from(bias)))
            });
            pairs.collect::<Option<Map<_, _>>>().map(Value::Object)
        }
        _ => None,
    }
}

fn parse_effort(value: &Value) -> Option<Value> {
    match value {
        Value::String(text) => Some(text.trim()).filter(|text| !text.is_empty()).map(Value::from),
        Value::Number(number) => Some(json!(number.to_string())),
        _ => None,
    }
}

/// What goes out for a parameter; none where it cannot be meant. What is not known here goes out as it is: providers know
/// more parameters than this server.
fn convert(name: &str, value: &Value, source: ParameterSource) -> Option<Value> {
    match name {
        "temperature" | "top_p" | "min_p" | "frequency_penalty" | "presence_penalty" | "repeat_penalty"
        | "tfs_z" | "mirostat_eta" | "mirostat_tau" => parse_number(value),
        "max_tokens" | "seed" | "top_k" | "mirostat" | "repeat_last_n" | "num_keep" | "num_ctx"
        | "num_batch" | "num_thread" | "num_gpu" => parse_integer(value),
        "logit_bias" => parse_logit_bias(value),
        "response_format" => Some(decode_json_text(value)),
        "stop" => parse_stop(value, source),
        "reasoning_effort" => parse_effort(value),
        _ => Some(value.clone()),
    }
}

/// Writes values over others; objects are merged.
fn merge(into: &mut Map<String, Value>, from: Map<String, Value>) {
    for (name, value) in from {
        match (into.get_mut(&name), value) {
            (Some(Value::Object(old)), Value::Object(new)) => merge(old, new),
            (_, value) => _ = into.insert(name, value),
        }
    }
}

/// Writes the parameters of a model or a chat into a payload of the OpenAI protocol, with the custom ones before the others.
/// Null values and values of the wrong type are left out.
pub(crate) fn apply_parameters(
    payload: &mut Map<String, Value>,
    params: &Map<String, Value>,
    source: ParameterSource,
) {
    let mut params = params.clone();
    params.retain(|name, value| !value.is_null() && (name == "custom_params" || !is_of_server(name)));
    if let Some(Value::Object(custom)) = params.shift_remove("custom_params") {
        let decoded = custom
            .iter()
            .map(|(name, value)| (name.clone(), decode_json_text(value)));
        merge(
            &mut params,
            decoded.filter(|(_, value)| !value.is_null()).collect(),
        );
    }
    for (name, value) in &params {
        if let Some(value) = convert(name, value, source) {
            payload.insert(name.clone(), value);
        }
    }
}

fn is_of_server(name: &str) -> bool {
    SERVER_PARAMETERS.contains(&name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sent_from(source: ParameterSource, params: &Value) -> Value {
        let mut payload = Map::new();
        apply_parameters(&mut payload, params.as_object().expect("an object"), source);
        Value::Object(payload)
    }

    fn sent(params: &Value) -> Value {
        sent_from(ParameterSource::Model, params)
    }

    #[test]
    fn values_are_sent_as_their_type_wants_them() {
        for (name, stored, expected) in [
            ("temperature", json!("0.5"), json!(0.5)),
            ("temperature", json!(0), json!(0)),
            ("temperature", json!("warm"), Value::Null),
            ("temperature", json!(true), Value::Null),
            ("temperature", json!("NaN"), Value::Null),
            ("reasoning_effort", json!(" high "), json!("high")),
            ("reasoning_effort", json!(""), Value::Null),
            ("reasoning_effort", json!(3), json!("3")),
            ("logit_bias", json!("5432:900"), json!({"5432": 100})),
            ("logit_bias", json!("5432:-900"), json!({"5432": -100})),
            ("logit_bias", json!("{\"5432\": 1}"), json!({"5432": 1})),
            ("logit_bias", json!({"5432": 1}), json!({"5432": 1})),
            ("logit_bias", json!("5432"), Value::Null),
            ("max_tokens", json!("1e3"), json!(1000)),
            ("max_tokens", json!(128.0), json!(128)),
            ("seed", json!("3"), json!(3)),
            ("top_k", json!("40"), json!(40)),
            ("top_k", json!([40]), Value::Null),
            (
                "response_format",
                json!("{\"type\": \"text\"}"),
                json!({"type": "text"}),
            ),
            ("foo", json!({"bar": 1}), json!({"bar": 1})),
        ] {
            for source in [ParameterSource::Model, ParameterSource::Request] {
                let sent = sent_from(source, &json!({name: stored}));
                let found = sent.get(name).cloned().unwrap_or_default();
                assert_eq!(found, expected, "{name}: {stored} of a {source:?}");
                assert_eq!(
                    sent_from(source, &json!({name: null})),
                    json!({}),
                    "{name} without a value"
                );
            }
        }
    }

    #[test]
    fn texts_of_requests_to_stop_at_are_meant_as_they_are() {
        for (given, expected) in [
            (json!(["\n", "终"]), json!(["\n", "终"])),
            (json!(["\\n"]), json!(["\\n"])),
            (json!(["\\\\n", "\\x41"]), json!(["\\\\n", "\\x41"])),
            (json!("\\n"), json!("\\n")),
            (json!("a, b"), json!("a, b")),
            (json!(["", "a"]), json!(["a"])),
            (json!([" "]), json!([" "])),
            (json!([]), Value::Null),
            (json!(""), Value::Null),
            (json!([1]), Value::Null),
        ] {
            let sent = sent_from(ParameterSource::Request, &json!({"stop": given}));
            assert_eq!(sent.get("stop").cloned().unwrap_or_default(), expected, "{given}");
        }
    }

    #[test]
    fn texts_to_stop_at_are_read_as_typed() {
        for (stored, expected) in [
            (json!(["\\n", "终"]), json!(["\n", "终"])),
            (json!(["\n"]), json!(["\n"])),
            (json!(["\\\\n"]), json!(["\\n"])),
            (json!(["\\t", "\\u7ec8", "\\x41"]), json!(["\t", "终", "A"])),
            (json!(["C:\\dir", "\\d+"]), json!(["C:\\dir", "\\d+"])),
            (json!("END"), json!("END")),
            (json!("\\n, ###,终"), json!(["\n", "###", "终"])),
            (json!(["", "a"]), json!(["a"])),
            (json!([]), Value::Null),
            (json!(""), Value::Null),
            (json!([1]), Value::Null),
        ] {
            let sent = sent(&json!({"stop": stored}));
            assert_eq!(
                sent.get("stop").cloned().unwrap_or_default(),
                expected,
                "{stored}"
            );
        }
    }

    #[test]
    fn custom_parameters_replace_and_merge() {
        for (params, expected) in [
            (
                json!({"custom_params": {"foo": "1", "bar": "text"}}),
                json!({"foo": 1, "bar": "text"}),
            ),
            (
                json!({"custom_params": {"foo": "{\"a\": [1]}"}}),
                json!({"foo": {"a": [1]}}),
            ),
            (json!({"custom_params": {"foo": "null", "bar": null}}), json!({})),
            (
                json!({"temperature": 1, "custom_params": {"temperature": "0.5"}}),
                json!({"temperature": 0.5}),
            ),
            (
                json!({"x": {"a": 1}, "custom_params": {"x": {"b": 2}}}),
                json!({"x": {"a": 1, "b": 2}}),
            ),
            (
                json!({"custom_params": {"stop": ["\\n"]}}),
                json!({"stop": ["\n"]}),
            ),
            (json!({"custom_params": null, "top_k": 1}), json!({"top_k": 1})),
            (json!({"custom_params": "x"}), json!({})),
            (
                json!({"custom_params": {"extra_body": {"a": 1}}}),
                json!({"extra_body": {"a": 1}}),
            ),
        ] {
            assert_eq!(sent(&params), expected, "{params}");
        }
    }
}
