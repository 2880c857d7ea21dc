use poem::http::{Method, StatusCode};
use pretty_assertions::assert_eq;
use serde_json::json;

use crate::support::TestApp;

#[tokio::test]
async fn a_chat_is_its_owners() {
    let app = TestApp::start().await;
    let admin = app.sign_up("ada").await;
    let (ben, cleo) = (
        app.add_user(&admin, "ben").await,
        app.add_user(&admin, "cleo").await,
    );
    let made = app
        .post(
            "/api/v1/chats/new",
            &ben,
            json!({"chat": {"title": "Mine", "x": 1}}),
        )
        .await;
    let id = made["id"].as_str().unwrap();
    let path = format!("/api/v1/chats/{id}");

    assert_eq!(
        app.get(&path, &ben).await["chat"],
        json!({"title": "Mine", "x": 1})
    );
    for stranger in [&cleo, &admin] {
        let answer = app.ask(Method::GET, &path, Some(stranger), None).await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
        let body = Some(json!({"chat": {"title": "Stolen"}}));
        let answer = app.ask(Method::POST, &path, Some(stranger), body).await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
    }
    let deleted = app.ask(Method::DELETE, &path, Some(&cleo), None).await;
    assert_eq!(deleted.body, json!(true));
    assert_eq!(
        app.get(&path, &ben).await["title"],
        json!("Mine"),
        "nothing was deleted"
    );
    assert_eq!(
        app.ask(Method::GET, &path, None, None).await.status,
        StatusCode::UNAUTHORIZED
    );
}

#[tokio::test]
async fn text_that_stands_only_in_messages_is_found() {
    let app = TestApp::start().await;
    let ada = app.sign_up("ada").await;
    let history =
        json!({"currentId": "a", "messages": {"a": {"id": "a", "role": "user", "content": "Rare Words"}}});
    app.post(
        "/api/v1/chats/new",
        &ada,
        json!({"chat": {"title": "T", "history": history}}),
    )
    .await;
    app.post("/api/v1/chats/new", &ada, json!({"chat": {"title": "other"}}))
        .await;
    for (text, count) in [("rare", 1), ("OTHER", 1), ("nothing", 0), ("100%25", 0)] {
        let found = app.get(&format!("/api/v1/chats/search?text={text}"), &ada).await;
        assert_eq!(found.as_array().unwrap().len(), count, "{text}");
    }
}
