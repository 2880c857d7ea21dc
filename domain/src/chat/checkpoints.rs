use async_trait::async_trait;
use serde_json::{Map, Value};

use super::{ChatId, MessageId};
use crate::shared::{StoreResult, Timestamp};
use crate::user::UserId;

/// How far an answer has come that is being written.
#[derive(Debug, Clone, PartialEq)]
pub struct AnswerCheckpoint {
    /// The owner of the chat.
    pub owner: UserId,
    /// The chat.
    pub chat: ChatId,
    /// The message that the answer is.
    pub message: MessageId,
    /// The fields of the message that the answer sets.
    pub fields: Map<String, Value>,
    /// When it was saved. A running answer saves again and again: an old checkpoint is one whose process is gone.
    pub saved_at: Timestamp,
}

/// Keeps running answers outside their chats: a chat may be large, and to change one message rewrites all of it. Whoever
/// reads the chat sees the fields of its checkpoints merged in ([`super::Chat::merge_message`]).
#[async_trait]
pub trait AnswerCheckpoints: Send + Sync {
    /// Replaces the checkpoint of an answer; its cost does not depend on the size of the chat. `false`, and nothing is
    /// kept, when the owner has no such chat.
    async fn save(&self, checkpoint: &AnswerCheckpoint) -> StoreResult<bool>;

    /// Ends an answer: merges its fields into its message, makes that the current one, touches the chat's `updated_at`
    /// with `saved_at`, and forgets its checkpoint, in one transaction. `false` when the owner has no such chat.
    async fn finish(&self, checkpoint: &AnswerCheckpoint) -> StoreResult<bool>;

    /// Ends all answers whose checkpoints were last saved before a time, each as [`Self::finish`] does with what was
    /// saved; answers how many. One that is saved or finished meanwhile is left alone.
    async fn recover(&self, saved_before: Timestamp) -> StoreResult<u64>;
}
