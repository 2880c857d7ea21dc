use futures_util::StreamExt;
use poem::Request;
use poem::http::Method;
use pretty_assertions::assert_eq;
use serde_json::{Value, json};

use crate::support::TestApp;

async fn app(level: &str) -> TestApp {
    TestApp::with(&[("AUDIT_LOG_LEVEL", level), ("AUDIT_EXCLUDED_PATHS", "/chats")]).await
}

/// The last entry, whose changing fields were looked at.
async fn last(app: &TestApp) -> Value {
    let mut entry = app.audit_log().await.pop().expect("an entry");
    assert!(entry["timestamp"].as_i64().unwrap() > 1_700_000_000);
    for changing in ["id", "timestamp"] {
        entry.as_object_mut().unwrap().remove(changing);
    }
    entry
}

async fn folder(app: &TestApp, token: &str) {
    let request = Request::builder()
        .method(Method::POST)
        .uri_str("/api/v1/folders/?a=1&token=secret-in-address")
        .header("host", "keelson.test")
        .header("authorization", format!("Bearer {token}"))
        .header("user-agent", "a browser")
        .header("x-forwarded-for", "192.0.2.7, 10.0.0.1")
        .content_type("application/json")
        .body(json!({"name": "F", "data": {"api_key": "hidden"}}).to_string());
    let answer = app.send(request).await;
    assert!(answer.status().is_success());
    answer.into_body().into_bytes().await.unwrap();
}

#[tokio::test]
async fn each_level_records_more() {
    for (level, request, status, response) in [
        ("metadata", "", json!(null), ""),
        (
            "REQUEST",
            r#"{"name":"F","data":{"api_key":"********"}}"#,
            json!(null),
            "",
        ),
        (
            "REQUEST_RESPONSE",
            r#"{"name":"F","data":{"api_key":"********"}}"#,
            json!(200),
            "\"name\":\"F\"",
        ),
    ] {
        let app = app(level).await;
        let token = app.sign_up("ada").await;
        folder(&app, &token).await;
        let mut entry = last(&app).await;
        let user = entry["user"].take();
        assert_eq!(
            (&user["name"], &user["email"], &user["role"]),
            (&json!("ada"), &json!("ada@example.test"), &json!("admin"))
        );
        assert!(user["id"].is_string() && user.as_object().unwrap().len() == 4);
        let answered = entry["response_object"].take();
        let answered = answered.as_str().unwrap();
        assert!(
            answered.contains(response) && answered.is_empty() == response.is_empty(),
            "{answered}"
        );
        assert_eq!(
            entry,
            json!({
                "user": null, "audit_level": level.to_uppercase(), "verb": "POST",
                "request_uri": "http://keelson.test/api/v1/folders/?a=1&token=********",
                "response_status_code": status, "source_ip": "192.0.2.7", "user_agent": "a browser",
                "request_object": request, "response_object": null, "extra": {},
            })
        );
    }
}

