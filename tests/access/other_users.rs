//! Objects of others: each operation that names one in its path, asked by somebody whom it does not concern.

use poem::http::{Method, StatusCode};
use pretty_assertions::assert_eq;
use serde_json::{Value, json};

use super::objects::Objects;
use crate::support::{TestApp, operations};

/// What a user gets who names another's object.
enum ForOthers {
    /// The operation is for all users, whosever the object is.
    Open,
    /// As the reference does, a success that says nothing of the object and does nothing to it.
    Says(Value),
    /// A refusal with another status.
    Refuses(u16),
}

use ForOthers::{Open, Refuses, Says};

/// The operations that do not refuse a stranger with 401, 403 or 404, each with the reason.
fn exceptions() -> Vec<(&'static str, ForOthers, &'static str)> {
    vec![
        (
            "GET /api/v1/users/{user_id}",
            Open,
            "people see whom they talk to",
        ),
        (
            "GET /api/v1/users/{user_id}/active",
            Open,
            "people see who is there",
        ),
        (
            "GET /api/v1/users/{user_id}/profile/image",
            Open,
            "pictures stand beside what people write",
        ),
        (
            "GET /api/v1/chats/share/{share_id}",
            Open,
            "that is what sharing is for",
        ),
        ("GET /openai/models/{url_idx}", Open, "a connection is nobody's"),
        (
            "GET /api/v1/chats/folder/{folder_id}",
            Says(json!([])),
            "a folder holds the caller's own chats",
        ),
        (
            "GET /api/v1/chats/folder/{folder_id}/list",
            Says(json!([])),
            "the same",
        ),
        (
            "DELETE /api/v1/chats/{id}",
            Says(json!(true)),
            "deleting what one does not have is done",
        ),
        (
            "GET /api/tasks/chat/{chat_id}",
            Says(json!({"task_ids": []})),
            "only the caller's tasks are listed",
        ),
        (
            "POST /api/tasks/stop/{task_id}",
            Says(json!({"status": false})),
            "as for a task that does not run",
        ),
        (
            "POST /api/chat/actions/{action_id}",
            Refuses(400),
            "there are no actions",
        ),
    ]
}

/// Whether an answer is what an exception says; a document may hold more text, but no other fields than the reference's.
fn says(answer: &Value, expected: &Value) -> bool {
    match (answer, expected) {
        (Value::Object(answer), Value::Object(expected)) => expected
            .iter()
            .all(|(name, value)| answer.get(name) == Some(value)),
        _ => answer == expected,
    }
}

#[tokio::test]
async fn objects_of_other_users_are_refused() {
    let app = TestApp::start().await;
    let ada = app.sign_up("ada").await;
    let (owner, stranger) = (app.add_user(&ada, "ben").await, app.add_user(&ada, "cleo").await);
    let pending = app.add_account(&ada, "pending", "pending").await;
    let objects = Objects::create(&app, &ada, &owner).await;
    let before = objects.seen_by(&app, &owner).await;
    let exceptions = exceptions();
    let (mut wrong, mut unused) = (Vec::new(), exceptions.iter().map(|it| it.0).collect::<Vec<_>>());
    for operation in operations()
        .iter()
        .filter(|operation| !operation.names().is_empty())
    {
        let Some(path) = objects.path(operation) else {
            wrong.push(format!("{operation}: submit an object of its room"));
            continue;
        };
        let name = operation.to_string();
        let exception = exceptions.iter().find(|exception| exception.0 == name);
        unused.retain(|known| *known != name);
        for (who, token) in [
            ("nobody", None),
            ("a pending account", Some(&pending)),
            ("a stranger", Some(&stranger)),
        ] {
            let token = token.map(String::as_str);
            let answer = app
                .ask(operation.method.clone(), &path, token, operation.sample_body())
                .await;
            let refused = [
                StatusCode::UNAUTHORIZED,
                StatusCode::FORBIDDEN,
                StatusCode::NOT_FOUND,
            ]
            .contains(&answer.status);
            let fine = match exception
                .filter(|_| who == "a stranger")
                .map(|exception| &exception.1)
            {
                None => refused,
                Some(Open) => {
                    !answer.status.is_server_error() && !refused || operation.names() == ["url_idx"]
                }
                Some(Says(document)) => answer.status == StatusCode::OK && says(&answer.body, document),
                Some(Refuses(status)) => answer.status.as_u16() == *status,
            };
            if !fine {
                wrong.push(format!("{name} answers {who} {} {}", answer.status, answer.body));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert!(unused.is_empty(), "no operations of these names: {unused:#?}");
    assert_eq!(objects.seen_by(&app, &owner).await, before, "nothing was changed");
    let stop = objects.fill("/api/tasks/stop/{task_id}");
    let stopped = app.ask(Method::POST, &stop, Some(&owner), None).await;
    assert_eq!(stopped.body["status"], json!(true), "its owner may stop it");
    app.close().await;
}

/// Models are named in queries and bodies, because their ids may hold slashes.
#[tokio::test]
async fn objects_of_other_users_in_queries_and_bodies_are_refused() {
    let app = TestApp::start().await;
    let ada = app.sign_up("ada").await;
    let stranger = app.add_user(&ada, "cleo").await;
    let model = json!({
        "id": "private", "base_model_id": "keelson-demo", "name": "P", "params": {}, "meta": {}, "access_control": {},
    });
    app.post("/api/v1/models/create", &ada, model.clone()).await;
    let before = app.get("/api/v1/models/model?id=private", &ada).await;
    let question = json!({"model": "private", "messages": [{"role": "user", "content": "x"}]});
    let chat = app
        .post("/api/v1/chats/new", &ada, json!({"chat": {"title": "T"}}))
        .await;
    let folder = app.post("/api/v1/folders/", &ada, json!({"name": "F"})).await;
    let mut into_chat = question.clone();
    into_chat["model"] = json!("keelson-demo");
    into_chat["chat_id"] = chat["id"].clone();
    into_chat["id"] = json!("m");
    into_chat["session_id"] = json!("s");
    for (path, body, status) in [
        ("/api/v1/models/model/toggle?id=private", json!({}), 401),
        ("/api/v1/models/model/update", model, 400),
        ("/api/v1/models/model/delete", json!({"id": "private"}), 401),
        ("/api/chat/completions", question.clone(), 400),
        ("/openai/chat/completions", question.clone(), 403),
        ("/api/chat/completed", question.clone(), 400),
        ("/api/embeddings", question.clone(), 403),
        ("/api/v1/tasks/title/completions", question, 400),
        ("/api/chat/completions", into_chat, 400),
        (
            "/api/v1/folders/",
            json!({"name": "F", "parent_id": folder["id"]}),
            404,
        ),
    ] {
        let answer = app.ask(Method::POST, path, Some(&stranger), Some(body)).await;
        assert_eq!(answer.status.as_u16(), status, "{path}: {}", answer.body);
    }
    let hidden = app.get("/api/v1/models/model?id=private", &stranger).await;
    assert_eq!(hidden, Value::Null);
    assert_eq!(app.get("/api/v1/models/model?id=private", &ada).await, before);
    app.close().await;
}
