use super::Chat;
use crate::shared::TextId;

/// Identifies a chat.
pub type ChatId = TextId<Chat>;

impl ChatId {
    /// Whether this chat lives in the browser only: ids that start with `local:` are never stored.
    pub fn is_local(&self) -> bool {
        self.as_str().starts_with("local:")
    }
}

/// A message of a chat, which is JSON inside the chat.
#[derive(Debug)]
pub enum Message {}

/// Identifies a message within its chat.
pub type MessageId = TextId<Message>;
