use poem::http::Method;
use pretty_assertions::assert_eq;
use serde_json::json;

use crate::support::{TestApp, assert_wire};

#[tokio::test]
async fn shared_copies_are_read_and_cloned_by_all_users() {
    let app = TestApp::start().await;
    let ada = app.sign_up("ada").await;
    let (ben, cleo) = (app.add_user(&ada, "ben").await, app.add_user(&ada, "cleo").await);
    let chat = json!({"chat": {"title": "Mine", "x": 1}});
    let chat = app.post("/api/v1/chats/new", &ben, chat).await;
    let id = chat["id"].as_str().unwrap();
    let copy = app
        .post(&format!("/api/v1/chats/{id}/share"), &ben, json!({}))
        .await;
    assert_wire(
        &copy,
        json!({
            "id": "<uuid>", "user_id": "shared-<uuid>", "title": "Mine", "chat": {"title": "Mine", "x": 1},
            "updated_at": "<seconds>", "created_at": "<seconds>", "share_id": null, "archived": false,
            "pinned": false, "meta": {}, "folder_id": null,
        }),
    );
    let share = copy["id"].as_str().unwrap();
    assert_eq!(
        app.get(&format!("/api/v1/chats/{id}"), &ben).await["share_id"],
        json!(share)
    );
    assert_eq!(
        app.get(&format!("/api/v1/chats/share/{share}"), &cleo).await,
        copy
    );
    assert_wire(
        &app.post(&format!("/api/v1/chats/{share}/clone/shared"), &cleo, json!({}))
            .await,
        json!({
            "id": "<uuid>", "user_id": "<uuid>", "title": "Clone of Mine",
            "chat": {"title": "Clone of Mine", "x": 1, "originalChatId": "<uuid>", "branchPointMessageId": null},
            "updated_at": "<seconds>", "created_at": "<seconds>", "share_id": null, "archived": false,
            "pinned": false, "meta": {}, "folder_id": null,
        }),
    );
    let clone = app
        .post(
            &format!("/api/v1/chats/{id}/clone"),
            &ben,
            json!({"title": "Again"}),
        )
        .await;
    assert_wire(
        &clone,
        json!({
            "id": "<uuid>", "user_id": "<uuid>", "title": "Again",
            "chat": {"title": "Again", "x": 1, "originalChatId": "<uuid>", "branchPointMessageId": null},
            "updated_at": "<seconds>", "created_at": "<seconds>", "share_id": null, "archived": false,
            "pinned": false, "meta": {}, "folder_id": null,
        }),
    );

    let path = format!("/api/v1/chats/{id}/share");
    app.refuses(
        (Method::DELETE, &path),
        &cleo,
        None,
        (401, "There is no such chat, or it is not yours."),
    )
    .await;
    assert_wire(
        &app.delete(&format!("/api/v1/chats/{id}/share"), &ben).await,
        json!(true),
    );
    let shared = format!("/api/v1/chats/share/{share}");
    app.refuses(
        (Method::GET, &shared),
        &cleo,
        None,
        (401, "There is no such chat, or it is not yours."),
    )
    .await;
    app.close().await;
}

#[tokio::test]
async fn deleting_an_account_ends_its_shared_chats() {
    let app = TestApp::start().await;
    let ada = app.sign_up("ada").await;
    let ben = app.add_user(&ada, "ben").await;
    let chat = app
        .post("/api/v1/chats/new", &ben, json!({"chat": {"title": "T"}}))
        .await;
    let id = chat["id"].as_str().unwrap();
    let copy = app
        .post(&format!("/api/v1/chats/{id}/share"), &ben, json!({}))
        .await;
    let account = app.id_of(&ben).await;
    let shared = format!("/api/v1/chats/share/{}", copy["id"].as_str().unwrap());
    app.get(&shared, &ada).await;
    app.delete(&format!("/api/v1/users/{account}"), &ada).await;
    app.refuses(
        (Method::GET, &shared),
        &ada,
        None,
        (401, "There is no such chat, or it is not yours."),
    )
    .await;
    app.close().await;
}
