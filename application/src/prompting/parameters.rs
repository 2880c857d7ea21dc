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

/// Decodes text that holds JSON; other text stays as it is.
fn decode_json_text(value: &Value) -> Value {
    match value {
        Value::String(text) => serde_json::from_str(text).unwrap_or_else(|_| value.clone()),
        other => other.clone(),
    }
}

/// A list of texts at which the model stops, as people type them: with escapes, and several of them between commas.
fn parse_stop(value: &Value) -> Option<Value> {
    let stops = |texts: Vec<&str>| {
        let texts = texts.into_iter().filter(|text| !text.is_empty());
        Some(texts.map(unescape).collect::<Vec<_>>()).filter(|texts| !texts.is_empty())
    };
    match value {
        Value::String(text) if text.contains(',') => {
            stops(text.split(',').map(str::trim).collect()).map(|texts| json!(texts))
        }
        Value::String(text) if !text.is_empty() => Some(json!(unescape(text))),
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
fn convert(name: &str, value: &Value) -> Option<Value> {
    match name {
        "temperature" | "top_p" | "min_p" | "frequency_penalty" | "presence_penalty" | "repeat_penalty"
        | "tfs_z" | "mirostat_eta" | "mirostat_tau" => parse_number(value),
        "max_tokens" | "seed" | "top_k" | "mirostat" | "repeat_last_n" | "num_keep" | "num_ctx"
        | "num_batch" | "num_thread" | "num_gpu" => parse_integer(value),
        "logit_bias" => parse_logit_bias(value),
        "response_format" => Some(decode_json_text(value)),
        "stop" => parse_stop(value),
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
pub(crate) fn apply_parameters(payload: &mut Map<String, Value>, params: &Map<String, Value>) {
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
        if let Some(value) = convert(name, value) {
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

    fn sent(params: &Value) -> Value {
        let mut payload = Map::new();
        apply_parameters(&mut payload, params.as_object().expect("an object"));
        Value::Object(payload)
    }

    /// Every parameter of the stock page's settings of models and chats, as the page stores it, and what goes out.
    #[test]
    fn every_parameter_goes_out_or_is_the_servers_own() {
        for (name, stored, expected) in [
            ("stream_response", json!(false), Value::Null),
            ("stream_delta_chunk_size", json!(4), Value::Null),
            ("function_calling", json!("native"), Value::Null),
            ("reasoning_tags", json!(["<a>", "</a>"]), Value::Null),
            ("system", json!("You are"), Value::Null),
            ("seed", json!(3), json!(3)),
            ("seed", json!("3"), json!(3)),
            ("stop", json!(["\\n", "终"]), json!(["\n", "终"])),
            ("temperature", json!("0.5"), json!(0.5)),
            ("temperature", json!(0), json!(0)),
            ("temperature", json!("warm"), Value::Null),
            ("reasoning_effort", json!("high"), json!("high")),
            ("reasoning_effort", json!(""), Value::Null),
            (
                "logit_bias",
                json!("5432:100, 413:-100"),
                json!({"5432": 100, "413": -100}),
            ),
            ("logit_bias", json!("5432:900"), json!({"5432": 100})),
            ("logit_bias", json!("{\"5432\": 1}"), json!({"5432": 1})),
            ("logit_bias", json!({"5432": 1}), json!({"5432": 1})),
            ("logit_bias", json!("5432"), Value::Null),
            ("max_tokens", json!(128), json!(128)),
            ("max_tokens", json!("1e3"), json!(1000)),
            ("top_k", json!("40"), json!(40)),
            ("top_p", json!(0.9), json!(0.9)),
            ("min_p", json!("0.05"), json!(0.05)),
            ("frequency_penalty", json!(1.1), json!(1.1)),
            ("presence_penalty", json!(0.0), json!(0.0)),
            ("mirostat", json!(1), json!(1)),
            ("mirostat_eta", json!(0.1), json!(0.1)),
            ("mirostat_tau", json!(5.0), json!(5.0)),
            ("repeat_last_n", json!(64), json!(64)),
            ("tfs_z", json!(1), json!(1)),
            ("repeat_penalty", json!(1.1), json!(1.1)),
            ("use_mmap", json!(true), json!(true)),
            ("use_mlock", json!(false), json!(false)),
            ("think", json!(true), json!(true)),
            ("format", json!("json"), json!("json")),
            ("keep_alive", json!("5m"), json!("5m")),
            ("num_keep", json!(24), json!(24)),
            ("num_ctx", json!(2048), json!(2048)),
            ("num_batch", json!(512), json!(512)),
            ("num_thread", json!(2), json!(2)),
            ("num_gpu", json!(0), json!(0)),
            (
                "response_format",
                json!("{\"type\": \"json_object\"}"),
                json!({"type": "json_object"}),
            ),
            ("foo", json!({"bar": 1}), json!({"bar": 1})),
        ] {
            let sent = sent(&json!({name: stored}));
            assert_eq!(
                sent.get(name).cloned().unwrap_or_default(),
                expected,
                "{name}: {stored}"
            );
            assert_eq!(
                json!({}),
                super::tests::sent(&json!({name: null})),
                "{name} without a value"
            );
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
