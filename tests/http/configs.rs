use poem::http::{Method, StatusCode};
use pretty_assertions::assert_eq;
use serde_json::{Value, json};

use crate::rooms::{
    RequiredRole::{Admin, User},
    Roles,
};
use crate::support::{TestApp, assert_wire};

inventory::submit! {
    Roles(&[
        ("GET", "/api/v1/configs/banners", User),
        ("*", "/api/v1/configs/*", Admin),
    ])
}

/// A form with one field changed.
fn with(mut form: Value, field: &str, value: Value) -> Value {
    assert_ne!(form[field], value, "{field} is as it would be changed to");
    form[field] = value;
    form
}

#[tokio::test]
async fn forms_show_current_settings() {
    let app = TestApp::start().await;
    let ada = app.sign_up("ada").await;
    assert_wire(
        &app.get("/api/v1/configs/connections", &ada).await,
        json!({"ENABLE_DIRECT_CONNECTIONS": false, "ENABLE_BASE_MODELS_CACHE": false}),
    );
    assert_wire(
        &app.get("/api/v1/configs/code_execution", &ada).await,
        json!({
            "ENABLE_CODE_EXECUTION": true, "CODE_EXECUTION_ENGINE": "pyodide", "CODE_EXECUTION_JUPYTER_URL": "",
            "CODE_EXECUTION_JUPYTER_AUTH": "", "CODE_EXECUTION_JUPYTER_AUTH_TOKEN": "",
            "CODE_EXECUTION_JUPYTER_AUTH_PASSWORD": "", "CODE_EXECUTION_JUPYTER_TIMEOUT": 60,
            "ENABLE_CODE_INTERPRETER": true, "CODE_INTERPRETER_ENGINE": "pyodide",
            "CODE_INTERPRETER_PROMPT_TEMPLATE": "", "CODE_INTERPRETER_JUPYTER_URL": "",
            "CODE_INTERPRETER_JUPYTER_AUTH": "", "CODE_INTERPRETER_JUPYTER_AUTH_TOKEN": "",
            "CODE_INTERPRETER_JUPYTER_AUTH_PASSWORD": "", "CODE_INTERPRETER_JUPYTER_TIMEOUT": 60,
        }),
    );
    assert_wire(
        &app.get("/api/v1/configs/models", &ada).await,
        json!({"DEFAULT_MODELS": null, "DEFAULT_PINNED_MODELS": null, "MODEL_ORDER_LIST": []}),
    );
    assert_wire(
        &app.get("/api/v1/auths/admin/config", &ada).await,
        json!({
            "SHOW_ADMIN_DETAILS": true, "WEBUI_URL": "", "ENABLE_SIGNUP": false, "ENABLE_API_KEYS": false,
            "ENABLE_API_KEYS_ENDPOINT_RESTRICTIONS": false, "API_KEYS_ALLOWED_ENDPOINTS": "",
            "DEFAULT_USER_ROLE": "pending", "DEFAULT_GROUP_ID": "", "JWT_EXPIRES_IN": "4w",
            "ENABLE_COMMUNITY_SHARING": true, "ENABLE_MESSAGE_RATING": true, "ENABLE_FOLDERS": true,
            "ENABLE_CHANNELS": false, "ENABLE_NOTES": true, "ENABLE_USER_WEBHOOKS": true,
            "PENDING_USER_OVERLAY_TITLE": "", "PENDING_USER_OVERLAY_CONTENT": "", "RESPONSE_WATERMARK": "",
        }),
    );
    assert_wire(
        &app.get("/api/v1/auths/admin/config/ldap", &ada).await,
        json!({"ENABLE_LDAP": false}),
    );
    assert_wire(
        &app.get("/api/v1/auths/admin/config/ldap/server", &ada).await,
        json!({
            "label": "LDAP Server", "host": "localhost", "port": 389, "attribute_for_mail": "mail",
            "attribute_for_username": "uid", "app_dn": "", "app_dn_password": "", "search_base": "",
            "search_filters": "", "use_tls": true, "certificate_path": "", "validate_cert": true,
            "ciphers": "ALL",
        }),
    );
    assert_wire(
        &app.get("/openai/config", &ada).await,
        json!({
            "ENABLE_OPENAI_API": true, "OPENAI_API_BASE_URLS": ["https://api.openai.com/v1"],
            "OPENAI_API_KEYS": [""], "OPENAI_API_CONFIGS": {},
        }),
    );
    assert_wire(
        &app.get("/ollama/config", &ada).await,
        json!({
            "ENABLE_OLLAMA_API": true, "OLLAMA_BASE_URLS": ["http://localhost:11434"], "OLLAMA_API_CONFIGS": {},
        }),
    );
    assert_wire(
        &app.get("/api/v1/evaluations/config", &ada).await,
        json!({"ENABLE_EVALUATION_ARENA_MODELS": true, "EVALUATION_ARENA_MODELS": []}),
    );
    assert_wire(
        &app.get("/api/v1/retrieval/embedding", &ada).await,
        json!({
            "status": true, "RAG_EMBEDDING_ENGINE": "",
            "RAG_EMBEDDING_MODEL": "sentence-transformers/all-MiniLM-L6-v2", "RAG_EMBEDDING_BATCH_SIZE": 1,
            "ENABLE_ASYNC_EMBEDDING": true, "openai_config": {"url": "https://api.openai.com/v1", "key": ""},
            "ollama_config": {"url": "http://localhost:11434", "key": ""},
            "azure_openai_config": {"url": "", "key": "", "version": ""},
        }),
    );
    app.close().await;
}

