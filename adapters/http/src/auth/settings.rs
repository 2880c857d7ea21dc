use std::sync::Arc;

use keelson_application::config::Settings;
use keelson_domain::config::table;
use poem_openapi::OpenApi;
use poem_openapi::payload::Json;

use super::Tag;
use super::settings_dto::{AdminConfig, LdapConfig, LdapConfigForm, LdapServerConfig};
use crate::body::Body;
use crate::caller::Admin;
use crate::config::ConfigResult;
use crate::error::ApiError;
use crate::json::Declared;
use crate::settings_form::{in_force, save};

pub(super) struct AuthSettingsApi {
    pub(super) settings: Arc<Settings>,
}

#[OpenApi(prefix_path = "/api/v1/auths/admin", tag = "Tag::Auths")]
impl AuthSettingsApi {
    /// Reads the settings of accounts and features.
    #[oai(path = "/config", method = "get", operation_id = "auths_get_config")]
    async fn config(&self, _admin: Admin) -> ConfigResult<Json<Declared<AdminConfig>>> {
        Ok(Json(in_force(&self.settings.current())))
    }

    /// Sets the settings of accounts and features.
    #[oai(path = "/config", method = "post", operation_id = "auths_set_config")]
    async fn set_config(
        &self,
        _admin: Admin,
        form: Body<AdminConfig>,
    ) -> ConfigResult<Json<Declared<AdminConfig>>> {
        let settings = self.settings.change(&form.0.accepted_changes()).await?;
        Ok(Json(in_force(&settings)))
    }

    /// Reads whether people may sign in against a directory.
    #[oai(path = "/config/ldap", method = "get", operation_id = "auths_get_ldap_config")]
    async fn ldap(&self, _admin: Admin) -> ConfigResult<Json<Declared<LdapConfig>>> {
        Ok(Json(in_force(&self.settings.current())))
    }

    /// Sets whether people may sign in against a directory.
    #[oai(
        path = "/config/ldap",
        method = "post",
        operation_id = "auths_set_ldap_config"
    )]
    async fn set_ldap(
        &self,
        _admin: Admin,
        form: Body<LdapConfigForm>,
    ) -> ConfigResult<Json<Declared<LdapConfig>>> {
        let change = [(table::ENABLE_LDAP, form.0.enable_ldap.unwrap_or_default().into())];
        Ok(Json(in_force(&*self.settings.change(&change).await?)))
    }

    /// Reads which directory people sign in against.
    #[oai(
        path = "/config/ldap/server",
        method = "get",
        operation_id = "auths_get_ldap_server"
    )]
    async fn ldap_server(&self, _admin: Admin) -> ConfigResult<Json<Declared<LdapServerConfig>>> {
        Ok(Json(in_force(&self.settings.current())))
    }

    /// Sets which directory people sign in against.
    #[oai(
        path = "/config/ldap/server",
        method = "post",
        operation_id = "auths_set_ldap_server"
    )]
    async fn set_ldap_server(
        &self,
        _admin: Admin,
        form: Body<LdapServerConfig>,
    ) -> ConfigResult<Json<Declared<LdapServerConfig>>> {
        if let Some(name) = form.0.empty_field() {
            return Err(ApiError::bad_request(format!("{name} must not be empty.")).into());
        }
        Ok(Json(save(&self.settings, &form.0.with_defaults()).await?))
    }
}
