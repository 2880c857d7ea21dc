use poem::http::{Method, StatusCode};
use pretty_assertions::assert_eq;
use serde_json::{Value, json};

use crate::rooms::{
    Lists,
    RequiredRole::{Nobody, User},
    Roles,
};
use crate::support::TestApp;

inventory::submit! {
    Roles(&[
        ("GET", "/health", Nobody),
        ("GET", "/health/db", Nobody),
        ("GET", "/ready", Nobody),
        ("GET", "/api/config", Nobody),
        ("GET", "/api/version", Nobody),
        ("GET", "/api/changelog", Nobody),
        ("GET", "/manifest.json", Nobody),
        ("GET", "/opensearch.xml", Nobody),
        ("GET", "/api/usage", User),
        ("GET", "/api/version/updates", User),
    ])
}

inventory::submit! {
    Lists {
        paths: &[
            "/api/config",
        ],
        rows: "",
    }
}

#[tokio::test]
async fn cached_files_require_sign_in() {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::create_dir_all(folder.path().join("cache/image")).expect("a folder");
    std::fs::write(folder.path().join("cache/image/a b.txt"), "a picture").expect("a file");
    std::fs::write(folder.path().join("secret.txt"), "hidden").expect("a file");
    let app = TestApp::in_folder(folder, &[]).await;
    let admin = app.sign_up("ada").await;
    let path = "/cache/image/a%20b.txt";
    assert_eq!(
        app.get("/cache/image/a%20b.txt", &admin).await,
        Value::String("a picture".into())
    );
    let stranger = app.ask(Method::GET, path, None, None).await;
    assert_eq!(stranger.status, StatusCode::UNAUTHORIZED);
    for (outside, status) in [
        ("/cache/..%2Fsecret.txt", StatusCode::BAD_REQUEST),
        ("/cache/image/..%2F..%2Fsecret.txt", StatusCode::BAD_REQUEST),
        ("/cache/image/../../secret.txt", StatusCode::BAD_REQUEST),
        ("/cache/none.png", StatusCode::NOT_FOUND),
        ("/cache/image", StatusCode::NOT_FOUND),
    ] {
        let answer = app.ask(Method::GET, outside, Some(&admin), None).await;
        assert_eq!(answer.status, status, "{outside}: {}", answer.body);
    }
    app.close().await;
}

#[tokio::test]
async fn sign_up_is_off_without_authentication() {
    let app = TestApp::with(&[("WEBUI_AUTH", "false"), ("ENABLE_SIGNUP", "true")]).await;
    let config = app.ask(Method::GET, "/api/config", None, None).await;
    assert_eq!(config.body["features"]["enable_signup"], json!(false));
    app.close().await;
}