#[tokio::test]
async fn long_forms_show_current_settings() {
    let app = TestApp::start().await;
    let ada = app.sign_up("ada").await;
    let images = serde_json::from_str(include_str!("wire/images_config.json")).unwrap();
    assert_wire(&app.get("/api/v1/images/config", &ada).await, images);
    let retrieval = serde_json::from_str(include_str!("wire/retrieval_config.json")).unwrap();
    assert_wire(&app.get("/api/v1/retrieval/config", &ada).await, retrieval);
    let tasks = serde_json::from_str(include_str!("wire/tasks_config.json")).unwrap();
    assert_wire(&app.get("/api/v1/tasks/config", &ada).await, tasks);
    app.close().await;
}

#[tokio::test]
async fn forms_are_saved() {
    let app = TestApp::start().await;
    let ada = app.sign_up("ada").await;
    let form = with(
        app.get("/api/v1/configs/connections", &ada).await,
        "ENABLE_DIRECT_CONNECTIONS",
        json!(true),
    );
    assert_eq!(
        app.post("/api/v1/configs/connections", &ada, form.clone()).await,
        form
    );
    assert_eq!(app.get("/api/v1/configs/connections", &ada).await, form);
    let form = with(
        app.get("/api/v1/configs/code_execution", &ada).await,
        "CODE_EXECUTION_JUPYTER_URL",
        json!("http://j"),
    );
    assert_eq!(
        app.post("/api/v1/configs/code_execution", &ada, form.clone())
            .await,
        form
    );
    assert_eq!(app.get("/api/v1/configs/code_execution", &ada).await, form);
    let form = with(
        app.get("/api/v1/configs/models", &ada).await,
        "DEFAULT_MODELS",
        json!("a,b"),
    );
    assert_eq!(app.post("/api/v1/configs/models", &ada, form.clone()).await, form);
    assert_eq!(app.get("/api/v1/configs/models", &ada).await, form);
    let form = with(
        app.get("/api/v1/auths/admin/config", &ada).await,
        "ENABLE_CHANNELS",
        json!(true),
    );
    assert_eq!(
        app.post("/api/v1/auths/admin/config", &ada, form.clone()).await,
        form
    );
    assert_eq!(app.get("/api/v1/auths/admin/config", &ada).await, form);
    let form = with(
        app.get("/api/v1/tasks/config", &ada).await,
        "ENABLE_TITLE_GENERATION",
        json!(false),
    );
    assert_eq!(
        app.post("/api/v1/tasks/config/update", &ada, form.clone()).await,
        form
    );
    assert_eq!(app.get("/api/v1/tasks/config", &ada).await, form);
    let form = with(
        app.get("/openai/config", &ada).await,
        "OPENAI_API_BASE_URLS",
        json!(["http://one"]),
    );
    assert_eq!(app.post("/openai/config/update", &ada, form.clone()).await, form);
    assert_eq!(app.get("/openai/config", &ada).await, form);
    let form = with(
        app.get("/ollama/config", &ada).await,
        "OLLAMA_BASE_URLS",
        json!(["http://two"]),
    );
    assert_eq!(app.post("/ollama/config/update", &ada, form.clone()).await, form);
    assert_eq!(app.get("/ollama/config", &ada).await, form);
    let form = with(
        app.get("/api/v1/evaluations/config", &ada).await,
        "ENABLE_EVALUATION_ARENA_MODELS",
        json!(false),
    );
    assert_eq!(
        app.post("/api/v1/evaluations/config", &ada, form.clone()).await,
        form
    );
    assert_eq!(app.get("/api/v1/evaluations/config", &ada).await, form);
    app.close().await;
}

