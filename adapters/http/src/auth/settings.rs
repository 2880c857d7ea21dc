use std::sync::Arc;

use keelson_application::config::Settings;
use keelson_domain::auth::parse_duration;
use keelson_domain::config::{Setting, Snapshot, table};
use keelson_domain::user::Role;
use poem_openapi::payload::Json;
use poem_openapi::{Object, OpenApi};
use serde_json::{Map, Value, json};

use crate::body::Body;
use crate::caller::Admin;
use crate::error::{ApiError, ApiResult};

pub(super) struct AuthSettingsApi {
    pub(super) settings: Arc<Settings>,
}

/// The admin's settings of accounts and features.
#[derive(Object, Clone)]
#[oai(rename_all = "SCREAMING_SNAKE_CASE")]
struct AdminConfig {
    show_admin_details: bool,
    webui_url: String,
    enable_signup: bool,
    enable_api_keys: bool,
    enable_api_keys_endpoint_restrictions: bool,
    api_keys_allowed_endpoints: String,
    default_user_role: String,
    default_group_id: String,
    jwt_expires_in: String,
    enable_community_sharing: bool,
    enable_message_rating: bool,
    enable_folders: bool,
    enable_channels: bool,
    enable_notes: bool,
    enable_user_webhooks: bool,
    pending_user_overlay_title: Option<String>,
    pending_user_overlay_content: Option<String>,
    response_watermark: Option<String>,
}

/// Whether a directory is used.
#[derive(Object)]
struct LdapConfigForm {
    enable_ldap: Option<bool>,
}

/// Where the directory is.
#[derive(Object)]
struct LdapServerConfig {
    label: String,
    host: String,
    port: Option<i64>,
    attribute_for_mail: Option<String>,
    attribute_for_username: Option<String>,
    app_dn: String,
    app_dn_password: String,
    search_base: String,
    search_filters: Option<String>,
    use_tls: Option<bool>,
    certificate_path: Option<String>,
    validate_cert: Option<bool>,
    ciphers: Option<String>,
}

/// The settings of [`AdminConfig`], in its order.
const ADMIN_SETTINGS: [Setting; 18] = [
    table::SHOW_ADMIN_DETAILS,
    table::WEBUI_URL,
    table::ENABLE_SIGNUP,
    table::ENABLE_API_KEYS,
    table::ENABLE_API_KEYS_ENDPOINT_RESTRICTIONS,
    table::API_KEYS_ALLOWED_ENDPOINTS,
    table::DEFAULT_USER_ROLE,
    table::DEFAULT_GROUP_ID,
    table::JWT_EXPIRES_IN,
    table::ENABLE_COMMUNITY_SHARING,
    table::ENABLE_MESSAGE_RATING,
    table::ENABLE_FOLDERS,
    table::ENABLE_CHANNELS,
    table::ENABLE_NOTES,
    table::ENABLE_USER_WEBHOOKS,
    table::PENDING_USER_OVERLAY_TITLE,
    table::PENDING_USER_OVERLAY_CONTENT,
    table::RESPONSE_WATERMARK,
];

/// The settings of [`LdapServerConfig`], by the name on the wire.
const LDAP_SETTINGS: [(&str, Setting); 13] = [
    ("label", table::LDAP_SERVER_LABEL),
    ("host", table::LDAP_SERVER_HOST),
    ("port", table::LDAP_SERVER_PORT),
    ("attribute_for_mail", table::LDAP_ATTRIBUTE_FOR_MAIL),
    ("attribute_for_username", table::LDAP_ATTRIBUTE_FOR_USERNAME),
    ("app_dn", table::LDAP_APP_DN),
    ("app_dn_password", table::LDAP_APP_PASSWORD),
    ("search_base", table::LDAP_SEARCH_BASE),
    ("search_filters", table::LDAP_SEARCH_FILTER),
    ("use_tls", table::LDAP_USE_TLS),
    ("certificate_path", table::LDAP_CA_CERT_FILE),
    ("validate_cert", table::LDAP_VALIDATE_CERT),
    ("ciphers", table::LDAP_CIPHERS),
];

fn admin_config(settings: &Snapshot) -> Value {
    Value::Object(
        ADMIN_SETTINGS
            .iter()
            .map(|setting| (setting.env.to_owned(), settings.get(setting).clone()))
            .collect(),
    )
}

fn ldap_server(settings: &Snapshot) -> Value {
    let fields: Map<String, Value> = LDAP_SETTINGS
        .iter()
        .map(|(name, setting)| ((*name).to_owned(), settings.get(setting).clone()))
        .collect();
    Value::Object(fields)
}

