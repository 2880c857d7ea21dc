//! Bodies of chat completions as a model accepts them.

use keelson_domain::model::Connection;
use serde_json::{Map, Value};

use super::endpoint::{azure_version, is_azure};

/// What Azure takes; it refuses a body that holds anything else. The model stands in the URL.
const AZURE_FIELDS: &[&str] = &[
    "messages",
    "temperature",
    "role",
    "content",
    "contentPart",
    "contentPartImage",
    "enhancements",
    "dataSources",
    "n",
    "stream",
    "stop",
    "max_tokens",
    "presence_penalty",
    "frequency_penalty",
    "logit_bias",
    "user",
    "function_call",
    "functions",
    "tools",
    "tool_choice",
    "top_p",
    "log_probs",
    "top_logprobs",
    "response_format",
    "seed",
    "max_completion_tokens",
    "reasoning_effort",
];

/// The first version of Azure's API that takes `stream_options`. Versions are dates, and compare as texts.
const STREAM_OPTIONS_SINCE: &str = "2024-09-01-preview";

/// Where OpenAI itself serves its models.
const OPENAI_HOST: &str = "api.openai.com";

/// Reasoning models accept neither `max_tokens` nor the role `system`.
fn is_reasoning(model: &str) -> bool {
    ["o1", "o3", "o4", "gpt-5"]
        .iter()
        .any(|family| model.starts_with(family))
}

/// Adapts a body to what the connection's model accepts.
pub(super) fn adapt(connection: &Connection, mut body: Value) -> Value {
    let model = body["model"].as_str().unwrap_or_default().to_lowercase();
    let Some(fields) = body.as_object_mut() else {
        return body;
    };
    if is_reasoning(&model) {
        adapt_to_reasoning(fields, &model);
    } else if !connection.url.contains(OPENAI_HOST) {
        // Many servers know the older name alone.
        if let Some(limit) = fields.shift_remove("max_completion_tokens") {
            fields.insert("max_tokens".to_owned(), limit);
        }
    } else if fields.contains_key("max_completion_tokens") {
        // OpenAI refuses both at once.
        fields.shift_remove("max_tokens");
    }
    if is_azure(connection) {
        // Reasoning models take no other temperature than their own.
        if is_reasoning(&model) && fields.get("temperature").and_then(Value::as_f64) != Some(1.0) {
            fields.shift_remove("temperature");
        }
        let has_stream_options = azure_version(connection) >= STREAM_OPTIONS_SINCE;
        fields.retain(|name, _| {
            AZURE_FIELDS.contains(&name.as_str()) || (has_stream_options && name == "stream_options")
        });
    }
    body
}

fn adapt_to_reasoning(fields: &mut Map<String, Value>, model: &str) {
    if let Some(limit) = fields.shift_remove("max_tokens") {
        fields.insert("max_completion_tokens".to_owned(), limit);
    }
    let role = if model.starts_with("o1-mini") || model.starts_with("o1-preview") {
        "user"
    } else {
        "developer"
    };
    let first = fields
        .get_mut("messages")
        .and_then(|messages| messages.get_mut(0));
    if let Some(first) = first.filter(|message| message["role"] == "system") {
        first["role"] = Value::from(role);
    }
}

#[cfg(test)]
mod tests {
    use secrecy::SecretString;
    use serde_json::json;

    use super::*;

    fn adapted(options: &Value, body: Value) -> Value {
        adapted_for("http://p", options, body)
    }

    fn adapted_for(url: &str, options: &Value, body: Value) -> Value {
        let connection = Connection {
            index: 0,
            url: url.to_owned(),
            key: SecretString::default(),
            options: options.as_object().cloned().unwrap_or_default(),
        };
        adapt(&connection, body)
    }

    #[test]
    fn reasoning_models_get_their_own_fields_and_roles() {
        let sent = adapted(
            &json!({}),
            json!({"model": "gpt-5-x", "max_tokens": 5, "messages": [{"role": "system", "content": "s"}], "min_p": 1}),
        );
        assert_eq!(
            sent,
            json!({
                "model": "gpt-5-x", "messages": [{"role": "developer", "content": "s"}], "min_p": 1,
                "max_completion_tokens": 5,
            })
        );
    }

