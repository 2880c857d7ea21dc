use poem::http::{Method, StatusCode};
use pretty_assertions::assert_eq;
use serde_json::{Value, json};

use crate::support::TestApp;

const MODELS: &str = "/api/v1/configs/models";

async fn default_models_after(app: &TestApp, value: Value) -> Value {
    let admin = app.sign_up("ada").await;
    let mut form = app.get(MODELS, &admin).await;
    form["DEFAULT_MODELS"] = value;
    app.post(MODELS, &admin, form).await;
    app.get(MODELS, &admin).await["DEFAULT_MODELS"].clone()
}

#[tokio::test]
async fn a_change_holds_although_the_database_does_not_count() {
    let app = TestApp::with(&[("ENABLE_PERSISTENT_CONFIG", "false"), ("DEFAULT_MODELS", "given")]).await;
    assert_eq!(
        default_models_after(&app, json!("changed")).await,
        json!("changed")
    );
}

#[tokio::test]
async fn what_an_admin_clears_is_clear_although_a_variable_stands_behind_it() {
    let app = TestApp::with(&[("DEFAULT_MODELS", "given")]).await;
    assert_eq!(default_models_after(&app, Value::Null).await, Value::Null);
}

#[tokio::test]
async fn settings_are_the_admins() {
    let app = TestApp::start().await;
    let admin = app.sign_up("ada").await;
    let ben = app.add_user(&admin, "ben").await;
    for token in [None, Some(ben.as_str())] {
        let answer = app.ask(Method::GET, MODELS, token, None).await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
    }
}
