use std::path::PathBuf;
use std::time::Duration;

use secrecy::SecretString;

use crate::access::AccessPolicy;
use crate::model::ProxyEndpoint;

/// What the operator fixed at start, one struct a section; filled from variables by `bootstrap/src/config`.
#[derive(Debug, Clone, Default)]
pub struct Deployment {
    /// Names and places.
    pub general: General,
    /// Who gets in, and how.
    pub auth: Auth,
    /// Who may see what, beyond the settings.
    pub access: AccessPolicy,
    /// The socket layer.
    pub websocket: Websocket,
    /// How providers are called.
    pub providers: Providers,
    /// How answers are made.
    pub completion: Completion,
    /// Where users may make the server reach.
    pub egress: Egress,
}

/// Names and places.
#[derive(Debug, Clone)]
pub struct General {
    /// `WEBUI_NAME`; other names get the suffix that the reference's licence asks for.
    pub name: String,
    /// `DEPLOYMENT_ID`.
    pub deployment_id: String,
    /// `WEBUI_BUILD_HASH`.
    pub build_hash: String,
    /// `EXTERNAL_PWA_MANIFEST_URL`: where the web app's manifest is, if it is not our own.
    pub manifest_url: Option<String>,
    /// `DATA_DIR`.
    pub data_dir: PathBuf,
    /// `TZ`, or the machine's time zone: a name of the IANA database.
    pub time_zone: String,
    /// `ENABLE_ONEDRIVE_PERSONAL`.
    pub onedrive_personal: bool,
    /// `ENABLE_ONEDRIVE_BUSINESS`.
    pub onedrive_business: bool,
    /// `ONEDRIVE_CLIENT_ID_PERSONAL`.
    pub onedrive_client_id_personal: String,
    /// `ONEDRIVE_CLIENT_ID_BUSINESS`.
    pub onedrive_client_id_business: String,
}

impl Default for General {
    fn default() -> Self {
        Self {
            name: "Open WebUI".to_owned(),
            deployment_id: String::new(),
            build_hash: "dev-build".to_owned(),
            manifest_url: None,
            data_dir: PathBuf::from("data"),
            time_zone: "UTC".to_owned(),
            onedrive_personal: true,
            onedrive_business: true,
            onedrive_client_id_personal: String::new(),
            onedrive_client_id_business: String::new(),
        }
    }
}

/// `SameSite` of a cookie.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum SameSite {
    /// `lax`.
    #[default]
    Lax,
    /// `strict`.
    Strict,
    /// `none`.
    None,
}

impl SameSite {
    /// The form in a cookie.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Lax => "lax",
            Self::Strict => "strict",
            Self::None => "none",
        }
    }
}

/// Who gets in, and how.
#[derive(Debug, Clone)]
pub struct Auth {
    /// `WEBUI_AUTH`; off means one user for everybody.
    pub enabled: bool,
    /// `WEBUI_SECRET_KEY`, or the one generated and kept in the data folder.
    pub secret_key: SecretString,
    /// `WEBUI_SESSION_COOKIE_SAME_SITE`.
    pub session_cookie_same_site: SameSite,
    /// `WEBUI_SESSION_COOKIE_SECURE`.
    pub session_cookie_secure: bool,
    /// `ENABLE_STAR_SESSIONS_MIDDLEWARE`: the server keeps browser sessions, the cookie holds only an id.
    pub sessions_in_store: bool,
    /// `WEBUI_AUTH_COOKIE_SAME_SITE`.
    pub cookie_same_site: SameSite,
    /// `WEBUI_AUTH_COOKIE_SECURE`.
    pub cookie_secure: bool,
    /// `WEBUI_AUTH_TRUSTED_EMAIL_HEADER`, lower-cased.
    pub trusted_email_header: Option<String>,
    /// `WEBUI_AUTH_TRUSTED_NAME_HEADER`, lower-cased.
    pub trusted_name_header: Option<String>,
    /// `WEBUI_AUTH_TRUSTED_GROUPS_HEADER`, lower-cased.
    pub trusted_groups_header: Option<String>,
    /// `WEBUI_AUTH_SIGNOUT_REDIRECT_URL`.
    pub signout_redirect_url: Option<String>,
    /// `ENABLE_PASSWORD_AUTH`.
    pub password_auth: bool,
    /// `ENABLE_PASSWORD_VALIDATION`: at least 8 characters with upper and lower case, a digit and a sign.
    pub password_validation: bool,
    /// `ENABLE_INITIAL_ADMIN_SIGNUP`.
    pub initial_admin_signup: bool,
    /// `ENABLE_SIGNUP_PASSWORD_CONFIRMATION`.
    pub signup_password_confirmation: bool,
    /// `DATABASE_USER_ACTIVE_STATUS_UPDATE_INTERVAL`: an account's last sign of life is stored at most this often.
    pub activity_interval: Duration,
}

