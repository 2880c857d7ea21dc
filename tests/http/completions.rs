use std::time::Duration;

use poem::http::{Method, StatusCode};
use pretty_assertions::assert_eq;
use serde_json::{Value, json};

use crate::rooms::{RequiredRole::User, Roles};
use crate::support::{TestApp, Upstream};

inventory::submit! {
    Roles(&[
        ("*", "/api/chat/*", User),
        ("*", "/api/v1/chat/*", User),
    ])
}

const PATH: &str = "/api/chat/completions";

fn ask(model: &str) -> Value {
    json!({"model": model, "messages": [{"role": "user", "content": "Hello"}]})
}

#[tokio::test]
async fn the_demo_model_answers_where_no_provider_is() {
    let app = TestApp::start().await;
    let ada = app.sign_up("ada").await;
    let answer = app.post(PATH, &ada, ask("keelson-demo")).await;
    let text = answer["choices"][0]["message"]["content"].as_str().unwrap();
    assert!(text.starts_with("You asked: \"Hello\""), "{text}");

    let other = TestApp::with(&[
        ("OPENAI_API_BASE_URLS", "http://127.0.0.1:1/v1"),
        ("OPENAI_API_KEYS", "k"),
    ])
    .await;
    let ada = other.sign_up("ada").await;
    assert_eq!(
        other.get("/api/models", &ada).await,
        json!({"data": []}),
        "a dead provider costs nothing else"
    );
}

#[tokio::test]
async fn invalid_requests_name_the_field() {
    let app = TestApp::start().await;
    let ada = app.sign_up("ada").await;
    for (body, named) in [
        (json!({"messages": []}), "model"),
        (json!({"model": "keelson-demo"}), "messages"),
        (ask("nothing"), "model"),
    ] {
        let answer = app.ask(Method::POST, PATH, Some(&ada), Some(body)).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST);
        assert!(
            answer.body["detail"].as_str().unwrap().contains(named),
            "{}",
            answer.body
        );
    }
    app.close().await;
}

/// Starts an answer in a fresh chat of the user.
async fn start(app: &TestApp, token: &str) -> (String, String) {
    let history = json!({"currentId": "a1", "messages": {
        "u1": {"id": "u1", "parentId": null, "childrenIds": ["a1"], "role": "user", "content": "Hello"},
        "a1": {"id": "a1", "parentId": "u1", "childrenIds": [], "role": "assistant", "content": ""},
    }});
    let chat = app
        .post(
            "/api/v1/chats/new",
            token,
            json!({"chat": {"title": "New Chat", "history": history}}),
        )
        .await["id"]
        .as_str()
        .unwrap()
        .to_owned();
    let mut body = ask("keelson-demo");
    body["stream"] = json!(true);
    body["chat_id"] = json!(chat);
    body["id"] = json!("a1");
    body["parent_id"] = json!("u1");
    body["session_id"] = json!("a page");
    body["background_tasks"] = json!({"title_generation": true, "tags_generation": true});
    let task = app.post(PATH, token, body).await["task_id"]
        .as_str()
        .unwrap()
        .to_owned();
    (chat, task)
}

#[tokio::test]
async fn a_session_answer_is_stored_with_title_and_tags() {
    let app = TestApp::start().await;
    let ada = app.sign_up("ada").await;
    let (chat, task) = start(&app, &ada).await;
    let path = format!("/api/tasks/chat/{chat}");
    assert_eq!(app.get(&path, &ada).await, json!({"task_ids": [task]}));
    while app.get(&path, &ada).await != json!({"task_ids": []}) {
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let stored = app.get(&format!("/api/v1/chats/{chat}"), &ada).await;
    let answer = &stored["chat"]["history"]["messages"]["a1"];
    assert!(
        answer["content"].as_str().unwrap().ends_with("OpenAI protocol."),
        "{answer}"
    );
    assert_eq!(
        (&answer["parentId"], &answer["model"]),
        (&json!("u1"), &json!("keelson-demo"))
    );
    assert_eq!(answer.get("done"), None);
    assert_eq!(stored["title"], json!("A first conversation"));
    assert_eq!(stored["meta"]["tags"], json!(["demo"]));
    app.close().await;
}

#[tokio::test]
async fn only_the_owner_and_admins_stop_an_answer() {
    let app = TestApp::start().await;
    let admin = app.sign_up("ada").await;
    let (ben, cleo) = (
        app.add_user(&admin, "ben").await,
        app.add_user(&admin, "cleo").await,
    );
    let (chat, task) = start(&app, &ben).await;
    assert_eq!(app.get("/api/tasks", &cleo).await, json!({"tasks": []}));
    let stop = format!("/api/tasks/stop/{task}");
    assert_eq!(app.post(&stop, &cleo, json!({})).await["status"], json!(false));

    tokio::time::sleep(Duration::from_millis(500)).await;
    assert_eq!(app.post(&stop, &ben, json!({})).await["status"], json!(true));
    tokio::time::sleep(Duration::from_millis(200)).await;
    let stored = app.get(&format!("/api/v1/chats/{chat}"), &ben).await;
    let text = stored["chat"]["history"]["messages"]["a1"]["content"]
        .as_str()
        .unwrap()
        .to_owned();
    assert!(
        text.starts_with("You asked") && !text.ends_with("protocol."),
        "{text}"
    );
    let other = app.ask(Method::POST, &stop, Some(&ben), None).await;
    assert_eq!(other.body["status"], json!(false), "it is gone");
    app.close().await;
}

#[tokio::test]
async fn a_chat_of_another_user_is_refused() {
    let app = TestApp::start().await;
    let admin = app.sign_up("ada").await;
    let ben = app.add_user(&admin, "ben").await;
    let (chat, _) = start(&app, &admin).await;
    let mut body = ask("keelson-demo");
    for (name, value) in [("chat_id", chat.as_str()), ("id", "a1"), ("session_id", "p")] {
        body[name] = json!(value);
    }
    let answer = app.ask(Method::POST, PATH, Some(&ben), Some(body)).await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{}", answer.body);
    app.close().await;
}

#[tokio::test]
async fn cached_model_lists_are_warmed_at_start() {
    let upstream = Upstream::start().await;
    let app = TestApp::with(&[
        ("OPENAI_API_BASE_URLS", &upstream.url()),
        ("OPENAI_API_KEYS", "k"),
        ("ENABLE_BASE_MODELS_CACHE", "true"),
    ])
    .await;
    app.warm().await;
    assert_eq!(upstream.asked("/models").len(), 1);
    let ada = app.sign_up("ada").await;
    let listed = app.get("/api/models", &ada).await;
    assert!(
        listed["data"]
            .as_array()
            .unwrap()
            .iter()
            .any(|model| model["id"] == "echo")
    );
    assert_eq!(upstream.asked("/models").len(), 1, "it was kept");
    app.close().await;
}
