//! Notices to people who are away.

use std::time::Duration;

use poem::http::Method;
use pretty_assertions::assert_eq;
use serde_json::{Value, json};

use crate::support::{TestApp, WebhookReceiver};

/// Answers one question of the user in a fresh chat; answers the chat's id once it is done.
async fn answered(app: &TestApp, token: &str) -> String {
    let chat = app
        .post("/api/v1/chats/new", token, json!({"chat": {"title": "Fruit"}}))
        .await["id"]
        .as_str()
        .unwrap()
        .to_owned();
    let body = json!({
        "model": "keelson-demo", "messages": [{"role": "user", "content": "Hello"}],
        "chat_id": chat, "id": "a1", "session_id": "a page",
    });
    app.post("/api/chat/completions", token, body).await;
    let path = format!("/api/tasks/chat/{chat}");
    while app.get(&path, token).await != json!({"task_ids": []}) {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    chat
}

async fn set_webhook(app: &TestApp, token: &str, url: &str) {
    let settings = json!({"ui": {"notifications": {"webhook_url": url}}});
    app.post("/api/v1/users/user/settings/update", token, settings)
        .await;
}

#[tokio::test]
async fn offline_users_are_notified_of_answers() {
    let receiver = WebhookReceiver::start().await;
    let app = TestApp::with(&[
        ("KEELSON_EGRESS_ALLOW", "127.0.0.0/8"),
        ("WEBUI_URL", "https://chat.example.test/"),
    ])
    .await;
    let ada = app.sign_up("ada").await;
    set_webhook(&app, &ada, &receiver.url("/hook")).await;
    let chat = answered(&app, &ada).await;
    let (path, body) = receiver.next_request().await.expect("a notice");
    assert_eq!(path, "/hook");
    assert_eq!(body["action"], "chat");
    assert_eq!(body["title"], "Fruit");
    assert_eq!(body["url"], format!("https://chat.example.test/c/{chat}"));
    assert!(
        body["message"]
            .as_str()
            .unwrap()
            .starts_with("You asked: \"Hello\""),
        "{body}"
    );

    let mut config = app.get("/api/v1/auths/admin/config", &ada).await;
    config["ENABLE_USER_WEBHOOKS"] = json!(false);
    app.post("/api/v1/auths/admin/config", &ada, config).await;
    answered(&app, &ada).await;
    assert_eq!(
        receiver.unexpected_request().await,
        None,
        "the admin switched webhooks off"
    );
    app.close().await;
}

#[tokio::test]
async fn user_webhooks_cannot_reach_private_networks() {
    let receiver = WebhookReceiver::start().await;
    let app = TestApp::start().await;
    let ada = app.sign_up("ada").await;
    let port = receiver.port();
    for url in [
        format!("http://127.0.0.1:{port}/"),
        format!("http://localhost:{port}/"),
        format!("http://[::ffff:127.0.0.1]:{port}/"),
        format!("http://0x7f000001:{port}/"),
        "file:///etc/passwd".to_owned(),
    ] {
        set_webhook(&app, &ada, &url).await;
        answered(&app, &ada).await;
    }
    assert_eq!(receiver.unexpected_request().await, None);
    app.close().await;
}

#[tokio::test]
async fn redirects_are_not_followed() {
    let receiver = WebhookReceiver::start().await;
    let app = TestApp::with(&[("KEELSON_EGRESS_ALLOW", "127.0.0.1")]).await;
    let ada = app.sign_up("ada").await;
    set_webhook(&app, &ada, &receiver.url("/redirect")).await;
    answered(&app, &ada).await;
    assert_eq!(
        receiver.next_request().await.map(|(path, _)| path),
        Some("/redirect".to_owned())
    );
    assert_eq!(receiver.unexpected_request().await, None, "nothing was followed");
    app.close().await;
}

#[tokio::test]
async fn the_admin_webhook_is_notified_of_sign_ups() {
    let receiver = WebhookReceiver::start().await;
    let app = TestApp::with(&[("WEBHOOK_URL", &receiver.url("/signup"))]).await;
    app.sign_up("ada").await;
    let (path, body) = receiver.next_request().await.expect("a notice");
    assert_eq!((path.as_str(), &body["action"]), ("/signup", &json!("signup")));
    let user: Value = serde_json::from_str(body["user"].as_str().unwrap()).unwrap();
    assert_eq!(
        (&user["email"], &user["role"]),
        (&json!("ada@example.test"), &json!("admin"))
    );
    assert!(!body.to_string().contains("a password"));
    let hidden = app.ask(Method::GET, "/api/webhook", None, None).await;
    assert_eq!(hidden.status, 401);
    app.close().await;
}
