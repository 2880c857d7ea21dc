use poem::http::Method;
use pretty_assertions::assert_eq;
use serde_json::{Value, json};

use crate::rooms::{Lists, Making, Named, Objects, RequiredRole::User, Roles, id_in};
use crate::support::{TestApp, assert_wire};

inventory::submit! {
    Roles(&[
        ("*", "/api/v1/folders/*", User),
    ])
}

inventory::submit! {
    Lists {
        paths: &[
            "/api/v1/folders/",
        ],
        rows: "INSERT INTO folder (id, user_id, name, is_expanded, created_at, updated_at) VALUES ('f{n}', '{owner}', 'f{n}', FALSE, 1, 1)",
    }
}

inventory::submit! {
    Objects {
        make: |making| Box::pin(folders_of(making)),
        seen_at: &["/api/v1/folders/{id}", "/api/v1/folders/"],
    }
}

/// A folder with a chat in it.
async fn folders_of(making: &Making<'_>) -> Vec<Named> {
    let Making { app, owner, .. } = making;
    let folder = id_in(&app.post("/api/v1/folders/", owner, json!({"name": "F"})).await);
    let chat = json!({"chat": {"title": "In a folder"}, "folder_id": folder});
    app.post("/api/v1/chats/new", owner, chat).await;
    let named = |below, name| Named {
        below,
        name,
        id: folder.clone(),
    };
    vec![named("/api/v1/folders/", "id"), named("", "folder_id")]
}

async fn create(app: &TestApp, token: &str, form: Value) -> String {
    let folder = app.post("/api/v1/folders/", token, form).await;
    folder["id"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn folders_are_made_changed_and_moved() {
    let app = TestApp::start().await;
    let ada = app.sign_up("ada").await;
    let form = json!({"name": "Top", "data": {"system_prompt": "s"}, "meta": {"icon": "x"}});
    let folder = app.post("/api/v1/folders/", &ada, form).await;
    assert_wire(
        &folder,
        json!({
            "id": "<uuid>", "parent_id": null, "user_id": "<uuid>", "name": "Top", "items": null,
            "meta": {"icon": "x"}, "data": {"system_prompt": "s"}, "is_expanded": false, "created_at": "<seconds>",
            "updated_at": "<seconds>",
        }),
    );
    let id = folder["id"].as_str().unwrap();
    assert_eq!(app.get(&format!("/api/v1/folders/{id}"), &ada).await, folder);
    assert_wire(
        &app.get("/api/v1/folders/", &ada).await,
        json!([
            {
                "id": "<uuid>", "name": "Top", "meta": {"icon": "x"}, "parent_id": null, "is_expanded": false,
                "created_at": "<seconds>", "updated_at": "<seconds>",
            },
        ]),
    );

    let change = json!({"name": "Renamed", "data": {"files": []}});
    assert_wire(
        &app.post(&format!("/api/v1/folders/{id}/update"), &ada, change)
            .await,
        json!({
            "id": "<uuid>", "parent_id": null, "user_id": "<uuid>", "name": "Renamed", "items": null,
            "meta": {"icon": "x"}, "data": {"system_prompt": "s", "files": []}, "is_expanded": false,
            "created_at": "<seconds>", "updated_at": "<seconds>",
        }),
    );
    let expanded = app
        .post(
            &format!("/api/v1/folders/{id}/update/expanded"),
            &ada,
            json!({"is_expanded": true}),
        )
        .await;
    assert_eq!(expanded["is_expanded"], json!(true));
    let below = create(&app, &ada, json!({"name": "Below", "parent_id": id})).await;
    let top = json!({"parent_id": null});
    let moved = app
        .post(&format!("/api/v1/folders/{below}/update/parent"), &ada, top)
        .await;
    assert_eq!(moved["parent_id"], json!(null));
    app.close().await;
}

#[tokio::test]
async fn folders_refuse_circles_and_taken_names() {
    let app = TestApp::start().await;
    let ada = app.sign_up("ada").await;
    let id = create(&app, &ada, json!({"name": "Top"})).await;
    let below = create(&app, &ada, json!({"name": "Below"})).await;
    let into = |id: &str| Some(json!({"parent_id": id}));
    let inside = json!({"parent_id": id});
    app.post(&format!("/api/v1/folders/{below}/update/parent"), &ada, inside)
        .await;
    let path = format!("/api/v1/folders/{id}/update/parent");
    app.refuses(
        (Method::POST, &path),
        &ada,
        into(&below),
        (400, "A folder cannot be moved into itself or into one below it."),
    )
    .await;
    app.refuses(
        (Method::POST, &path),
        &ada,
        into("none"),
        (404, "There is no such folder to put it in."),
    )
    .await;
    create(&app, &ada, json!({"name": "Taken"})).await;
    let taken = Some(json!({"name": "TAKEN"}));
    app.refuses(
        (Method::POST, "/api/v1/folders/"),
        &ada,
        taken.clone(),
        (400, "There is a folder of this name already."),
    )
    .await;
    let path = format!("/api/v1/folders/{id}/update");
    app.refuses(
        (Method::POST, &path),
        &ada,
        taken,
        (400, "There is a folder of this name already."),
    )
    .await;
    app.refuses(
        (Method::GET, "/api/v1/folders/none"),
        &ada,
        None,
        (404, "There is no such folder."),
    )
    .await;
    app.close().await;
}

#[tokio::test]
async fn a_folder_is_deleted_with_its_chats_or_without() {
    let app = TestApp::start().await;
    let ada = app.sign_up("ada").await;
    let (kept, gone) = (
        create(&app, &ada, json!({"name": "kept"})).await,
        create(&app, &ada, json!({"name": "gone"})).await,
    );
    let below = create(&app, &ada, json!({"name": "below", "parent_id": gone})).await;
    let mut chats = Vec::new();
    for folder in [&kept, &below] {
        let chat = json!({"chat": {"title": "T"}, "folder_id": folder});
        let chat = app.post("/api/v1/chats/new", &ada, chat).await;
        chats.push(chat["id"].as_str().unwrap().to_owned());
    }
    assert_wire(
        &app.delete(&format!("/api/v1/folders/{kept}?delete_contents=false"), &ada)
            .await,
        json!(true),
    );
    let chat = app.get(&format!("/api/v1/chats/{}", chats[0]), &ada).await;
    assert_eq!(chat["folder_id"], json!(null));
    app.delete(&format!("/api/v1/folders/{gone}"), &ada).await;
    assert_wire(&app.get("/api/v1/folders/", &ada).await, json!([]));
    app.refuses(
        (Method::GET, &format!("/api/v1/chats/{}", chats[1])),
        &ada,
        None,
        (401, "There is no such chat, or it is not yours."),
    )
    .await;
    app.refuses(
        (Method::DELETE, "/api/v1/folders/none"),
        &ada,
        None,
        (404, "There is no such folder."),
    )
    .await;
    app.close().await;
}

#[tokio::test]
async fn folders_require_the_permission() {
    let app = TestApp::start().await;
    let ada = app.sign_up("ada").await;
    let ben = app.add_user(&ada, "ben").await;
    let mut permissions = app.get("/api/v1/users/default/permissions", &ada).await;
    permissions["features"]["folders"] = json!(false);
    app.post("/api/v1/users/default/permissions", &ada, permissions)
        .await;
    app.refuses(
        (Method::GET, "/api/v1/folders/"),
        &ben,
        None,
        (403, "You may not do this with folders."),
    )
    .await;
    app.get("/api/v1/folders/", &ada).await;
    app.close().await;
}
