use std::sync::Arc;

use keelson_application::chat::Chats;
use keelson_domain::chat::ChatId;
use poem_openapi::OpenApi;
use poem_openapi::param::Path;
use poem_openapi::payload::Json;

use super::Tag;
use super::dto::{ChatListItem, TagDto, TagFilterForm, TagForm};
use super::error::ChatResult;
use crate::body::Body;
use crate::caller::VerifiedUser;

pub(super) struct ChatTagApi {
    pub(super) chats: Arc<Chats>,
}

fn answer(tags: Vec<keelson_domain::tag::Tag>) -> Json<Vec<TagDto>> {
    Json(tags.into_iter().map(TagDto::from).collect())
}

#[OpenApi(prefix_path = "/api/v1/chats", tag = "Tag::Chats")]
impl ChatTagApi {
    /// Lists the caller's tags.
    #[oai(path = "/all/tags", method = "get", operation_id = "chats_list_all_tags")]
    async fn all(&self, caller: VerifiedUser) -> ChatResult<Json<Vec<TagDto>>> {
        Ok(answer(self.chats.all_tags(&caller.0).await?))
    }

    /// Lists the caller's chats that have a tag.
    #[oai(path = "/tags", method = "post", operation_id = "chats_list_tagged")]
    async fn tagged(
        &self,
        caller: VerifiedUser,
        form: Body<TagFilterForm>,
    ) -> ChatResult<Json<Vec<ChatListItem>>> {
        let (skip, limit) = (form.0.skip.unwrap_or(0), form.0.limit.unwrap_or(50));
        let chats = self.chats.tagged(&caller.0, &form.0.name, skip, limit).await?;
        Ok(Json(chats.into_iter().map(ChatListItem::from).collect()))
    }

    /// Lists a chat's tags.
    #[oai(path = "/:id/tags", method = "get", operation_id = "chats_list_tags")]
    async fn of_chat(
        &self,
        caller: VerifiedUser,
        /// The chat.
        id: Path<String>,
    ) -> ChatResult<Json<Vec<TagDto>>> {
        Ok(answer(self.chats.tags(&caller.0, &ChatId::new(id.0)).await?))
    }

    /// Adds a tag to a chat; answers all it has.
    #[oai(path = "/:id/tags", method = "post", operation_id = "chats_add_tag")]
    async fn add(
        &self,
        caller: VerifiedUser,
        /// The chat.
        id: Path<String>,
        form: Body<TagForm>,
    ) -> ChatResult<Json<Vec<TagDto>>> {
        let id = ChatId::new(id.0);
        Ok(answer(self.chats.add_tag(&caller.0, &id, &form.0.name).await?))
    }

    /// Removes a tag from a chat; answers those left.
    #[oai(path = "/:id/tags", method = "delete", operation_id = "chats_remove_tag")]
    async fn remove(
        &self,
        caller: VerifiedUser,
        /// The chat.
        id: Path<String>,
        form: Body<TagForm>,
    ) -> ChatResult<Json<Vec<TagDto>>> {
        let id = ChatId::new(id.0);
        Ok(answer(self.chats.remove_tag(&caller.0, &id, &form.0.name).await?))
    }

    /// Removes all tags from a chat.
    #[oai(path = "/:id/tags/all", method = "delete", operation_id = "chats_remove_tags")]
    async fn remove_all(
        &self,
        caller: VerifiedUser,
        /// The chat.
        id: Path<String>,
    ) -> ChatResult<Json<bool>> {
        self.chats.remove_tags(&caller.0, &ChatId::new(id.0)).await?;
        Ok(Json(true))
    }
}