#[OpenApi]
impl AuthSettingsApi {
    /// The settings of accounts and features.
    #[oai(path = "/api/v1/auths/admin/config", method = "get")]
    async fn config(&self, _admin: Admin) -> Json<Value> {
        Json(admin_config(&self.settings.current()))
    }

    /// Changes the settings of accounts and features. A role or duration that is none leaves the old one.
    #[oai(path = "/api/v1/auths/admin/config", method = "post")]
    async fn set_config(&self, _admin: Admin, body: Body<AdminConfig>) -> ApiResult<Json<Value>> {
        let form = body.0;
        let role_known = form.default_user_role.parse::<Role>().is_ok();
        let duration_known = parse_duration(&form.jwt_expires_in).is_some();
        let values = [
            json!(form.show_admin_details),
            json!(form.webui_url.trim_end_matches('/')),
            json!(form.enable_signup),
            json!(form.enable_api_keys),
            json!(form.enable_api_keys_endpoint_restrictions),
            json!(form.api_keys_allowed_endpoints),
            json!(form.default_user_role),
            json!(form.default_group_id),
            json!(form.jwt_expires_in),
            json!(form.enable_community_sharing),
            json!(form.enable_message_rating),
            json!(form.enable_folders),
            json!(form.enable_channels),
            json!(form.enable_notes),
            json!(form.enable_user_webhooks),
            json!(form.pending_user_overlay_title),
            json!(form.pending_user_overlay_content),
            json!(form.response_watermark),
        ];
        let changes: Vec<_> = ADMIN_SETTINGS
            .into_iter()
            .zip(values)
            .filter(|(setting, _)| match setting.env {
                "DEFAULT_USER_ROLE" => role_known,
                "JWT_EXPIRES_IN" => duration_known,
                _ => true,
            })
            .collect();
        Ok(Json(admin_config(&*self.settings.change(&changes).await?)))
    }

    /// Whether a directory is used.
    #[oai(path = "/api/v1/auths/admin/config/ldap", method = "get")]
    async fn ldap(&self, _admin: Admin) -> Json<Value> {
        Json(json!({"ENABLE_LDAP": self.settings.current().get(&table::ENABLE_LDAP)}))
    }

    /// Switches the directory on or off.
    #[oai(path = "/api/v1/auths/admin/config/ldap", method = "post")]
    async fn set_ldap(&self, _admin: Admin, body: Body<LdapConfigForm>) -> ApiResult<Json<Value>> {
        let settings = self
            .settings
            .change(&[(table::ENABLE_LDAP, json!(body.0.enable_ldap))])
            .await?;
        Ok(Json(json!({"ENABLE_LDAP": settings.get(&table::ENABLE_LDAP)})))
    }

    /// Where the directory is.
    #[oai(path = "/api/v1/auths/admin/config/ldap/server", method = "get")]
    async fn ldap_server(&self, _admin: Admin) -> Json<Value> {
        Json(ldap_server(&self.settings.current()))
    }

    /// Sets where the directory is.
    #[oai(path = "/api/v1/auths/admin/config/ldap/server", method = "post")]
    async fn set_ldap_server(&self, _admin: Admin, body: Body<LdapServerConfig>) -> ApiResult<Json<Value>> {
        let form = body.0;
        for (name, value) in [("label", &form.label), ("host", &form.host)] {
            if value.is_empty() {
                return Err(ApiError::bad_request(format!("{name} must not be empty.")));
            }
        }
        let values = [
            json!(form.label),
            json!(form.host),
            json!(form.port),
            json!(form.attribute_for_mail.unwrap_or_else(|| "mail".to_owned())),
            json!(form.attribute_for_username.unwrap_or_else(|| "uid".to_owned())),
            json!(form.app_dn),
            json!(form.app_dn_password),
            json!(form.search_base),
            json!(form.search_filters.unwrap_or_default()),
            json!(form.use_tls.unwrap_or(true)),
            json!(form.certificate_path),
            json!(form.validate_cert.unwrap_or(true)),
            json!(form.ciphers.unwrap_or_else(|| "ALL".to_owned())),
        ];
        let changes: Vec<_> = LDAP_SETTINGS
            .iter()
            .map(|(_, setting)| *setting)
            .zip(values)
            .collect();
        Ok(Json(ldap_server(&*self.settings.change(&changes).await?)))
    }
}
