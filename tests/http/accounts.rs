//! Signing in and out, one's own account and API key, and what admins do about accounts.

use poem::http::{Method, StatusCode};
use pretty_assertions::assert_eq;
use serde_json::json;

use crate::support::{TestApp, assert_wire, default_permissions};

#[tokio::test]
async fn the_first_account_becomes_admin() {
    let app = TestApp::start().await;
    let form = json!({"name": "Ada", "email": "Ada@example.test", "password": "a password"});
    let answer = app
        .ask(Method::POST, "/api/v1/auths/signup", None, Some(form.clone()))
        .await;
    assert_eq!(answer.status, StatusCode::OK);
    assert_wire(
        &answer.body,
        json!({
            "token": "<token>", "token_type": "Bearer", "id": "<uuid>", "email": "ada@example.test", "name": "Ada",
            "role": "admin", "profile_image_url": "/user.png", "expires_at": "<seconds>",
            "permissions": default_permissions(),
        }),
    );
    let ada = answer.body["token"].as_str().unwrap().to_owned();
    let answer = app
        .ask(Method::POST, "/api/v1/auths/signup", None, Some(form))
        .await;
    assert_wire(
        &json!([answer.status.as_u16(), answer.body]),
        json!([403, {"detail": "Signing up is closed."}]),
    );

    let form = json!({"email": "ada@example.test", "password": "a password"});
    let answer = app
        .ask(Method::POST, "/api/v1/auths/signin", None, Some(form))
        .await;
    assert_wire(
        &answer.body,
        json!({
            "token": "<token>", "token_type": "Bearer", "id": "<uuid>", "email": "ada@example.test", "name": "Ada",
            "role": "admin", "profile_image_url": "/user.png", "expires_at": "<seconds>",
            "permissions": default_permissions(),
        }),
    );
    let form = json!({"email": "ada@example.test", "password": "wrong"});
    let answer = app
        .ask(Method::POST, "/api/v1/auths/signin", None, Some(form))
        .await;
    assert_wire(
        &json!([answer.status.as_u16(), answer.body]),
        json!([400, {"detail": "The e-mail address or the password is not right."}]),
    );
    let form = json!({"user": "ada", "password": "x"});
    let answer = app
        .ask(Method::POST, "/api/v1/auths/ldap", None, Some(form))
        .await;
    assert_wire(
        &json!([answer.status.as_u16(), answer.body]),
        json!([400, {"detail": "Signing in against a directory (LDAP) is not available in this version."}]),
    );

    assert_wire(
        &app.get("/api/v1/auths/", &ada).await,
        json!({
            "token": "<token>", "token_type": "Bearer", "expires_at": "<seconds>", "id": "<uuid>",
            "email": "ada@example.test", "name": "Ada", "role": "admin", "profile_image_url": "/user.png",
            "bio": null, "gender": null, "date_of_birth": null, "status_emoji": null, "status_message": null,
            "status_expires_at": null,
            "permissions": default_permissions(),
        }),
    );
    assert_wire(
        &app.get("/api/v1/auths/signout", &ada).await,
        json!({"status": true}),
    );
    let answer = app.ask(Method::GET, "/api/v1/auths/", Some(&ada), None).await;
    assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "the token is revoked");
    app.close().await;
}

#[tokio::test]
async fn admins_add_accounts() {
    let app = TestApp::start().await;
    let ada = app.sign_up("ada").await;
    let form = json!({"name": "Ben", "email": "ben@example.test", "password": "a password", "role": "user"});
    assert_wire(
        &app.post("/api/v1/auths/add", &ada, form.clone()).await,
        json!({
            "token": "<token>", "token_type": "Bearer", "id": "<uuid>", "email": "ben@example.test", "name": "Ben",
            "role": "user", "profile_image_url": "/user.png",
        }),
    );
    app.refuses(
        (Method::POST, "/api/v1/auths/add"),
        &ada,
        Some(form.clone()),
        (400, "This e-mail address is taken."),
    )
    .await;
    let mut wrong = form;
    wrong["email"] = json!("cleo@example.test");
    wrong["role"] = json!("king");
    app.refuses(
        (Method::POST, "/api/v1/auths/add"),
        &ada,
        Some(wrong),
        (400, "A role is one of admin, user, pending."),
    )
    .await;
    let ben = app.add_user(&ada, "benny").await;
    assert_wire(
        &app.get("/api/v1/auths/admin/details", &ben).await,
        json!({"name": "ada", "email": "ada@example.test"}),
    );
    app.close().await;
}

