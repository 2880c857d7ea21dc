use std::time::Duration;

use poem::http::{Method, StatusCode};
use pretty_assertions::{assert_eq, assert_ne};
use serde_json::json;

use crate::rooms::{
    Lists, Making, Named, Objects,
    RequiredRole::{Admin, User},
    Roles,
};
use crate::support::{TestApp, assert_wire};

inventory::submit! {
    Roles(&[
        ("GET", "/api/v1/users/groups", User),
        ("GET", "/api/v1/users/permissions", User),
        ("GET", "/api/v1/users/search", User),
        ("*", "/api/v1/users/user/*", User),
        ("GET", "/api/v1/users/{user_id}", User),
        ("GET", "/api/v1/users/{user_id}/active", User),
        ("GET", "/api/v1/users/{user_id}/profile/image", User),
        ("*", "/api/v1/users/*", Admin),
    ])
}

inventory::submit! {
    Lists {
        paths: &[
            "/api/v1/users/?page=1",
            "/api/v1/users/search?query=user",
            "/api/v1/users/all",
            "/api/v1/users/u1",
            "/api/v1/users/u1/groups",
        ],
        rows: "",
    }
}

inventory::submit! {
    Objects {
        make: |making| Box::pin(account_of(making)),
        seen_at: &["/api/v1/auths/"],
    }
}

/// The user's own account.
async fn account_of(making: &Making<'_>) -> Vec<Named> {
    vec![Named {
        below: "",
        name: "user_id",
        id: making.app.id_of(making.owner).await,
    }]
}

#[tokio::test]
async fn all_users_come_newest_first() {
    let app = TestApp::start().await;
    let admin = app.sign_up("ada").await;
    // Times are whole seconds.
    tokio::time::sleep(Duration::from_millis(1_100)).await;
    app.add_user(&admin, "ben").await;
    let all = app.get("/api/v1/users/all", &admin).await;
    let names: Vec<_> = all["users"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|user| &user["name"])
        .collect();
    assert_eq!(names, ["ben", "ada"]);
    app.close().await;
}

#[tokio::test]
async fn lists_for_admins_and_searches_for_everybody() {
    let app = TestApp::start().await;
    let ada = app.sign_up("ada").await;
    let ben = app.add_user(&ada, "ben").await;
    let group = app
        .post(
            "/api/v1/groups/create",
            &ada,
            json!({"name": "G", "description": ""}),
        )
        .await["id"]
        .clone();
    let member = json!({"user_ids": [app.id_of(&ben).await]});
    let add = format!("/api/v1/groups/id/{}/users/add", group.as_str().unwrap());
    app.post(&add, &ada, member).await;

    assert_wire(
        &app.get("/api/v1/users/?order_by=name&direction=asc", &ada).await,
        json!({
            "users": [
                {
                    "id": "<uuid>", "email": "ada@example.test", "username": null, "role": "admin", "name": "ada",
                    "profile_image_url": "/user.png", "profile_banner_image_url": null, "bio": null, "gender": null,
                    "date_of_birth": null, "timezone": null, "presence_state": null, "status_emoji": null,
                    "status_message": null, "status_expires_at": null, "info": null, "settings": null,
                    "oauth": null, "last_active_at": "<seconds>", "updated_at": "<seconds>",
                    "created_at": "<seconds>", "group_ids": [],
                },
                {
                    "id": "<uuid>", "email": "ben@example.test", "username": null, "role": "user", "name": "ben",
                    "profile_image_url": "/user.png", "profile_banner_image_url": null, "bio": null, "gender": null,
                    "date_of_birth": null, "timezone": null, "presence_state": null, "status_emoji": null,
                    "status_message": null, "status_expires_at": null, "info": null, "settings": null,
                    "oauth": null, "last_active_at": "<seconds>", "updated_at": "<seconds>",
                    "created_at": "<seconds>", "group_ids": ["<uuid>"],
                },
            ],
            "total": 2,
        }),
    );
    assert_wire(
        &app.get("/api/v1/users/?query=BEN&page=1", &ada).await["total"],
        json!(1),
    );
    assert_wire(
        &app.get("/api/v1/users/?page=2", &ada).await,
        json!({"users": [], "total": 2}),
    );
    assert_wire(&app.get("/api/v1/users/all", &ada).await["total"], json!(2));
    assert_wire(
        &app.get("/api/v1/users/search?query=ben", &ben).await,
        json!({
            "users": [
                {
                    "id": "<uuid>", "name": "ben", "email": "ben@example.test", "role": "user",
                    "status_emoji": null, "status_message": null, "status_expires_at": null, "is_active": true,
                },
            ],
            "total": 1,
        }),
    );
    assert_wire(
        &app.get("/api/v1/users/groups", &ben).await,
        json!([
            {
                "id": "<uuid>", "user_id": "<uuid>", "name": "G", "description": "", "data": null, "meta": null,
                "permissions": null, "created_at": "<seconds>", "updated_at": "<seconds>",
            },
        ]),
    );
    assert_wire(&app.get("/api/v1/users/groups", &ada).await, json!([]));
    let of_ben = format!("/api/v1/users/{}/groups", app.id_of(&ben).await);
    assert_wire(&app.get(&of_ben, &ada).await[0]["name"], json!("G"));
    assert_wire(&app.get("/api/v1/users/nobody/groups", &ada).await, json!([]));
    app.close().await;
}

