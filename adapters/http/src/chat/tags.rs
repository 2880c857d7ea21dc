use std::sync::Arc;

use keelson_application::chat::Chats;
use keelson_domain::chat::ChatId;
use poem_openapi::param::Path;
use poem_openapi::payload::Json;
use poem_openapi::{Object, OpenApi};
use serde_json::Value;

use super::dto;
use crate::body::Body;
use crate::caller::VerifiedUser;
use crate::error::ApiResult;

/// Operations on tags of chats.
pub struct ChatTagApi {
    /// The use cases.
    pub chats: Arc<Chats>,
}

/// A tag by name.
#[derive(Object)]
struct TagForm {
    name: String,
}

/// Which chats bear a tag.
#[derive(Object)]
struct TagFilterForm {
    name: String,
    skip: Option<i64>,
    limit: Option<i64>,
}

#[OpenApi]
impl ChatTagApi {
    /// All of one's tags.
    #[oai(path = "/api/v1/chats/all/tags", method = "get")]
    async fn all(&self, caller: VerifiedUser) -> ApiResult<Json<Value>> {
        Ok(Json(dto::tags(&self.chats.all_tags(&caller.0).await?)))
    }

    /// The chats that bear a tag.
    #[oai(path = "/api/v1/chats/tags", method = "post")]
    async fn tagged(&self, caller: VerifiedUser, body: Body<TagFilterForm>) -> ApiResult<Json<Value>> {
        let (skip, limit) = (body.0.skip.unwrap_or(0), body.0.limit.unwrap_or(50));
        let chats = self.chats.tagged(&caller.0, &body.0.name, skip, limit).await?;
        Ok(Json(dto::lines(&chats)))
    }

    /// A chat's tags.
    #[oai(path = "/api/v1/chats/:id/tags", method = "get")]
    async fn of_chat(&self, caller: VerifiedUser, id: Path<String>) -> ApiResult<Json<Value>> {
        Ok(Json(dto::tags(
            &self.chats.tags(&caller.0, &ChatId::new(id.0)).await?,
        )))
    }

    /// Gives a chat a tag.
    #[oai(path = "/api/v1/chats/:id/tags", method = "post")]
    async fn add(
        &self,
        caller: VerifiedUser,
        id: Path<String>,
        body: Body<TagForm>,
    ) -> ApiResult<Json<Value>> {
        let tags = self
            .chats
            .add_tag(&caller.0, &ChatId::new(id.0), &body.0.name)
            .await?;
        Ok(Json(dto::tags(&tags)))
    }

    /// Takes a tag from a chat.
    #[oai(path = "/api/v1/chats/:id/tags", method = "delete")]
    async fn remove(
        &self,
        caller: VerifiedUser,
        id: Path<String>,
        body: Body<TagForm>,
    ) -> ApiResult<Json<Value>> {
        let tags = self
            .chats
            .remove_tag(&caller.0, &ChatId::new(id.0), &body.0.name)
            .await?;
        Ok(Json(dto::tags(&tags)))
    }

    /// Takes all tags from a chat.
    #[oai(path = "/api/v1/chats/:id/tags/all", method = "delete")]
    async fn remove_all(&self, caller: VerifiedUser, id: Path<String>) -> ApiResult<Json<bool>> {
        self.chats.remove_tags(&caller.0, &ChatId::new(id.0)).await?;
        Ok(Json(true))
    }
}
