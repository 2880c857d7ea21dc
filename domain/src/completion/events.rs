use serde_json::{Value, json};

use crate::chat::{ChatId, MessageId};

/// An `events` message for a chat's pages: `{chat_id, message_id, data: {type, data}}`.
#[derive(Debug, Clone, PartialEq)]
pub struct ChatEvent {
    /// Chat, or none for events of no chat.
    pub chat: Option<ChatId>,
    /// Message, or none.
    pub message: Option<MessageId>,
    /// Such as `chat:completion`; the list stands in the wire contract.
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
