//! Every kind of provider, asked directly and for a chat, streamed and not: what is stored is what was sent.

use std::time::Duration;

use poem::http::Method;
use pretty_assertions::assert_eq;
use serde_json::{Map, Value, json};

use crate::support::{Kind, Reply, Stored, TestApp, ZooServer, kinds};

pub(super) const PATH: &str = "/api/chat/completions";

/// Connects servers, each with its options.
pub(super) async fn connect(app: &TestApp, admin: &str, servers: &[(&ZooServer, Value)]) {
    let urls: Vec<String> = servers.iter().map(|(server, _)| server.url()).collect();
    let options: Map<String, Value> = servers
        .iter()
        .enumerate()
        .map(|(place, (_, options))| (place.to_string(), options.clone()))
        .collect();
    let connections = json!({
        "ENABLE_OPENAI_API": true, "OPENAI_API_BASE_URLS": urls, "OPENAI_API_KEYS": vec!["sk-test"; urls.len()],
        "OPENAI_API_CONFIGS": options,
    });
    app.post("/openai/config/update", admin, connections).await;
    app.get("/api/models?refresh=true", admin).await;
}

pub(super) fn ask(model: &str, is_streamed: bool) -> Value {
    json!({"model": model, "stream": is_streamed, "messages": [{"role": "user", "content": "Hello there"}]})
}

/// Begins an answer in a new chat with a title; answers the chat's id.
async fn begin_answer(app: &TestApp, token: &str, title: &str, mut body: Value) -> String {
    let history = json!({"currentId": "a1", "messages": {
        "u1": {"id": "u1", "parentId": null, "childrenIds": ["a1"], "role": "user", "content": "Hello there"},
        "a1": {
            "id": "a1", "parentId": "u1", "childrenIds": [], "role": "assistant", "content": "", "followUps": ["kept?"],
        },
    }});
    let chat = json!({"chat": {"title": title, "history": history}});
    let chat = app.post("/api/v1/chats/new", token, chat).await;
    let chat = chat["id"].as_str().expect("an id").to_owned();
    app.post(
        &format!("/api/v1/chats/{chat}/tags"),
        token,
        json!({"name": "kept"}),
    )
    .await;
    for (name, value) in [
        ("chat_id", chat.as_str()),
        ("id", "a1"),
        ("parent_id", "u1"),
        ("session_id", "page"),
    ] {
        body[name] = json!(value);
    }
    app.post(PATH, token, body).await;
    chat
}

