//! Answers whose provider, reader or chat fails in the middle.

use std::time::Duration;

use poem::http::Method;
use pretty_assertions::assert_eq;
use serde_json::{Value, json};

use crate::support::{Reply, StalledUpstream, TestApp, Upstream, ZooServer};

/// A server with short time-outs over a provider, and somebody who is signed in.
async fn over(provider: &str, more: &[(&str, &str)]) -> (TestApp, String) {
    let mut variables = vec![
        ("OPENAI_API_BASE_URLS", provider),
        ("OPENAI_API_KEYS", "sk-key"),
        ("AIOHTTP_CLIENT_TIMEOUT", "1"),
        ("KEELSON_STREAM_IDLE_TIMEOUT", "1"),
    ];
    variables.extend_from_slice(more);
    let app = TestApp::with(&variables).await;
    let ada = app.sign_up("ada").await;
    (app, ada)
}

/// The same over an [`Upstream`].
async fn start_with_upstream() -> (Upstream, TestApp, String) {
    let upstream = Upstream::start().await;
    let (app, ada) = over(&upstream.url(), &[]).await;
    (upstream, app, ada)
}

async fn chat(app: &TestApp, token: &str) -> String {
    let made = app
        .post("/api/v1/chats/new", token, json!({"chat": {"title": "T"}}))
        .await;
    made["id"].as_str().unwrap().to_owned()
}

/// Starts an answer; answers the task.
async fn ask(app: &TestApp, token: &str, chat: &str, message: &str, model: &str) -> String {
    let body = json!({
        "model": model, "messages": [{"role": "user", "content": "Hello"}], "stream": true,
        "chat_id": chat, "id": message, "parent_id": "u1", "session_id": "a page",
    });
    let answer = app.post("/api/chat/completions", token, body).await;
    answer["task_id"].as_str().unwrap().to_owned()
}

