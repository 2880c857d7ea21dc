use serde_json::{Map, Value};

use super::{ChatId, MessageId};
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

    /// Merges top-level fields into one message of `history.messages`, made when missing, and sets `history.currentId` to
    /// it. What is in its way and is no object is replaced.
    pub fn merge_message(&mut self, message: &MessageId, fields: Map<String, Value>) {
        change_object(&mut self.body, "history", |history| {
            history.insert("currentId".to_owned(), Value::from(message.as_str()));
            change_object(history, "messages", |messages| {
                change_object(messages, message.as_str(), |message| message.extend(fields));
            });
        });
    }

    /// The owner that a shared copy of a chat is stored under.
    pub fn share_owner(of: &ChatId) -> UserId {
        UserId::new(format!("shared-{of}"))
    }
}

/// Changes the object under a key, which is made when there is none.
fn change_object(fields: &mut Map<String, Value>, key: &str, change: impl FnOnce(&mut Map<String, Value>)) {
    let value = fields.entry(key).or_insert(Value::Null);
    let mut object = match value.take() {
        Value::Object(object) => object,
        _ => Map::new(),
    };
    change(&mut object);
    *value = Value::Object(object);
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

    #[test]
    fn messages_are_merged_where_they_belong() {
        let merged = |body: Value| {
            let mut chat = Chat {
                id: ChatId::from("c"),
                owner: UserId::from("u"),
                title: String::new(),
                share_id: None,
                archived: false,
                pinned: false,
                body: body.as_object().cloned().unwrap(),
                meta: Map::new(),
                folder: None,
                created_at: Timestamp::from_seconds(1),
                updated_at: Timestamp::from_seconds(1),
            };
            let fields = json!({"content": "new"});
            chat.merge_message(&MessageId::from("b"), fields.as_object().cloned().unwrap());
            Value::Object(chat.body)
        };
        let alone = json!({"history": {"currentId": "b", "messages": {"b": {"content": "new"}}}});
        assert_eq!(merged(json!({})), alone);
        assert_eq!(merged(json!({"history": []})), alone);
        assert_eq!(merged(json!({"history": {"messages": 7}})), alone);
        let stored = json!({"x": 1, "history": {"currentId": "a", "messages": {"a": {}, "b": {"role": "assistant", "content": "old"}}}});
        assert_eq!(
            merged(stored),
            json!({"x": 1, "history": {"currentId": "b", "messages": {"a": {}, "b": {"role": "assistant", "content": "new"}}}})
        );
    }
}
