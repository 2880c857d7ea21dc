use poem::http::{Method, StatusCode};
use pretty_assertions::assert_eq;
use serde_json::{Value, json};

use crate::rooms::{
    Lists,
    RequiredRole::{Admin, User},
    Roles,
};
use crate::support::{TestApp, assert_wire};

inventory::submit! {
    Roles(&[
        ("GET", "/api/models/base", Admin),
        ("GET", "/api/models", User),
        ("GET", "/api/v1/models", User),
        ("GET", "/api/v1/models/base", Admin),
        ("POST", "/api/v1/models/sync", Admin),
        ("DELETE", "/api/v1/models/delete/all", Admin),
        ("*", "/api/v1/models/*", User),
    ])
}

inventory::submit! {
    Lists {
        paths: &[
            "/api/models",
            "/api/models/base",
            "/api/v1/models/base",
            "/api/v1/models/list",
            "/api/v1/models/export",
            "/api/v1/models/tags",
        ],
        rows: "INSERT INTO model (id, user_id, base_model_id, name, meta, params, access_control, is_active, created_at, updated_at)
        VALUES ('m{n}', 'u{n}', 'keelson-demo', 'm{n}', '{}', '{}', '{}', TRUE, 1, 1)",
    }
}

fn form(id: &str) -> Value {
    json!({
        "id": id, "base_model_id": "keelson-demo", "name": format!("Name of {id}"), "params": {"temperature": 0.5},
        "meta": {"description": "d", "tags": [{"name": "fruit"}]}, "access_control": {},
    })
}

/// A preset, and the settings of the model that it stands on.
async fn create_preset_and_settings(app: &TestApp, admin: &str) {
    app.post("/api/v1/models/create", admin, form("one")).await;
    let mut about = form("keelson-demo");
    about["base_model_id"] = json!(null);
    app.post("/api/v1/models/create", admin, about).await;
}

#[tokio::test]
async fn presets_are_made_changed_and_deleted() {
    let app = TestApp::start().await;
    let ada = app.sign_up("ada").await;
    let made = app.post("/api/v1/models/create", &ada, form("a/b")).await;
    assert_wire(
        &made,
        json!({
            "id": "a/b", "user_id": "<uuid>", "base_model_id": "keelson-demo", "name": "Name of a/b",
            "params": {"temperature": 0.5},
            "meta": {
                "profile_image_url": "/static/favicon.png", "description": "d", "capabilities": null,
                "tags": [{"name": "fruit"}],
            },
            "access_control": {}, "is_active": true, "updated_at": "<seconds>", "created_at": "<seconds>",
        }),
    );
    assert_eq!(app.get("/api/v1/models/model?id=a/b", &ada).await, made);
    let mut change = form("a/b");
    change["name"] = json!("Renamed");
    let changed = app.post("/api/v1/models/model/update", &ada, change).await;
    assert_eq!(changed["name"], json!("Renamed"));
    let toggled = app
        .post("/api/v1/models/model/toggle?id=a/b", &ada, json!({}))
        .await;
    assert_eq!(toggled["is_active"], json!(false));
    let image = app
        .ask(
            Method::GET,
            "/api/v1/models/model/profile/image?id=a/b",
            Some(&ada),
            None,
        )
        .await;
    assert_eq!((image.status, image.body), (StatusCode::FOUND, json!("")));
    assert_wire(
        &app.post("/api/v1/models/model/delete", &ada, json!({"id": "a/b"}))
            .await,
        json!(true),
    );
    app.close().await;
}

#[tokio::test]
async fn unknown_and_taken_ids_are_refused() {
    let app = TestApp::start().await;
    let ada = app.sign_up("ada").await;
    let taken = Some(form("taken"));
    app.post("/api/v1/models/create", &ada, form("taken")).await;
    app.refuses(
        (Method::POST, "/api/v1/models/create"),
        &ada,
        taken,
        (401, "This model id is taken."),
    )
    .await;
    app.refuses(
        (Method::POST, "/api/v1/models/create"),
        &ada,
        Some(form(&"x".repeat(300))),
        (400, "A model id has 1 to 256 bytes."),
    )
    .await;
    app.refuses(
        (Method::GET, "/api/v1/models/model?id=none"),
        &ada,
        None,
        (401, "There is no such model."),
    )
    .await;
    app.refuses(
        (Method::POST, "/api/v1/models/model/toggle?id=none"),
        &ada,
        None,
        (401, "There is no such model."),
    )
    .await;
    app.refuses(
        (Method::POST, "/api/v1/models/model/update"),
        &ada,
        Some(form("none")),
        (401, "There is no such model."),
    )
    .await;
    let unknown = Some(json!({"id": "none"}));
    app.refuses(
        (Method::POST, "/api/v1/models/model/delete"),
        &ada,
        unknown,
        (401, "There is no such model."),
    )
    .await;
    app.close().await;
}

