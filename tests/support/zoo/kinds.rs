use serde_json::{Value, json};

use super::server::Reply;

/// What is stored of an answer.
#[derive(Debug, Clone)]
pub(crate) enum Stored {
    /// The text, with reasoning in brackets.
    Answer(&'static str),
    /// An error that holds these words, after the text that came before it.
    Error(&'static str, &'static str),
}

/// A kind of server: what it sends, and what is stored of that.
pub(crate) struct Kind {
    /// Its name, which is that of its model too.
    pub(crate) name: &'static str,
    /// Options of a connection to it.
    pub(crate) options: Value,
    /// What it sends to who asks for a stream.
    pub(crate) streamed: (Reply, Stored),
    /// What it sends to who asks for a document.
    pub(crate) whole: (Reply, Stored),
    /// The usage that is stored of both; null for none.
    pub(crate) usage: Value,
}

impl Kind {
    fn new(name: &'static str, streamed: (Reply, Stored), whole: (Reply, Stored)) -> Self {
        Self {
            name,
            options: json!({}),
            streamed,
            whole,
            usage: Value::Null,
        }
    }

    fn counting(mut self, usage: Value) -> Self {
        self.usage = usage;
        self
    }

    fn connected_by(mut self, options: Value) -> Self {
        self.options = options;
        self
    }
}

const DONE: &str = "data: [DONE]\n\n";

fn event(document: &Value) -> String {
    format!("data: {document}\n\n")
}

/// A chunk of a stream with a delta and a reason for the end.
fn chunk(delta: Value, reason: Value) -> Value {
    json!({
        "id": "chatcmpl-1", "object": "chat.completion.chunk", "created": 1, "model": "m",
        "choices": [{"index": 0, "delta": delta, "finish_reason": reason}],
    })
}

fn chunks(deltas: &[Value], reason: &Value) -> Vec<String> {
    deltas
        .iter()
        .map(|delta| event(&chunk(delta.clone(), reason.clone())))
        .collect()
}

fn words(texts: &[&str], reason: &Value) -> Vec<String> {
    let deltas: Vec<Value> = texts.iter().map(|text| json!({"content": text})).collect();
    chunks(&deltas, reason)
}

fn last(reason: &str) -> String {
    event(&chunk(json!({}), json!(reason)))
}

fn answer(message: Value, reason: Value) -> Value {
    json!({
        "id": "chatcmpl-1", "object": "chat.completion", "created": 1, "model": "m",
        "choices": [{"index": 0, "message": message, "finish_reason": reason}],
    })
}

fn with(mut document: Value, name: &str, value: Value) -> Value {
    document[name] = value;
    document
}

fn joined(parts: &[Vec<String>]) -> Vec<String> {
    parts.concat()
}

/// All kinds.
pub(crate) fn kinds() -> Vec<Kind> {
    let mut all = local_servers();
    all.extend(hosted_services());
    all.extend(gateways());
    all
}

#[expect(clippy::too_many_lines, reason = "a table of servers, and nothing else")]
fn local_servers() -> Vec<Kind> {
    let timings = json!({"prompt_n": 5, "predicted_n": 3, "predicted_per_second": 41.5});
    let usage = json!({"prompt_tokens": 5, "completion_tokens": 3, "total_tokens": 8});
    vec![
        // An empty reason with every chunk, and a tag split over chunks.
        Kind::new(
            "sglang",
            (
                Reply::events(joined(&[
                    words(
                        &["<thi", "nk>so", "</think>", "Hello ", "big ", "world"],
                        &json!(""),
                    ),
                    vec![last("stop"), DONE.to_owned()],
                ])),
                Stored::Answer("[so]Hello big world"),
            ),
            (
                Reply::document(&answer(
                    json!({"content": "<think>so</think>Hello big world"}),
                    json!(""),
                )),
                Stored::Answer("[so]Hello big world"),
            ),
        ),
        // Named events, the word `null` as a reason, no `[DONE]`.
        Kind::new(
            "koboldcpp",
            (
                Reply::events(
                    words(&["Hello ", "big ", "world"], &json!("null"))
                        .into_iter()
                        .map(|event| format!("event: message\n{event}"))
                        .collect(),
                ),
                Stored::Answer("Hello big world"),
            ),
            (
                Reply::document(&answer(json!({"content": "Hello big world"}), json!("null"))),
                Stored::Answer("Hello big world"),
            ),
        ),
        // Timings instead of usage.
        Kind::new(
            "llama.cpp",
            (
                Reply::events(joined(&[
                    words(&["Hello", " world"], &Value::Null),
                    vec![
                        event(&with(chunk(json!({}), json!("stop")), "timings", timings.clone())),
                        DONE.to_owned(),
                    ],
                ])),
                Stored::Answer("Hello world"),
            ),
            (
                Reply::document(&with(
                    answer(json!({"content": "Hello world"}), json!("stop")),
                    "timings",
                    timings.clone(),
                )),
                Stored::Answer("Hello world"),
            ),
        )
        .counting(timings),
        // Errors in a field of their own.
        Kind::new(
            "llama.cpp-error",
            (
                Reply::events(vec![
                    "error: {\"code\":500,\"message\":\"context is full\",\"type\":\"server_error\"}\n\n"
                        .to_owned(),
                ]),
                Stored::Error("", "context is full"),
            ),
            (
                Reply::document(&json!({"error": {"code": 500, "message": "context is full"}}))
                    .with_status(500),
                Stored::Error("", "context is full"),
            ),
        ),
        // Reasoning in a field, usage in a chunk of its own.
        Kind::new(
            "vllm",
            (
                Reply::events(joined(&[
                    chunks(&[json!({"role": "assistant", "content": ""})], &Value::Null),
                    chunks(
                        &[
                            json!({"reasoning_content": "so "}),
                            json!({"reasoning_content": "it is"}),
                        ],
                        &Value::Null,
                    ),
                    words(&["Hello", " world"], &Value::Null),
                    vec![
                        last("stop"),
                        event(&json!({"id": "x", "choices": [], "usage": usage})),
                        DONE.to_owned(),
                    ],
                ])),
                Stored::Answer("[so it is]Hello world"),
            ),
            (
                Reply::document(&with(
                    answer(
                        json!({"reasoning_content": "so it is", "content": "Hello world"}),
                        json!("stop"),
                    ),
                    "usage",
                    usage.clone(),
                )),
                Stored::Answer("[so it is]Hello world"),
            ),
        )
        .counting(usage),
        // Errors as documents of the type error.
        Kind::new(
            "vllm-error",
            (
                Reply::events(vec![
                    event(
                        &json!({"object": "error", "message": "too many tokens", "type": "BadRequestError", "code": 400}),
                    ),
                    DONE.to_owned(),
                ]),
                Stored::Error("", "too many tokens"),
            ),
            (
                Reply::document(&json!({"object": "error", "message": "too many tokens", "code": 400}))
                    .with_status(400),
                Stored::Error("", "too many tokens"),
            ),
        ),
        // Ollama's OpenAI endpoint: reasoning in the field `reasoning`, thoughts between texts.
        Kind::new(
            "ollama",
            (
                Reply::events(joined(&[
                    chunks(
                        &[
                            json!({"role": "assistant", "content": "", "reasoning": "one"}),
                            json!({"role": "assistant", "content": "first"}),
                            json!({"role": "assistant", "content": "", "reasoning": "two"}),
                            json!({"role": "assistant", "content": "second"}),
                        ],
                        &Value::Null,
                    ),
                    vec![last("stop"), DONE.to_owned()],
                ])),
                Stored::Answer("[one]first\n[two]second"),
            ),
            (
                Reply::document(&answer(
                    json!({"reasoning": "one", "content": "first"}),
                    json!("stop"),
                )),
                Stored::Answer("[one]first"),
            ),
        ),
        // LM Studio: errors as named events, and in documents as text.
        Kind::new(
            "lm-studio",
            (
                Reply::events(joined(&[
                    words(&["Hel"], &Value::Null),
                    vec![
                        "event: error\ndata: {\"error\":{\"message\":\"the model crashed\"}}\n\n".to_owned(),
                    ],
                ])),
                Stored::Error("Hel", "the model crashed"),
            ),
            (
                Reply::document(&json!({"error": "the model crashed"})),
                Stored::Error("", "the model crashed"),
            ),
        ),
    ]
}

#[expect(clippy::too_many_lines, reason = "a table of servers, and nothing else")]
fn hosted_services() -> Vec<Kind> {
    let parts = json!([
        {"type": "thinking", "thinking": [{"type": "text", "text": "why"}]},
        {"type": "text", "text": "Hello"},
    ]);
    let gemini_error = Reply::document(&json!([
        {"error": {"code": 400, "message": "Invalid JSON payload", "status": "INVALID_ARGUMENT"}},
    ]))
    .with_status(400);
    let gemini_error = (gemini_error, Stored::Error("", "Invalid JSON payload"));
    vec![
        // Content in parts.
        Kind::new(
            "mistral",
            (
                Reply::events(joined(&[
                    chunks(
                        &[
                            json!({"role": "assistant", "content": ""}),
                            json!({"content": [{"type": "thinking", "thinking": [{"type": "text", "text": "why"}]}]}),
                            json!({"content": [{"type": "text", "text": "Hello"}]}),
                            json!({"content": " world"}),
                        ],
                        &Value::Null,
                    ),
                    vec![last("stop"), DONE.to_owned()],
                ])),
                Stored::Answer("[why]Hello world"),
            ),
            (
                Reply::document(&answer(
                    json!({"role": "assistant", "content": parts}),
                    json!("stop"),
                )),
                Stored::Answer("[why]Hello"),
            ),
        ),
        Kind::new("gemini-error", gemini_error.clone(), gemini_error),
        // Gemini: no role chunk, usage with every chunk, no `[DONE]`.
        Kind::new(
            "gemini",
            (
                Reply::events(
                    ["Hello", " world"]
                        .iter()
                        .map(|word| {
                            let document = chunk(json!({"role": "assistant", "content": word}), Value::Null);
                            event(&with(document, "usage", json!({"total_tokens": 9})))
                        })
                        .collect(),
                ),
                Stored::Answer("Hello world"),
            ),
            (
                Reply::document(&with(
                    answer(json!({"content": "Hello world"}), json!("stop")),
                    "usage",
                    json!({"total_tokens": 9}),
                )),
                Stored::Answer("Hello world"),
            ),
        )
        .counting(json!({"total_tokens": 9})),
        // Azure: a first chunk without choices, other content types, a filter.
        Kind::new(
            "azure",
            (
                Reply::events(joined(&[
                    vec![event(
                        &json!({"choices": [], "prompt_filter_results": [{"prompt_index": 0}]}),
                    )],
                    words(&["Hello", " world"], &Value::Null),
                    vec![last("stop"), DONE.to_owned()],
                ]))
                .typed(Some("Text/Event-Stream; charset=utf-8")),
                Stored::Answer("Hello world"),
            ),
            (
                Reply::document(&answer(json!({"content": "Hello world"}), json!("stop")))
                    .typed(Some("Application/JSON; Charset=UTF-8")),
                Stored::Answer("Hello world"),
            ),
        )
        .connected_by(json!({"azure": true, "api_version": "2025-01-01-preview"})),
        Kind::new(
            "azure-filter",
            (
                Reply::events(vec![last("content_filter"), DONE.to_owned()]),
                Stored::Error("", "content_filter"),
            ),
            (
                Reply::document(&answer(json!({"content": null}), json!("content_filter"))),
                Stored::Error("", "content_filter"),
            ),
        ),
        // DeepSeek: comments that keep the connection, an unused field of each pair null.
        Kind::new(
            "deepseek",
            (
                Reply::events(joined(&[
                    vec![": keep-alive\n\n".to_owned(), "\n\n".to_owned()],
                    chunks(
                        &[
                            json!({"content": null, "reasoning_content": "so"}),
                            json!({"content": "Hello", "reasoning_content": null}),
                            json!({"content": " world", "reasoning_content": null}),
                        ],
                        &Value::Null,
                    ),
                    vec![last("stop"), DONE.to_owned()],
                ])),
                Stored::Answer("[so]Hello world"),
            ),
            (
                Reply::document(&answer(
                    json!({"reasoning_content": "so", "content": "Hello world"}),
                    json!("stop"),
                )),
                Stored::Answer("[so]Hello world"),
            ),
        ),
        // OpenRouter: comments, and an error in the middle of an answer.
        Kind::new(
            "openrouter",
            (
                Reply::events(joined(&[
                    vec![": OPENROUTER PROCESSING\n\n".to_owned()],
                    words(&["Hello"], &Value::Null),
                    vec![event(&with(
                        chunk(json!({"content": ""}), json!("error")),
                        "error",
                        json!({"code": 502, "message": "the provider disconnected"}),
                    ))],
                ])),
                Stored::Error("Hello", "the provider disconnected"),
            ),
            (
                Reply::document(&json!({"error": {"code": 502, "message": "the provider disconnected"}})),
                Stored::Error("", "the provider disconnected"),
            ),
        ),
    ]
}

/// What stands between: proxies that lose types, ends and answers.
fn gateways() -> Vec<Kind> {
    let whole = answer(json!({"content": "Hello world"}), json!("stop"));
    let stream = joined(&[
        words(&["Hello", " world"], &Value::Null),
        vec![last("stop"), DONE.to_owned()],
    ]);
    let said = || Stored::Answer("Hello world");
    let page = Reply::events(vec!["<html>1020 Access denied</html>".to_owned()]).typed(Some("text/html"));
    let empty = json!({"id": "x", "object": "chat.completion", "choices": []});
    vec![
        Kind::new(
            "types-lost",
            (Reply::events(stream.clone()).typed(None), said()),
            (Reply::document(&whole).typed(None), said()),
        ),
        Kind::new(
            "types-wrong",
            (
                Reply::events(stream.clone()).typed(Some("application/json")),
                said(),
            ),
            (Reply::document(&whole).typed(Some("text/plain")), said()),
        ),
        Kind::new(
            "forms-swapped",
            (Reply::document(&whole), said()),
            (Reply::events(stream.clone()), said()),
        ),
        Kind::new(
            "document-as-events",
            (Reply::document(&whole).typed(Some("text/event-stream")), said()),
            (Reply::document(&whole).typed(Some("text/event-stream")), said()),
        ),
        Kind::new(
            "broken-off",
            (
                Reply::events(words(&["Hello", " wor"], &Value::Null)).broken(),
                Stored::Error("Hello wor", "broke off"),
            ),
            (Reply::document(&whole).broken(), Stored::Error("", "broke off")),
        ),
        Kind::new(
            "no-answer",
            (Reply::events(vec![DONE.to_owned()]), Stored::Error("", "empty")),
            (Reply::document(&empty), Stored::Error("", "empty")),
        ),
        Kind::new(
            "access-denied",
            (page.clone(), Stored::Error("", "1020 Access denied")),
            (page.with_status(403), Stored::Error("", "1020 Access denied")),
        ),
    ]
}