#[tokio::test]
async fn users_store_settings_info_and_status() {
    let app = TestApp::start().await;
    let ada = app.sign_up("ada").await;
    let ben = app.add_user(&ada, "ben").await;
    assert_wire(&app.get("/api/v1/users/user/settings", &ben).await, json!(null));
    let settings = json!({"ui": {"theme": "dark"}, "other": [1]});
    assert_wire(
        &app.post("/api/v1/users/user/settings/update", &ben, settings)
            .await,
        json!({"other": [1], "ui": {"theme": "dark"}}),
    );
    let settings = json!({"ui": {"lang": "de", "toolServers": [{"url": "http://x"}]}});
    assert_wire(
        &app.post("/api/v1/users/user/settings/update", &ben, settings)
            .await,
        json!({"other": [1], "ui": {"lang": "de"}}),
    );
    assert_wire(
        &app.get("/api/v1/users/user/settings", &ben).await,
        json!({"other": [1], "ui": {"lang": "de"}}),
    );

    assert_wire(&app.get("/api/v1/users/user/info", &ben).await, json!(null));
    app.post(
        "/api/v1/users/user/info/update",
        &ben,
        json!({"city": "Bonn", "n": 1}),
    )
    .await;
    let info = app
        .post("/api/v1/users/user/info/update", &ben, json!({"n": null}))
        .await;
    assert_wire(&info, json!({"city": "Bonn", "n": null}));
    assert_wire(
        &app.get("/api/v1/users/user/info", &ben).await,
        json!({"city": "Bonn", "n": null}),
    );

    let status = json!({"status_emoji": "x", "status_message": "away", "status_expires_at": 5});
    assert_wire(
        &app.post("/api/v1/users/user/status/update", &ben, status).await,
        json!({
            "id": "<uuid>", "email": "ben@example.test", "username": null, "role": "user", "name": "ben",
            "profile_image_url": "/user.png", "profile_banner_image_url": null, "bio": null, "gender": null,
            "date_of_birth": null, "timezone": null, "presence_state": null, "status_emoji": "x",
            "status_message": "away", "status_expires_at": 5, "info": {"city": "Bonn", "n": null},
            "settings": {"other": [1], "ui": {"lang": "de"}}, "oauth": null, "last_active_at": "<seconds>",
            "updated_at": "<seconds>", "created_at": "<seconds>",
        }),
    );
    assert_wire(
        &app.get("/api/v1/users/user/status", &ben).await["status_message"],
        json!("away"),
    );
    app.close().await;
}

#[tokio::test]
async fn other_users_see_public_profile_fields() {
    let app = TestApp::start().await;
    let ada = app.sign_up("ada").await;
    let (ben, cleo) = (app.add_user(&ada, "ben").await, app.add_user(&ada, "cleo").await);
    app.post("/api/v1/users/user/info/update", &ben, json!({"secret": 1}))
        .await;
    let id = app.id_of(&ben).await;
    let shown = app.get(&format!("/api/v1/users/{id}"), &ada).await;
    assert_wire(
        &shown,
        json!({
            "id": "<uuid>", "email": "ben@example.test", "username": null, "role": "user", "name": "ben",
            "profile_image_url": "/user.png", "profile_banner_image_url": null, "bio": null, "gender": null,
            "date_of_birth": null, "timezone": null, "presence_state": null, "status_emoji": null,
            "status_message": null, "status_expires_at": null, "info": {"secret": 1}, "settings": null,
            "oauth": null, "last_active_at": "<seconds>", "updated_at": "<seconds>", "created_at": "<seconds>",
            "groups": [], "is_active": true,
        }),
    );
    assert_eq!(app.get(&format!("/api/v1/users/{id}"), &ben).await, shown);
    let mut public = shown;
    public["info"] = json!(null);
    assert_eq!(app.get(&format!("/api/v1/users/{id}"), &cleo).await, public);
    assert_wire(
        &app.get(&format!("/api/v1/users/{id}/active"), &cleo).await,
        json!({"active": true}),
    );
    let image = app
        .ask(
            Method::GET,
            &format!("/api/v1/users/{id}/profile/image"),
            Some(&cleo),
            None,
        )
        .await;
    assert_eq!((image.status, image.body), (StatusCode::FOUND, json!("")));
    app.refuses(
        (Method::GET, "/api/v1/users/nobody"),
        &cleo,
        None,
        (400, "There is no such user."),
    )
    .await;
    let sessions = format!("/api/v1/users/{id}/oauth/sessions");
    app.refuses(
        (Method::GET, &sessions),
        &ada,
        None,
        (400, "This user has no session with a sign-in provider."),
    )
    .await;
    let answer = app
        .ask(
            Method::GET,
            &format!("/api/v1/users/{id}/oauth/sessions"),
            Some(&ben),
            None,
        )
        .await;
    assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
    app.close().await;
}

