//! What goes wrong with a request is told as FastAPI tells it.

use poem::Request;
use poem::http::{Method, StatusCode};
use pretty_assertions::assert_eq;
use serde_json::{Value, json};

use crate::support::{Answer, TestApp};

async fn post(
    app: &TestApp,
    token: Option<&str>,
    path: &str,
    kind: Option<&str>,
    body: &str,
) -> (u16, Value) {
    let mut request = Request::builder().method(Method::POST).uri_str(path);
    if let Some(kind) = kind {
        request = request.content_type(kind);
    }
    if let Some(token) = token {
        request = request.header("authorization", format!("Bearer {token}"));
    }
    let response = app.send(request.body(body.to_owned())).await;
    let status = response.status().as_u16();
    let text = response.into_body().into_string().await.unwrap();
    (status, serde_json::from_str(&text).unwrap())
}

#[tokio::test]
async fn parameters_of_the_query() {
    let app = TestApp::start().await;
    let ada = app.sign_up("ada").await;
    let answer = app
        .ask(Method::GET, "/api/v1/chats/?page=abc", Some(&ada), None)
        .await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(
        answer.body,
        json!({"detail": [{
            "type": "int_parsing", "loc": ["query", "page"], "input": "abc",
            "msg": "Input should be a valid integer, unable to parse string as an integer",
        }]})
    );
    let answer = app
        .ask(
            Method::GET,
            "/api/v1/chats/?include_pinned=perhaps",
            Some(&ada),
            None,
        )
        .await;
    assert_eq!(answer.body["detail"][0]["type"], json!("bool_parsing"));
    let answer = app
        .ask(Method::GET, "/api/v1/chats/search", Some(&ada), None)
        .await;
    let error = &answer.body["detail"][0];
    assert_eq!(
        (&error["type"], &error["loc"]),
        (&json!("missing"), &json!(["query", "text"]))
    );
    for word in ["True", "false", "1", "no"] {
        app.get(&format!("/api/v1/chats/?include_pinned={word}"), &ada)
            .await;
    }
    let answer = app.ask(Method::GET, "/api/v1/chats/?page=abc", None, None).await;
    assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "who asks comes first");
    app.close().await;
}

#[tokio::test]
async fn bodies() {
    let app = TestApp::start().await;
    let path = "/api/v1/auths/signin";
    let json = Some("application/json");
    let good = r#"{"email": "a@example.test", "password": "x"}"#;
    for (kind, body, error, loc) in [
        (json, "{\"email\": ", "json_invalid", json!(["body", 10])),
        (json, "", "missing", json!(["body"])),
        (None, "", "missing", json!(["body"])),
        (json, "[]", "model_attributes_type", json!(["body"])),
        (json, "{\"email\": \"a\"}", "missing", json!(["body", "password"])),
        (Some("text/plain"), good, "model_attributes_type", json!(["body"])),
        (
            Some("application/x-www-form-urlencoded"),
            "email=a",
            "model_attributes_type",
            json!(["body"]),
        ),
    ] {
        let (status, answer) = post(&app, None, path, kind, body).await;
        assert_eq!(status, 422, "{body}");
        let first = &answer["detail"][0];
        assert_eq!((&first["type"], &first["loc"]), (&json!(error), &loc), "{body}");
    }
    for kind in [None, json, Some("application/vnd.api+json; charset=utf-8")] {
        let (status, answer) = post(&app, None, path, kind, good).await;
        assert_eq!(
            (status, answer["detail"].is_string()),
            (400, true),
            "{kind:?} is read"
        );
    }
    app.close().await;
}

#[tokio::test]
async fn paths_and_methods() {
    let app = TestApp::start().await;
    let detail = |answer: Answer| (answer.status.as_u16(), answer.body);
    assert_eq!(
        detail(app.ask(Method::GET, "/api/v1/nothing", None, None).await),
        (404, json!({"detail": "Not Found"}))
    );
    assert_eq!(
        detail(app.ask(Method::DELETE, "/api/v1/auths/signin", None, None).await),
        (405, json!({"detail": "Method Not Allowed"}))
    );
    app.close().await;
}