#[tokio::test]
async fn lists_of_presets() {
    let app = TestApp::start().await;
    let ada = app.sign_up("ada").await;
    create_preset_and_settings(&app, &ada).await;
    assert_wire(
        &app.get("/api/v1/models/list", &ada).await,
        json!({
            "items": [
                {
                    "id": "one", "user_id": "<uuid>", "base_model_id": "keelson-demo", "name": "Name of one",
                    "params": {"temperature": 0.5},
                    "meta": {
                        "profile_image_url": "/static/favicon.png", "description": "d", "capabilities": null,
                        "tags": [{"name": "fruit"}],
                    },
                    "access_control": {}, "is_active": true, "updated_at": "<seconds>", "created_at": "<seconds>",
                    "user": {"id": "<uuid>", "name": "ada", "role": "admin", "email": "ada@example.test"},
                },
            ],
            "total": 1,
        }),
    );
    assert_wire(
        &app.get("/api/v1/models/list?tag=none", &ada).await,
        json!({"items": [], "total": 0}),
    );
    assert_wire(
        &app.get("/api/v1/models/list?query=ONE&page=1", &ada).await["total"],
        json!(1),
    );
    assert_wire(
        &app.get("/api/v1/models/base", &ada).await,
        json!([
            {
                "id": "keelson-demo", "user_id": "<uuid>", "base_model_id": null, "name": "Name of keelson-demo",
                "params": {"temperature": 0.5},
                "meta": {
                    "profile_image_url": "/static/favicon.png", "description": "d", "capabilities": null,
                    "tags": [{"name": "fruit"}],
                },
                "access_control": {}, "is_active": true, "updated_at": "<seconds>", "created_at": "<seconds>",
            },
        ]),
    );
    assert_wire(&app.get("/api/v1/models/tags", &ada).await, json!(["fruit"]));
    app.close().await;
}

#[tokio::test]
async fn chooser_lists_presets_and_arenas() {
    let app = TestApp::start().await;
    let ada = app.sign_up("ada").await;
    create_preset_and_settings(&app, &ada).await;
    assert_wire(
        &app.get("/api/models", &ada).await,
        json!({
            "data": [
                {
                    "id": "keelson-demo", "name": "Name of keelson-demo", "object": "model", "created": 0,
                    "owned_by": "openai", "connection_type": "local",
                    "openai": {
                        "id": "keelson-demo", "name": "Keelson demo", "object": "model", "created": 0,
                        "owned_by": "keelson", "connection_type": "local",
                    },
                    "urlIdx": 0,
                    "info": {
                        "id": "keelson-demo", "user_id": "<uuid>", "base_model_id": null,
                        "name": "Name of keelson-demo",
                        "meta": {"description": "d", "capabilities": null, "tags": [{"name": "fruit"}]},
                        "access_control": {}, "is_active": true, "updated_at": "<seconds>",
                        "created_at": "<seconds>",
                    },
                    "actions": [], "filters": [], "tags": [{"name": "fruit"}],
                },
                {
                    "id": "arena-model", "name": "Arena Model",
                    "info": {
                        "meta": {
                            "description": "A random model answers without being named. Rate its answer.",
                            "model_ids": null,
                        },
                    },
                    "object": "model", "created": "<seconds>", "owned_by": "arena", "arena": true, "actions": [],
                    "filters": [], "tags": [],
                },
                {
                    "id": "one", "name": "Name of one", "object": "model", "created": "<seconds>",
                    "owned_by": "openai", "connection_type": "local", "preset": true,
                    "info": {
                        "id": "one", "user_id": "<uuid>", "base_model_id": "keelson-demo", "name": "Name of one",
                        "meta": {"description": "d", "capabilities": null, "tags": [{"name": "fruit"}]},
                        "access_control": {}, "is_active": true, "updated_at": "<seconds>",
                        "created_at": "<seconds>",
                    },
                    "actions": [], "filters": [], "tags": [{"name": "fruit"}],
                },
            ],
        }),
    );
    assert_wire(
        &app.get("/api/models/base", &ada).await,
        json!({
            "data": [
                {
                    "id": "keelson-demo", "name": "Keelson demo", "object": "model", "created": 0,
                    "owned_by": "openai", "connection_type": "local",
                    "openai": {
                        "id": "keelson-demo", "name": "Keelson demo", "object": "model", "created": 0,
                        "owned_by": "keelson", "connection_type": "local",
                    },
                    "urlIdx": 0,
                },
            ],
        }),
    );
    assert_wire(
        &app.get("/openai/models", &ada).await["data"][0]["id"],
        json!("keelson-demo"),
    );
    app.close().await;
}

