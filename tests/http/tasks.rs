use poem::http::{Method, StatusCode};
use pretty_assertions::assert_eq;
use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;

use crate::rooms::{
    Making, Named, Objects,
    RequiredRole::{Admin, User},
    Roles,
};
use crate::support::{TestApp, assert_wire};

inventory::submit! {
    Roles(&[
        ("*", "/api/tasks*", User),
        ("POST", "/api/v1/tasks/config/update", Admin),
        ("*", "/api/v1/tasks/*", User),
    ])
}

inventory::submit! {
    Objects {
        make: |making| Box::pin(task_of(making)),
        seen_at: &["/api/tasks"],
    }
}

/// A task that runs until it is stopped.
async fn task_of(making: &Making<'_>) -> Vec<Named> {
    let user = making.app.id_of(making.owner).await;
    let work = |stop: CancellationToken| async move { stop.cancelled().await };
    let tasks = &making.app.app.services.tasks;
    let task = tasks
        .start(&user.as_str().into(), "a-chat", work)
        .await
        .expect("a task");
    vec![Named {
        below: "",
        name: "task_id",
        id: task.into_string(),
    }]
}

fn ask(more: &Value) -> Value {
    let mut body = json!({"model": "keelson-demo", "messages": [{"role": "user", "content": "Hello"}]});
    for (name, value) in more.as_object().unwrap() {
        body[name] = value.clone();
    }
    body
}

/// What the model wrote.
fn written(answer: &Value) -> &str {
    answer["choices"][0]["message"]["content"].as_str().unwrap()
}

#[tokio::test]
async fn background_generations() {
    let app = TestApp::start().await;
    let ada = app.sign_up("ada").await;
    let plain = ask(&json!({}));
    assert_wire(
        &app.post("/api/v1/tasks/title/completions", &ada, plain.clone())
            .await,
        json!({
            "id": "chatcmpl-demo", "object": "chat.completion", "created": 0, "model": "keelson-demo",
            "choices": [
                {
                    "index": 0, "message": {"role": "assistant", "content": "{\"title\":\"A first conversation\"}"},
                    "finish_reason": "stop",
                },
            ],
        }),
    );
    let tags = app
        .post("/api/v1/tasks/tags/completions", &ada, plain.clone())
        .await;
    assert_eq!(written(&tags), r#"{"tags":["Demo"]}"#);
    let next = app
        .post("/api/v1/tasks/follow_up/completions", &ada, plain.clone())
        .await;
    assert!(written(&next).starts_with(r#"{"follow_ups":["#), "{next}");
    let queries = ask(&json!({"type": "web_search"}));
    let queries = app.post("/api/v1/tasks/queries/completions", &ada, queries).await;
    assert_eq!(written(&queries), r#"{"queries":[]}"#);
    let emoji = ask(&json!({"prompt": "a cat"}));
    let emoji = app.post("/api/v1/tasks/emoji/completions", &ada, emoji).await;
    assert!(written(&emoji).starts_with("You asked:"), "{emoji}");
    let picture = app
        .post("/api/v1/tasks/image_prompt/completions", &ada, plain)
        .await;
    assert!(written(&picture).starts_with("You asked:"), "{picture}");
    let merge = ask(&json!({"prompt": "Which?", "responses": ["one", "two"]}));
    let merged = app.post("/api/v1/tasks/moa/completions", &ada, merge).await;
    assert!(written(&merged).starts_with("You asked:"), "{merged}");
    app.close().await;
}

#[tokio::test]
async fn invalid_generation_requests_are_refused() {
    let app = TestApp::start().await;
    let ada = app.sign_up("ada").await;
    let unknown = Some(json!({"model": "none", "messages": []}));
    app.refuses(
        (Method::POST, "/api/v1/tasks/title/completions"),
        &ada,
        unknown,
        (404, "There is no such model."),
    )
    .await;
    let plain = Some(ask(&json!({})));
    app.refuses(
        (Method::POST, "/api/v1/tasks/queries/completions"),
        &ada,
        plain.clone(),
        (400, "\"type\" must be web_search or retrieval."),
    )
    .await;
    let answer = app
        .ask(Method::POST, "/api/v1/tasks/auto/completions", Some(&ada), plain)
        .await;
    assert_wire(
        &json!([answer.status.as_u16(), answer.body]),
        json!([400, {"detail": "Autocompletion is not allowed."}]),
    );
    let mut settings = app.get("/api/v1/tasks/config", &ada).await;
    settings["ENABLE_TITLE_GENERATION"] = json!(false);
    app.post("/api/v1/tasks/config/update", &ada, settings).await;
    let off = app
        .post("/api/v1/tasks/title/completions", &ada, ask(&json!({})))
        .await;
    assert_wire(&off, json!({"detail": "title generation is disabled"}));
    app.close().await;
}

#[tokio::test]
async fn running_tasks_are_listed_and_stopped() {
    let app = TestApp::start().await;
    let ada = app.sign_up("ada").await;
    let ben = app.add_user(&ada, "ben").await;
    let owner = app.id_of(&ben).await.into();
    let work = |stop: CancellationToken| async move { stop.cancelled().await };
    let tasks = &app.app.services.tasks;
    let id = tasks.start(&owner, "a chat", work).await.unwrap();
    assert_wire(&app.get("/api/tasks", &ben).await, json!({"tasks": ["<uuid>"]}));
    assert_eq!(
        app.get("/api/tasks", &ada).await,
        json!({"tasks": [id]}),
        "an admin sees all"
    );
    assert_eq!(
        app.get("/api/tasks/chat/a%20chat", &ben).await,
        json!({"task_ids": [id]})
    );
    assert_wire(
        &app.get("/api/tasks/chat/none", &ben).await,
        json!({"task_ids": []}),
    );
    assert_wire(
        &app.post(&format!("/api/tasks/stop/{id}"), &ben, json!({})).await,
        json!({"status": true, "message": "Task <uuid> was stopped."}),
    );
    assert_wire(
        &app.post("/api/tasks/stop/none", &ben, json!({})).await,
        json!({"status": false, "message": "There is no task none."}),
    );
    assert_wire(&app.get("/api/tasks", &ada).await, json!({"tasks": []}));
    app.close().await;
}

#[tokio::test]
async fn completed_returns_the_body() {
    let app = TestApp::start().await;
    let ada = app.sign_up("ada").await;
    let body = json!({"model": "keelson-demo", "messages": [{"id": "m", "content": "c"}], "x": 1});
    assert_eq!(app.post("/api/chat/completed", &ada, body.clone()).await, body);
    app.refuses(
        (Method::POST, "/api/chat/completed"),
        &ada,
        Some(json!({"model": "none"})),
        (400, "There is no such model."),
    )
    .await;
    app.refuses(
        (Method::POST, "/api/chat/actions/none"),
        &ada,
        Some(json!({})),
        (400, "There is no action none."),
    )
    .await;
    let answer = app.ask(Method::GET, "/api/usage", Some(&ada), None).await;
    assert_eq!(
        (answer.status, answer.body),
        (StatusCode::OK, json!({"model_ids": [], "user_count": 1}))
    );
    app.close().await;
}
