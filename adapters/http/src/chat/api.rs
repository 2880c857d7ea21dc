use std::sync::Arc;

use keelson_application::chat::Chats;
use keelson_domain::chat::ChatId;
use keelson_domain::folder::FolderId;
use poem_openapi::OpenApi;
use poem_openapi::param::Path;
use poem_openapi::payload::Json;

use super::Tag;
use super::dto::{ChatDto, ChatFolderIdForm, ChatForm, CloneForm};
use super::error::ChatResult;
use crate::body::{Body, OptionalBody};
use crate::caller::VerifiedUser;

pub(super) struct ChatApi {
    pub(super) chats: Arc<Chats>,
}

#[OpenApi(prefix_path = "/api/v1/chats", tag = "Tag::Chats")]
impl ChatApi {
    /// Creates a chat.
    #[oai(path = "/new", method = "post", operation_id = "chats_create")]
    async fn create(&self, caller: VerifiedUser, form: Body<ChatForm>) -> ChatResult<Json<ChatDto>> {
        let (body, folder) = (form.0.chat.into_fields(), form.0.folder_id.map(FolderId::new));
        Ok(Json(self.chats.create(&caller.0, body, folder).await?.into()))
    }

    /// Reads one of the caller's chats.
    #[oai(path = "/:id", method = "get", operation_id = "chats_get")]
    async fn get(
        &self,
        caller: VerifiedUser,
        /// The chat.
        id: Path<String>,
    ) -> ChatResult<Json<ChatDto>> {
        Ok(Json(self.chats.get(&caller.0, &ChatId::new(id.0)).await?.into()))
    }

    /// Changes the content of one of the caller's chats.
    ///
    /// The content is merged at the top level; fields that are left out stay. `folder_id` is not read.
    #[oai(path = "/:id", method = "post", operation_id = "chats_update")]
    async fn update(
        &self,
        caller: VerifiedUser,
        /// The chat.
        id: Path<String>,
        form: Body<ChatForm>,
    ) -> ChatResult<Json<ChatDto>> {
        let (id, body) = (ChatId::new(id.0), form.0.chat.into_fields());
        Ok(Json(self.chats.update(&caller.0, &id, body).await?.into()))
    }

    /// Deletes a chat.
    ///
    /// Admins may delete any chat. For another user's chat, callers who are no admins get `true`, and the chat stays.
    #[oai(path = "/:id", method = "delete", operation_id = "chats_delete")]
    async fn delete(
        &self,
        caller: VerifiedUser,
        /// The chat.
        id: Path<String>,
    ) -> ChatResult<Json<bool>> {
        Ok(Json(self.chats.delete(&caller.0, &ChatId::new(id.0)).await?))
    }

    /// Tells whether one of the caller's chats is pinned.
    #[oai(path = "/:id/pinned", method = "get", operation_id = "chats_is_pinned")]
    async fn is_pinned(
        &self,
        caller: VerifiedUser,
        /// The chat.
        id: Path<String>,
    ) -> ChatResult<Json<bool>> {
        Ok(Json(self.chats.is_pinned(&caller.0, &ChatId::new(id.0)).await?))
    }

    /// Pins a chat, or unpins a pinned one.
    #[oai(path = "/:id/pin", method = "post", operation_id = "chats_pin")]
    async fn pin(
        &self,
        caller: VerifiedUser,
        /// The chat.
        id: Path<String>,
    ) -> ChatResult<Json<ChatDto>> {
        let chat = self.chats.toggle_pinned(&caller.0, &ChatId::new(id.0)).await?;
        Ok(Json(chat.into()))
    }

    /// Archives a chat, or brings an archived one back.
    ///
    /// Either takes it out of its folder.
    #[oai(path = "/:id/archive", method = "post", operation_id = "chats_archive")]
    async fn archive(
        &self,
        caller: VerifiedUser,
        /// The chat.
        id: Path<String>,
    ) -> ChatResult<Json<ChatDto>> {
        let chat = self.chats.toggle_archived(&caller.0, &ChatId::new(id.0)).await?;
        Ok(Json(chat.into()))
    }

    /// Moves a chat into a folder, or out of any.
    ///
    /// The chat is no longer pinned then.
    #[oai(path = "/:id/folder", method = "post", operation_id = "chats_move")]
    async fn move_to(
        &self,
        caller: VerifiedUser,
        /// The chat.
        id: Path<String>,
        form: Body<ChatFolderIdForm>,
    ) -> ChatResult<Json<ChatDto>> {
        let (id, folder) = (ChatId::new(id.0), form.0.folder_id.map(FolderId::new));
        Ok(Json(self.chats.move_to(&caller.0, &id, folder).await?.into()))
    }

    /// Copies one of the caller's chats.
    #[oai(path = "/:id/clone", method = "post", operation_id = "chats_clone")]
    async fn clone_own(
        &self,
        caller: VerifiedUser,
        /// The chat.
        id: Path<String>,
        form: OptionalBody<CloneForm>,
    ) -> ChatResult<Json<ChatDto>> {
        let (id, title) = (ChatId::new(id.0), form.0.and_then(|form| form.title));
        Ok(Json(self.chats.clone_own(&caller.0, &id, title).await?.into()))
    }

    /// Copies a shared chat.
    #[oai(
        path = "/:id/clone/shared",
        method = "post",
        operation_id = "chats_clone_shared"
    )]
    async fn clone_shared(
        &self,
        caller: VerifiedUser,
        /// The shared copy.
        id: Path<String>,
    ) -> ChatResult<Json<ChatDto>> {
        let chat = self.chats.clone_shared(&caller.0, &ChatId::new(id.0)).await?;
        Ok(Json(chat.into()))
    }

    /// Shares a chat, or brings its shared copy up to date.
    #[oai(path = "/:id/share", method = "post", operation_id = "chats_share")]
    async fn share(
        &self,
        caller: VerifiedUser,
        /// The chat.
        id: Path<String>,
    ) -> ChatResult<Json<ChatDto>> {
        Ok(Json(
            self.chats.share(&caller.0, &ChatId::new(id.0)).await?.into(),
        ))
    }

    /// Ends the sharing of a chat; tells whether it was shared.
    #[oai(path = "/:id/share", method = "delete", operation_id = "chats_unshare")]
    async fn unshare(
        &self,
        caller: VerifiedUser,
        /// The chat.
        id: Path<String>,
    ) -> ChatResult<Json<bool>> {
        Ok(Json(self.chats.unshare(&caller.0, &ChatId::new(id.0)).await?))
    }

    /// Reads a shared chat.
    #[oai(path = "/share/:share_id", method = "get", operation_id = "chats_get_shared")]
    async fn shared(
        &self,
        caller: VerifiedUser,
        /// The shared copy.
        share_id: Path<String>,
    ) -> ChatResult<Json<ChatDto>> {
        let chat = self.chats.shared(&caller.0, &ChatId::new(share_id.0)).await?;
        Ok(Json(chat.into()))
    }
}
