use std::sync::Arc;

use keelson_application::tool::Tools;
use keelson_domain::access::Right;
use poem_openapi::OpenApi;
use poem_openapi::payload::Json;

use super::Tag;
use super::dto::{ToolDto, UsableToolDto};
use crate::caller::VerifiedUser;
use crate::error::ApiResult;

pub(super) struct ToolApi {
    pub(super) tools: Arc<Tools>,
}

#[OpenApi(prefix_path = "/api/v1/tools", tag = "Tag::Tools")]
impl ToolApi {
    /// Lists the tools that the caller may use.
    #[oai(path = "/", method = "get", operation_id = "tools_list")]
    async fn list(&self, caller: VerifiedUser) -> ApiResult<Json<Vec<UsableToolDto>>> {
        let tools = self.tools.list(&caller.0, Right::Read).await?;
        Ok(Json(tools.into_iter().map(UsableToolDto::from).collect()))
    }

    /// Lists the tools that the caller may change.
    #[oai(path = "/list", method = "get", operation_id = "tools_list_writable")]
    async fn list_writable(&self, caller: VerifiedUser) -> ApiResult<Json<Vec<ToolDto>>> {
        let tools = self.tools.list(&caller.0, Right::Write).await?;
        Ok(Json(tools.into_iter().map(ToolDto::from).collect()))
    }
}
