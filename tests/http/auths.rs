use std::time::Duration;

use poem::http::{Method, StatusCode};
use pretty_assertions::assert_eq;
use serde_json::json;

use crate::rooms::{
    RequiredRole::{Admin, Nobody, Pending, User},
    Roles,
};
use crate::support::TestApp;

inventory::submit! {
    Roles(&[
        ("POST", "/api/v1/auths/signin", Nobody),
        ("POST", "/api/v1/auths/signup", Nobody),
        ("POST", "/api/v1/auths/ldap", Nobody),
        ("GET", "/api/v1/auths/signout", Nobody),
        ("GET", "/oauth/clients/*", User),
        ("GET", "/oauth/*", Nobody),
        ("GET", "/api/v1/auths/", Pending),
        ("GET", "/api/v1/auths/api_key", Pending),
        ("DELETE", "/api/v1/auths/api_key", Pending),
        ("POST", "/api/v1/auths/api_key", User),
        ("*", "/api/v1/auths/update/*", User),
        ("GET", "/api/v1/auths/admin/details", User),
        ("*", "/api/v1/auths/*", Admin),
        ("*", "/api/webhook", Admin),
    ])
}

#[tokio::test]
async fn a_token_must_match_the_trusted_header() {
    let app = TestApp::with(&[("WEBUI_AUTH_TRUSTED_EMAIL_HEADER", "X-User-Email")]).await;
    let named = |email: &'static str| [("x-user-email", email)];
    let path = "/api/v1/auths/signin";
    let nobody = Some(json!({"email": "", "password": ""}));
    let answer = app
        .ask_as(Method::POST, path, &named("Ada@example.test"), None, nobody)
        .await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    let ada = answer.body["token"].as_str().unwrap();
    let who = "/api/v1/auths/";
    for (headers, expected) in [
        (&named("ADA@example.test")[..], StatusCode::OK),
        (&[], StatusCode::OK),
        (&named("ben@example.test"), StatusCode::UNAUTHORIZED),
    ] {
        let answer = app.ask_as(Method::GET, who, headers, Some(ada), None).await;
        assert_eq!(answer.status, expected, "{headers:?}: {}", answer.body);
    }
    app.close().await;
}

#[tokio::test]
async fn unconfigured_oauth_providers_are_not_found() {
    let app = TestApp::start().await;
    let unknown = json!({"detail": "No sign-in provider named google is configured."});
    for answer in [
        app.ask(Method::GET, "/oauth/google/login", None, None).await,
        app.ask(Method::GET, "/oauth/google/login/callback", None, None)
            .await,
        app.ask(Method::GET, "/oauth/google/callback", None, None).await,
    ] {
        assert_eq!((answer.status, &answer.body), (StatusCode::NOT_FOUND, &unknown));
    }
    let ada = app.sign_up("ada").await;
    let client = app
        .ask(Method::GET, "/oauth/clients/mcp/authorize", Some(&ada), None)
        .await;
    let unknown = json!({"detail": "No sign-in provider named mcp is configured."});
    assert_eq!((client.status, &client.body), (StatusCode::NOT_FOUND, &unknown));
    app.close().await;
}

#[tokio::test]
async fn tool_servers_are_stored_as_sent() {
    let app = TestApp::start().await;
    let ada = app.sign_up("ada").await;
    let ben = app.add_user(&ada, "ben").await;
    assert_eq!(
        app.get("/api/v1/configs/tool_servers", &ada).await,
        json!({"TOOL_SERVER_CONNECTIONS": []})
    );
    let server = json!({
        "url": "http://tools.example.test", "path": "openapi.json", "auth_type": "bearer", "headers": null, "key": "k",
        "config": {"enable": true}, "info": {"id": "t", "name": "T"},
    });
    let body = json!({"TOOL_SERVER_CONNECTIONS": [server]});
    let stored = app.post("/api/v1/configs/tool_servers", &ada, body).await;
    let mut expected = server;
    expected["type"] = json!("openapi");
    assert_eq!(stored, json!({"TOOL_SERVER_CONNECTIONS": [expected]}));
    let path = "/api/v1/configs/tool_servers";
    assert_eq!(app.get(path, &ada).await, stored);
    let hidden = app.ask(Method::GET, path, Some(&ben), None).await;
    assert_eq!(hidden.status, StatusCode::UNAUTHORIZED, "it holds keys");
    let wrong = Some(json!({"TOOL_SERVER_CONNECTIONS": [{"path": "x"}]}));
    let answer = app.ask(Method::POST, path, Some(&ada), wrong).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    app.close().await;
}

/// Whether a sign of life is stored within some requests of an account whose last one lies far back.
async fn is_stored(app: &TestApp, token: &str) -> bool {
    app.sql("UPDATE \"user\" SET last_active_at = 1").await;
    for _ in 0..40 {
        if app.get("/api/v1/users/", token).await["users"][0]["last_active_at"] != json!(1) {
            return true;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    false
}

#[tokio::test]
async fn signs_of_life_are_stored_as_often_as_the_operator_says() {
    for (interval, is_stored_again) in [("0", true), ("0.2", true), ("3600", false), ("", false)] {
        let app = TestApp::with(&[("DATABASE_USER_ACTIVE_STATUS_UPDATE_INTERVAL", interval)]).await;
        let ada = app.sign_up("ada").await;
        assert!(is_stored(&app, &ada).await, "{interval}: the first one");
        assert_eq!(
            is_stored(&app, &ada).await,
            is_stored_again,
            "{interval}: one after it"
        );
        app.close().await;
    }
}
