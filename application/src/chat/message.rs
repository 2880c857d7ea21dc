use keelson_domain::auth::Caller;
use keelson_domain::chat::{Chat, ChatHead, ChatId, MessageId, strip_nulls};
use keelson_domain::completion::ChatEvent;
use keelson_domain::realtime::Audience;
use serde_json::{Map, Value, json};

use super::{ChatError, Chats};

impl Chats {
    /// Replaces the text of a message, and shows it on the owner's pages. The owner may, and admins.
    ///
    /// # Errors
    /// [`ChatError::NotFound`].
    pub async fn edit_message(
        &self,
        caller: &Caller,
        id: &ChatId,
        message: &MessageId,
        content: String,
    ) -> Result<Chat, ChatError> {
        let chat = self.head_to_manage(caller, id).await?;
        let mut content = Value::String(content);
        strip_nulls(&mut content);
        let fields = Map::from_iter([("content".to_owned(), content.clone())]);
        let now = self.clock.now().seconds();
        self.messages
            .merge_message(&chat.owner, id, message, &fields, true, now)
            .await?;
        let data = json!({"chat_id": id, "message_id": message, "content": content});
        self.emit(&chat, message, "chat:message", data).await;
        self.chats.find(id).await?.ok_or(ChatError::NotFound)
    }

    /// Emits an event of a message to the owner's pages, and stores what it says of the message.
    ///
    /// # Errors
    /// [`ChatError::NotFound`].
    pub async fn emit_event(
        &self,
        caller: &Caller,
        id: &ChatId,
        message: &MessageId,
        kind: &str,
        data: Value,
    ) -> Result<(), ChatError> {
        let chat = self.head_to_manage(caller, id).await?;
        self.emit(&chat, message, kind, data.clone()).await;
        let stored = self.messages.message(&chat.owner, id, message).await?;
        if let Some(fields) = changed_fields(stored.as_ref(), kind, data) {
            let now = self.clock.now().seconds();
            self.messages
                .merge_message(&chat.owner, id, message, &fields, false, now)
                .await?;
        }
        Ok(())
    }

    /// A chat that the caller owns, or may change as an admin whom the operator lets into chats.
    async fn head_to_manage(&self, caller: &Caller, id: &ChatId) -> Result<ChatHead, ChatError> {
        let access = self.access.of(caller).await?;
        let chat = self.lists.head(id).await?;
        chat.filter(|chat| access.manages_chat(&chat.owner))
            .ok_or(ChatError::NotFound)
    }

    async fn emit(&self, chat: &ChatHead, message: &MessageId, kind: &str, data: Value) {
        let event = ChatEvent {
            chat: Some(chat.id.clone()),
            message: Some(message.clone()),
            kind: kind.to_owned(),
            data,
        };
        let audience = Audience::User(chat.owner.clone());
        self.events.emit(&audience, "events", &event.to_wire()).await;
    }
}

/// The fields of a message that an event changes.
fn changed_fields(stored: Option<&Value>, kind: &str, data: Value) -> Option<Map<String, Value>> {
    let appended = |name: &str, new: Vec<Value>| {
        let mut list = stored
            .and_then(|message| message.get(name)?.as_array().cloned())
            .unwrap_or_default();
        list.extend(new);
        (name.to_owned(), Value::Array(list))
    };
    let several = |name: &str| {
        data.get(name)
            .and_then(Value::as_array)
            .cloned()
            .unwrap_or_default()
    };
    let text = || data.get("content").and_then(Value::as_str).unwrap_or_default();
    let field = match kind {
        "status" => appended("statusHistory", vec![data]),
        "message" => {
            let before = stored
                .and_then(|message| message.get("content")?.as_str())
                .unwrap_or_default();
            ("content".to_owned(), json!(format!("{before}{}", text())))
        }
        "replace" => ("content".to_owned(), json!(text())),
        "files" => appended("files", several("files")),
        "embeds" => appended("embeds", several("embeds")),
        "source" | "citation" if data.get("type").is_none() => appended("sources", vec![data]),
        _ => return None,
    };
    Some(Map::from_iter([field]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn events_append_or_replace() {
        let stored = json!({"content": "a", "statusHistory": [1]});
        let changed = |kind, data| changed_fields(Some(&stored), kind, data).map(Value::Object);
        assert_eq!(
            changed("status", json!(2)),
            Some(json!({"statusHistory": [1, 2]}))
        );
        assert_eq!(
            changed("message", json!({"content": "b"})),
            Some(json!({"content": "ab"}))
        );
        assert_eq!(
            changed("replace", json!({"content": "b"})),
            Some(json!({"content": "b"}))
        );
        assert_eq!(changed("typing", json!({})), None);
    }
}
