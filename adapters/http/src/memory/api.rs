use std::sync::Arc;

use keelson_application::memory::Memories;
use poem_openapi::OpenApi;
use poem_openapi::payload::Json;

use super::Tag;
use super::dto::MemoryDto;
use crate::caller::VerifiedUser;
use crate::error::ApiResult;

pub(super) struct MemoryApi {
    pub(super) memories: Arc<Memories>,
}

#[OpenApi(prefix_path = "/api/v1/memories", tag = "Tag::Memories")]
impl MemoryApi {
    /// Lists the caller's memories.
    #[oai(path = "/", method = "get", operation_id = "memories_list")]
    async fn list(&self, caller: VerifiedUser) -> ApiResult<Json<Vec<MemoryDto>>> {
        let memories = self.memories.list(&caller.0).await?;
        Ok(Json(memories.into_iter().map(MemoryDto::from).collect()))
    }
}
