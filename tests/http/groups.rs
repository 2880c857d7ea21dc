use poem::http::{Method, StatusCode};
use pretty_assertions::assert_eq;
use serde_json::{Value, json};

use crate::rooms::{
    Lists, Making, Named, Objects,
    RequiredRole::{Admin, User},
    Roles, id_in,
};
use crate::support::{TestApp, assert_wire};

inventory::submit! {
    Roles(&[
        ("GET", "/api/v1/groups/", User),
        ("*", "/api/v1/groups/*", Admin),
    ])
}

inventory::submit! {
    Lists {
        paths: &[
            "/api/v1/groups/",
            "/api/v1/groups/id/all/export",
        ],
        rows: "",
    }
}

inventory::submit! {
    Objects {
        make: |making| Box::pin(groups_of(making)),
        seen_at: &["/api/v1/users/groups"],
    }
}

/// A group that the user is in.
async fn groups_of(making: &Making<'_>) -> Vec<Named> {
    let Making { app, admin, owner } = making;
    let group = json!({"name": "G", "description": ""});
    let id = id_in(&app.post("/api/v1/groups/create", admin, group).await);
    let members = json!({"user_ids": [app.id_of(owner).await]});
    app.post(&format!("/api/v1/groups/id/{id}/users/add"), admin, members)
        .await;
    vec![Named {
        below: "/api/v1/groups/",
        name: "id",
        id,
    }]
}