/// The chat as it is stored when its answer has ended.
async fn stored_chat(app: &TestApp, token: &str, chat: &str) -> Value {
    while app.get(&format!("/api/tasks/chat/{chat}"), token).await != json!({"task_ids": []}) {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    app.get(&format!("/api/v1/chats/{chat}"), token).await
}

/// Has an answer written to a new chat with a title; answers the chat as it is stored then.
pub(super) async fn answer_chat(app: &TestApp, token: &str, title: &str, body: Value) -> Value {
    let chat = begin_answer(app, token, title, body).await;
    stored_chat(app, token, &chat).await
}

/// A stored text with its blocks of reasoning in brackets.
fn shown(content: &str) -> String {
    let mut shown = String::new();
    let mut rest = content;
    while let Some((text, block)) = rest.split_once("<details type=\"reasoning\" done=\"true\"") {
        let (block, after) = block.split_once("</details>\n").expect("a closed block");
        let lines: Vec<&str> = block
            .lines()
            .filter_map(|line| line.strip_prefix("&gt; "))
            .collect();
        shown = shown + text + "[" + &lines.join("\n") + "]";
        rest = after;
    }
    shown + rest
}

fn assert_stored(kind: &Kind, chat: &Value, expected: &Stored) {
    let message = &chat["chat"]["history"]["messages"]["a1"];
    let content = shown(message["content"].as_str().expect("a text"));
    match expected {
        Stored::Answer(text) => {
            assert_eq!(content, *text, "{}: {message}", kind.name);
            assert_eq!(message.get("error"), None, "{}", kind.name);
            assert_eq!(message["usage"], kind.usage, "{}", kind.name);
        }
        Stored::Error(text, words) => {
            assert_eq!(content, *text, "{}: {message}", kind.name);
            let error = message["error"]["content"].to_string();
            assert!(error.contains(words), "{}: {message}", kind.name);
        }
    }
}

async fn start_all(kinds: &[Kind]) -> Vec<ZooServer> {
    let mut servers = Vec::new();
    for kind in kinds {
        servers.push(ZooServer::start(kind.name, kind.streamed.0.clone(), kind.whole.0.clone()).await);
    }
    servers
}

async fn start_app(kinds: &[Kind], servers: &[ZooServer]) -> (TestApp, String) {
    let app = TestApp::start().await;
    let ada = app.sign_up("ada").await;
    let options: Vec<_> = servers
        .iter()
        .zip(kinds)
        .map(|(server, kind)| (server, kind.options.clone()))
        .collect();
    connect(&app, &ada, &options).await;
    (app, ada)
}

#[tokio::test]
async fn what_is_stored_is_what_was_sent() {
    let kinds = kinds();
    let servers = start_all(&kinds).await;
    let (app, ada) = start_app(&kinds, &servers).await;
    for kind in &kinds {
        for (is_streamed, (_, stored)) in [(true, &kind.streamed), (false, &kind.whole)] {
            let chat = answer_chat(&app, &ada, "A title", ask(kind.name, is_streamed)).await;
            assert_stored(kind, &chat, stored);
        }
    }
    drop(servers);
    app.close().await;
}

#[tokio::test]
async fn direct_calls_get_what_the_provider_says() {
    let kinds = kinds();
    let servers = start_all(&kinds).await;
    let (app, ada) = start_app(&kinds, &servers).await;
    for kind in &kinds {
        for (is_streamed, (reply, stored)) in [(true, &kind.streamed), (false, &kind.whole)] {
            if is_streamed && kind.name == "broken-off" {
                // There the answer to the client breaks off too.
                continue;
            }
            let body = Some(ask(kind.name, is_streamed));
            let answer = app.ask(Method::POST, PATH, Some(&ada), body).await;
            let sent = reply.body();
            if kind.name == "broken-off" {
                assert_eq!(answer.status, 502);
                continue;
            }
            assert_eq!(answer.status, reply.status, "{}", kind.name);
            let document: Value = serde_json::from_str(&sent).unwrap_or_else(|_| json!(sent));
            let told = answer.body.to_string();
            match stored {
                Stored::Error(_, words) if reply.status >= 400 => {
                    assert!(told.contains(words), "{}: {told}", kind.name)
                }
                _ => assert_eq!(answer.body, document, "{}", kind.name),
            }
        }
    }
    drop(servers);
    app.close().await;
}

#[tokio::test]
async fn background_answers_that_cannot_be_read_replace_nothing() {
    let document = |content: Value| Reply::document(&json!({"choices": [{"message": {"content": content}}]}));
    let replies = [
        Reply::document(&json!({"error": {"message": "overloaded"}})).with_status(500),
        Reply::document(&json!([{"error": {"message": "bad"}}])).with_status(400),
        Reply::document(&json!({"error": "bad"})),
        Reply::document(&json!({"choices": []})),
        Reply::document(&json!({})),
        document(json!("I would call it a fine conversation.")),
        document(json!("{\"title\": 7, \"tags\": \"none\", \"follow_ups\": null}")),
        document(json!("{\"title\": \"\", \"tags\": [1], \"follow_ups\": [{}]}")),
        document(json!("{\"title\": \"cut off")),
        document(json!("")),
        document(Value::Null),
        document(json!("[\"a\", \"b\"]")),
        document(json!(
            "{\"title\": \"x\", \"tags\": [\"x\"], \"follow_ups\": [\"x\"]}"
        ))
        .broken(),
        Reply::events(vec!["<html>busy</html>".to_owned()]).typed(Some("text/html")),
    ];
    let readable = document(json!([
        {"type": "thinking", "thinking": "{\"title\": \"wrong\"}"},
        {"type": "text", "text": "Sure: {\"title\": \"New\", \"tags\": [\"new\"], \"follow_ups\": [\"next?\"]}"},
    ]));
    let streamed = || {
        Reply::events(vec![
            "data: {\"choices\": [{\"delta\": {\"content\": \"Hi\"}, \"finish_reason\": \"stop\"}]}\n\n"
                .to_owned(),
        ])
    };
    let mut servers = Vec::new();
    for (place, reply) in replies.iter().chain([&readable]).enumerate() {
        servers.push(ZooServer::start(&format!("m{place}"), streamed(), reply.clone()).await);
    }
    let app = TestApp::start().await;
    let ada = app.sign_up("ada").await;
    let connections: Vec<_> = servers.iter().map(|server| (server, json!({}))).collect();
    connect(&app, &ada, &connections).await;
    let ask = |place: usize| {
        let mut body = ask(&format!("m{place}"), true);
        body["background_tasks"] =
            json!({"title_generation": true, "tags_generation": true, "follow_up_generation": true});
        body
    };
    let told = |chat: &Value| {
        let message = &chat["chat"]["history"]["messages"]["a1"];
        assert_eq!(message["content"], "Hi");
        json!([chat["title"], chat["meta"]["tags"], message["followUps"]])
    };
    for (place, reply) in replies.iter().enumerate() {
        let chat = answer_chat(&app, &ada, "Mine", ask(place)).await;
        assert_eq!(told(&chat), json!(["Mine", ["kept"], ["kept?"]]), "{reply:?}");
        let untitled = answer_chat(&app, &ada, "New Chat", ask(place)).await;
        assert_eq!(untitled["title"], "Hello there", "{reply:?}");
    }
    let chat = answer_chat(&app, &ada, "Mine", ask(replies.len())).await;
    assert_eq!(told(&chat), json!(["New", ["new"], ["next?"]]));
    drop(servers);
    app.close().await;
}

fn plain_reply() -> Reply {
    Reply::document(&json!({"choices": [{"message": {"content": "Hi"}, "finish_reason": "stop"}]}))
}

#[tokio::test]
async fn every_request_says_who_sends_it() {
    let server = ZooServer::start("m", plain_reply(), plain_reply()).await;
    let app = TestApp::start().await;
    let ada = app.sign_up("ada").await;
    let own = concat!("keelson/", env!("CARGO_PKG_VERSION"));
    for (headers, name, expected) in [
        (json!({}), "user-agent", own),
        (json!({"User-Agent": "curl/8"}), "user-agent", "curl/8"),
        (json!({"USER-AGENT": "curl/8"}), "user-agent", "curl/8"),
        (json!({"user-agent": "curl/8"}), "user-agent", "curl/8"),
        (json!({}), "authorization", "Bearer sk-test"),
        (json!({"AUTHORIZATION": "Token t"}), "authorization", "Token t"),
        (json!({}), "content-type", "application/json"),
        (
            json!({"Content-type": "application/json; v=2"}),
            "content-type",
            "application/json; v=2",
        ),
    ] {
        let before = server.received().len();
        connect(&app, &ada, &[(&server, json!({"headers": headers}))]).await;
        app.post(PATH, &ada, ask("m", false)).await;
        app.get("/openai/files", &ada).await;
        let received = server.received().split_off(before);
        assert!(
            received.len() >= 3,
            "the list, the chat and the path: {received:?}"
        );
        for request in received {
            assert_eq!(request.header(name), [expected], "{headers}: {request:?}");
        }
    }
    drop(server);
    app.close().await;
}

#[tokio::test]
async fn azure_is_sent_what_it_takes() {
    let server = ZooServer::start("o3-mini", plain_reply(), plain_reply()).await;
    let app = TestApp::start().await;
    let ada = app.sign_up("ada").await;
    let options = json!({"azure": true, "api_version": "2025-01-01-preview"});
    connect(&app, &ada, &[(&server, options)]).await;
    let mut body = ask("o3-mini", false);
    for (name, value) in [
        ("min_p", json!(0.1)),
        ("foo", json!("bar")),
        ("temperature", json!(0.5)),
        ("max_tokens", json!(5)),
        ("seed", json!(7)),
        ("stream_options", json!({"include_usage": true})),
    ] {
        body[name] = value;
    }
    app.post(PATH, &ada, body).await;
    let chat = server.chats().pop().expect("a chat");
    assert!(
        chat.target
            .contains("/openai/deployments/o3-mini/chat/completions?api-version=2025"),
        "{}",
        chat.target
    );
    assert_eq!(chat.header("api-key"), ["sk-test"]);
    assert_eq!(
        chat.body,
        json!({
            "stream": false, "messages": [{"role": "user", "content": "Hello there"}], "seed": 7,
            "stream_options": {"include_usage": true}, "max_completion_tokens": 5,
        })
    );
    drop(server);
    app.close().await;
}

#[tokio::test]
async fn stored_parameters_and_variables_go_out() {
    let server = ZooServer::start("base", plain_reply(), plain_reply()).await;
    let app = TestApp::with(&[("TZ", "Asia/Tokyo")]).await;
    let ada = app.sign_up("ada").await;
    connect(&app, &ada, &[(&server, json!({}))]).await;
    let model = json!({
        "id": "preset", "base_model_id": "base", "name": "Preset", "meta": {},
        "params": {
            "system": "{{CURRENT_TIMEZONE}}, {{USER_NAME}}{{USER_AGE}}", "stop": ["\\n", "终"], "top_k": "40", "num_ctx": 2048,
            "logit_bias": "7:1", "stream_response": false, "reasoning_tags": false, "custom_params": {"foo": "{\"a\": 1}"},
        },
    });
    app.post("/api/v1/models/create", &ada, model).await;
    app.get("/api/models?refresh=true", &ada).await;
    let mut body = ask("preset", true);
    body["params"] = json!({"repeat_penalty": 1.1, "temperature": "0.5", "function_calling": "native"});
    app.post(PATH, &ada, body).await;
    let sent = server.chats().pop().expect("a chat").body;
    assert_eq!(
        sent,
        json!({
            "model": "base", "stream": false,
            "messages": [
                {"role": "system", "content": "Asia/Tokyo, ada"}, {"role": "user", "content": "Hello there"},
            ],
            "repeat_penalty": 1.1, "temperature": 0.5, "stop": ["\n", "终"], "top_k": 40, "num_ctx": 2048,
            "logit_bias": {"7": 1}, "foo": {"a": 1},
        })
    );
    drop(server);
    app.close().await;
}
