use std::sync::Arc;

use keelson_application::workspace::Workspace;
use keelson_domain::access::Right;
use poem_openapi::OpenApi;
use poem_openapi::param::Query;
use poem_openapi::payload::Json;
use serde_json::{Value, json};

use super::dto;
use crate::caller::{Admin, VerifiedUser};
use crate::error::ApiResult;
use crate::param::Flag;

/// Lists of what the workspace holds.
pub struct WorkspaceApi {
    /// The use cases.
    pub workspace: Arc<Workspace>,
}

#[OpenApi]
impl WorkspaceApi {
    /// The tools that one may use.
    #[oai(path = "/api/v1/tools/", method = "get")]
    async fn tools(&self, caller: VerifiedUser) -> ApiResult<Json<Value>> {
        let tools = self.workspace.tools(&caller.0, Right::Read).await?;
        let owners = self
            .workspace
            .owners(tools.iter().map(|tool| tool.owner.clone()).collect())
            .await?;
        Ok(Json(
            tools.iter().map(|tool| dto::usable_tool(tool, &owners)).collect(),
        ))
    }

    /// The tools that one may change.
    #[oai(path = "/api/v1/tools/list", method = "get")]
    async fn own_tools(&self, caller: VerifiedUser) -> ApiResult<Json<Value>> {
        let tools = self.workspace.tools(&caller.0, Right::Write).await?;
        let owners = self
            .workspace
            .owners(tools.iter().map(|tool| tool.owner.clone()).collect())
            .await?;
        Ok(Json(tools.iter().map(|tool| dto::tool(tool, &owners)).collect()))
    }

    /// The functions, without their source.
    #[oai(path = "/api/v1/functions/", method = "get")]
    async fn functions(&self, _caller: VerifiedUser) -> ApiResult<Json<Value>> {
        let functions = self.workspace.functions().await?;
        Ok(Json(functions.iter().map(dto::function).collect()))
    }

    /// The functions with source and author.
    #[oai(path = "/api/v1/functions/list", method = "get")]
    async fn full_functions(&self, _admin: Admin) -> ApiResult<Json<Value>> {
        let functions = self.workspace.functions().await?;
        let owners = self
            .workspace
            .owners(functions.iter().map(|one| one.owner.clone()).collect())
            .await?;
        let shown = functions.iter().map(|one| dto::full_function(one, &owners));
        Ok(Json(shown.collect()))
    }

    /// The prompts that one may use.
    #[oai(path = "/api/v1/prompts/", method = "get")]
    async fn prompts(&self, caller: VerifiedUser) -> ApiResult<Json<Value>> {
        let prompts = self.workspace.prompts(&caller.0, Right::Read).await?;
        Ok(Json(prompts.iter().map(dto::prompt).collect()))
    }

    /// The prompts that one may change.
    #[oai(path = "/api/v1/prompts/list", method = "get")]
    async fn own_prompts(&self, caller: VerifiedUser) -> ApiResult<Json<Value>> {
        let prompts = self.workspace.prompts(&caller.0, Right::Write).await?;
        let owners = self
            .workspace
            .owners(prompts.iter().map(|one| one.owner.clone()).collect())
            .await?;
        let shown = prompts.iter().map(|one| dto::owned_prompt(one, &owners));
        Ok(Json(shown.collect()))
    }

    /// A page of the collections that one may read.
    #[oai(path = "/api/v1/knowledge/", method = "get")]
    async fn knowledge(&self, caller: VerifiedUser, page: Query<Option<i64>>) -> ApiResult<Json<Value>> {
        let (shown, total) = self.workspace.knowledge(&caller.0, page.0.unwrap_or(1)).await?;
        let owners = self
            .workspace
            .owners(shown.iter().map(|(one, _)| one.owner.clone()).collect())
            .await?;
        let items: Vec<_> = shown
            .iter()
            .map(|(one, write)| dto::knowledge(one, *write, &owners))
            .collect();
        Ok(Json(json!({"items": items, "total": total})))
    }

    /// One's files; everyone's for an admin.
    #[oai(path = "/api/v1/files/", method = "get")]
    async fn files(&self, caller: VerifiedUser, content: Query<Option<Flag>>) -> ApiResult<Json<Value>> {
        let files = self
            .workspace
            .files(&caller.0, content.0.map(bool::from).unwrap_or(true))
            .await?;
        Ok(Json(files.iter().map(dto::file).collect()))
    }

    /// One's memories.
    #[oai(path = "/api/v1/memories/", method = "get")]
    async fn memories(&self, caller: VerifiedUser) -> ApiResult<Json<Value>> {
        let memories = self.workspace.memories(&caller.0).await?;
        Ok(Json(memories.iter().map(dto::memory).collect()))
    }
}
