use async_trait::async_trait;
use keelson_domain::chat::{ChatId, ChatMessages, MessageId};
use keelson_domain::folder::FolderId;
use keelson_domain::shared::{StoreResult, Timestamp};
use keelson_domain::tag::tag_id;
use keelson_domain::user::UserId;
use serde_json::{Map, Value, json};

use super::MemoryConversations;

/// Takes the object under a name; whatever else stands there counts as an empty one.
fn object(fields: &mut Map<String, Value>, name: &str) -> Map<String, Value> {
    match fields.get_mut(name).map(Value::take) {
        Some(Value::Object(fields)) => fields,
        _ => Map::new(),
    }
}

#[async_trait]
impl ChatMessages for MemoryConversations {
    async fn message(
        &self,
        owner: &UserId,
        chat: &ChatId,
        message: &MessageId,
    ) -> StoreResult<Option<Value>> {
        let state = self.state();
        let messages = state
            .own(owner, chat)
            .and_then(|chat| chat.body.get("history")?.get("messages"));
        Ok(messages.and_then(|messages| messages.get(message.as_str()).cloned()))
    }

    async fn merge_message(
        &self,
        owner: &UserId,
        chat: &ChatId,
        message: &MessageId,
        fields: &Map<String, Value>,
        shown: bool,
        now: i64,
    ) -> StoreResult<bool> {
        let mut state = self.state();
        let Some(chat) = state.own_mut(owner, chat) else {
            return Ok(false);
        };
        let mut history = object(&mut chat.body, "history");
        let mut messages = object(&mut history, "messages");
        let mut merged = object(&mut messages, message.as_str());
        merged.extend(fields.clone());
        messages.insert(message.to_string(), Value::Object(merged));
        history.insert("messages".to_owned(), Value::Object(messages));
        if shown {
            history.insert("currentId".to_owned(), json!(message));
        }
        chat.body.insert("history".to_owned(), Value::Object(history));
        chat.updated_at = Timestamp::from_seconds(now);
        Ok(true)
    }

    async fn set_title(&self, owner: &UserId, chat: &ChatId, title: &str, now: i64) -> StoreResult<bool> {
        let mut state = self.state();
        let Some(chat) = state.own_mut(owner, chat) else {
            return Ok(false);
        };
        chat.title = title.replace('\0', "");
        chat.body.insert("title".to_owned(), json!(chat.title));
        chat.updated_at = Timestamp::from_seconds(now);
        Ok(true)
    }

    async fn title(&self, owner: &UserId, chat: &ChatId) -> StoreResult<Option<String>> {
        Ok(self.state().own(owner, chat).map(|chat| chat.title.clone()))
    }

    async fn folder(&self, owner: &UserId, chat: &ChatId) -> StoreResult<Option<FolderId>> {
        Ok(self.state().own(owner, chat).and_then(|chat| chat.folder.clone()))
    }

    async fn set_tags(&self, owner: &UserId, chat: &ChatId, tags: &[String]) -> StoreResult<bool> {
        let mut state = self.state();
        let Some(chat) = state.own_mut(owner, chat) else {
            return Ok(false);
        };
        let before = chat.tag_ids();
        let ids: Vec<String> = tags.iter().map(|name| tag_id(name)).collect();
        chat.meta.insert("tags".to_owned(), json!(ids));
        state.ensure_tags(owner, tags);
        state.delete_unused_tags(owner, &before);
        Ok(true)
    }
}