#[tokio::test]
async fn admins_change_and_delete_accounts() {
    let app = TestApp::start().await;
    let ada = app.sign_up("ada").await;
    let ben = app.add_user(&ada, "ben").await;
    let (first, id) = (app.id_of(&ada).await, app.id_of(&ben).await);
    let form = json!({
        "role": "user", "name": "Benjamin", "email": "Benjamin@example.test", "profile_image_url": "/b.png",
        "password": "another password",
    });
    assert_wire(
        &app.post(&format!("/api/v1/users/{id}/update"), &ada, form.clone())
            .await,
        json!({
            "id": "<uuid>", "email": "benjamin@example.test", "username": null, "role": "user", "name": "Benjamin",
            "profile_image_url": "/b.png", "profile_banner_image_url": null, "bio": null, "gender": null,
            "date_of_birth": null, "timezone": null, "presence_state": null, "status_emoji": null,
            "status_message": null, "status_expires_at": null, "info": null, "settings": null, "oauth": null,
            "last_active_at": "<seconds>", "updated_at": "<seconds>", "created_at": "<seconds>",
        }),
    );
    let body = json!({"email": "benjamin@example.test", "password": "another password"});
    let signed_in = app
        .ask(Method::POST, "/api/v1/auths/signin", None, Some(body))
        .await;
    assert_eq!(signed_in.status, StatusCode::OK);
    let update = format!("/api/v1/users/{id}/update");
    for (field, value, detail) in [
        ("role", "king", "A role is one of admin, user, pending."),
        (
            "email",
            "no address",
            "An e-mail address has the form name@example.com.",
        ),
        ("email", "ada@example.test", "This e-mail address is taken."),
    ] {
        let mut form = form.clone();
        form[field] = json!(value);
        app.refuses((Method::POST, &update), &ada, Some(form), (400, detail))
            .await;
    }
    let answer = app.ask(Method::POST, &update, Some(&ben), Some(form)).await;
    assert_eq!(answer.status, StatusCode::UNAUTHORIZED);

    app.refuses(
        (Method::DELETE, &format!("/api/v1/users/{first}")),
        &ada,
        None,
        (
            403,
            "The first admin cannot be demoted, changed by others or deleted.",
        ),
    )
    .await;
    let answer = app
        .ask(Method::DELETE, &format!("/api/v1/users/{id}"), Some(&ben), None)
        .await;
    assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
    assert_wire(
        &app.delete(&format!("/api/v1/users/{id}"), &ada).await,
        json!(true),
    );
    app.refuses(
        (Method::GET, &format!("/api/v1/users/{id}")),
        &ada,
        None,
        (400, "There is no such user."),
    )
    .await;
    let gone = app.ask(Method::GET, "/api/v1/auths/", Some(&ben), None).await;
    assert_eq!(gone.status, StatusCode::UNAUTHORIZED);
    app.close().await;
}