async fn create(app: &TestApp, admin: &str, name: &str) -> String {
    let form = json!({"name": name, "description": "For tests"});
    let group = app.post("/api/v1/groups/create", admin, form).await;
    group["id"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn groups_are_made_changed_and_deleted_by_admins() {
    let app = TestApp::start().await;
    let ada = app.sign_up("ada").await;
    let form = json!({
        "name": "Group", "description": "For tests", "permissions": {"chat": {"share": true}}, "data": {"x": 1},
    });
    let group = app.post("/api/v1/groups/create", &ada, form).await;
    assert_wire(
        &group,
        json!({
            "id": "<uuid>", "user_id": "<uuid>", "name": "Group", "description": "For tests", "data": {"x": 1},
            "meta": null, "permissions": {"chat": {"share": true}}, "created_at": "<seconds>",
            "updated_at": "<seconds>", "member_count": 0,
        }),
    );
    let id = group["id"].as_str().unwrap();
    assert_eq!(app.get(&format!("/api/v1/groups/id/{id}"), &ada).await, group);
    let form = json!({"name": "Renamed", "description": ""});
    assert_wire(
        &app.post(&format!("/api/v1/groups/id/{id}/update"), &ada, form.clone())
            .await,
        json!({
            "id": "<uuid>", "user_id": "<uuid>", "name": "Renamed", "description": "", "data": {"x": 1},
            "meta": null, "permissions": {"chat": {"share": true}}, "created_at": "<seconds>",
            "updated_at": "<seconds>", "member_count": 0,
        }),
    );
    assert_wire(
        &app.get("/api/v1/groups/", &ada).await,
        json!([
            {
                "id": "<uuid>", "user_id": "<uuid>", "name": "Renamed", "description": "", "data": {"x": 1},
                "meta": null, "permissions": {"chat": {"share": true}}, "created_at": "<seconds>",
                "updated_at": "<seconds>", "member_count": 0,
            },
        ]),
    );
    assert_wire(
        &app.get(&format!("/api/v1/groups/id/{id}/export"), &ada).await,
        json!({
            "id": "<uuid>", "user_id": "<uuid>", "name": "Renamed", "description": "", "data": {"x": 1},
            "meta": null, "permissions": {"chat": {"share": true}}, "created_at": "<seconds>",
            "updated_at": "<seconds>", "member_count": 0, "user_ids": [],
        }),
    );
    assert_wire(
        &app.delete(&format!("/api/v1/groups/id/{id}/delete"), &ada).await,
        json!(true),
    );
    assert_wire(&app.get("/api/v1/groups/", &ada).await, json!([]));

    app.refuses(
        (Method::GET, "/api/v1/groups/id/none"),
        &ada,
        None,
        (401, "There is no such group."),
    )
    .await;
    app.refuses(
        (Method::GET, "/api/v1/groups/id/none/export"),
        &ada,
        None,
        (401, "There is no such group."),
    )
    .await;
    app.refuses(
        (Method::POST, "/api/v1/groups/id/none/update"),
        &ada,
        Some(form),
        (400, "There is no such group."),
    )
    .await;
    app.close().await;
}

#[tokio::test]
async fn members_come_and_go() {
    let app = TestApp::start().await;
    let ada = app.sign_up("ada").await;
    let ben = app.add_user(&ada, "ben").await;
    let (id, member) = (create(&app, &ada, "G").await, app.id_of(&ben).await);
    let form = json!({"user_ids": [member, "nobody"]});
    assert_wire(
        &app.post(&format!("/api/v1/groups/id/{id}/users/add"), &ada, form.clone())
            .await,
        json!({
            "id": "<uuid>", "user_id": "<uuid>", "name": "G", "description": "For tests", "data": null,
            "meta": null, "permissions": null, "created_at": "<seconds>", "updated_at": "<seconds>",
            "member_count": 1,
        }),
    );
    assert_wire(
        &app.post(&format!("/api/v1/groups/id/{id}/users"), &ada, json!({}))
            .await,
        json!([
            {
                "id": "<uuid>", "name": "ben", "email": "ben@example.test", "role": "user", "status_emoji": null,
                "status_message": null, "status_expires_at": null,
            },
        ]),
    );
    let export = app.get(&format!("/api/v1/groups/id/{id}/export"), &ada).await;
    assert_eq!(export["user_ids"], json!([member]));
    let removed = app
        .post(
            &format!("/api/v1/groups/id/{id}/users/remove"),
            &ada,
            form.clone(),
        )
        .await;
    assert_eq!(removed["member_count"], json!(0));
    assert_wire(
        &app.post(&format!("/api/v1/groups/id/{id}/users"), &ada, json!({}))
            .await,
        json!([]),
    );

    app.refuses(
        (Method::POST, "/api/v1/groups/id/none/users/add"),
        &ada,
        Some(form.clone()),
        (400, "There is no such group."),
    )
    .await;
    app.refuses(
        (Method::POST, "/api/v1/groups/id/none/users/remove"),
        &ada,
        Some(form),
        (400, "There is no such group."),
    )
    .await;
    app.close().await;
}

#[tokio::test]
async fn users_see_their_own_groups_and_those_to_share_with() {
    let app = TestApp::start().await;
    let ada = app.sign_up("ada").await;
    let ben = app.add_user(&ada, "ben").await;
    let own = create(&app, &ada, "own").await;
    create(&app, &ada, "other").await;
    let form = json!({"name": "unshared", "description": "", "data": {"config": {"share": false}}});
    app.post("/api/v1/groups/create", &ada, form).await;
    let form = json!({"user_ids": [app.id_of(&ben).await]});
    app.post(&format!("/api/v1/groups/id/{own}/users/add"), &ada, form)
        .await;
    let names = |groups: Value| {
        let mut names: Vec<String> = groups
            .as_array()
            .unwrap()
            .iter()
            .map(|group| group["name"].as_str().unwrap().to_owned())
            .collect();
        names.sort();
        json!(names)
    };
    assert_wire(&names(app.get("/api/v1/groups/", &ben).await), json!(["own"]));
    assert_wire(
        &names(app.get("/api/v1/groups/?share=true", &ben).await),
        json!(["own"]),
    );
    assert_wire(
        &names(app.get("/api/v1/groups/?share=true", &ada).await),
        json!(["other", "own"]),
    );
    let answer = app
        .ask(Method::GET, &format!("/api/v1/groups/id/{own}"), Some(&ben), None)
        .await;
    assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
    app.close().await;
}
