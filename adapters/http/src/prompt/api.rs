use std::sync::Arc;

use keelson_application::prompt::Prompts;
use keelson_domain::access::Right;
use poem_openapi::OpenApi;
use poem_openapi::payload::Json;

use super::Tag;
use super::dto::{OwnedPromptDto, PromptDto};
use crate::caller::VerifiedUser;
use crate::error::ApiResult;

pub(super) struct PromptApi {
    pub(super) prompts: Arc<Prompts>,
}

#[OpenApi(prefix_path = "/api/v1/prompts", tag = "Tag::Prompts")]
impl PromptApi {
    /// Lists the prompts that the caller may use.
    #[oai(path = "/", method = "get", operation_id = "prompts_list")]
    async fn list(&self, caller: VerifiedUser) -> ApiResult<Json<Vec<PromptDto>>> {
        let prompts = self.prompts.list(&caller.0, Right::Read).await?;
        Ok(Json(prompts.into_iter().map(PromptDto::from).collect()))
    }

    /// Lists the prompts that the caller may change, with their owners.
    #[oai(path = "/list", method = "get", operation_id = "prompts_list_writable")]
    async fn list_writable(&self, caller: VerifiedUser) -> ApiResult<Json<Vec<OwnedPromptDto>>> {
        let prompts = self.prompts.list_with_owners(&caller.0, Right::Write).await?;
        Ok(Json(prompts.into_iter().map(OwnedPromptDto::from).collect()))
    }
}
