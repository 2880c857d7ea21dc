//! The built-in demo model: it answers offline, so that a new server works without a key.

use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use futures_util::{StreamExt, stream};
use keelson_domain::model::{
    Connection, ListedModels, ModelProvider, ProviderCall, ProviderError, ProviderReply, ProviderRequest,
};
use serde_json::{Value, json};

/// Id of the model.
const MODEL: &str = "keelson-demo";

/// The delay before each word: about that of a fast model.
const WORD_DELAY: Duration = Duration::from_millis(25);

/// Answers deterministically.
#[derive(Debug, Clone, Copy, Default)]
pub struct Demo;

/// The text of a message, whether plain or in parts.
fn text_of(message: &Value) -> String {
    match &message["content"] {
        Value::String(text) => text.clone(),
        Value::Array(parts) => parts
            .iter()
            .filter_map(|part| part["text"].as_str())
            .collect::<Vec<_>>()
            .join(" "),
        _ => String::new(),
    }
}

/// The answer to the user's last message.
fn build_answer(body: &Value) -> String {
    let messages = body["messages"].as_array().map_or(&[][..], Vec::as_slice);
    let question = messages.iter().rev().find(|message| message["role"] == "user");
    let question = question.map(text_of).unwrap_or_default();
    // Background tasks ask for one JSON object, name its key, and do not stream.
    let asks_for = |key: &str| body["stream"] != true && question.contains(&format!("\"{key}\""));
    if asks_for("follow_ups") {
        return json!({"follow_ups": ["How do I connect a real model?", "What else can you do?"]})
            .to_string();
    }
    if asks_for("queries") {
        return json!({"queries": []}).to_string();
    }
    if asks_for("tags") {
        return json!({"tags": ["Demo"]}).to_string();
    }
    if asks_for("title") {
        return json!({"title": "A first conversation"}).to_string();
    }
    let quoted: String = question.chars().take(200).collect();
    format!(
        "You asked: \"{quoted}\"\n\nI am the demo model built into this server. I answer without any network, so that you \
         can see how a conversation works: this text streams in word by word, it is stored while it grows, and you find \
         it again after a reload.\n\nTo talk to a real model, open **Admin panel > Settings > Connections** and add an \
         address that speaks the OpenAI protocol."
    )
}

fn chunk(delta: Value, finish: Option<&str>) -> Bytes {
    let chunk = json!({
        "id": "chatcmpl-demo",
        "object": "chat.completion.chunk",
        "created": 0,
        "model": MODEL,
        "choices": [{"index": 0, "delta": delta, "finish_reason": finish}],
    });
    Bytes::from(format!("data: {chunk}\n\n"))
}

fn events(answer: &str) -> Vec<Bytes> {
    let words = answer
        .split_inclusive(' ')
        .map(|word| chunk(json!({"content": word}), None));
    std::iter::once(chunk(json!({"role": "assistant", "content": ""}), None))
        .chain(words)
        .chain([
            chunk(json!({}), Some("stop")),
            Bytes::from_static(b"data: [DONE]\n\n"),
        ])
        .collect()
}

#[async_trait]
impl ModelProvider for Demo {
    async fn models(
        &self,
        _connection: &Connection,
        _headers: &[(String, String)],
    ) -> Result<ListedModels, ProviderError> {
        let model = json!({
            "id": MODEL, "name": "Keelson demo", "object": "model", "created": 0, "owned_by": "keelson",
        });
        Ok(ListedModels {
            models: vec![model],
            has_pipelines: false,
        })
    }

    async fn chat(
        &self,
        _connection: &Connection,
        request: ProviderRequest,
    ) -> Result<ProviderReply, ProviderError> {
        let answer = build_answer(&request.body);
        if request.body["stream"] != true {
            return Ok(ProviderReply::Json {
                status: 200,
                body: json!({
                    "id": "chatcmpl-demo", "object": "chat.completion", "created": 0, "model": MODEL,
                    "choices": [{
                        "index": 0, "message": {"role": "assistant", "content": answer}, "finish_reason": "stop",
                    }],
                }),
            });
        }
        let delayed = stream::iter(events(&answer)).then(|event| async move {
            tokio::time::sleep(WORD_DELAY).await;
            Ok(event)
        });
        Ok(ProviderReply::Stream {
            status: 200,
            content_type: "text/event-stream".to_owned(),
            body: Box::pin(delayed),
        })
    }

    async fn forward(
        &self,
        _connection: &Connection,
        _call: ProviderCall,
    ) -> Result<ProviderReply, ProviderError> {
        Err(ProviderError::Refused {
            status: 404,
            body: json!({"error": {"message": "The demo model answers chats only."}}),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn background_tasks_get_json_and_people_get_text() {
        let ask = |text: &str| build_answer(&json!({"messages": [{"role": "user", "content": text}]}));
        assert_eq!(
            ask("one JSON object {\"title\": …}"),
            r#"{"title":"A first conversation"}"#
        );
        assert!(ask("Hello").starts_with("You asked: \"Hello\""));
    }

    #[test]
    fn a_stream_holds_the_whole_answer() {
        let joined: String = events("a b c")
            .iter()
            .filter_map(|event| serde_json::from_slice::<Value>(event.strip_prefix(b"data: ")?).ok())
            .filter_map(|event| {
                event["choices"][0]["delta"]["content"]
                    .as_str()
                    .map(str::to_owned)
            })
            .collect();
        assert_eq!(joined, "a b c");
    }
}
