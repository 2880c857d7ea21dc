use poem::http::{Method, StatusCode};
use pretty_assertions::assert_eq;
use serde_json::{Value, json};

use crate::support::{TestApp, assert_wire};

async fn create(app: &TestApp, token: &str, title: &str) -> String {
    let chat = json!({"chat": {"title": title}});
    let chat = app.post("/api/v1/chats/new", token, chat).await;
    chat["id"].as_str().unwrap().to_owned()
}

fn titles(list: &Value) -> Vec<&str> {
    let mut titles: Vec<&str> = list
        .as_array()
        .unwrap()
        .iter()
        .map(|chat| chat["title"].as_str().unwrap())
        .collect();
    titles.sort_unstable();
    titles
}

#[tokio::test]
async fn each_list_shows_its_chats() {
    let app = TestApp::start().await;
    let ada = app.sign_up("ada").await;
    create(&app, &ada, "plain").await;
    let pinned = create(&app, &ada, "pinned").await;
    let archived = create(&app, &ada, "archived").await;
    let filed = create(&app, &ada, "filed").await;
    let folder = app.post("/api/v1/folders/", &ada, json!({"name": "F"})).await["id"].clone();
    let folder = folder.as_str().unwrap();
    app.post(
        &format!("/api/v1/chats/{filed}/folder"),
        &ada,
        json!({"folder_id": folder}),
    )
    .await;
    assert_wire(
        &app.get(&format!("/api/v1/chats/{pinned}/pinned"), &ada).await,
        json!(false),
    );
    assert_wire(
        &app.post(&format!("/api/v1/chats/{pinned}/pin"), &ada, json!({}))
            .await,
        json!({
            "id": "<uuid>", "user_id": "<uuid>", "title": "pinned", "chat": {"title": "pinned"},
            "updated_at": "<seconds>", "created_at": "<seconds>", "share_id": null, "archived": false,
            "pinned": true, "meta": {}, "folder_id": null,
        }),
    );
    assert_wire(
        &app.get(&format!("/api/v1/chats/{pinned}/pinned"), &ada).await,
        json!(true),
    );
    let away = app
        .post(&format!("/api/v1/chats/{archived}/archive"), &ada, json!({}))
        .await;
    assert_eq!(away["archived"], json!(true));

    assert_wire(
        &app.get("/api/v1/chats/pinned", &ada).await,
        json!([{"id": "<uuid>", "title": "pinned", "updated_at": "<seconds>", "created_at": "<seconds>"}]),
    );
    assert_wire(
        &app.get("/api/v1/chats/archived", &ada).await,
        json!([{"id": "<uuid>", "title": "archived", "updated_at": "<seconds>", "created_at": "<seconds>"}]),
    );
    assert_eq!(titles(&app.get("/api/v1/chats/", &ada).await), ["plain"]);
    assert_eq!(
        titles(&app.get("/api/v1/chats/list?page=1", &ada).await),
        ["plain"]
    );
    let all = "/api/v1/chats/list?include_pinned=true&include_folders=true";
    assert_eq!(titles(&app.get(all, &ada).await), ["filed", "pinned", "plain"]);
    assert_wire(&app.get("/api/v1/chats/list?page=2", &ada).await, json!([]));
    assert_wire(
        &app.get("/api/v1/chats/archived?query=nothing", &ada).await,
        json!([]),
    );
    assert_wire(
        &app.get(&format!("/api/v1/chats/folder/{folder}"), &ada).await,
        json!([
            {
                "id": "<uuid>", "user_id": "<uuid>", "title": "filed", "chat": {"title": "filed"},
                "updated_at": "<seconds>", "created_at": "<seconds>", "share_id": null, "archived": false,
                "pinned": false, "meta": {}, "folder_id": "<uuid>",
            },
        ]),
    );
    assert_wire(
        &app.get(&format!("/api/v1/chats/folder/{folder}/list"), &ada)
            .await,
        json!([{"id": "<uuid>", "title": "filed", "updated_at": "<seconds>"}]),
    );
    assert_wire(
        &app.get(&format!("/api/v1/chats/folder/{folder}/list?page=2"), &ada)
            .await,
        json!([]),
    );
    app.close().await;
}

