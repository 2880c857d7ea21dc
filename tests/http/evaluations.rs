//! Feedback on answers.

use poem::http::Method;
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
        ("*", "/api/v1/evaluations/config", Admin),
        ("*", "/api/v1/evaluations/feedbacks/all*", Admin),
        ("*", "/api/v1/evaluations/feedbacks/list", Admin),
        ("*", "/api/v1/evaluations/feedback*", User),
    ])
}

inventory::submit! {
    Lists {
        paths: &[
            "/api/v1/evaluations/feedbacks/user",
            "/api/v1/evaluations/feedbacks/all",
            "/api/v1/evaluations/feedbacks/all/ids",
            "/api/v1/evaluations/feedbacks/all/export",
            "/api/v1/evaluations/feedbacks/list?order_by=username",
        ],
        rows: "INSERT INTO feedback (id, user_id, version, type, created_at, updated_at)
        VALUES ('u{n}', 'u{n}', 0, 'rating', 1, 1), ('a{n}', '{owner}', 0, 'rating', 1, 1)",
    }
}

inventory::submit! {
    Objects {
        make: |making| Box::pin(feedback_of(making)),
        seen_at: &["/api/v1/evaluations/feedback/{id}", "/api/v1/evaluations/feedbacks/user"],
    }
}

async fn feedback_of(making: &Making<'_>) -> Vec<Named> {
    let feedback = json!({"type": "rating", "data": {"rating": 1, "comment": "secret"}});
    let feedback = making
        .app
        .post("/api/v1/evaluations/feedback", making.owner, feedback);
    vec![Named {
        below: "/api/v1/evaluations/feedback/",
        name: "id",
        id: id_in(&feedback.await),
    }]
}

const UNKNOWN: (u16, &str) = (404, "There is no such feedback.");

/// A rating with every field of the contract and some of the client's own.
fn rating() -> Value {
    json!({
        "type": "rating",
        "data": {
            "rating": 1, "model_id": "demo", "sibling_model_ids": ["other"], "reason": "good", "comment": "nice",
            "details": {"rating": 9},
        },
        "meta": {"chat_id": "c", "message_id": "m", "tags": ["t"]},
        "snapshot": {"chat": {"title": "T"}, "client": {"kept": true}},
    })
}

/// The same as it is answered, without the snapshot.
fn kept() -> Value {
    json!({
        "id": "<uuid>", "user_id": "<uuid>", "version": 0, "type": "rating",
        "data": {
            "rating": 1, "model_id": "demo", "sibling_model_ids": ["other"], "reason": "good", "comment": "nice",
            "details": {"rating": 9},
        },
        "meta": {"chat_id": "c", "message_id": "m", "tags": ["t"]},
        "created_at": "<seconds>", "updated_at": "<seconds>",
    })
}

fn with(mut document: Value, field: &str, value: Value) -> Value {
    document[field] = value;
    document
}

