use keelson_domain::config::{Deployment, Snapshot, table};
use poem_openapi::Object;

use crate::json::Declared;
use crate::settings_form::value_of;

/// What is switched on; strangers see what the sign-in page needs.
#[derive(Object)]
pub(super) struct Features {
    auth: bool,
    auth_trusted_header: bool,
    enable_signup_password_confirmation: bool,
    enable_ldap: Declared<bool>,
    enable_api_keys: Declared<bool>,
    enable_signup: Declared<bool>,
    enable_login_form: Declared<bool>,
    enable_websocket: bool,
    enable_version_update_check: bool,
    enable_public_active_users_count: bool,
    #[oai(flatten)]
    of_members: Option<MemberFeatures>,
}

/// What is switched on for those who are signed in.
#[derive(Object)]
pub(super) struct MemberFeatures {
    enable_direct_connections: Declared<bool>,
    enable_folders: Declared<bool>,
    enable_channels: Declared<bool>,
    enable_notes: Declared<bool>,
    enable_web_search: Declared<bool>,
    enable_code_execution: Declared<bool>,
    enable_code_interpreter: Declared<bool>,
    enable_image_generation: Declared<bool>,
    enable_autocomplete_generation: Declared<bool>,
    enable_community_sharing: Declared<bool>,
    enable_message_rating: Declared<bool>,
    enable_user_webhooks: Declared<bool>,
    enable_admin_export: bool,
    enable_admin_chat_access: bool,
    enable_google_drive_integration: Declared<bool>,
    enable_onedrive_integration: Declared<bool>,
    /// Only with the OneDrive integration.
    #[oai(skip_serializing_if_is_none)]
    enable_onedrive_personal: Option<bool>,
    /// Only with the OneDrive integration.
    #[oai(skip_serializing_if_is_none)]
    enable_onedrive_business: Option<bool>,
}

impl Features {
    pub(super) fn new(settings: &Snapshot, deployment: &Deployment, is_signed_in: bool) -> Self {
        Self {
            auth: deployment.auth.enabled,
            auth_trusted_header: deployment.auth.trusted_email_header.is_some(),
            enable_signup_password_confirmation: deployment.auth.signup_password_confirmation,
            enable_ldap: value_of(settings, &table::ENABLE_LDAP),
            enable_api_keys: value_of(settings, &table::ENABLE_API_KEYS),
            enable_signup: value_of(settings, &table::ENABLE_SIGNUP),
            enable_login_form: value_of(settings, &table::ENABLE_LOGIN_FORM),
            enable_websocket: deployment.websocket.enabled,
            // Releases of the reference are no updates of this server.
            enable_version_update_check: false,
            enable_public_active_users_count: deployment.access.public_active_users_count,
            of_members: is_signed_in.then(|| MemberFeatures::new(settings, deployment)),
        }
    }
}

impl MemberFeatures {
    fn new(settings: &Snapshot, deployment: &Deployment) -> Self {
        let onedrive = settings.bool(&table::ENABLE_ONEDRIVE_INTEGRATION);
        Self {
            enable_direct_connections: value_of(settings, &table::ENABLE_DIRECT_CONNECTIONS),
            enable_folders: value_of(settings, &table::ENABLE_FOLDERS),
            enable_channels: value_of(settings, &table::ENABLE_CHANNELS),
            enable_notes: value_of(settings, &table::ENABLE_NOTES),
            enable_web_search: value_of(settings, &table::ENABLE_WEB_SEARCH),
            enable_code_execution: value_of(settings, &table::ENABLE_CODE_EXECUTION),
            enable_code_interpreter: value_of(settings, &table::ENABLE_CODE_INTERPRETER),
            enable_image_generation: value_of(settings, &table::ENABLE_IMAGE_GENERATION),
            enable_autocomplete_generation: value_of(settings, &table::ENABLE_AUTOCOMPLETE_GENERATION),
            enable_community_sharing: value_of(settings, &table::ENABLE_COMMUNITY_SHARING),
            enable_message_rating: value_of(settings, &table::ENABLE_MESSAGE_RATING),
            enable_user_webhooks: value_of(settings, &table::ENABLE_USER_WEBHOOKS),
            enable_admin_export: deployment.access.admin_export,
            enable_admin_chat_access: deployment.access.admin_chat_access,
            enable_google_drive_integration: value_of(settings, &table::ENABLE_GOOGLE_DRIVE_INTEGRATION),
            enable_onedrive_integration: value_of(settings, &table::ENABLE_ONEDRIVE_INTEGRATION),
            enable_onedrive_personal: onedrive.then_some(deployment.general.onedrive_personal),
            enable_onedrive_business: onedrive.then_some(deployment.general.onedrive_business),
        }
    }
}