#[tokio::test]
async fn admins_list_the_chats_of_others() {
    let app = TestApp::start().await;
    let ada = app.sign_up("ada").await;
    let ben = app.add_user(&ada, "ben").await;
    create(&app, &ben, "bens").await;
    create(&app, &ada, "adas").await;
    let id = app.id_of(&ben).await;
    assert_wire(
        &app.get(&format!("/api/v1/chats/list/user/{id}"), &ada).await,
        json!([{"id": "<uuid>", "title": "bens", "updated_at": "<seconds>", "created_at": "<seconds>"}]),
    );
    assert_wire(
        &app.get(&format!("/api/v1/chats/list/user/{id}?query=x"), &ada)
            .await,
        json!([]),
    );
    let every = app.get("/api/v1/chats/all/db", &ada).await;
    assert_eq!(titles(&every), ["adas", "bens"]);
    for path in [
        format!("/api/v1/chats/list/user/{id}"),
        "/api/v1/chats/all/db".to_owned(),
    ] {
        let answer = app.ask(Method::GET, &path, Some(&ben), None).await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{path}");
    }
    app.close().await;
}

#[tokio::test]
async fn all_chats_are_exported_archived_and_deleted_at_once() {
    let app = TestApp::start().await;
    let ada = app.sign_up("ada").await;
    let ben = app.add_user(&ada, "ben").await;
    create(&app, &ben, "bens").await;
    create(&app, &ada, "one").await;
    assert_wire(
        &app.get("/api/v1/chats/all", &ada).await,
        json!([
            {
                "id": "<uuid>", "user_id": "<uuid>", "title": "one", "chat": {"title": "one"},
                "updated_at": "<seconds>", "created_at": "<seconds>", "share_id": null, "archived": false,
                "pinned": false, "meta": {}, "folder_id": null,
            },
        ]),
    );
    assert_wire(&app.get("/api/v1/chats/all/archived", &ada).await, json!([]));
    assert_wire(
        &app.post("/api/v1/chats/archive/all", &ada, json!({})).await,
        json!(true),
    );
    assert_eq!(
        titles(&app.get("/api/v1/chats/all/archived", &ada).await),
        ["one"]
    );
    assert_wire(
        &app.post("/api/v1/chats/unarchive/all", &ada, json!({})).await,
        json!(true),
    );
    assert_wire(&app.get("/api/v1/chats/all/archived", &ada).await, json!([]));
    assert_wire(&app.delete("/api/v1/chats/", &ada).await, json!(true));
    assert_wire(&app.get("/api/v1/chats/all", &ada).await, json!([]));
    assert_eq!(titles(&app.get("/api/v1/chats/", &ben).await), ["bens"]);
    app.close().await;
}

#[tokio::test]
async fn chats_are_imported_with_their_times() {
    let app = TestApp::start().await;
    let ada = app.sign_up("ada").await;
    let import = json!({"chats": [
        {"chat": {"title": "Old", "x": [1]}, "pinned": true, "created_at": 5, "updated_at": 6, "meta": {"tags": ["t"]}},
        {"chat": {}},
    ]});
    assert_wire(
        &app.post("/api/v1/chats/import", &ada, import).await,
        json!([
            {
                "id": "<uuid>", "user_id": "<uuid>", "title": "Old", "chat": {"title": "Old", "x": [1]},
                "updated_at": 6, "created_at": 5, "share_id": null, "archived": false, "pinned": true,
                "meta": {"tags": ["t"]}, "folder_id": null,
            },
            {
                "id": "<uuid>", "user_id": "<uuid>", "title": "New Chat", "chat": {}, "updated_at": "<seconds>",
                "created_at": "<seconds>", "share_id": null, "archived": false, "pinned": false, "meta": {},
                "folder_id": null,
            },
        ]),
    );
    let answer = app
        .ask(
            Method::POST,
            "/api/v1/chats/import",
            Some(&ada),
            Some(json!({"chats": [{}]})),
        )
        .await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    app.close().await;
}

#[tokio::test]
async fn search_filters_narrow_the_result() {
    let app = TestApp::start().await;
    let ada = app.sign_up("ada").await;
    let (first, second) = (
        create(&app, &ada, "first").await,
        create(&app, &ada, "second").await,
    );
    app.post(
        &format!("/api/v1/chats/{first}/tags"),
        &ada,
        json!({"name": "Fruit"}),
    )
    .await;
    app.post(&format!("/api/v1/chats/{second}/pin"), &ada, json!({}))
        .await;
    for (text, expected) in [
        ("tag:fruit", &["first"][..]),
        ("tag:none", &["second"]),
        ("pinned:true", &["second"]),
        ("pinned:false", &["first"]),
        ("archived:true", &[]),
        ("shared:false", &["first", "second"]),
        ("FIRST", &["first"]),
    ] {
        let found = app.get(&format!("/api/v1/chats/search?text={text}"), &ada).await;
        assert_eq!(titles(&found), expected, "{text}");
    }
    assert_wire(
        &app.get("/api/v1/chats/search?text=first&page=2", &ada).await,
        json!([]),
    );
    app.close().await;
}