async fn give(app: &TestApp, token: &str) -> String {
    let given = app.post("/api/v1/evaluations/feedback", token, rating()).await;
    given["id"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn feedback_is_kept_read_changed_and_deleted() {
    let app = TestApp::start().await;
    let ada = app.sign_up("ada").await;
    let ben = app.add_user(&ada, "ben").await;
    let given = app.post("/api/v1/evaluations/feedback", &ben, rating()).await;
    let snapshot = json!({"chat": {"title": "T"}, "client": {"kept": true}});
    let whole = with(kept(), "snapshot", snapshot);
    assert_wire(&given, whole.clone());
    assert_eq!(given["user_id"], json!(app.id_of(&ben).await));
    let id = given["id"].as_str().unwrap();
    for token in [&ben, &ada] {
        assert_eq!(
            app.get(&format!("/api/v1/evaluations/feedback/{id}"), token)
                .await,
            given
        );
    }

    let form = json!({"type": "other", "data": {"rating": -1, "comment": "changed"}});
    let changed = app
        .post(&format!("/api/v1/evaluations/feedback/{id}"), &ben, form)
        .await;
    let data = json!({
        "rating": -1, "model_id": null, "sibling_model_ids": null, "reason": null, "comment": "changed",
    });
    let whole = with(whole, "data", data);
    assert_wire(&changed, whole.clone());
    let form = json!({"type": "rating", "meta": {"a": 1}, "snapshot": {}});
    let changed = app
        .post(&format!("/api/v1/evaluations/feedback/{id}"), &ada, form)
        .await;
    let whole = with(whole, "meta", json!({"a": 1}));
    assert_wire(&changed, with(whole, "snapshot", json!({"chat": null})));
    assert_eq!(
        changed["user_id"], given["user_id"],
        "an administrator's change does not make it theirs"
    );

    assert_wire(
        &app.delete(&format!("/api/v1/evaluations/feedback/{id}"), &ben)
            .await,
        json!(true),
    );
    let path = format!("/api/v1/evaluations/feedback/{id}");
    for (method, body) in [
        (Method::GET, None),
        (Method::POST, Some(rating())),
        (Method::DELETE, None),
    ] {
        app.refuses((method, &path), &ben, body, UNKNOWN).await;
    }
    let id = give(&app, &ben).await;
    assert_wire(
        &app.delete(&format!("/api/v1/evaluations/feedback/{id}"), &ada)
            .await,
        json!(true),
    );
    app.close().await;
}

#[tokio::test]
async fn feedback_is_its_givers_own() {
    let app = TestApp::start().await;
    let ada = app.sign_up("ada").await;
    let (ben, cleo) = (app.add_user(&ada, "ben").await, app.add_user(&ada, "cleo").await);
    let forged = json!({"id": "mine", "user_id": app.id_of(&cleo).await, "version": 7, "created_at": 1});
    let mut form = rating();
    form.as_object_mut()
        .unwrap()
        .extend(forged.as_object().cloned().unwrap());
    let given = app.post("/api/v1/evaluations/feedback", &ben, form.clone()).await;
    assert_eq!(
        (&given["user_id"], &given["version"]),
        (&json!(app.id_of(&ben).await), &json!(0)),
        "nobody gives feedback in another's name"
    );
    assert_ne!(given["id"], json!("mine"));
    let path = format!("/api/v1/evaluations/feedback/{}", given["id"].as_str().unwrap());
    for (method, body) in [
        (Method::GET, None),
        (Method::POST, Some(form)),
        (Method::DELETE, None),
    ] {
        app.refuses((method, &path), &cleo, body, UNKNOWN).await;
    }
    give(&app, &cleo).await;
    assert_wire(
        &app.get("/api/v1/evaluations/feedbacks/user", &ben).await,
        json!([with(kept(), "user", json!(null))]),
    );
    assert_wire(
        &app.get("/api/v1/evaluations/feedbacks/user", &ada).await,
        json!([]),
    );
    assert_wire(
        &app.delete("/api/v1/evaluations/feedbacks", &cleo).await,
        json!(true),
    );
    assert_wire(
        &app.delete("/api/v1/evaluations/feedbacks", &cleo).await,
        json!(false),
    );
    assert_eq!(
        app.get(&path, &ben).await,
        given,
        "only the caller's own were deleted"
    );
    app.close().await;
}

#[tokio::test]
async fn administrators_see_everybodys_feedback() {
    let app = TestApp::start().await;
    let ada = app.sign_up("ada").await;
    let ben = app.add_user(&ada, "ben").await;
    assert_wire(
        &app.delete("/api/v1/evaluations/feedbacks/all", &ada).await,
        json!(false),
    );
    give(&app, &ben).await;
    let snapshot = json!({"chat": {"title": "T"}, "client": {"kept": true}});
    assert_wire(
        &app.get("/api/v1/evaluations/feedbacks/all", &ada).await,
        json!([kept()]),
    );
    assert_wire(
        &app.get("/api/v1/evaluations/feedbacks/all/ids", &ada).await,
        json!([
            {"id": "<uuid>", "user_id": "<uuid>", "created_at": "<seconds>", "updated_at": "<seconds>"},
        ]),
    );
    assert_wire(
        &app.get("/api/v1/evaluations/feedbacks/all/export", &ada).await,
        json!([with(kept(), "snapshot", snapshot)]),
    );
    let user = json!({
        "id": "<uuid>", "name": "ben", "email": "ben@example.test", "role": "user",
        "last_active_at": "<seconds>", "updated_at": "<seconds>", "created_at": "<seconds>",
    });
    assert_wire(
        &app.get("/api/v1/evaluations/feedbacks/list", &ada).await,
        json!({"items": [with(kept(), "user", user)], "total": 1}),
    );
    assert_wire(
        &app.delete("/api/v1/evaluations/feedbacks/all", &ada).await,
        json!(true),
    );
    assert_wire(
        &app.get("/api/v1/evaluations/feedbacks/all", &ada).await,
        json!([]),
    );
    app.close().await;
}

/// Newest change first: f0 was changed last, and was given first.
#[tokio::test]
async fn pages_hold_thirty() {
    let app = TestApp::start().await;
    let ada = app.sign_up("ada").await;
    let owner = app.id_of(&ada).await;
    for n in 0..31 {
        app.sql(&format!(
            "INSERT INTO feedback (id, user_id, version, type, data, created_at, updated_at) VALUES
             ('f{n:02}', '{owner}', 0, 'rating', '{{\"rating\": {n}, \"model_id\": \"m{n:02}\"}}', {n}, {})",
            100 - n
        ))
        .await;
    }
    let all: Vec<String> = (0..31).map(|n| format!("f{n:02}")).collect();
    let up: Vec<&str> = all.iter().map(String::as_str).collect();
    let down: Vec<&str> = up.iter().rev().copied().collect();
    for (query, expected) in [
        ("", &down[..30]),
        ("?page=0", &down[..30]),
        ("?page=-1", &down[..30]),
        ("?page=2", &down[30..]),
        ("?page=3", &[]),
        ("?page=9223372036854775807", &[]),
        ("?direction=asc", &down[..30]),
        ("?order_by=unknown", &down[..30]),
        ("?order_by=created_at&direction=asc", &up[..30]),
        ("?order_by=created_at&direction=asc&page=2", &up[30..]),
        ("?order_by=updated_at", &up[..30]),
        ("?order_by=updated_at&direction=desc", &up[..30]),
        ("?order_by=updated_at&direction=asc", &down[..30]),
        ("?order_by=username&direction=asc", &up[..30]),
        ("?order_by=model_id&direction=asc", &up[..30]),
        ("?order_by=model_id", &down[..30]),
        ("?order_by=rating&direction=asc", &up[..30]),
        ("?order_by=rating&direction=desc", &down[..30]),
    ] {
        let page = app
            .get(&format!("/api/v1/evaluations/feedbacks/list{query}"), &ada)
            .await;
        let items = page["items"].as_array().unwrap();
        let ids: Vec<&str> = items.iter().map(|item| item["id"].as_str().unwrap()).collect();
        assert_eq!(ids, expected, "{query}");
        assert_eq!(page["total"], json!(31), "{query}");
    }
    for path in [
        "/api/v1/evaluations/feedbacks/all",
        "/api/v1/evaluations/feedbacks/all/ids",
        "/api/v1/evaluations/feedbacks/all/export",
        "/api/v1/evaluations/feedbacks/user",
    ] {
        let list = app.get(path, &ada).await;
        let ids: Vec<&str> = list
            .as_array()
            .unwrap()
            .iter()
            .map(|item| item["id"].as_str().unwrap())
            .collect();
        assert_eq!(ids, up, "{path}");
    }
    app.close().await;
}

#[tokio::test]
async fn feedback_of_the_wrong_shape_is_refused() {
    let app = TestApp::start().await;
    let ada = app.sign_up("ada").await;
    let kept = give(&app, &ada).await;
    for (body, places) in [
        (json!({}), json!([["body", "type"]])),
        (json!({"data": {}}), json!([["body", "type"]])),
        (json!({"type": 1}), json!([["body", "type"]])),
        (json!({"type": null}), json!([["body", "type"]])),
        (json!({"type": "r", "meta": []}), json!([["body", "meta"]])),
        (
            json!({"type": "r", "data": {"rating": 1.5}}),
            json!([
                ["body", "data", "rating", "str"],
                ["body", "data", "rating", "int"]
            ]),
        ),
        (
            json!({"type": "r", "data": {"sibling_model_ids": ["a", 1], "comment": {}}}),
            json!([
                ["body", "data", "sibling_model_ids", 1],
                ["body", "data", "comment"]
            ]),
        ),
        (
            json!({"type": "r", "snapshot": {"chat": "x"}}),
            json!([["body", "snapshot", "chat"]]),
        ),
    ] {
        let update = format!("/api/v1/evaluations/feedback/{kept}");
        for path in ["/api/v1/evaluations/feedback", &update] {
            let answer = app.ask(Method::POST, path, Some(&ada), Some(body.clone())).await;
            let faults = answer.body["detail"].as_array().cloned().unwrap_or_default();
            let found: Value = faults.iter().map(|fault| fault["loc"].clone()).collect();
            assert_eq!(
                (answer.status.as_u16(), found),
                (422, places.clone()),
                "{path} {body}"
            );
        }
    }
    let fine = [
        (json!({"type": ""}), json!(null)),
        (
            json!({"type": "r", "data": null, "meta": null, "snapshot": null}),
            json!(null),
        ),
        (json!({"type": "r", "data": {"rating": "good"}}), json!("good")),
        (json!({"type": "r", "data": {"rating": -1}}), json!(-1)),
        (json!({"type": "r", "data": {"rating": null}}), json!(null)),
        (
            json!({"type": "r\0", "data": {"rating": "a\0b", "\0x": "\0"}, "meta": {"\0": "\0"}}),
            json!("ab"),
        ),
    ];
    for (body, rating) in fine {
        let given = app.post("/api/v1/evaluations/feedback", &ada, body.clone()).await;
        assert_eq!(given["data"]["rating"], rating, "{body}");
        assert!(!given.to_string().contains("\\u0000"), "{given}");
    }
    app.close().await;
}

#[tokio::test]
async fn arenas_are_changed_field_by_field() {
    let app = TestApp::start().await;
    let ada = app.sign_up("ada").await;
    let arena = json!({"id": "a", "name": "A", "meta": {"model_ids": ["x"], "own": 1}});
    let form = json!({"EVALUATION_ARENA_MODELS": [arena]});
    let stored = json!({"ENABLE_EVALUATION_ARENA_MODELS": true, "EVALUATION_ARENA_MODELS": [arena]});
    assert_wire(
        &app.post("/api/v1/evaluations/config", &ada, form).await,
        stored.clone(),
    );
    assert_wire(&app.get("/api/v1/evaluations/config", &ada).await, stored.clone());
    let form = json!({"ENABLE_EVALUATION_ARENA_MODELS": false});
    let stored = with(stored, "ENABLE_EVALUATION_ARENA_MODELS", json!(false));
    assert_wire(&app.post("/api/v1/evaluations/config", &ada, form).await, stored);
    app.close().await;
}