#[tokio::test]
async fn people_change_their_profile_and_password() {
    let app = TestApp::start().await;
    let ada = app.sign_up("ada").await;
    let profile = json!({
        "name": "Ada", "profile_image_url": "/a.png", "bio": "b", "gender": "g", "date_of_birth": "2001-02-03",
    });
    assert_wire(
        &app.post("/api/v1/auths/update/profile", &ada, profile.clone())
            .await,
        json!({
            "id": "<uuid>", "name": "Ada", "role": "admin", "email": "ada@example.test",
            "profile_image_url": "/a.png",
        }),
    );
    assert_eq!(
        app.get("/api/v1/auths/", &ada).await["date_of_birth"],
        json!("2001-02-03")
    );
    let mut wrong = profile;
    wrong["date_of_birth"] = json!("yesterday");
    let answer = app
        .ask(
            Method::POST,
            "/api/v1/auths/update/profile",
            Some(&ada),
            Some(wrong),
        )
        .await;
    assert_wire(
        &json!([answer.status.as_u16(), answer.body]),
        json!([
            422,
            {
                "detail": [
                    {
                        "type": "date_from_datetime_parsing", "loc": ["body", "date_of_birth"],
                        "msg": "Input should be a valid date", "input": "yesterday",
                    },
                ],
            },
        ]),
    );

    let change = json!({"password": "a password", "new_password": "another password"});
    assert_wire(
        &app.post("/api/v1/auths/update/password", &ada, change.clone())
            .await,
        json!(true),
    );
    app.refuses(
        (Method::POST, "/api/v1/auths/update/password"),
        &ada,
        Some(change),
        (400, "The current password is not right."),
    )
    .await;
    app.close().await;
}

#[tokio::test]
async fn an_account_has_one_api_key() {
    let app = TestApp::with(&[("ENABLE_API_KEYS", "true")]).await;
    let ada = app.sign_up("ada").await;
    let mut permissions = app.get("/api/v1/users/default/permissions", &ada).await;
    permissions["features"]["api_keys"] = json!(true);
    app.post("/api/v1/users/default/permissions", &ada, permissions.clone())
        .await;
    app.refuses(
        (Method::GET, "/api/v1/auths/api_key"),
        &ada,
        None,
        (404, "This account has no API key."),
    )
    .await;
    let made = app.post("/api/v1/auths/api_key", &ada, json!({})).await;
    assert_wire(&made, json!({"api_key": "<key>"}));
    assert_eq!(app.get("/api/v1/auths/api_key", &ada).await, made);
    assert_wire(&app.delete("/api/v1/auths/api_key", &ada).await, json!(true));
    app.refuses(
        (Method::GET, "/api/v1/auths/api_key"),
        &ada,
        None,
        (404, "This account has no API key."),
    )
    .await;
    permissions["features"]["api_keys"] = json!(false);
    app.post("/api/v1/users/default/permissions", &ada, permissions)
        .await;
    let ben = app.add_user(&ada, "ben").await;
    app.refuses(
        (Method::POST, "/api/v1/auths/api_key"),
        &ben,
        Some(json!({})),
        (403, "API keys are not allowed for this account."),
    )
    .await;
    app.close().await;
}

