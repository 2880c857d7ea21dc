use poem::http::{Method, StatusCode};
use pretty_assertions::assert_eq;
use serde_json::json;

use crate::rooms::{
    Lists, Making, Named, Objects,
    RequiredRole::{Admin, User},
    Roles, id_in,
};
use crate::support::TestApp;

inventory::submit! {
    Roles(&[
        ("GET", "/api/v1/chats/all/db", Admin),
        ("GET", "/api/v1/chats/list/user/{user_id}", Admin),
        ("*", "/api/v1/chats/*", User),
    ])
}

inventory::submit! {
    Lists {
        paths: &[
            "/api/v1/chats/?page=1",
            "/api/v1/chats/all/tags",
            "/api/v1/chats/search?text=tag:t1",
        ],
        rows: r#"INSERT INTO chat (id, user_id, title, archived, created_at, updated_at, chat, meta)
        VALUES ('h{n}', '{owner}', 't', FALSE, 1, 1, '{}', '{"tags": ["t{n}"]}');
        INSERT INTO tag (id, name, user_id) VALUES ('t{n}', 't{n}', '{owner}')"#,
    }
}

inventory::submit! {
    Objects {
        make: |making| Box::pin(chats_of(making)),
        seen_at: &["/api/v1/chats/{id}", "/api/v1/chats/{id}/tags", "/api/v1/chats/share/{share_id}", "/api/v1/chats/all"],
    }
}

/// A chat with a message and a tag, and the shared copy of another.
async fn chats_of(making: &Making<'_>) -> Vec<Named> {
    let Making { app, owner, .. } = making;
    let history = json!({"currentId": "m", "messages": {"m": {"id": "m", "content": "secret"}}});
    let chat = json!({"chat": {"title": "T", "history": history}});
    let chat = id_in(&app.post("/api/v1/chats/new", owner, chat).await);
    app.post(&format!("/api/v1/chats/{chat}/tags"), owner, json!({"name": "t"}))
        .await;
    let shared = json!({"chat": {"title": "Shared"}});
    let shared = id_in(&app.post("/api/v1/chats/new", owner, shared).await);
    let share = app
        .post(&format!("/api/v1/chats/{shared}/share"), owner, json!({}))
        .await;
    let named = |below, name, id: &str| Named {
        below,
        name,
        id: id.to_owned(),
    };
    vec![
        named("/api/v1/chats/", "id", &chat),
        named("/api/v1/chats/", "message_id", "m"),
        named("", "chat_id", &chat),
        named("", "share_id", &id_in(&share)),
    ]
}

#[tokio::test]
async fn a_chat_is_visible_to_its_owner_only() {
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
    app.close().await;
}

#[tokio::test]
async fn search_finds_text_in_messages() {
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
    app.close().await;
}

#[tokio::test]
async fn a_chat_can_only_be_in_a_folder_of_its_owner() {
    let app = TestApp::start().await;
    let ada = app.sign_up("ada").await;
    let ben = app.add_user(&ada, "ben").await;
    let folder = app.post("/api/v1/folders/", &ben, json!({"name": "Ben's"})).await["id"].clone();
    let made = app
        .post(
            "/api/v1/chats/new",
            &ada,
            json!({"chat": {"title": "T"}, "folder_id": folder}),
        )
        .await;
    assert_eq!(made["folder_id"], json!(null), "it would be in no list");
    let id = made["id"].as_str().unwrap();
    let path = format!("/api/v1/chats/{id}/folder");
    for folder in [folder.clone(), json!("nothing")] {
        let body = Some(json!({"folder_id": folder}));
        let answer = app.ask(Method::POST, &path, Some(&ada), body).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{}", answer.body);
    }
    let import =
        json!({"chats": [{"chat": {"title": "I"}, "folder_id": "elsewhere", "meta": {"tags": ["a\0b"]}}]});
    let imported = app.post("/api/v1/chats/import", &ada, import).await;
    assert_eq!(imported[0]["folder_id"], json!(null));
    assert_eq!(imported[0]["meta"], json!({"tags": ["ab"]}));
    let body = Some(json!({"name": "Mine", "parent_id": folder}));
    let answer = app.ask(Method::POST, "/api/v1/folders/", Some(&ada), body).await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND, "{}", answer.body);

    let own = app.post("/api/v1/folders/", &ada, json!({"name": "Mine"})).await["id"].clone();
    let moved = app.post(&path, &ada, json!({"folder_id": own})).await;
    assert_eq!(moved["folder_id"], own);
    app.close().await;
}

#[tokio::test]
async fn usage_statistics_are_paginated() {
    let app = TestApp::start().await;
    let ada = app.sign_up("ada").await;
    let history = json!({"currentId": "a", "messages": {
        "q": {"id": "q", "role": "user", "content": "four", "timestamp": 10},
        "a": {"id": "a", "parentId": "q", "role": "assistant", "content": "ok", "model": "m", "timestamp": 13},
    }});
    let mut ids = Vec::new();
    for title in ["first", "second"] {
        let chat = json!({"chat": {"title": title, "history": history}});
        ids.push(app.post("/api/v1/chats/new", &ada, chat).await["id"].clone());
    }
    let mut seen = Vec::new();
    for page in 1..=3 {
        let answer = app
            .get(
                &format!("/api/v1/chats/stats/usage?items_per_page=1&page={page}"),
                &ada,
            )
            .await;
        assert_eq!(answer["total"], 2);
        let items = answer["items"].as_array().unwrap().clone();
        seen.extend(items.iter().map(|item| item["id"].clone()));
        if page == 1 {
            let mut item = items[0].clone();
            for name in ["id", "updated_at", "created_at"] {
                item.as_object_mut().unwrap().remove(name);
            }
            let expected = json!({
                "models": {"m": 1}, "message_count": 2, "history_models": {"m": 1}, "history_message_count": 2,
                "history_user_message_count": 1, "history_assistant_message_count": 1, "average_response_time": 3.0,
                "average_user_message_content_length": 4.0, "average_assistant_message_content_length": 2.0,
                "tags": [], "last_message_at": 13,
            });
            assert_eq!(item, expected);
        }
    }
    seen.sort_by_key(|id| id.to_string());
    ids.sort_by_key(|id| id.to_string());
    assert_eq!(seen, ids);
    app.close().await;
}
