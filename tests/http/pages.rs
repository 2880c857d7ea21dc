//! The server itself: health, version, what the front end sets itself up from, small documents.

use poem::http::{Method, StatusCode};
use pretty_assertions::assert_eq;
use serde_json::json;

use crate::rooms::{RequiredRole::User, Roles};
use crate::support::{DocumentServer, TestApp, assert_wire, default_permissions};

inventory::submit! {
    Roles(&[
        ("GET", "/cache/*", User),
    ])
}

#[tokio::test]
async fn public_documents() {
    let app = TestApp::start().await;
    let answer = app.ask(Method::GET, "/health", None, None).await;
    assert_eq!(
        (answer.status, answer.body),
        (StatusCode::OK, json!({"status": true}))
    );
    let answer = app.ask(Method::GET, "/health/db", None, None).await;
    assert_eq!(
        (answer.status, answer.body),
        (StatusCode::OK, json!({"status": true}))
    );
    let answer = app.ask(Method::GET, "/api/version", None, None).await;
    assert_eq!(
        answer.body,
        json!({"version": "0.6.43", "deployment_id": "", "keelson": env!("CARGO_PKG_VERSION")})
    );
    let answer = app.ask(Method::GET, "/manifest.json", None, None).await;
    assert_wire(
        &answer.body,
        json!({
            "name": "Open WebUI", "short_name": "Open WebUI",
            "description": "Open WebUI: a workspace for talking with AI models, hosted by yourself.",
            "start_url": "/", "display": "standalone", "background_color": "#343541",
            "icons": [
                {"src": "/static/logo.png", "type": "image/png", "sizes": "500x500", "purpose": "any"},
                {"src": "/static/logo.png", "type": "image/png", "sizes": "500x500", "purpose": "maskable"},
            ],
            "share_target": {"action": "/", "method": "GET", "params": {"text": "shared"}},
        }),
    );
    let answer = app.ask(Method::GET, "/opensearch.xml", None, None).await;
    let text = answer.body.as_str().unwrap();
    assert!(text.starts_with("<OpenSearchDescription"), "{text}");
    let answer = app.ask(Method::GET, "/api/changelog", None, None).await;
    let newest = &answer.body[env!("CARGO_PKG_VERSION")];
    assert!(newest["added"][0]["content"].is_string(), "{newest}");
    app.close().await;
}

#[tokio::test]
async fn the_operator_may_name_another_manifest() {
    let server = DocumentServer::start().await;
    for (path, name) in [
        ("/document", json!("é")),
        // What cannot be used is replaced by the server's own.
        ("/missing", json!("Open WebUI")),
        ("/redirect", json!("Open WebUI")),
        ("/text", json!("Open WebUI")),
        ("/long", json!("Open WebUI")),
    ] {
        let before = server.asked();
        let app = TestApp::with(&[("EXTERNAL_PWA_MANIFEST_URL", &server.url(path))]).await;
        for _ in 0..3 {
            let answer = app.ask(Method::GET, "/manifest.json", None, None).await;
            assert_eq!(
                (answer.status, &answer.body["name"]),
                (StatusCode::OK, &name),
                "{path}"
            );
        }
        assert_eq!(server.asked(), before + 1, "{path} is not fetched for each page");
        app.close().await;
    }
}

/// What the front end suggests to ask when nobody changed it.
fn suggestions() -> serde_json::Value {
    json!([
        {
            "title": ["Plan a weekend", "with one rainy day"],
            "content": "Plan a relaxed weekend in a city I name. Assume that it rains on one of the days, and ask me first which city it is.",
        },
        {
            "title": ["Explain a concept", "as if to a curious friend"],
            "content": "Explain to me how tides work. Start from what I can see at the beach, avoid formulas, and finish with one surprising fact.",
        },
        {
            "title": ["Improve my writing", "but keep my voice"],
            "content": "I will paste a paragraph. Make it clearer and shorter without changing its tone, then list what you changed and why.",
        },
        {
            "title": ["Review some code", "like a careful colleague"],
            "content": "I will paste a function. Point out bugs first, then unclear names, then anything that could be simpler. Show the improved version at the end.",
        },
        {
            "title": ["Prepare for a talk", "with questions I may get"],
            "content": "I have to give a short talk. Ask me for the topic and the audience, outline it in five points, and list the hardest questions that I should be ready for.",
        },
        {
            "title": ["Compare two options", "in a small table"],
            "content": "Help me choose between two options that I will name. Ask what matters to me, then compare them in a table and give one recommendation.",
        },
    ])
}

