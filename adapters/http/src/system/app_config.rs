//! `GET /api/config`: the document from which the front end sets itself up.

use keelson_application::system::System;
use keelson_domain::auth::Caller;
use keelson_domain::config::{Deployment, Snapshot, table};
use keelson_domain::shared::StoreResult;
use keelson_domain::system::COMPATIBLE_VERSION;
use keelson_domain::user::Role;
use serde_json::{Map, Value, json};

/// The document for a caller; strangers and pending users see only what the sign-in page needs.
pub(super) async fn app_config(system: &System, caller: Option<&Caller>) -> StoreResult<Value> {
    let onboarding = caller.is_none() && !system.has_users().await?;
    let verified = caller.filter(|caller| caller.user.role != Role::Pending);
    let user_count = if verified.is_some() {
        system.count_users().await?
    } else {
        0
    };

    let settings = system.settings.current();
    let mut features = public_features(&settings, &system.deployment);
    let mut config = Map::new();
    if onboarding {
        config.insert("onboarding".into(), json!(true));
    }
    config.insert("status".into(), json!(true));
    config.insert("name".into(), json!(system.deployment.general.name));
    config.insert("version".into(), json!(COMPATIBLE_VERSION));
    config.insert(
        "default_locale".into(),
        settings.get(&table::DEFAULT_LOCALE).clone(),
    );
    config.insert("oauth".into(), json!({"providers": {}}));
    if caller.is_some() {
        features.append(&mut member_features(&settings, &system.deployment));
    }
    config.insert("features".into(), Value::Object(features));
    match (verified, caller) {
        (Some(caller), _) => {
            config.append(&mut workspace(&settings, &system.deployment, user_count));
            if caller.is_admin() {
                config.insert("active_entries".into(), Value::Null);
            }
        }
        (None, Some(_)) => {
            config.insert(
                "ui".into(),
                json!({
                    "pending_user_overlay_title": settings.get(&table::PENDING_USER_OVERLAY_TITLE),
                    "pending_user_overlay_content": settings.get(&table::PENDING_USER_OVERLAY_CONTENT),
                }),
            );
        }
        (None, None) => {}
    }
    Ok(Value::Object(config))
}

/// Switches that the sign-in page shows.
fn public_features(settings: &Snapshot, deployment: &Deployment) -> Map<String, Value> {
    object(json!({
        "auth": deployment.auth.enabled,
        "auth_trusted_header": deployment.auth.trusted_email_header.is_some(),
        "enable_signup_password_confirmation": deployment.auth.signup_password_confirmation,
        "enable_ldap": settings.get(&table::ENABLE_LDAP),
        "enable_api_keys": settings.get(&table::ENABLE_API_KEYS),
        "enable_signup": settings.get(&table::ENABLE_SIGNUP),
        "enable_login_form": settings.get(&table::ENABLE_LOGIN_FORM),
        "enable_websocket": deployment.websocket.enabled,
        // Releases of the reference are no updates of this server.
        "enable_version_update_check": false,
        "enable_public_active_users_count": deployment.access.public_active_users_count,
    }))
}

/// Switches for those who are signed in.
fn member_features(settings: &Snapshot, deployment: &Deployment) -> Map<String, Value> {
    let mut features = object(json!({
        "enable_direct_connections": settings.get(&table::ENABLE_DIRECT_CONNECTIONS),
        "enable_folders": settings.get(&table::ENABLE_FOLDERS),
        "enable_channels": settings.get(&table::ENABLE_CHANNELS),
        "enable_notes": settings.get(&table::ENABLE_NOTES),
        "enable_web_search": settings.get(&table::ENABLE_WEB_SEARCH),
        "enable_code_execution": settings.get(&table::ENABLE_CODE_EXECUTION),
        "enable_code_interpreter": settings.get(&table::ENABLE_CODE_INTERPRETER),
        "enable_image_generation": settings.get(&table::ENABLE_IMAGE_GENERATION),
        "enable_autocomplete_generation": settings.get(&table::ENABLE_AUTOCOMPLETE_GENERATION),
        "enable_community_sharing": settings.get(&table::ENABLE_COMMUNITY_SHARING),
        "enable_message_rating": settings.get(&table::ENABLE_MESSAGE_RATING),
        "enable_user_webhooks": settings.get(&table::ENABLE_USER_WEBHOOKS),
        "enable_admin_export": deployment.access.admin_export,
        "enable_admin_chat_access": deployment.access.admin_chat_access,
        "enable_google_drive_integration": settings.get(&table::ENABLE_GOOGLE_DRIVE_INTEGRATION),
        "enable_onedrive_integration": settings.get(&table::ENABLE_ONEDRIVE_INTEGRATION),
    }));
    if settings.bool(&table::ENABLE_ONEDRIVE_INTEGRATION) {
        features.insert(
            "enable_onedrive_personal".into(),
            json!(deployment.general.onedrive_personal),
        );
        features.insert(
            "enable_onedrive_business".into(),
            json!(deployment.general.onedrive_business),
        );
    }
    features
}

/// What the workspace pages need.
fn workspace(settings: &Snapshot, deployment: &Deployment, user_count: i64) -> Map<String, Value> {
    object(json!({
        "default_models": settings.get(&table::DEFAULT_MODELS),
        "default_pinned_models": settings.get(&table::DEFAULT_PINNED_MODELS),
        "default_prompt_suggestions": settings.get(&table::DEFAULT_PROMPT_SUGGESTIONS),
        "user_count": user_count,
        "code": {"engine": settings.get(&table::CODE_EXECUTION_ENGINE)},
        "audio": {
            "tts": {
                "engine": settings.get(&table::AUDIO_TTS_ENGINE),
                "voice": settings.get(&table::AUDIO_TTS_VOICE),
                "split_on": settings.get(&table::AUDIO_TTS_SPLIT_ON),
            },
            "stt": {"engine": settings.get(&table::AUDIO_STT_ENGINE)},
        },
        "file": {
            "max_size": settings.get(&table::RAG_FILE_MAX_SIZE),
            "max_count": settings.get(&table::RAG_FILE_MAX_COUNT),
            "image_compression": {
                "width": settings.get(&table::FILE_IMAGE_COMPRESSION_WIDTH),
                "height": settings.get(&table::FILE_IMAGE_COMPRESSION_HEIGHT),
            },
        },
        "permissions": settings.get(&table::USER_PERMISSIONS),
        "google_drive": {
            "client_id": settings.get(&table::GOOGLE_DRIVE_CLIENT_ID),
            "api_key": settings.get(&table::GOOGLE_DRIVE_API_KEY),
        },
        "onedrive": {
            "client_id_personal": deployment.general.onedrive_client_id_personal,
            "client_id_business": deployment.general.onedrive_client_id_business,
            "sharepoint_url": settings.get(&table::ONEDRIVE_SHAREPOINT_URL),
            "sharepoint_tenant_id": settings.get(&table::ONEDRIVE_SHAREPOINT_TENANT_ID),
        },
        "ui": {
            "pending_user_overlay_title": settings.get(&table::PENDING_USER_OVERLAY_TITLE),
            "pending_user_overlay_content": settings.get(&table::PENDING_USER_OVERLAY_CONTENT),
            "response_watermark": settings.get(&table::RESPONSE_WATERMARK),
        },
        "license_metadata": null,
    }))
}

fn object(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(fields) => fields,
        _ => Map::new(),
    }
}