#[tokio::test]
async fn secrets_are_redacted() {
    let app = app("REQUEST_RESPONSE").await;
    let token = app.sign_up("ada").await;
    for password in ["a password", "not the password"] {
        let body = json!({"email": "ada@example.test", "password": password});
        app.ask(Method::POST, "/api/v1/auths/signin", None, Some(body))
            .await;
    }
    let body = json!({"ENABLE_OPENAI_API": true, "OPENAI_API_BASE_URLS": ["http://127.0.0.1:1"], "OPENAI_API_KEYS": ["plain-key"], "OPENAI_API_CONFIGS": {}});
    app.post("/openai/config/update", &token, body).await;
    let entries = app.audit_log().await;
    assert_eq!(entries.len(), 4, "sign-up, two tries to sign in, a change");
    let signed_in = entries[1]["response_object"].as_str().unwrap();
    assert!(signed_in.contains(r#""token":"********""#), "{signed_in}");
    let changed = entries[3]["response_object"].as_str().unwrap();
    assert!(changed.contains(r#""OPENAI_API_KEYS":"********""#), "{changed}");
    let all = Value::from(entries).to_string();
    for secret in ["a password", "not the password", "plain-key", token.as_str()] {
        assert!(!all.contains(secret), "{secret} in {all}");
    }
}

#[tokio::test]
async fn reads_anonymous_requests_and_excluded_paths_are_not_logged() {
    let app = app("METADATA").await;
    let token = app.sign_up("ada").await;
    app.get("/api/v1/folders/", &token).await;
    app.post("/api/v1/chats/new", &token, json!({"chat": {}})).await;
    app.ask(Method::POST, "/api/v1/folders/", None, Some(json!({"name": "F"})))
        .await;
    assert_eq!(app.audit_log().await.len(), 1, "the sign-up");
    let request = Request::builder()
        .method(Method::POST)
        .uri_str("/api/v1/folders/")
        .header("cookie", format!("token={token}"))
        .content_type("application/json")
        .body(json!({"name": "G"}).to_string());
    app.send(request).await;
    assert_eq!(
        last(&app).await["user"]["name"],
        json!("ada"),
        "a cookie signs in too"
    );
    let quiet = TestApp::start().await;
    quiet.sign_up("ada").await;
    assert_eq!(quiet.audit_log().await, Vec::<Value>::new(), "off is the default");
}

#[tokio::test]
async fn bodies_are_truncated_and_binary_ones_omitted() {
    let app = TestApp::with(&[("AUDIT_LOG_LEVEL", "REQUEST"), ("MAX_BODY_LOG_SIZE", "10")]).await;
    let token = app.sign_up("ada").await;
    folder(&app, &token).await;
    assert_eq!(app.audit_log().await.len(), 1, "folders are excluded by default");
    let body = json!({"ENABLE_OPENAI_API": true});
    app.ask(Method::POST, "/openai/config/update", Some(&token), Some(body))
        .await;
    assert_eq!(last(&app).await["request_object"], json!(r#"{"ENABLE_O"#));
    app.close().await;
}

#[tokio::test]
async fn streams_are_not_buffered() {
    let app = app("REQUEST_RESPONSE").await;
    let token = app.sign_up("ada").await;
    let body =
        json!({"model": "keelson-demo", "stream": true, "messages": [{"role": "user", "content": "Hello"}]});
    let ask = || {
        let request = Request::builder()
            .method(Method::POST)
            .uri_str("/api/chat/completions")
            .header("authorization", format!("Bearer {token}"))
            .content_type("application/json");
        app.send(request.body(body.to_string()))
    };
    let mut stream = ask().await.into_body().into_bytes_stream();
    let first = stream.next().await.unwrap().unwrap();
    assert!(first.starts_with(b"data: "));
    assert_eq!(
        app.audit_log().await.len(),
        1,
        "the answer is not over, but its beginning was read"
    );
    let mut chunks = 1;
    while let Some(chunk) = stream.next().await {
        chunk.unwrap();
        chunks += 1;
    }
    drop(stream);
    assert!(chunks > 5, "{chunks}");
    let entry = last(&app).await;
    assert_eq!(entry["response_status_code"], json!(200));
    let kept = entry["response_object"].as_str().unwrap();
    assert!(kept.starts_with("data: ") && kept.len() <= 2048, "{kept}");

    let mut left = ask().await.into_body().into_bytes_stream();
    left.next().await.unwrap().unwrap();
    drop(left);
    assert_eq!(app.audit_log().await.len(), 3, "also when the reader is gone");
}

#[tokio::test]
async fn a_full_file_is_rotated() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("deep/requests.jsonl");
    let app = TestApp::with(&[
        ("AUDIT_LOG_LEVEL", "METADATA"),
        ("AUDIT_LOGS_FILE_PATH", file.to_str().unwrap()),
        ("AUDIT_LOG_FILE_ROTATION_SIZE", "1KB"),
    ])
    .await;
    for name in 0..12 {
        let body = json!({"email": format!("{name}@example.test"), "password": "x"});
        app.ask(Method::POST, "/api/v1/auths/signin", None, Some(body))
            .await;
    }
    app.audit_log().await;
    let files = std::fs::read_dir(folder.path().join("deep")).unwrap().count();
    assert!(files > 1, "{files}");
    assert!(std::fs::metadata(&file).unwrap().len() <= 1000);
    app.close().await;
}
