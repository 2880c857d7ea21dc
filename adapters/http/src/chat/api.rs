use std::sync::Arc;

use keelson_application::chat::Chats;
use keelson_domain::chat::{ChatId, MessageId};
use keelson_domain::folder::FolderId;
use poem_openapi::param::Path;
use poem_openapi::payload::Json;
use poem_openapi::{Object, OpenApi};
use serde_json::{Value, json};

use super::dto::{self, ChatForm};
use crate::body::{Body, OptionalBody};
use crate::caller::VerifiedUser;
use crate::error::ApiResult;
use crate::json::JsonObject;

/// Operations on one chat.
pub struct ChatApi {
    /// The use cases.
    pub chats: Arc<Chats>,
}

/// Where a chat goes.
#[derive(Object)]
struct ChatFolderIdForm {
    folder_id: Option<String>,
}

/// What a copy is called.
#[derive(Object)]
struct CloneForm {
    title: Option<String>,
}

/// A message's text.
#[derive(Object)]
struct MessageForm {
    content: String,
}

/// An event of a message.
#[derive(Object)]
struct EventForm {
    #[oai(rename = "type")]
    kind: String,
    data: JsonObject,
}

#[OpenApi]
impl ChatApi {
    /// Starts a chat.
    #[oai(path = "/api/v1/chats/new", method = "post")]
    async fn create(&self, caller: VerifiedUser, body: Body<ChatForm>) -> ApiResult<Json<Value>> {
        let folder = body.0.folder_id.map(FolderId::new);
        let chat = self.chats.create(&caller.0, body.0.chat.0, folder).await?;
        Ok(Json(dto::full(&chat)))
    }

    /// One's own chat.
    #[oai(path = "/api/v1/chats/:id", method = "get")]
    async fn get(&self, caller: VerifiedUser, id: Path<String>) -> ApiResult<Json<Value>> {
        Ok(Json(dto::full(
            &self.chats.get(&caller.0, &ChatId::new(id.0)).await?,
        )))
    }

    /// Merges into one's own chat.
    #[oai(path = "/api/v1/chats/:id", method = "post")]
    async fn update(
        &self,
        caller: VerifiedUser,
        id: Path<String>,
        body: Body<ChatForm>,
    ) -> ApiResult<Json<Value>> {
        let chat = self
            .chats
            .update(&caller.0, &ChatId::new(id.0), body.0.chat.0)
            .await?;
        Ok(Json(dto::full(&chat)))
    }

    /// Deletes a chat.
    #[oai(path = "/api/v1/chats/:id", method = "delete")]
    async fn delete(&self, caller: VerifiedUser, id: Path<String>) -> ApiResult<Json<bool>> {
        Ok(Json(self.chats.delete(&caller.0, &ChatId::new(id.0)).await?))
    }

    /// Whether a chat stands on top.
    #[oai(path = "/api/v1/chats/:id/pinned", method = "get")]
    async fn is_pinned(&self, caller: VerifiedUser, id: Path<String>) -> ApiResult<Json<bool>> {
        Ok(Json(self.chats.get(&caller.0, &ChatId::new(id.0)).await?.pinned))
    }

    /// Puts a chat on top, or back.
    #[oai(path = "/api/v1/chats/:id/pin", method = "post")]
    async fn pin(&self, caller: VerifiedUser, id: Path<String>) -> ApiResult<Json<Value>> {
        let chat = self.chats.toggle_pinned(&caller.0, &ChatId::new(id.0)).await?;
        Ok(Json(dto::full(&chat)))
    }

    /// Puts a chat away, or back.
    #[oai(path = "/api/v1/chats/:id/archive", method = "post")]
    async fn archive(&self, caller: VerifiedUser, id: Path<String>) -> ApiResult<Json<Value>> {
        let chat = self.chats.toggle_archived(&caller.0, &ChatId::new(id.0)).await?;
        Ok(Json(dto::full(&chat)))
    }

    /// Moves a chat into a folder, or out of any.
    #[oai(path = "/api/v1/chats/:id/folder", method = "post")]
    async fn move_to(
        &self,
        caller: VerifiedUser,
        id: Path<String>,
        body: Body<ChatFolderIdForm>,
    ) -> ApiResult<Json<Value>> {
        let folder = body.0.folder_id.map(FolderId::new);
        let chat = self.chats.move_to(&caller.0, &ChatId::new(id.0), folder).await?;
        Ok(Json(dto::full(&chat)))
    }

    /// Copies one's own chat.
    #[oai(path = "/api/v1/chats/:id/clone", method = "post")]
    async fn copy(
        &self,
        caller: VerifiedUser,
        id: Path<String>,
        body: OptionalBody<CloneForm>,
    ) -> ApiResult<Json<Value>> {
        let title = body.0.and_then(|form| form.title);
        let chat = self.chats.clone_own(&caller.0, &ChatId::new(id.0), title).await?;
        Ok(Json(dto::full(&chat)))
    }

    /// Copies a shared chat.
    #[oai(path = "/api/v1/chats/:id/clone/shared", method = "post")]
    async fn copy_shared(&self, caller: VerifiedUser, id: Path<String>) -> ApiResult<Json<Value>> {
        let chat = self.chats.clone_shared(&caller.0, &ChatId::new(id.0)).await?;
        Ok(Json(dto::full(&chat)))
    }

    /// Shares one's own chat.
    #[oai(path = "/api/v1/chats/:id/share", method = "post")]
    async fn share(&self, caller: VerifiedUser, id: Path<String>) -> ApiResult<Json<Value>> {
        let copy = self.chats.share(&caller.0, &ChatId::new(id.0)).await?;
        Ok(Json(dto::full(&copy)))
    }

    /// Ends the sharing of one's own chat.
    #[oai(path = "/api/v1/chats/:id/share", method = "delete")]
    async fn unshare(&self, caller: VerifiedUser, id: Path<String>) -> ApiResult<Json<bool>> {
        Ok(Json(self.chats.unshare(&caller.0, &ChatId::new(id.0)).await?))
    }

    /// A shared chat.
    #[oai(path = "/api/v1/chats/share/:share_id", method = "get")]
    async fn shared(&self, caller: VerifiedUser, share_id: Path<String>) -> ApiResult<Json<Value>> {
        let chat = self.chats.shared(&caller.0, &ChatId::new(share_id.0)).await?;
        Ok(Json(dto::full(&chat)))
    }

    /// Replaces the text of a message.
    #[oai(path = "/api/v1/chats/:id/messages/:message_id", method = "post")]
    async fn edit_message(
        &self,
        caller: VerifiedUser,
        id: Path<String>,
        message_id: Path<String>,
        body: Body<MessageForm>,
    ) -> ApiResult<Json<Value>> {
        let (id, message) = (ChatId::new(id.0), MessageId::new(message_id.0));
        let chat = self
            .chats
            .edit_message(&caller.0, &id, &message, body.0.content)
            .await?;
        Ok(Json(dto::full(&chat)))
    }

    /// Emits an event of a message.
    #[oai(path = "/api/v1/chats/:id/messages/:message_id/event", method = "post")]
    async fn emit_event(
        &self,
        caller: VerifiedUser,
        id: Path<String>,
        message_id: Path<String>,
        body: Body<EventForm>,
    ) -> ApiResult<Json<Value>> {
        let (id, message) = (ChatId::new(id.0), MessageId::new(message_id.0));
        let data = Value::Object(body.0.data.0);
        self.chats
            .emit_event(&caller.0, &id, &message, &body.0.kind, data)
            .await?;
        Ok(Json(json!(true)))
    }
}