impl Default for Auth {
    fn default() -> Self {
        Self {
            enabled: true,
            secret_key: SecretString::default(),
            session_cookie_same_site: SameSite::Lax,
            session_cookie_secure: false,
            sessions_in_store: false,
            cookie_same_site: SameSite::Lax,
            cookie_secure: false,
            trusted_email_header: None,
            trusted_name_header: None,
            trusted_groups_header: None,
            signout_redirect_url: None,
            password_auth: true,
            password_validation: false,
            initial_admin_signup: false,
            signup_password_confirmation: false,
            activity_interval: Duration::from_secs(60),
        }
    }
}

/// The socket layer.
#[derive(Debug, Clone)]
pub struct Websocket {
    /// `ENABLE_WEBSOCKET_SUPPORT`; off means polling.
    pub enabled: bool,
    /// `WEBSOCKET_SERVER_PING_INTERVAL`.
    pub ping_interval: Duration,
    /// `WEBSOCKET_SERVER_PING_TIMEOUT`.
    pub ping_timeout: Duration,
}

impl Default for Websocket {
    fn default() -> Self {
        Self {
            enabled: true,
            ping_interval: Duration::from_secs(25),
            ping_timeout: Duration::from_secs(20),
        }
    }
}

/// How providers are called.
#[derive(Debug, Clone)]
pub struct Providers {
    /// `AIOHTTP_CLIENT_TIMEOUT`: how long the first byte of an answer may take; none means as long as it likes.
    pub first_byte: Option<Duration>,
    /// `KEELSON_STREAM_IDLE_TIMEOUT`: how long a stream may stay silent. Models that think say nothing for minutes; a dead
    /// line says nothing for ever.
    pub idle: Duration,
    /// `AIOHTTP_CLIENT_TIMEOUT_MODEL_LIST`.
    pub model_list: Duration,
    /// `KEELSON_PROVIDER_DOCUMENT_LIMIT`: the largest document that is read whole, in bytes: a list of models, an answer that
    /// is not streamed.
    pub max_document: usize,
    /// `AIOHTTP_CLIENT_SESSION_SSL`: whether certificates are checked.
    pub verify_tls: bool,
    /// `ENABLE_FORWARD_USER_INFO_HEADERS`.
    pub forward_user_info: bool,
    /// `MODELS_CACHE_TTL`.
    pub models_ttl: Duration,
    /// `KEELSON_DEMO_MODEL`: whether the built-in model is offered while no provider is configured.
    pub demo: bool,
    /// `KEELSON_PROXY_ENDPOINTS`: what users who are no administrators reach of a provider below `/openai/`.
    pub proxy_endpoints: Vec<ProxyEndpoint>,
}

impl Default for Providers {
    fn default() -> Self {
        Self {
            first_byte: Some(Duration::from_secs(300)),
            idle: Duration::from_secs(600),
            model_list: Duration::from_secs(10),
            max_document: 16 * 1024 * 1024,
            verify_tls: true,
            forward_user_info: false,
            models_ttl: Duration::from_secs(1),
            demo: true,
            proxy_endpoints: ProxyEndpoint::defaults(),
        }
    }
}

/// How answers are made.
#[derive(Debug, Clone)]
pub struct Completion {
    /// `CHAT_STREAM_RESPONSE_CHUNK_MAX_BUFFER_SIZE`: the longest line of a stream, in bytes.
    pub max_line: usize,
    /// `KEELSON_ANSWER_LIMIT`: the longest answer that is kept, reasoning included, in bytes.
    pub max_answer: usize,
    /// `ENABLE_CUSTOM_MODEL_FALLBACK`.
    pub custom_model_fallback: bool,
}

impl Default for Completion {
    fn default() -> Self {
        Self {
            max_line: 16 * 1024 * 1024,
            // A million tokens are about 4 MB.
            max_answer: 8 * 1024 * 1024,
            custom_model_fallback: false,
        }
    }
}

/// Where users may make the server reach: their webhooks, the pages that they have it read.
#[derive(Debug, Clone, Default)]
pub struct Egress {
    /// `ENABLE_RAG_LOCAL_WEB_FETCH`: private networks too.
    pub private: bool,
    /// `KEELSON_EGRESS_ALLOW`: hosts and networks (`10.1.2.0/24`) that are allowed although they are private.
    pub allow: Vec<String>,
}
