use poem::http::Method;
use pretty_assertions::assert_eq;
use serde_json::json;

use crate::support::{TestApp, assert_wire};

#[tokio::test]
async fn a_message_is_edited_in_its_chat() {
    let app = TestApp::start().await;
    let ada = app.sign_up("ada").await;
    let history = json!({"currentId": "m", "messages": {"m": {"id": "m", "content": "before", "x": 1}}});
    let chat = json!({"chat": {"title": "T", "history": history}});
    let chat = app.post("/api/v1/chats/new", &ada, chat).await;
    let id = chat["id"].as_str().unwrap();
    let edit = json!({"content": "after"});
    assert_wire(
        &app.post(&format!("/api/v1/chats/{id}/messages/m"), &ada, edit.clone())
            .await,
        json!({
            "id": "<uuid>", "user_id": "<uuid>", "title": "T",
            "chat": {
                "title": "T",
                "history": {"currentId": "m", "messages": {"m": {"id": "m", "x": 1, "content": "after"}}},
            },
            "updated_at": "<seconds>", "created_at": "<seconds>", "share_id": null, "archived": false,
            "pinned": false, "meta": {}, "folder_id": null,
        }),
    );
    let stored = app.get(&format!("/api/v1/chats/{id}"), &ada).await;
    assert_eq!(
        stored["chat"]["history"]["messages"]["m"]["content"],
        json!("after")
    );
    let event = json!({"type": "status", "data": {"done": true}});
    assert_wire(
        &app.post(
            &format!("/api/v1/chats/{id}/messages/m/event"),
            &ada,
            event.clone(),
        )
        .await,
        json!(true),
    );
    app.refuses(
        (Method::POST, "/api/v1/chats/none/messages/m"),
        &ada,
        Some(edit),
        (401, "There is no such chat, or it is not yours."),
    )
    .await;
    app.refuses(
        (Method::POST, "/api/v1/chats/none/messages/m/event"),
        &ada,
        Some(event),
        (401, "There is no such chat, or it is not yours."),
    )
    .await;
    app.close().await;
}

#[tokio::test]
async fn a_chat_is_merged_into() {
    let app = TestApp::start().await;
    let ada = app.sign_up("ada").await;
    let chat = json!({"chat": {"title": "T", "kept": [1], "changed": 1}});
    let chat = app.post("/api/v1/chats/new", &ada, chat).await;
    assert_wire(
        &chat,
        json!({
            "id": "<uuid>", "user_id": "<uuid>", "title": "T", "chat": {"title": "T", "kept": [1], "changed": 1},
            "updated_at": "<seconds>", "created_at": "<seconds>", "share_id": null, "archived": false,
            "pinned": false, "meta": {}, "folder_id": null,
        }),
    );
    let id = chat["id"].as_str().unwrap();
    let change = json!({"chat": {"title": "Renamed", "changed": {"a": null}}});
    assert_wire(
        &app.post(&format!("/api/v1/chats/{id}"), &ada, change).await,
        json!({
            "id": "<uuid>", "user_id": "<uuid>", "title": "Renamed",
            "chat": {"title": "Renamed", "kept": [1], "changed": {"a": null}}, "updated_at": "<seconds>",
            "created_at": "<seconds>", "share_id": null, "archived": false, "pinned": false, "meta": {},
            "folder_id": null,
        }),
    );
    assert_wire(
        &app.delete(&format!("/api/v1/chats/{id}"), &ada).await,
        json!(true),
    );
    app.refuses(
        (Method::GET, &format!("/api/v1/chats/{id}")),
        &ada,
        None,
        (401, "There is no such chat, or it is not yours."),
    )
    .await;
    app.close().await;
}

#[tokio::test]
async fn admins_stay_out_of_chats_where_the_operator_says_so() {
    for (setting, is_open) in [("false", false), ("true", true)] {
        let app = TestApp::with(&[("ENABLE_ADMIN_CHAT_ACCESS", setting)]).await;
        let ada = app.sign_up("ada").await;
        let ben = app.add_user(&ada, "ben").await;
        let history = json!({"currentId": "m", "messages": {"m": {"id": "m", "content": "before"}}});
        let chat = json!({"chat": {"title": "T", "history": history}});
        let chat = app.post("/api/v1/chats/new", &ben, chat).await;
        let path = format!("/api/v1/chats/{}", chat["id"].as_str().unwrap());
        let before = app.get(&path, &ben).await;
        for (path, body) in [
            (format!("{path}/messages/m"), json!({"content": "after"})),
            (
                format!("{path}/messages/m/event"),
                json!({"type": "replace", "data": {"content": "after"}}),
            ),
        ] {
            let answer = app.ask(Method::POST, &path, Some(&ada), Some(body)).await;
            let expected = if is_open { 200 } else { 401 };
            assert_eq!(
                answer.status.as_u16(),
                expected,
                "{setting} {path}: {}",
                answer.body
            );
        }
        if !is_open {
            assert_eq!(app.get(&path, &ben).await, before);
        }
        app.delete(&path, &ada).await;
        let left = app.ask(Method::GET, &path, Some(&ben), None).await;
        assert_eq!(left.status.is_success(), !is_open, "{setting}: {}", left.body);
        app.close().await;
    }
}
