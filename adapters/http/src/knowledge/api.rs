use std::sync::Arc;

use keelson_application::knowledge::KnowledgeCollections;
use poem_openapi::OpenApi;
use poem_openapi::param::Query;
use poem_openapi::payload::Json;

use super::Tag;
use super::dto::{KnowledgeDto, KnowledgePage};
use crate::caller::VerifiedUser;
use crate::error::ApiResult;

pub(super) struct KnowledgeApi {
    pub(super) knowledge: Arc<KnowledgeCollections>,
}

#[OpenApi(prefix_path = "/api/v1/knowledge", tag = "Tag::Knowledge")]
impl KnowledgeApi {
    /// Lists a page of the collections that the caller may read.
    #[oai(path = "/", method = "get", operation_id = "knowledge_list")]
    async fn list(
        &self,
        caller: VerifiedUser,
        /// The page, from 1; 30 collections each.
        page: Query<Option<i64>>,
    ) -> ApiResult<Json<KnowledgePage>> {
        let (items, total) = self.knowledge.list(&caller.0, page.0.unwrap_or(1)).await?;
        Ok(Json(KnowledgePage {
            items: items.into_iter().map(KnowledgeDto::from).collect(),
            total,
        }))
    }
}
