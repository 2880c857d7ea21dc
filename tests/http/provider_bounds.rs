//! What a provider sends without end is not kept: it is told which limit it passed, and the connection is closed.

use std::io::Write;
use std::time::Duration;

use flate2::Compression;
use flate2::write::GzEncoder;
use poem::http::{Method, StatusCode};
use serde_json::{Value, json};

use crate::support::{Endless, EndlessUpstream, TestApp};

const JSON: &str = "content-type: application/json\r\n";
const EVENTS: &str = "content-type: text/event-stream\r\n";
/// What the system holds of a connection that nobody reads, at most: the bytes sent beyond the limit.
const IN_FLIGHT: usize = 32 * 1024 * 1024;

const DOCUMENT: &str = "KEELSON_PROVIDER_DOCUMENT_LIMIT";
const ANSWER: &str = "KEELSON_ANSWER_LIMIT";
const LINE: &str = "CHAT_STREAM_RESPONSE_CHUNK_MAX_BUFFER_SIZE";

async fn start(answer: Endless) -> (EndlessUpstream, TestApp, String) {
    let upstream = EndlessUpstream::start(answer).await;
    let url = upstream.url();
    let app = TestApp::with(&[
        ("OPENAI_API_BASE_URL", &url),
        ("OPENAI_API_KEY", "sk-test"),
        (DOCUMENT, "4000000"),
        (ANSWER, "100000"),
        (LINE, "500000"),
    ])
    .await;
    let ada = app.sign_up("ada").await;
    (upstream, app, ada)
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn endless(head: &'static str, start: &'static [u8], again: Vec<u8>) -> Endless {
    Endless {
        head,
        start,
        again,
        in_list: false,
    }
}

fn delta(field: &str, text: &str) -> Vec<u8> {
    format!("data: {}\n\n", json!({"choices": [{"delta": {field: text}}]})).into_bytes()
}

fn question(is_streamed: bool) -> Value {
    json!({"model": "endless", "stream": is_streamed, "messages": [{"role": "user", "content": "Go on"}]})
}

#[tokio::test]
async fn documents_without_end_are_refused() {
    let text = "x".repeat(10_000).into_bytes();
    // A member of 64 MB, of which a few kilobytes are sent: zeros, as a text and as a list.
    let bomb = gzip(&vec![b'x'; 64 * 1024 * 1024]);
    for (answer, words) in [
        (
            endless(JSON, b"{\"choices\":[{\"message\":{\"content\":\"", text.clone()),
            DOCUMENT,
        ),
        (endless(JSON, b"[", b"0,".repeat(5_000)), DOCUMENT),
        (endless(JSON, b"{\"a\":", b"[".repeat(10_000)), DOCUMENT),
        (endless(JSON, b"{", b"\"a\":\"\",".repeat(5_000)), DOCUMENT),
        (endless("", b"", b" ".repeat(10_000)), DOCUMENT),
        (
            endless("content-type: text/plain\r\n", b"{\"choices\":\"", text.clone()),
            DOCUMENT,
        ),
        (
            endless(
                "content-type: application/json\r\ncontent-encoding: gzip\r\n",
                b"",
                bomb,
            ),
            DOCUMENT,
        ),
    ] {
        let shown = String::from_utf8_lossy(answer.start).into_owned();
        let (upstream, app, ada) = start(answer).await;
        app.get("/api/models", &ada).await;
        let reply = app
            .ask(
                Method::POST,
                "/api/chat/completions",
                Some(&ada),
                Some(question(false)),
            )
            .await;
        let detail = reply.body["detail"].to_string();
        assert_eq!(reply.status, StatusCode::BAD_GATEWAY, "{shown}: {detail}");
        assert!(detail.contains(words), "{shown}: {detail}");
        assert!(detail.len() < 1_000, "{shown}: {}", detail.len());
        assert!(upstream.sent() < IN_FLIGHT, "{shown}: {}", upstream.sent());
    }
}

#[tokio::test]
async fn lists_of_models_without_end_take_no_other_list_down() {
    for (head, begin, again) in [
        (
            JSON,
            &b"{\"data\":["[..],
            b"{\"id\":\"more\",\"name\":\"More of the same\"},".repeat(100),
        ),
        (JSON, b"[", b"0,".repeat(5_000)),
        (JSON, b"", b" ".repeat(10_000)),
        ("", b"", b"x".repeat(10_000)),
    ] {
        let answer = Endless {
            in_list: true,
            ..endless(head, begin, again)
        };
        let (upstream, app, ada) = start(answer).await;
        let models = app.get("/api/models?refresh=true", &ada).await;
        assert!(models["data"].as_array().is_some(), "{models}");
        assert!(upstream.sent() < IN_FLIGHT, "{}", upstream.sent());
    }
}

/// Has an answer written to a new chat; answers its message as it is stored then.
async fn answer_chat(app: &TestApp, token: &str) -> Value {
    let history = json!({"currentId": "a1", "messages": {
        "u1": {"id": "u1", "parentId": null, "childrenIds": ["a1"], "role": "user", "content": "Go on"},
        "a1": {"id": "a1", "parentId": "u1", "childrenIds": [], "role": "assistant", "content": ""},
    }});
    let chat = json!({"chat": {"title": "Endless", "history": history}});
    let chat = app.post("/api/v1/chats/new", token, chat).await;
    let chat = chat["id"].as_str().unwrap();
    let mut body = question(true);
    for (name, value) in [
        ("chat_id", chat),
        ("id", "a1"),
        ("parent_id", "u1"),
        ("session_id", "page"),
    ] {
        body[name] = json!(value);
    }
    app.post("/api/chat/completions", token, body).await;
    while app.get(&format!("/api/tasks/chat/{chat}"), token).await != json!({"task_ids": []}) {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    let stored = app.get(&format!("/api/v1/chats/{chat}"), token).await;
    stored["chat"]["history"]["messages"]["a1"].clone()
}

#[tokio::test]
async fn answers_without_end_are_kept_up_to_their_limit() {
    for (answer, words, kept) in [
        (
            endless(EVENTS, b"", delta("content", &"word ".repeat(20))),
            ANSWER,
            true,
        ),
        (
            endless(EVENTS, b"", delta("content", &"word ".repeat(2_000))),
            ANSWER,
            true,
        ),
        (
            endless(EVENTS, b"", delta("reasoning_content", "thought\n")),
            ANSWER,
            true,
        ),
        (
            endless(EVENTS, b"", delta("content", "<think>a</think>b")),
            ANSWER,
            true,
        ),
        (
            endless(
                EVENTS,
                b"data: {\"choices\":[{\"delta\":{\"content\":\"",
                b"x".repeat(10_000),
            ),
            LINE,
            false,
        ),
        (endless(EVENTS, b"", b"x".repeat(10_000)), LINE, false),
    ] {
        let shown = String::from_utf8_lossy(&answer.again[..40]).into_owned();
        let (upstream, app, ada) = start(answer).await;
        app.get("/api/models", &ada).await;
        let message = answer_chat(&app, &ada).await;
        let error = message["error"]["content"].to_string();
        let content = message["content"].as_str().unwrap_or_default().len();
        assert!(error.contains(words), "{shown}: {error}");
        assert_eq!(content > 0, kept, "{shown}: {content}");
        assert!(upstream.sent() < IN_FLIGHT, "{shown}: {}", upstream.sent());
    }
}