    #[test]
    fn the_limit_of_tokens_has_the_name_that_the_server_knows() {
        let (own, other) = ("https://api.openai.com/v1", "http://p");
        let azure = json!({"azure": true});
        for (url, options, model, given, expected) in [
            (
                own,
                json!({}),
                "gpt-4o",
                json!({"max_tokens": 5}),
                json!({"max_tokens": 5}),
            ),
            (
                own,
                json!({}),
                "gpt-4o",
                json!({"max_completion_tokens": 5}),
                json!({"max_completion_tokens": 5}),
            ),
            (
                own,
                json!({}),
                "gpt-4o",
                json!({"max_tokens": 5, "max_completion_tokens": 6}),
                json!({"max_completion_tokens": 6}),
            ),
            (
                own,
                json!({}),
                "o3",
                json!({"max_tokens": 5}),
                json!({"max_completion_tokens": 5}),
            ),
            (
                own,
                json!({}),
                "gpt-5",
                json!({"max_tokens": 5, "max_completion_tokens": 6}),
                json!({"max_completion_tokens": 5}),
            ),
            (
                other,
                json!({}),
                "llama",
                json!({"max_completion_tokens": 5}),
                json!({"max_tokens": 5}),
            ),
            (
                other,
                json!({}),
                "llama",
                json!({"max_tokens": 5, "max_completion_tokens": 6}),
                json!({"max_tokens": 6}),
            ),
            (
                other,
                json!({}),
                "o4-mini",
                json!({"max_completion_tokens": 5}),
                json!({"max_completion_tokens": 5}),
            ),
            (
                other,
                azure.clone(),
                "gpt-4o",
                json!({"max_completion_tokens": 5}),
                json!({"max_tokens": 5}),
            ),
            (
                other,
                azure,
                "o1",
                json!({"max_tokens": 5}),
                json!({"max_completion_tokens": 5}),
            ),
        ] {
            let mut body = given.clone();
            body["model"] = json!(model);
            let mut sent = adapted_for(url, &options, body);
            sent.as_object_mut().expect("an object").shift_remove("model");
            assert_eq!(sent, expected, "{url} {model}: {given}");
        }
    }

    #[test]
    fn azure_gets_only_what_it_takes() {
        let (old, new) = (
            json!({"azure": true, "api_version": "2024-02-01"}),
            json!({"provider": "azure", "api_version": "2025-01-01-preview"}),
        );
        for (options, model, field, value, expected) in [
            (&old, "gpt-4o", "temperature", json!(0.2), json!(0.2)),
            (&old, "gpt-4o", "min_p", json!(0.1), Value::Null),
            (&old, "gpt-4o", "top_k", json!(40), Value::Null),
            (&old, "gpt-4o", "foo", json!("bar"), Value::Null),
            (&old, "gpt-4o", "stream_options", json!({}), Value::Null),
            (&new, "gpt-4o", "stream_options", json!({}), json!({})),
            (
                &json!({"azure": true}),
                "gpt-4o",
                "stream_options",
                json!({}),
                Value::Null,
            ),
            (&new, "gpt-4o", "max_tokens", json!(5), json!(5)),
            (&new, "gpt-4o", "tools", json!([]), json!([])),
            (&new, "gpt-4o", "logprobs", json!(true), Value::Null),
            (&new, "gpt-4o", "keep_alive", json!("5m"), Value::Null),
            (&new, "gpt-4o", "metadata", json!({}), Value::Null),
            (
                &json!({"azure": true, "api_version": "2024-09-01-preview"}),
                "gpt-4o",
                "stream_options",
                json!({}),
                json!({}),
            ),
            (&new, "GPT-5-mini", "temperature", json!(0.7), Value::Null),
            (&new, "prefix.o1", "temperature", json!(0.7), json!(0.7)),
            (&new, "o3-mini", "temperature", json!(0.2), Value::Null),
            (&new, "O1", "temperature", json!(0.2), Value::Null),
            (&new, "gpt-5", "temperature", json!(1), json!(1)),
            (&new, "gpt-5", "temperature", json!(1.0), json!(1.0)),
            (&new, "o4-mini", "max_tokens", json!(5), Value::Null),
            (&new, "o4-mini", "reasoning_effort", json!("low"), json!("low")),
            (&json!({}), "gpt-4o", "min_p", json!(0.1), json!(0.1)),
            (&json!({}), "o3", "temperature", json!(0.2), json!(0.2)),
        ] {
            let mut body = json!({"model": model, "messages": []});
            body[field] = value;
            let sent = adapted(options, body);
            let is_azure = options != &json!({});
            assert_eq!(
                sent.get(field).cloned().unwrap_or_default(),
                expected,
                "{model} {field}"
            );
            assert_eq!(
                sent.get("model").is_none(),
                is_azure,
                "the model stands in the URL"
            );
        }
        let sent = adapted(&new, json!({"model": "o4-mini", "messages": [], "max_tokens": 5}));
        assert_eq!(sent, json!({"messages": [], "max_completion_tokens": 5}));
    }
}
