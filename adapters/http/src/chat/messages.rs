use std::sync::Arc;

use keelson_application::chat::Chats;
use keelson_domain::chat::{ChatId, MessageId};
use poem_openapi::OpenApi;
use poem_openapi::param::Path;
use poem_openapi::payload::Json;

use super::Tag;
use super::dto::{ChatDto, EventForm, MessageForm};
use super::error::ChatResult;
use crate::body::Body;
use crate::caller::VerifiedUser;

pub(super) struct ChatMessageApi {
    pub(super) chats: Arc<Chats>,
}

#[OpenApi(prefix_path = "/api/v1/chats", tag = "Tag::Chats")]
impl ChatMessageApi {
    /// Replaces the text of a message.
    #[oai(
        path = "/:id/messages/:message_id",
        method = "post",
        operation_id = "chats_edit_message"
    )]
    async fn edit(
        &self,
        caller: VerifiedUser,
        /// The chat.
        id: Path<String>,
        /// The message.
        message_id: Path<String>,
        form: Body<MessageForm>,
    ) -> ChatResult<Json<ChatDto>> {
        let (id, message) = (ChatId::new(id.0), MessageId::new(message_id.0));
        let edited = self.chats.edit_message(&caller.0, &id, &message, form.0.content);
        Ok(Json(edited.await?.into()))
    }

    /// Sends an event of a message to the owner's open pages.
    ///
    /// What the event says of the message is stored in the chat.
    #[oai(
        path = "/:id/messages/:message_id/event",
        method = "post",
        operation_id = "chats_emit_event"
    )]
    async fn emit_event(
        &self,
        caller: VerifiedUser,
        /// The chat.
        id: Path<String>,
        /// The message.
        message_id: Path<String>,
        form: Body<EventForm>,
    ) -> ChatResult<Json<bool>> {
        let (id, message) = (ChatId::new(id.0), MessageId::new(message_id.0));
        let EventForm { kind, data } = form.0;
        self.chats
            .emit_event(&caller.0, &id, &message, &kind, data.into_value())
            .await?;
        Ok(Json(true))
    }
}
