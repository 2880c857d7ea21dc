use poem::http::{Method, StatusCode};
use pretty_assertions::assert_eq;
use serde_json::{Value, json};

use crate::support::TestApp;

async fn admin_config(app: &TestApp, admin: &str, name: &str, value: Value) {
    let mut form = app.get("/api/v1/auths/admin/config", admin).await;
    form[name] = value;
    app.post("/api/v1/auths/admin/config", admin, form).await;
}

async fn allow_keys(app: &TestApp, admin: &str, allowed: bool) {
    let path = "/api/v1/users/default/permissions";
    let mut form = app.get(path, admin).await;
    form["features"]["api_keys"] = json!(allowed);
    app.post(path, admin, form).await;
}

async fn key_of(app: &TestApp, token: &str) -> String {
    let made = app.post("/api/v1/auths/api_key", token, Value::Null).await;
    made["api_key"].as_str().expect("a key").to_owned()
}

async fn status(app: &TestApp, key: &str) -> StatusCode {
    app.ask(Method::GET, "/api/v1/auths/", Some(key), None)
        .await
        .status
}

#[tokio::test]
async fn an_api_key_works_while_its_owner_is_permitted() {
    let app = TestApp::start().await;
    let admin = app.sign_up("ada").await;
    let ben = app.add_user(&admin, "ben").await;
    admin_config(&app, &admin, "ENABLE_API_KEYS", json!(true)).await;
    allow_keys(&app, &admin, true).await;
    let (adas, bens) = (key_of(&app, &admin).await, key_of(&app, &ben).await);
    assert_eq!(
        (status(&app, &adas).await, status(&app, &bens).await),
        (StatusCode::OK, StatusCode::OK)
    );

    // The right was taken away after the key was made: admins keep theirs.
    allow_keys(&app, &admin, false).await;
    assert_eq!(
        (status(&app, &adas).await, status(&app, &bens).await),
        (StatusCode::OK, StatusCode::FORBIDDEN)
    );

    admin_config(&app, &admin, "ENABLE_API_KEYS", json!(false)).await;
    assert_eq!(status(&app, &adas).await, StatusCode::FORBIDDEN);
    assert_eq!(
        status(&app, "sk-00000000000000000000000000000000").await,
        StatusCode::UNAUTHORIZED
    );
    // What strangers may see is not refused for a key that may not be used.
    assert_eq!(
        app.ask(Method::GET, "/api/config", Some(&adas), None)
            .await
            .status,
        StatusCode::OK
    );
    app.close().await;
}