#[tokio::test]
async fn the_front_end_configuration_depends_on_the_caller() {
    let app = TestApp::start().await;
    let nobody = app.ask(Method::GET, "/api/config", None, None).await;
    assert_wire(
        &nobody.body,
        json!({
            "onboarding": true, "status": true, "name": "Open WebUI", "version": "0.6.43", "default_locale": "",
            "oauth": {"providers": {}},
            "features": {
                "auth": true, "auth_trusted_header": false, "enable_signup_password_confirmation": false,
                "enable_ldap": false, "enable_api_keys": false, "enable_signup": true, "enable_login_form": true,
                "enable_websocket": true, "enable_version_update_check": false,
                "enable_public_active_users_count": true,
            },
        }),
    );
    let ada = app.sign_up("ada").await;
    let pending = app.add_account(&ada, "pending", "pending").await;
    let nobody = app.ask(Method::GET, "/api/config", None, None).await;
    assert!(nobody.body.get("onboarding").is_none(), "somebody is there");
    assert_wire(
        &app.get("/api/config", &pending).await,
        json!({
            "status": true, "name": "Open WebUI", "version": "0.6.43", "default_locale": "",
            "oauth": {"providers": {}},
            "features": {
                "auth": true, "auth_trusted_header": false, "enable_signup_password_confirmation": false,
                "enable_ldap": false, "enable_api_keys": false, "enable_signup": false, "enable_login_form": true,
                "enable_websocket": true, "enable_version_update_check": false,
                "enable_public_active_users_count": true, "enable_direct_connections": false,
                "enable_folders": true, "enable_channels": false, "enable_notes": true, "enable_web_search": false,
                "enable_code_execution": true, "enable_code_interpreter": true, "enable_image_generation": false,
                "enable_autocomplete_generation": false, "enable_community_sharing": true,
                "enable_message_rating": true, "enable_user_webhooks": true, "enable_admin_export": true,
                "enable_admin_chat_access": true, "enable_google_drive_integration": false,
                "enable_onedrive_integration": false,
            },
            "ui": {"pending_user_overlay_title": "", "pending_user_overlay_content": ""},
        }),
    );
    assert_wire(
        &app.get("/api/config", &ada).await,
        json!({
            "status": true, "name": "Open WebUI", "version": "0.6.43", "default_locale": "",
            "oauth": {"providers": {}},
            "features": {
                "auth": true, "auth_trusted_header": false, "enable_signup_password_confirmation": false,
                "enable_ldap": false, "enable_api_keys": false, "enable_signup": false, "enable_login_form": true,
                "enable_websocket": true, "enable_version_update_check": false,
                "enable_public_active_users_count": true, "enable_direct_connections": false,
                "enable_folders": true, "enable_channels": false, "enable_notes": true, "enable_web_search": false,
                "enable_code_execution": true, "enable_code_interpreter": true, "enable_image_generation": false,
                "enable_autocomplete_generation": false, "enable_community_sharing": true,
                "enable_message_rating": true, "enable_user_webhooks": true, "enable_admin_export": true,
                "enable_admin_chat_access": true, "enable_google_drive_integration": false,
                "enable_onedrive_integration": false,
            },
            "default_models": null, "default_pinned_models": null,
            "default_prompt_suggestions": suggestions(),
            "user_count": 2, "code": {"engine": "pyodide"},
            "audio": {"tts": {"engine": "", "voice": "alloy", "split_on": "punctuation"}, "stt": {"engine": ""}},
            "file": {"max_size": null, "max_count": null, "image_compression": {"width": null, "height": null}},
            "permissions": default_permissions(),
            "google_drive": {"client_id": "", "api_key": ""},
            "onedrive": {
                "client_id_personal": "", "client_id_business": "", "sharepoint_url": "",
                "sharepoint_tenant_id": "",
            },
            "ui": {"pending_user_overlay_title": "", "pending_user_overlay_content": "", "response_watermark": ""},
            "license_metadata": null, "active_entries": null,
        }),
    );
    assert_wire(
        &app.get("/api/version/updates", &ada).await,
        json!({"current": "0.6.43", "latest": "0.6.43"}),
    );
    app.close().await;
}