#[tokio::test]
async fn every_place_that_checks_a_password_limits_tries() {
    let app = TestApp::start().await;
    let ada = app.sign_up("ada").await;
    let ben = app.add_user(&ada, "ben").await;
    let guess = |number: usize| format!("guess {number}");
    for number in 0..40 {
        let change = json!({"password": guess(number), "new_password": "another password"});
        let directory = json!({"user": "Ada", "password": guess(number)});
        let sign_in = json!({"email": "ada@example.test", "password": guess(number)});
        for (path, token, body) in [
            ("/api/v1/auths/update/password", Some(ada.as_str()), change),
            ("/api/v1/auths/ldap", None, directory),
            ("/api/v1/auths/signin", None, sign_in),
        ] {
            let answer = app.ask(Method::POST, path, token, Some(body)).await;
            let is_limited = answer.status == StatusCode::TOO_MANY_REQUESTS;
            assert_eq!(is_limited, number >= 15, "{path} {number}: {}", answer.body);
            assert!(!answer.status.is_success(), "{path}");
        }
    }
    let change = json!({"password": "a password", "new_password": "another password"});
    app.post("/api/v1/auths/update/password", &ben, change).await;
    let other = json!({"user": "ben", "password": "x"});
    let answer = app
        .ask(Method::POST, "/api/v1/auths/ldap", None, Some(other))
        .await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST, "others are not held up");
    app.close().await;
}

/// Whether a token counts.
async fn is_signed_in(app: &TestApp, token: &str) -> bool {
    let answer = app.ask(Method::GET, "/api/v1/auths/", Some(token), None).await;
    answer.status == StatusCode::OK
}

async fn sign_in(app: &TestApp, name: &str, password: &str) -> String {
    let form = json!({"email": format!("{name}@example.test"), "password": password});
    let answer = app
        .ask(Method::POST, "/api/v1/auths/signin", None, Some(form))
        .await;
    answer.body["token"].as_str().expect("a token").to_owned()
}

#[tokio::test]
async fn a_new_password_ends_the_sign_ins_made_with_the_old_one() {
    let app = TestApp::start().await;
    let ada = app.sign_up("ada").await;
    let first = app.add_user(&ada, "ben").await;
    let (old, new) = ("a password", "a-lighthouse-at-noon");
    let second = sign_in(&app, "ben", old).await;
    // Tokens say in whole seconds when they were issued.
    tokio::time::sleep(std::time::Duration::from_millis(1_100)).await;
    let change = json!({"password": old, "new_password": new});
    app.post("/api/v1/auths/update/password", &second, change).await;
    let third = sign_in(&app, "ben", new).await;
    for (token, expected) in [(&first, false), (&second, true), (&third, true), (&ada, true)] {
        assert_eq!(is_signed_in(&app, token).await, expected);
    }
    tokio::time::sleep(std::time::Duration::from_millis(1_100)).await;
    let ben = app.id_of(&third).await;
    let change = json!({
        "name": "Ben", "email": "ben@example.test", "role": "user", "profile_image_url": "/user.png", "password": old,
    });
    app.post(&format!("/api/v1/users/{ben}/update"), &ada, change)
        .await;
    let fourth = sign_in(&app, "ben", old).await;
    for (token, expected) in [(&second, false), (&third, false), (&fourth, true), (&ada, true)] {
        assert_eq!(is_signed_in(&app, token).await, expected);
    }
}

#[tokio::test]
async fn what_was_signed_out_stays_so_over_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite:///{}/webui.db", folder.path().display());
    let variables = [
        ("DATABASE_URL", url.as_str()),
        ("WEBUI_SECRET_KEY", "the-same-key"),
    ];
    let app = TestApp::with(&variables).await;
    let first = app.sign_up("ada").await;
    let second = sign_in(&app, "ada", "a password").await;
    app.get("/api/v1/auths/signout", &first).await;
    assert!(!is_signed_in(&app, &first).await && is_signed_in(&app, &second).await);
    app.close().await;
    let app = TestApp::with(&variables).await;
    assert!(!is_signed_in(&app, &first).await, "signed out before the restart");
    assert!(is_signed_in(&app, &second).await, "signed in before the restart");
    app.close().await;
}
