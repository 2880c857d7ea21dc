//! Answers of providers that are no strict JSON: read all the same, directly and for a chat, streamed and not.

use poem::http::Method;
use pretty_assertions::assert_eq;
use serde_json::{Value, json};

use super::zoo::{PATH, answer_chat, ask, connect};
use crate::support::{Reply, TestApp, ZooServer};

/// A field of an answer beside its text, as servers written in Python and JavaScript send it, and what stands around the
/// document.
struct Odd {
    before: &'static str,
    field: String,
    after: &'static str,
}

fn odd() -> Vec<Odd> {
    let deep = format!(r#""x": {}{}"#, "[".repeat(200), "]".repeat(200));
    [
        ("", r#""x": "\ud83d""#, ""),
        ("", r#""\ude00": [1]"#, ""),
        ("", r#""logprobs": NaN"#, ""),
        ("", r#""score": [Infinity, -Infinity]"#, ""),
        ("", r#""created": 1e400, "other": -1e999"#, ""),
        ("\u{feff}", r#""x": 1"#, ""),
        ("\u{feff}\n", r#""x": NaN"#, "\n\n"),
        ("\n\n  ", r#""x": "\ud83d\ud83d\ude00""#, " "),
        ("", &deep, ""),
        ("", r#""id": "once", "id": "twice""#, ""),
        ("", r#""x": "\u0000""#, ""),
    ]
    .map(|(before, field, after)| Odd {
        before,
        field: field.to_owned(),
        after,
    })
    .into()
}

/// A document with an answer in it, under `message` or `delta`.
fn document(name: &str, odd: &Odd) -> String {
    let Odd { before, field, after } = odd;
    format!(
        r#"{before}{{"choices": [{{"index": 0, "{name}": {{"content": "Hi \ud83dthere"}}, "finish_reason": "stop"}}], {field}}}{after}"#
    )
}

/// The answer as a stream of one chunk, and as a document under some content type.
fn replies(odd: &Odd, content_type: Option<&'static str>) -> (Reply, Reply) {
    let line = document("delta", odd).replace('\n', " ");
    let streamed = Reply::events(vec![format!("data: {line}\n\n"), "data: [DONE]\n\n".to_owned()]);
    let whole = Reply::events(vec![document("message", odd)]).typed(content_type);
    (streamed, whole)
}

/// The content types that a document may stand under.
const TYPES: [(&str, Option<&str>); 3] = [
    ("json", Some("application/json")),
    ("text", Some("text/plain")),
    ("none", None),
];

#[tokio::test]
async fn answers_that_are_no_strict_json_are_read() {
    let mut servers = Vec::new();
    for (place, odd) in odd().into_iter().enumerate() {
        for (kind, content_type) in TYPES {
            let (streamed, whole) = replies(&odd, content_type);
            let model = format!("{kind}{place}");
            let server = ZooServer::start(&model, streamed, whole).await;
            servers.push((server, model, odd.field.clone()));
        }
    }
    let app = TestApp::start().await;
    let ada = app.sign_up("ada").await;
    let connections: Vec<(&ZooServer, Value)> =
        servers.iter().map(|(server, ..)| (server, json!({}))).collect();
    connect(&app, &ada, &connections).await;
    for (_, model, odd) in &servers {
        let odd: String = odd.chars().take(60).collect();
        let answer = app
            .ask(Method::POST, PATH, Some(&ada), Some(ask(model, false)))
            .await;
        assert_eq!(answer.status, 200, "{model} {odd}: {}", answer.body);
        let said = &answer.body["choices"][0]["message"]["content"];
        assert_eq!(*said, "Hi there", "{model} {odd}: {}", answer.body);
        for is_streamed in [true, false] {
            let chat = answer_chat(&app, &ada, "A title", ask(model, is_streamed)).await;
            let message = &chat["chat"]["history"]["messages"]["a1"];
            assert_eq!(message["content"], "Hi there", "{model} {odd}: {message}");
            assert_eq!(message.get("error"), None, "{model} {odd}: {message}");
        }
    }
    drop(servers);
    app.close().await;
}
