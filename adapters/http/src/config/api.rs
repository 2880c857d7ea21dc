use std::sync::Arc;

use keelson_application::config::Settings;
use poem_openapi::OpenApi;
use poem_openapi::payload::Json;
use serde_json::json;

use super::Tag;
use super::dto::{
    CodeInterpreterConfigForm, ConnectionsConfigForm, ImportConfigForm, ModelsConfigForm, SettingsTree,
};
use super::error::ConfigResult;
use crate::body::Body;
use crate::caller::Admin;
use crate::json::{Declared, Free};
use crate::settings_form::{in_force, save};

/// What admins set about connections, code and models, and the settings as a whole.
pub(super) struct ConfigApi {
    pub(super) settings: Arc<Settings>,
}

impl ConfigApi {
    /// The stored tree with the version that the reference writes.
    async fn tree(&self) -> ConfigResult<Json<Free<SettingsTree>>> {
        let mut tree = self.settings.export().await?.tree;
        if tree.get("version").is_none() {
            tree["version"] = json!(0);
        }
        Ok(Json(tree.into()))
    }
}

#[OpenApi(prefix_path = "/api/v1/configs", tag = "Tag::Configs")]
impl ConfigApi {
    /// Reads which connections users may make.
    #[oai(
        path = "/connections",
        method = "get",
        operation_id = "configs_get_connections"
    )]
    async fn connections(&self, _admin: Admin) -> ConfigResult<Json<Declared<ConnectionsConfigForm>>> {
        Ok(Json(in_force(&self.settings.current())))
    }

    /// Sets which connections users may make.
    #[oai(
        path = "/connections",
        method = "post",
        operation_id = "configs_set_connections"
    )]
    async fn set_connections(
        &self,
        _admin: Admin,
        form: Body<ConnectionsConfigForm>,
    ) -> ConfigResult<Json<Declared<ConnectionsConfigForm>>> {
        Ok(Json(save(&self.settings, &form.0).await?))
    }

    /// Reads where code runs.
    #[oai(
        path = "/code_execution",
        method = "get",
        operation_id = "configs_get_code_execution"
    )]
    async fn code_execution(&self, _admin: Admin) -> ConfigResult<Json<Declared<CodeInterpreterConfigForm>>> {
        Ok(Json(in_force(&self.settings.current())))
    }

    /// Sets where code runs.
    #[oai(
        path = "/code_execution",
        method = "post",
        operation_id = "configs_set_code_execution"
    )]
    async fn set_code_execution(
        &self,
        _admin: Admin,
        form: Body<CodeInterpreterConfigForm>,
    ) -> ConfigResult<Json<Declared<CodeInterpreterConfigForm>>> {
        Ok(Json(save(&self.settings, &form.0).await?))
    }

    /// Reads which models come first.
    #[oai(path = "/models", method = "get", operation_id = "configs_get_models")]
    async fn models(&self, _admin: Admin) -> ConfigResult<Json<Declared<ModelsConfigForm>>> {
        Ok(Json(in_force(&self.settings.current())))
    }

    /// Sets which models come first.
    #[oai(path = "/models", method = "post", operation_id = "configs_set_models")]
    async fn set_models(
        &self,
        _admin: Admin,
        form: Body<ModelsConfigForm>,
    ) -> ConfigResult<Json<Declared<ModelsConfigForm>>> {
        Ok(Json(save(&self.settings, &form.0).await?))
    }

    /// Exports every setting that was ever changed, secrets too: an admin's backup.
    #[oai(path = "/export", method = "get", operation_id = "configs_export")]
    async fn export(&self, _admin: Admin) -> ConfigResult<Json<Free<SettingsTree>>> {
        self.tree().await
    }

    /// Puts a backup in the place of every setting that was ever changed.
    #[oai(path = "/import", method = "post", operation_id = "configs_import")]
    async fn import(
        &self,
        _admin: Admin,
        form: Body<ImportConfigForm>,
    ) -> ConfigResult<Json<Free<SettingsTree>>> {
        self.settings.import(form.0.config.into_value()).await?;
        self.tree().await
    }
}
