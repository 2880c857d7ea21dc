use poem::http::{Method, StatusCode};
use pretty_assertions::assert_eq;
use serde_json::{Value, json};

use crate::rooms::{RequiredRole::Admin, Roles};
use crate::support::TestApp;

inventory::submit! {
    Roles(&[
        ("*", "/api/v1/images/config", Admin),
        ("*", "/api/v1/retrieval/*", Admin),
    ])
}

const MODELS: &str = "/api/v1/configs/models";

async fn default_models_after(app: &TestApp, value: Value) -> Value {
    let admin = app.sign_up("ada").await;
    let mut form = app.get(MODELS, &admin).await;
    form["DEFAULT_MODELS"] = value;
    app.post(MODELS, &admin, form).await;
    app.get(MODELS, &admin).await["DEFAULT_MODELS"].clone()
}

#[tokio::test]
async fn a_change_applies_without_persistent_config() {
    let app = TestApp::with(&[("ENABLE_PERSISTENT_CONFIG", "false"), ("DEFAULT_MODELS", "given")]).await;
    assert_eq!(
        default_models_after(&app, json!("changed")).await,
        json!("changed")
    );
    app.close().await;
}

#[tokio::test]
async fn a_cleared_setting_overrides_its_variable() {
    let app = TestApp::with(&[("DEFAULT_MODELS", "given")]).await;
    assert_eq!(default_models_after(&app, Value::Null).await, Value::Null);
    app.close().await;
}

#[tokio::test]
async fn settings_are_for_admins_only() {
    let app = TestApp::start().await;
    let admin = app.sign_up("ada").await;
    let ben = app.add_user(&admin, "ben").await;
    for token in [None, Some(ben.as_str())] {
        let answer = app.ask(Method::GET, MODELS, token, None).await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
    }
    app.close().await;
}
