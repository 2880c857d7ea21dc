use std::sync::Arc;

use keelson_application::config::Settings;
use keelson_domain::config::{Snapshot, table};
use poem_openapi::payload::Json;
use poem_openapi::types::ToJSON;
use poem_openapi::{Object, OpenApi};
use serde_json::{Value, json};

use crate::body::Body;
use crate::caller::Admin;
use crate::error::ApiResult;
use crate::json::{Extra, JsonObject, Nullable};

/// The tool servers that everybody may use.
pub struct ToolServersApi {
    /// The settings in force.
    pub settings: Arc<Settings>,
}

/// A tool server.
#[derive(Object)]
struct ToolServerConnection {
    url: String,
    path: String,
    #[oai(rename = "type", default = "openapi")]
    kind: String,
    auth_type: Nullable<String>,
    headers: Option<Value>,
    key: Nullable<String>,
    config: Nullable<JsonObject>,
    #[oai(flatten)]
    extra: Extra,
}

/// The tool servers.
#[derive(Object)]
#[oai(rename_all = "SCREAMING_SNAKE_CASE")]
struct ToolServersConfigForm {
    tool_server_connections: Vec<ToolServerConnection>,
}

fn openapi() -> String {
    "openapi".to_owned()
}

fn shown(settings: &Snapshot) -> Value {
    json!({"TOOL_SERVER_CONNECTIONS": settings.get(&table::TOOL_SERVER_CONNECTIONS)})
}

#[OpenApi]
impl ToolServersApi {
    /// The tool servers, with their keys.
    #[oai(path = "/api/v1/configs/tool_servers", method = "get")]
    async fn tool_servers(&self, _admin: Admin) -> Json<Value> {
        Json(shown(&self.settings.current()))
    }

    /// Sets the tool servers.
    #[oai(path = "/api/v1/configs/tool_servers", method = "post")]
    async fn set_tool_servers(
        &self,
        _admin: Admin,
        body: Body<ToolServersConfigForm>,
    ) -> ApiResult<Json<Value>> {
        let servers = body.0.tool_server_connections.to_json().unwrap_or_default();
        let change = [(table::TOOL_SERVER_CONNECTIONS, servers)];
        Ok(Json(shown(self.settings.change(&change).await?.as_ref())))
    }
}