#[tokio::test]
async fn group_permissions_extend_the_defaults() {
    let app = TestApp::start().await;
    let ada = app.sign_up("ada").await;
    let ben = app.add_user(&ada, "ben").await;
    let defaults = app.get("/api/v1/users/default/permissions", &ada).await;
    assert_wire(
        &defaults,
        json!({
            "workspace": {
                "models": false, "knowledge": false, "prompts": false, "tools": false, "models_import": false,
                "models_export": false, "prompts_import": false, "prompts_export": false, "tools_import": false,
                "tools_export": false,
            },
            "sharing": {
                "models": false, "public_models": false, "knowledge": false, "public_knowledge": false,
                "prompts": false, "public_prompts": false, "tools": false, "public_tools": false, "notes": false,
                "public_notes": false,
            },
            "chat": {
                "controls": true, "valves": true, "system_prompt": true, "params": true, "file_upload": true,
                "delete": true, "delete_message": true, "continue_response": true, "regenerate_response": true,
                "rate_response": true, "edit": true, "share": true, "export": true, "stt": true, "tts": true,
                "call": true, "multiple_models": true, "temporary": true, "temporary_enforced": false,
            },
            "features": {
                "api_keys": false, "notes": true, "folders": true, "channels": true, "direct_tool_servers": false,
                "web_search": true, "image_generation": true, "code_interpreter": true,
            },
        }),
    );
    assert_eq!(app.get("/api/v1/users/permissions", &ben).await, defaults);
    let mut changed = defaults;
    changed["chat"]["share"] = json!(false);
    assert_eq!(
        app.post("/api/v1/users/default/permissions", &ada, changed.clone())
            .await,
        changed
    );
    assert_eq!(app.get("/api/v1/users/permissions", &ben).await, changed);
    let group = json!({"name": "G", "description": "", "permissions": {"chat": {"share": true}}});
    let group = app.post("/api/v1/groups/create", &ada, group).await["id"].clone();
    let add = format!("/api/v1/groups/id/{}/users/add", group.as_str().unwrap());
    app.post(&add, &ada, json!({"user_ids": [app.id_of(&ben).await]}))
        .await;
    assert_eq!(
        app.get("/api/v1/users/permissions", &ben).await["chat"]["share"],
        json!(true)
    );
    let answer = app
        .ask(
            Method::POST,
            "/api/v1/users/default/permissions",
            Some(&ben),
            Some(changed),
        )
        .await;
    assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
    let answer = app
        .ask(
            Method::POST,
            "/api/v1/users/default/permissions",
            Some(&ada),
            Some(json!({})),
        )
        .await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    app.close().await;
}

#[tokio::test]
async fn deleting_a_user_deletes_the_shared_copies_of_their_chats() {
    let app = TestApp::start().await;
    let admin = app.sign_up("ada").await;
    let ben = app.add_user(&admin, "ben").await;
    let made = app
        .post("/api/v1/chats/new", &ben, json!({"chat": {"title": "Mine"}}))
        .await;
    let id = made["id"].as_str().unwrap();
    let shared = app
        .post(&format!("/api/v1/chats/{id}/share"), &ben, json!({}))
        .await;
    let copy = format!("/api/v1/chats/share/{}", shared["id"].as_str().unwrap());
    let before = app.ask(Method::GET, &copy, Some(&admin), None).await;
    assert_eq!(before.status, StatusCode::OK, "{}", before.body);

    let who = app.get("/api/v1/auths/", &ben).await;
    let account = format!("/api/v1/users/{}", who["id"].as_str().unwrap());
    let deleted = app.ask(Method::DELETE, &account, Some(&admin), None).await;
    assert_eq!(deleted.body, json!(true));
    let after = app.ask(Method::GET, &copy, Some(&admin), None).await;
    assert_ne!(after.status, StatusCode::OK, "{}", after.body);
}

#[tokio::test]
async fn lists_show_groups_and_activity_of_each_user() {
    let app = TestApp::start().await;
    let admin = app.sign_up("ada").await;
    let ben = app.add_user(&admin, "ben").await;
    let ben = app.get("/api/v1/auths/", &ben).await["id"].clone();
    let form = json!({"name": "Crew", "description": ""});
    let group = app.post("/api/v1/groups/create", &admin, form).await["id"].clone();
    let group_path = format!("/api/v1/groups/id/{}/users", group.as_str().unwrap());
    let form = json!({"user_ids": [ben, "nobody"]});
    let sized = app.post(&format!("{group_path}/add"), &admin, form).await;
    assert_eq!(sized["member_count"], 1);
    let members = app.post(&group_path, &admin, json!({})).await;
    assert_eq!(members[0]["id"], ben);

    let page = app
        .get("/api/v1/users/?order_by=name&direction=asc", &admin)
        .await;
    let groups: Vec<_> = page["users"]
        .as_array()
        .unwrap()
        .iter()
        .map(|user| &user["group_ids"])
        .collect();
    assert_eq!(groups, [&json!([]), &json!([group])]);
    let found = app.get("/api/v1/users/search?query=ben", &admin).await;
    assert_eq!(found["total"], 1);
    assert_eq!(found["users"][0]["is_active"], true);
}
