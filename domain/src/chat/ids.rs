crate::text_id! {
    /// Identifies a chat.
    ChatId
}

impl ChatId {
    /// Whether this chat lives in the browser only: ids that start with `local:` are never stored.
    pub fn is_local(&self) -> bool {
        self.as_str().starts_with("local:")
    }
}

crate::text_id! {
    /// Identifies a message within its chat.
    MessageId
}