/// Waits until nothing runs on the chat; answers the message as it is stored.
async fn ended(app: &TestApp, token: &str, chat: &str, message: &str) -> Value {
    let path = format!("/api/tasks/chat/{chat}");
    let patience = Duration::from_secs(20);
    let quiet = async {
        while app.get(&path, token).await != json!({"task_ids": []}) {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(patience, quiet)
        .await
        .expect("the answer ends");
    let stored = app.get(&format!("/api/v1/chats/{chat}"), token).await;
    stored["chat"]["history"]["messages"][message].clone()
}

/// Waits until the provider has no answer open any more.
async fn wait_until_released(upstream: &Upstream) {
    let closed = async {
        while upstream.open() > 0 {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(5), closed)
        .await
        .expect("the provider was let go");
}

#[tokio::test]
async fn an_unresponsive_provider_times_out() {
    let provider = StalledUpstream::start("").await;
    let (app, ada) = over(&provider.url(), &[]).await;
    let chat = chat(&app, &ada).await;
    ask(&app, &ada, &chat, "a1", "stalled").await;
    let message = ended(&app, &ada, &chat, "a1").await;
    assert_eq!(
        message["error"]["content"],
        "the provider did not answer in time (first byte)"
    );
    provider.wait_for_open_requests(0).await;
    let body = json!({"model": "stalled", "messages": [{"role": "user", "content": "Hello"}]});
    let direct = app
        .ask(Method::POST, "/api/chat/completions", Some(&ada), Some(body))
        .await;
    assert_eq!(direct.status, 504, "{}", direct.body);
}

#[tokio::test]
async fn a_stalled_stream_keeps_its_text() {
    let provider =
        StalledUpstream::start("data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"half\"}}]}\n\n")
            .await;
    let (app, ada) = over(&provider.url(), &[]).await;
    let chat = chat(&app, &ada).await;
    ask(&app, &ada, &chat, "a1", "stalled").await;
    let message = ended(&app, &ada, &chat, "a1").await;
    assert_eq!(message["content"], "half");
    assert_eq!(
        message["error"]["content"],
        "the provider did not answer in time (idle)"
    );
    provider.wait_for_open_requests(0).await;
}

#[tokio::test]
async fn an_interrupted_stream_keeps_its_text() {
    let half = "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"half\"}}]}\n\n";
    // Closed without the last chunk of the transfer: a body that ends as HTTP has it is a complete answer.
    let reply = Reply::events(vec![half.to_owned()]).broken();
    let provider = ZooServer::start("broken", reply.clone(), reply).await;
    let (app, ada) = over(&provider.url(), &[]).await;
    let chat = chat(&app, &ada).await;
    ask(&app, &ada, &chat, "a1", "broken").await;
    let message = ended(&app, &ada, &chat, "a1").await;
    assert_eq!(message["content"], "half");
    assert_eq!(message["error"]["content"], "the provider's answer broke off");
}

#[tokio::test]
async fn stopping_closes_the_request_to_a_stalled_provider() {
    let provider = StalledUpstream::start("").await;
    let (app, ada) = over(&provider.url(), &[("AIOHTTP_CLIENT_TIMEOUT", "60")]).await;
    let chat = chat(&app, &ada).await;
    let task = ask(&app, &ada, &chat, "a1", "stalled").await;
    provider.wait_for_open_requests(1).await;
    let stopped = app
        .post(&format!("/api/tasks/stop/{task}"), &ada, json!({}))
        .await;
    assert_eq!(stopped["status"], true);
    let message = ended(&app, &ada, &chat, "a1").await;
    assert_eq!(
        (message.get("error"), &message["model"]),
        (None, &json!("stalled"))
    );
    provider.wait_for_open_requests(0).await;
    app.close().await;
}

#[tokio::test]
async fn characters_split_across_chunks_are_joined() {
    let (_upstream, app, ada) = start_with_upstream().await;
    let chat = chat(&app, &ada).await;
    ask(&app, &ada, &chat, "a1", "split").await;
    assert_eq!(ended(&app, &ada, &chat, "a1").await["content"], "Grüße 👋🏽 日本語");
}

#[tokio::test]
async fn a_megabyte_is_sent_and_received() {
    let (upstream, app, ada) = start_with_upstream().await;
    let chat = chat(&app, &ada).await;
    let question = "q".repeat(1 << 20);
    let body = json!({
        "model": "big", "messages": [{"role": "user", "content": question}], "stream": true,
        "chat_id": chat, "id": "a1", "session_id": "a page",
    });
    app.post("/api/chat/completions", &ada, body).await;
    let message = ended(&app, &ada, &chat, "a1").await;
    assert_eq!(message["content"].as_str().unwrap().len(), 1 << 20);
    let sent = &upstream.asked("/chat/completions")[0].body;
    assert_eq!(sent["messages"][0]["content"].as_str().unwrap().len(), 1 << 20);
}

#[tokio::test]
async fn two_models_answer_in_one_chat_concurrently() {
    let (_upstream, app, ada) = start_with_upstream().await;
    let chat = chat(&app, &ada).await;
    let (first, second) = (
        ask(&app, &ada, &chat, "a1", "echo").await,
        ask(&app, &ada, &chat, "a2", "split").await,
    );
    assert_ne!(first, second);
    ended(&app, &ada, &chat, "a1").await;
    // Regenerating makes a message of its own beside the first.
    ask(&app, &ada, &chat, "a3", "echo").await;
    ended(&app, &ada, &chat, "a3").await;
    let stored = app.get(&format!("/api/v1/chats/{chat}"), &ada).await;
    let history = &stored["chat"]["history"];
    let said = |id: &str| history["messages"][id]["content"].as_str().unwrap().to_owned();
    assert_eq!(said("a1"), "You said: Hello");
    assert_eq!(said("a2"), "Grüße 👋🏽 日本語");
    assert_eq!(said("a3"), "You said: Hello");
    assert_eq!(history["messages"]["a3"]["parentId"], "u1");
    assert_eq!(history["currentId"], "a3");
}

#[tokio::test]
async fn deleting_a_chat_ends_its_answer() {
    let (upstream, app, ada) = start_with_upstream().await;
    let chat = chat(&app, &ada).await;
    ask(&app, &ada, &chat, "a1", "slow").await;
    while upstream.open() == 0 {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    let path = format!("/api/v1/chats/{chat}");
    assert_eq!(
        app.ask(Method::DELETE, &path, Some(&ada), None).await.body,
        json!(true)
    );
    // The whole answer would take five seconds.
    tokio::time::timeout(Duration::from_secs(4), wait_until_released(&upstream))
        .await
        .expect("nobody would read the rest");
    let gone = app.ask(Method::GET, &path, Some(&ada), None).await;
    assert_eq!(gone.status, 401, "it did not come back");
}

#[tokio::test]
async fn api_keys_are_sent_when_configured() {
    let (upstream, app, ada) = start_with_upstream().await;
    let ask = |model: &str| json!({"model": model, "messages": [{"role": "user", "content": "Hello"}]});
    let sent = || upstream.asked("/chat/completions").pop().unwrap().authorization;
    let connect = async |options: Value, key: &str| {
        let config = json!({
            "ENABLE_OPENAI_API": true, "OPENAI_API_BASE_URLS": [upstream.url()], "OPENAI_API_KEYS": [key],
            "OPENAI_API_CONFIGS": {"0": options},
        });
        app.post("/openai/config/update", &ada, config).await;
    };
    app.post("/api/chat/completions", &ada, ask("echo")).await;
    assert_eq!(sent().as_deref(), Some("Bearer sk-key"));
    connect(json!({}), "").await;
    app.post("/api/chat/completions", &ada, ask("echo")).await;
    assert_eq!(sent(), None, "a key that is empty is none");
    connect(json!({"auth_type": "session"}), "sk-key").await;
    app.post("/api/chat/completions", &ada, ask("echo")).await;
    assert_eq!(sent(), Some(format!("Bearer {ada}")));
    let listed = upstream.asked("/models").pop().unwrap().authorization;
    assert_eq!(listed.as_deref(), Some("Bearer sk-key"), "lists are everybody's");
    connect(
        json!({"auth_type": "system_oauth", "model_ids": ["echo"]}),
        "sk-key",
    )
    .await;
    let refused = app
        .ask(
            Method::POST,
            "/api/chat/completions",
            Some(&ada),
            Some(ask("echo")),
        )
        .await;
    assert_eq!(refused.status, 502);
    assert!(
        refused.body["detail"].as_str().unwrap().contains("system_oauth"),
        "{}",
        refused.body
    );
}