#[tokio::test]
async fn models_are_exported_imported_and_replaced() {
    let app = TestApp::start().await;
    let ada = app.sign_up("ada").await;
    app.post("/api/v1/models/create", &ada, form("one")).await;
    let exported = app.get("/api/v1/models/export", &ada).await;
    assert_wire(
        &exported,
        json!([
            {
                "id": "one", "user_id": "<uuid>", "base_model_id": "keelson-demo", "name": "Name of one",
                "params": {"temperature": 0.5},
                "meta": {
                    "profile_image_url": "/static/favicon.png", "description": "d", "capabilities": null,
                    "tags": [{"name": "fruit"}],
                },
                "access_control": {}, "is_active": true, "updated_at": "<seconds>", "created_at": "<seconds>",
            },
        ]),
    );
    let mut two = exported[0].clone();
    two["id"] = json!("two");
    assert_wire(
        &app.post("/api/v1/models/import", &ada, json!({"models": [two]}))
            .await,
        json!(true),
    );
    assert_eq!(app.get("/api/v1/models/list", &ada).await["total"], json!(2));
    let synced = app
        .post("/api/v1/models/sync", &ada, json!({"models": [two]}))
        .await;
    assert_wire(
        &synced,
        json!([
            {
                "id": "two", "user_id": "<uuid>", "base_model_id": "keelson-demo", "name": "Name of one",
                "params": {"temperature": 0.5},
                "meta": {
                    "profile_image_url": "/static/favicon.png", "description": "d", "capabilities": null,
                    "tags": [{"name": "fruit"}],
                },
                "access_control": {}, "is_active": true, "updated_at": "<seconds>", "created_at": "<seconds>",
            },
        ]),
    );
    assert_wire(&app.delete("/api/v1/models/delete/all", &ada).await, json!(true));
    assert_wire(&app.get("/api/v1/models/export", &ada).await, json!([]));
    app.close().await;
}

#[tokio::test]
async fn presets_follow_their_access_control() {
    let app = TestApp::start().await;
    let ada = app.sign_up("ada").await;
    let (ben, cleo) = (app.add_user(&ada, "ben").await, app.add_user(&ada, "cleo").await);
    let refused = Some(form("bens"));
    app.refuses(
        (Method::POST, "/api/v1/models/create"),
        &ben,
        refused,
        (401, "You may not do this with models."),
    )
    .await;
    let mut shared = form("shared");
    shared["access_control"] = json!({"read": {"user_ids": [app.id_of(&ben).await]}});
    app.post("/api/v1/models/create", &ada, shared.clone()).await;
    assert_eq!(
        app.get("/api/v1/models/model?id=shared", &ben).await["id"],
        json!("shared")
    );
    assert_wire(
        &app.get("/api/v1/models/model?id=shared", &cleo).await,
        json!(null),
    );
    for (path, body, expected) in [
        (
            "/api/v1/models/model/toggle?id=shared",
            json!({}),
            (401, "You may not change this model."),
        ),
        (
            "/api/v1/models/model/update",
            shared,
            (400, "You may not change this model."),
        ),
        (
            "/api/v1/models/model/delete",
            json!({"id": "shared"}),
            (401, "You may not change this model."),
        ),
    ] {
        app.refuses((Method::POST, path), &ben, Some(body), expected)
            .await;
    }
    app.refuses(
        (Method::GET, "/api/v1/models/export"),
        &ben,
        None,
        (401, "You may not do this with models."),
    )
    .await;
    let models = Some(json!({"models": []}));
    app.refuses(
        (Method::POST, "/api/v1/models/import"),
        &ben,
        models,
        (401, "You may not do this with models."),
    )
    .await;
    app.close().await;
}
