use std::sync::Arc;

use keelson_application::config::Settings;
use poem_openapi::OpenApi;
use poem_openapi::payload::Json;

use super::Tag;
use super::dto::ToolServersConfigForm;
use super::error::ConfigResult;
use crate::body::Body;
use crate::caller::Admin;
use crate::json::Declared;
use crate::settings_form::{in_force, save};

/// The tool servers that everybody may use.
pub(super) struct ToolServersApi {
    pub(super) settings: Arc<Settings>,
}

#[OpenApi(prefix_path = "/api/v1/configs", tag = "Tag::Configs")]
impl ToolServersApi {
    /// Reads the tool servers, with their keys.
    #[oai(
        path = "/tool_servers",
        method = "get",
        operation_id = "configs_get_tool_servers"
    )]
    async fn tool_servers(&self, _admin: Admin) -> ConfigResult<Json<Declared<ToolServersConfigForm>>> {
        Ok(Json(in_force(&self.settings.current())))
    }

    /// Sets the tool servers.
    #[oai(
        path = "/tool_servers",
        method = "post",
        operation_id = "configs_set_tool_servers"
    )]
    async fn set_tool_servers(
        &self,
        _admin: Admin,
        form: Body<ToolServersConfigForm>,
    ) -> ConfigResult<Json<Declared<ToolServersConfigForm>>> {
        Ok(Json(save(&self.settings, &form.0).await?))
    }
}
