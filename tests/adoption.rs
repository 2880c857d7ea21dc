//! Databases that the reference made open here: its users sign in, its chats are there, its settings hold. They are part
//! of the kit (`fixtures/`), which lies beside the checkout or where `KEELSON_SHARED` says: without it these tests fail.

use std::path::PathBuf;

use poem::http::{Method, StatusCode};
use serde_json::json;

use crate::support::{Postgres, TestApp};

fn fixture(name: &str) -> PathBuf {
    let shared = std::env::var_os("KEELSON_SHARED").map_or_else(
        || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../shared"),
        PathBuf::from,
    );
    let path = shared.join("fixtures").join(name);
    assert!(
        path.is_file(),
        "{} is missing: put the kit beside the checkout, or let KEELSON_SHARED say where it is",
        path.display()
    );
    path
}

async fn check(app: &TestApp) {
    let mut chats = 0;
    for (name, password) in [
        ("ada", "ada-password-1"),
        ("ben", "ben-password-1"),
        ("cleo", "cleo-password-1"),
    ] {
        let body = json!({"email": format!("{name}@example.test"), "password": password});
        let answer = app
            .ask(Method::POST, "/api/v1/auths/signin", None, Some(body))
            .await;
        assert_eq!(answer.status, StatusCode::OK, "{name}: {}", answer.body);
        let token = answer.body["token"].as_str().expect("a token").to_owned();
        let all = app.get("/api/v1/chats/all", &token).await;
        for chat in all.as_array().expect("a list") {
            let id = chat["id"].as_str().expect("an id");
            let whole = app.get(&format!("/api/v1/chats/{id}"), &token).await;
            assert_eq!(whole["chat"], chat["chat"]);
            chats += 1;
        }
        for path in [
            "/api/v1/folders/",
            "/api/v1/chats/all/tags",
            "/api/v1/chats/?page=1",
            "/api/v1/prompts/",
        ] {
            app.get(path, &token).await;
        }
    }
    assert_eq!(chats, 6, "every chat is there (the seventh row is a shared copy)");
}

#[tokio::test]
async fn a_sqlite_file_of_the_reference() {
    let file = fixture("webui-0.6.43.db");
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::copy(file, folder.path().join("webui.db")).expect("a copy");
    let app = TestApp::in_folder(folder, &[]).await;
    check(&app).await;
    app.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_postgresql_database_of_the_reference() {
    let file = fixture("webui-0.6.43.pg.sql");
    let server = Postgres::start();
    server.run_file(&file);
    let app = TestApp::with(&[("DATABASE_URL", &server.url())]).await;
    check(&app).await;
    app.close().await;
}
