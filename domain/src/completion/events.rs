use serde_json::{Value, json};

use crate::chat::{ChatId, MessageId};

/// An `events` message for the connections of a chat's owner: `{chat_id, message_id, data: {type, data}}`.
#[derive(Debug, Clone, PartialEq)]
pub struct ChatEvent {
    /// Chat, or none for events of no chat.
    pub chat: Option<ChatId>,
    /// Message, or none.
    pub message: Option<MessageId>,
    /// Its type, such as `chat:completion`; the wire contract lists them.
    pub kind: String,
    /// Its payload.
    pub data: Value,
}

impl ChatEvent {
    /// The JSON that clients get.
    pub fn to_wire(&self) -> Value {
        json!({
            "chat_id": self.chat,
            "message_id": self.message,
            "data": {"type": self.kind, "data": self.data},
        })
    }
}
