use async_trait::async_trait;
use serde_json::{Map, Value};

use super::{ChatId, MessageId};
use crate::folder::FolderId;
use crate::shared::StoreResult;
use crate::user::UserId;

/// Changes to single messages inside a chat's JSON, made by the database in place: the whole chat is
/// never read and rewritten. Each method is one atomic statement or transaction, and answers whether the
/// owner has such a chat (`false`: nothing was changed). The order of keys may change.
#[async_trait]
pub trait ChatMessages: Send + Sync {
    /// One message of `history.messages`, or none when the chat or the message is missing.
    async fn message(&self, owner: &UserId, chat: &ChatId, message: &MessageId)
    -> StoreResult<Option<Value>>;

    /// Merges top-level fields into one message of `history.messages` (made when missing), sets
    /// `history.currentId` to it if it is to be `shown`, and touches `updated_at` with `now` (epoch seconds).
    async fn merge_message(
        &self,
        owner: &UserId,
        chat: &ChatId,
        message: &MessageId,
        fields: &Map<String, Value>,
        shown: bool,
        now: i64,
    ) -> StoreResult<bool>;

    /// Sets the title, in its column and in the chat's JSON.
    async fn set_title(&self, owner: &UserId, chat: &ChatId, title: &str, now: i64) -> StoreResult<bool>;

    /// The title, without the chat.
    async fn title(&self, owner: &UserId, chat: &ChatId) -> StoreResult<Option<String>>;

    /// The folder that the chat lies in, without the chat.
    async fn folder(&self, owner: &UserId, chat: &ChatId) -> StoreResult<Option<FolderId>>;

    /// Replaces the chat's tags (names as shown; ids are derived), creating missing ones for the owner. Those that no chat
    /// of the owner has any more are deleted.
    async fn set_tags(&self, owner: &UserId, chat: &ChatId, tags: &[String]) -> StoreResult<bool>;
}
