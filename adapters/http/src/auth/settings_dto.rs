use keelson_domain::auth::parse_duration;
use keelson_domain::config::{Setting, table};
use keelson_domain::user::Role;
use poem_openapi::Object;
use serde_json::Value;

use crate::settings_form::{Field, SettingsForm};

/// Settings of accounts and features.
#[derive(Object)]
#[oai(rename_all = "SCREAMING_SNAKE_CASE")]
pub(super) struct AdminConfig {
    /// Whether users see whom to contact.
    show_admin_details: bool,
    /// The address of the server, as links in messages name it.
    webui_url: String,
    /// Whether people may create accounts for themselves.
    enable_signup: bool,
    enable_api_keys: bool,
    /// Whether API keys may be used at the allowed endpoints only.
    enable_api_keys_endpoint_restrictions: bool,
    /// Paths, separated by commas.
    api_keys_allowed_endpoints: String,
    /// The role of new accounts: `admin`, `user` or `pending`; another text leaves the old one.
    default_user_role: String,
    /// The group that new accounts join; empty for none.
    default_group_id: String,
    /// How long sessions last, such as `4w` or `12h`, `-1` for no end; a text that is no duration leaves the old one.
    jwt_expires_in: String,
    enable_community_sharing: bool,
    enable_message_rating: bool,
    enable_folders: bool,
    enable_channels: bool,
    enable_notes: bool,
    enable_user_webhooks: bool,
    /// What accounts see that wait for approval.
    pending_user_overlay_title: Option<String>,
    /// What accounts see that wait for approval.
    pending_user_overlay_content: Option<String>,
    /// A text that is added to copied answers.
    response_watermark: Option<String>,
}

impl SettingsForm for AdminConfig {
    const FIELDS: &'static [Field] = &[
        Field::of(table::SHOW_ADMIN_DETAILS),
        Field::of(table::WEBUI_URL),
        Field::of(table::ENABLE_SIGNUP),
        Field::of(table::ENABLE_API_KEYS),
        Field::of(table::ENABLE_API_KEYS_ENDPOINT_RESTRICTIONS),
        Field::of(table::API_KEYS_ALLOWED_ENDPOINTS),
        Field::of(table::DEFAULT_USER_ROLE),
        Field::of(table::DEFAULT_GROUP_ID),
        Field::of(table::JWT_EXPIRES_IN),
        Field::of(table::ENABLE_COMMUNITY_SHARING),
        Field::of(table::ENABLE_MESSAGE_RATING),
        Field::of(table::ENABLE_FOLDERS),
        Field::of(table::ENABLE_CHANNELS),
        Field::of(table::ENABLE_NOTES),
        Field::of(table::ENABLE_USER_WEBHOOKS),
        Field::of(table::PENDING_USER_OVERLAY_TITLE),
        Field::of(table::PENDING_USER_OVERLAY_CONTENT),
        Field::of(table::RESPONSE_WATERMARK),
    ];
}

impl AdminConfig {
    /// The settings to change: an unknown role and what is no duration are left out, as in the reference.
    pub(super) fn accepted_changes(mut self) -> Vec<(Setting, Value)> {
        self.webui_url = self.webui_url.trim_end_matches('/').to_owned();
        let is_role = self.default_user_role.parse::<Role>().is_ok();
        let is_duration = parse_duration(&self.jwt_expires_in).is_some();
        let mut changes = self.changes();
        changes.retain(|(setting, _)| {
            (is_role || setting.env != table::DEFAULT_USER_ROLE.env)
                && (is_duration || setting.env != table::JWT_EXPIRES_IN.env)
        });
        changes
    }
}

/// Whether people may sign in against a directory.
#[derive(Object)]
#[oai(rename_all = "SCREAMING_SNAKE_CASE")]
pub(super) struct LdapConfig {
    /// Whether they may.
    enable_ldap: bool,
}

/// Whether people may sign in against a directory, as it is sent: the reference names it in lower case there.
#[derive(Object)]
pub(super) struct LdapConfigForm {
    /// Whether they may; not, if left out.
    pub(super) enable_ldap: Option<bool>,
}

impl SettingsForm for LdapConfig {
    const FIELDS: &'static [Field] = &[Field::of(table::ENABLE_LDAP)];
}

/// The directory to sign in against.
#[derive(Object)]
pub(super) struct LdapServerConfig {
    /// The name that the sign-in page shows.
    label: String,
    /// The server's name or address.
    host: String,
    port: Option<i64>,
    /// `mail`, if left out.
    attribute_for_mail: Option<String>,
    /// `uid`, if left out.
    attribute_for_username: Option<String>,
    /// The entry that the server signs in with to search.
    app_dn: String,
    app_dn_password: String,
    search_base: String,
    search_filters: Option<String>,
    /// True, if left out.
    use_tls: Option<bool>,
    /// The file with the certificates that are trusted.
    certificate_path: Option<String>,
    /// True, if left out.
    validate_cert: Option<bool>,
    /// `ALL`, if left out.
    ciphers: Option<String>,
}

impl SettingsForm for LdapServerConfig {
    const FIELDS: &'static [Field] = &[
        Field::named("label", table::LDAP_SERVER_LABEL),
        Field::named("host", table::LDAP_SERVER_HOST),
        Field::named("port", table::LDAP_SERVER_PORT),
        Field::named("attribute_for_mail", table::LDAP_ATTRIBUTE_FOR_MAIL),
        Field::named("attribute_for_username", table::LDAP_ATTRIBUTE_FOR_USERNAME),
        Field::named("app_dn", table::LDAP_APP_DN),
        Field::named("app_dn_password", table::LDAP_APP_PASSWORD),
        Field::named("search_base", table::LDAP_SEARCH_BASE),
        Field::named("search_filters", table::LDAP_SEARCH_FILTER),
        Field::named("use_tls", table::LDAP_USE_TLS),
        Field::named("certificate_path", table::LDAP_CA_CERT_FILE),
        Field::named("validate_cert", table::LDAP_VALIDATE_CERT),
        Field::named("ciphers", table::LDAP_CIPHERS),
    ];
}

impl LdapServerConfig {
    /// The first required field that is empty.
    pub(super) fn empty_field(&self) -> Option<&'static str> {
        let required = [("label", &self.label), ("host", &self.host)];
        let mut empty = required.into_iter().filter(|(_, value)| value.is_empty());
        empty.next().map(|(name, _)| name)
    }

    /// With the defaults of the fields that were left out.
    pub(super) fn with_defaults(self) -> Self {
        let or = |value: Option<String>, default: &str| Some(value.unwrap_or_else(|| default.to_owned()));
        Self {
            attribute_for_mail: or(self.attribute_for_mail, "mail"),
            attribute_for_username: or(self.attribute_for_username, "uid"),
            search_filters: or(self.search_filters, ""),
            use_tls: Some(self.use_tls.unwrap_or(true)),
            validate_cert: Some(self.validate_cert.unwrap_or(true)),
            ciphers: or(self.ciphers, "ALL"),
            ..self
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings_form::assert_bound;

    #[test]
    fn every_field_is_bound_to_a_setting_that_holds_it() {
        assert_bound::<AdminConfig>();
        assert_bound::<LdapConfig>();
        assert_bound::<LdapServerConfig>();
    }
}
