use keelson_domain::chat::{Chat, ChatSummary};
use keelson_domain::tag::Tag;
use poem_openapi::Object;
use serde_json::{Value, json};

use crate::json::JsonObject;

/// A chat to be stored.
#[derive(Object)]
pub(super) struct ChatForm {
    pub(super) chat: JsonObject,
    pub(super) folder_id: Option<String>,
}

/// A chat with what was said in it.
pub(super) fn full(chat: &Chat) -> Value {
    json!({
        "id": chat.id,
        "user_id": chat.owner,
        "title": chat.title,
        "chat": chat.body,
        "updated_at": chat.updated_at.seconds(),
        "created_at": chat.created_at.seconds(),
        "share_id": chat.share_id,
        "archived": chat.archived,
        "pinned": chat.pinned,
        "meta": chat.meta,
        "folder_id": chat.folder,
    })
}

/// A line of a list.
pub(super) fn line(chat: &ChatSummary) -> Value {
    json!({
        "id": chat.id,
        "title": chat.title,
        "updated_at": chat.updated_at.seconds(),
        "created_at": chat.created_at.seconds(),
    })
}

/// Lines of a list.
pub(super) fn lines(chats: &[ChatSummary]) -> Value {
    chats.iter().map(line).collect()
}

/// Whole chats.
pub(super) fn fulls(chats: &[Chat]) -> Value {
    chats.iter().map(full).collect()
}

/// Tags.
pub(super) fn tags(tags: &[Tag]) -> Value {
    tags.iter()
        .map(|tag| json!({"id": tag.id, "name": tag.name, "user_id": tag.owner, "meta": tag.meta}))
        .collect()
}
