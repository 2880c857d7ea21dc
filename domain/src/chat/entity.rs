use serde_json::{Map, Value};

use super::ChatId;
use crate::folder::FolderId;
use crate::shared::Timestamp;
use crate::user::UserId;

/// The title of a chat that was given none.
pub const UNTITLED: &str = "New Chat";

/// A conversation with everything in it.
#[derive(Debug, Clone, PartialEq)]
pub struct Chat {
    /// Identity.
    pub id: ChatId,
    /// Whose it is; of a shared copy, `shared-` and the id of the chat that it was made from.
    pub owner: UserId,
    /// Title in lists; the body may hold one too.
    pub title: String,
    /// The id of the shared copy, while there is one.
    pub share_id: Option<ChatId>,
    /// Whether it is archived.
    pub archived: bool,
    /// Whether it is pinned to the top of the list.
    pub pinned: bool,
    /// `history`, `messages`, `models` and what else the front end keeps.
    pub body: Map<String, Value>,
    /// Facts about the chat, such as `tags`.
    pub meta: Map<String, Value>,
    /// The folder that it lies in.
    pub folder: Option<FolderId>,
    /// Created (whole seconds).
    pub created_at: Timestamp,
    /// Last changed (whole seconds).
    pub updated_at: Timestamp,
}

impl Chat {
    /// The ids of its tags.
    pub fn tag_ids(&self) -> Vec<String> {
        tag_ids_in(&self.meta)
    }

    /// The message that the owner looked at last.
    pub fn current_message(&self) -> Option<&str> {
        self.body.get("history")?.get("currentId")?.as_str()
    }

    /// The owner that a shared copy of a chat is stored under.
    pub fn share_owner(of: &ChatId) -> UserId {
        UserId::new(format!("shared-{of}"))
    }
}

/// The ids of the tags that a chat's meta names.
pub fn tag_ids_in(meta: &Map<String, Value>) -> Vec<String> {
    let tags = meta.get("tags").and_then(Value::as_array);
    tags.into_iter()
        .flatten()
        .filter_map(|tag| tag.as_str().map(str::to_owned))
        .collect()
}

/// A chat without its messages: what every use case reads that does not show them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChatHead {
    /// Identity.
    pub id: ChatId,
    /// Whose it is; see [`Chat::owner`].
    pub owner: UserId,
    /// Title in lists.
    pub title: String,
    /// The id of the shared copy, while there is one.
    pub share_id: Option<ChatId>,
    /// Whether it is archived.
    pub archived: bool,
    /// Whether it is pinned to the top of the list.
    pub pinned: bool,
    /// The ids of its tags, which are kept in the chat's meta.
    pub tags: Vec<String>,
    /// The folder that it lies in.
    pub folder: Option<FolderId>,
    /// Created (whole seconds).
    pub created_at: Timestamp,
    /// Last changed (whole seconds).
    pub updated_at: Timestamp,
}

/// A chat in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChatSummary {
    /// Identity.
    pub id: ChatId,
    /// Title.
    pub title: String,
    /// Created (whole seconds).
    pub created_at: Timestamp,
    /// Last changed (whole seconds).
    pub updated_at: Timestamp,
}

/// Takes null characters out of every text and key: PostgreSQL cannot keep them.
pub fn strip_nulls(value: &mut Value) {
    match value {
        Value::String(text) if text.contains('\0') => text.retain(|letter| letter != '\0'),
        Value::Array(items) => items.iter_mut().for_each(strip_nulls),
        Value::Object(fields) => strip_nulls_in(fields),
        _ => {}
    }
}

/// [`strip_nulls`] for the fields of an object.
pub fn strip_nulls_in(fields: &mut Map<String, Value>) {
    if fields.keys().any(|name| name.contains('\0')) {
        *fields = std::mem::take(fields)
            .into_iter()
            .map(|(name, value)| (name.replace('\0', ""), value))
            .collect();
    }
    fields.values_mut().for_each(strip_nulls);
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn nulls_leave_texts_and_keys() {
        let mut value = json!({"a\0b": ["x\0", {"y": "\0z"}], "n": null, "i": 1});
        strip_nulls(&mut value);
        assert_eq!(value, json!({"ab": ["x", {"y": "z"}], "n": null, "i": 1}));
    }
}
