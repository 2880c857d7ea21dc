use poem::http::Method;
use serde_json::json;

use crate::support::{TestApp, assert_wire};

#[tokio::test]
async fn tags_come_and_go_with_their_chats() {
    let app = TestApp::start().await;
    let ada = app.sign_up("ada").await;
    let chat = app
        .post("/api/v1/chats/new", &ada, json!({"chat": {"title": "T"}}))
        .await;
    let id = chat["id"].as_str().unwrap();
    assert_wire(&app.get("/api/v1/chats/all/tags", &ada).await, json!([]));
    assert_wire(
        &app.get(&format!("/api/v1/chats/{id}/tags"), &ada).await,
        json!([]),
    );
    let fruit = json!({"name": "Fruit Salad"});
    assert_wire(
        &app.post(&format!("/api/v1/chats/{id}/tags"), &ada, fruit.clone())
            .await,
        json!([{"id": "fruit_salad", "name": "Fruit Salad", "user_id": "<uuid>", "meta": null}]),
    );
    app.post(&format!("/api/v1/chats/{id}/tags"), &ada, json!({"name": "b"}))
        .await;
    assert_wire(
        &app.get("/api/v1/chats/all/tags", &ada).await,
        json!([
            {"id": "fruit_salad", "name": "Fruit Salad", "user_id": "<uuid>", "meta": null},
            {"id": "b", "name": "b", "user_id": "<uuid>", "meta": null},
        ]),
    );
    let tagged = json!({"name": "fruit_salad", "skip": 0, "limit": 5});
    assert_wire(
        &app.post("/api/v1/chats/tags", &ada, tagged).await,
        json!([{"id": "<uuid>", "title": "T", "updated_at": "<seconds>", "created_at": "<seconds>"}]),
    );
    assert_wire(
        &app.post("/api/v1/chats/tags", &ada, json!({"name": "unknown"}))
            .await,
        json!([]),
    );

    let removed = app
        .ask(
            Method::DELETE,
            &format!("/api/v1/chats/{id}/tags"),
            Some(&ada),
            Some(fruit),
        )
        .await;
    assert_wire(
        &removed.body,
        json!([{"id": "b", "name": "b", "user_id": "<uuid>", "meta": null}]),
    );
    assert_wire(
        &app.delete(&format!("/api/v1/chats/{id}/tags/all"), &ada).await,
        json!(true),
    );
    assert_wire(&app.get("/api/v1/chats/all/tags", &ada).await, json!([]));
    let path = format!("/api/v1/chats/{id}/tags");
    let reserved = Some(json!({"name": "none"}));
    app.refuses(
        (Method::POST, &path),
        &ada,
        reserved,
        (400, "No tag may be named \"none\"."),
    )
    .await;
    app.refuses(
        (Method::GET, "/api/v1/chats/none/tags"),
        &ada,
        None,
        (401, "There is no such chat, or it is not yours."),
    )
    .await;
    app.refuses(
        (Method::DELETE, "/api/v1/chats/none/tags/all"),
        &ada,
        None,
        (401, "There is no such chat, or it is not yours."),
    )
    .await;
    app.close().await;
}
