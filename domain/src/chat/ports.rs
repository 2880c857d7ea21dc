use std::sync::Arc;

use super::{AnswerCheckpoints, ChatLists, ChatMessages, ChatRepository, ChatShares};

/// The ports of chats.
#[derive(Clone)]
pub struct ChatPorts {
    /// Whole chats.
    pub repository: Arc<dyn ChatRepository>,
    /// Answers that are being written.
    pub answer_checkpoints: Arc<dyn AnswerCheckpoints>,
    /// Lists of chats.
    pub lists: Arc<dyn ChatLists>,
    /// Single messages of chats.
    pub messages: Arc<dyn ChatMessages>,
    /// Shared copies of chats.
    pub shares: Arc<dyn ChatShares>,
}