#[tokio::test]
async fn the_directory_of_ldap() {
    let app = TestApp::start().await;
    let ada = app.sign_up("ada").await;
    let mut form = app.get("/api/v1/auths/admin/config/ldap/server", &ada).await;
    for (field, value) in [("label", "L"), ("host", "ldap.example.test"), ("app_dn", "cn=a")] {
        form[field] = json!(value);
    }
    assert_wire(
        &app.post("/api/v1/auths/admin/config/ldap/server", &ada, form.clone())
            .await,
        json!({
            "label": "L", "host": "ldap.example.test", "port": 389, "attribute_for_mail": "mail",
            "attribute_for_username": "uid", "app_dn": "cn=a", "app_dn_password": "", "search_base": "",
            "search_filters": "", "use_tls": true, "certificate_path": "", "validate_cert": true,
            "ciphers": "ALL",
        }),
    );
    form["host"] = json!("");
    let path = "/api/v1/auths/admin/config/ldap/server";
    app.refuses(
        (Method::POST, path),
        &ada,
        Some(form),
        (400, "host must not be empty."),
    )
    .await;
    let on = app
        .post(
            "/api/v1/auths/admin/config/ldap",
            &ada,
            json!({"enable_ldap": true}),
        )
        .await;
    assert_wire(&on, json!({"ENABLE_LDAP": true}));
    app.close().await;
}

#[tokio::test]
async fn incomplete_and_mistyped_forms_are_refused() {
    let app = TestApp::start().await;
    let ada = app.sign_up("ada").await;
    for (path, field) in [
        ("/api/v1/configs/connections", "ENABLE_DIRECT_CONNECTIONS"),
        ("/api/v1/configs/code_execution", "CODE_EXECUTION_ENGINE"),
        ("/api/v1/configs/models", "DEFAULT_MODELS"),
        ("/api/v1/auths/admin/config", "ENABLE_SIGNUP"),
        ("/api/v1/auths/admin/config/ldap/server", "label"),
        ("/api/v1/tasks/config/update", "ENABLE_TITLE_GENERATION"),
        ("/openai/config/update", "OPENAI_API_BASE_URLS"),
        ("/ollama/config/update", "OLLAMA_BASE_URLS"),
        ("/api/v1/configs/banners", "banners"),
        ("/api/v1/configs/suggestions", "suggestions"),
        ("/api/v1/configs/import", "config"),
        ("/api/webhook", "url"),
    ] {
        for body in [json!({}), json!({field: 7.5})] {
            let answer = app.ask(Method::POST, path, Some(&ada), Some(body)).await;
            assert_eq!(
                answer.status,
                StatusCode::UNPROCESSABLE_ENTITY,
                "{path}: {}",
                answer.body
            );
        }
    }
    app.close().await;
}

#[tokio::test]
async fn banners_and_suggestions() {
    let app = TestApp::start().await;
    let ada = app.sign_up("ada").await;
    let ben = app.add_user(&ada, "ben").await;
    let banners = json!([{
        "id": "b", "type": "info", "title": "T", "content": "C", "dismissible": true, "timestamp": 5,
    }]);
    assert_wire(&app.get("/api/v1/configs/banners", &ben).await, json!([]));
    let saved = app
        .post("/api/v1/configs/banners", &ada, json!({"banners": banners}))
        .await;
    assert_eq!(saved, banners);
    assert_eq!(app.get("/api/v1/configs/banners", &ben).await, banners);
    let suggestions = json!([{"title": ["a", "b"], "content": "c"}]);
    let saved = app
        .post(
            "/api/v1/configs/suggestions",
            &ada,
            json!({"suggestions": suggestions}),
        )
        .await;
    assert_eq!(saved, suggestions);
    let shown = app.get("/api/config", &ben).await;
    assert_eq!(shown["default_prompt_suggestions"], suggestions);
    app.close().await;
}

#[tokio::test]
async fn settings_are_exported_and_imported() {
    let app = TestApp::start().await;
    let ada = app.sign_up("ada").await;
    app.post("/api/v1/configs/banners", &ada, json!({"banners": []}))
        .await;
    let exported = app.get("/api/v1/configs/export", &ada).await;
    assert_wire(
        &exported,
        json!({"ui": {"enable_signup": false, "banners": []}, "version": 0}),
    );
    let config = json!({"ui": {"banners": [{"x": 1}]}, "unknown": {"kept": true}});
    let imported = app
        .post("/api/v1/configs/import", &ada, json!({"config": config}))
        .await;
    assert_wire(
        &imported,
        json!({"ui": {"banners": [{"x": 1}]}, "unknown": {"kept": true}, "version": 0}),
    );
    assert_wire(&app.get("/api/v1/configs/banners", &ada).await, json!([{"x": 1}]));
    app.close().await;
}

#[tokio::test]
async fn the_webhook_of_the_server() {
    let app = TestApp::start().await;
    let ada = app.sign_up("ada").await;
    assert_wire(&app.get("/api/webhook", &ada).await, json!({"url": ""}));
    let url = json!({"url": "http://hooks.example.test/x"});
    assert_eq!(app.post("/api/webhook", &ada, url.clone()).await, url);
    assert_eq!(app.get("/api/webhook", &ada).await, url);
    app.close().await;
}
