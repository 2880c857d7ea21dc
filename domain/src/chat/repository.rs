use async_trait::async_trait;
use serde_json::{Map, Value};

use super::{Chat, ChatId};
use crate::folder::FolderId;
use crate::shared::{StoreResult, Timestamp};
use crate::user::UserId;

/// How a flag of a chat changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Switch {
    /// To this.
    Set(bool),
    /// To the opposite of what is stored.
    Toggle,
}

/// What changes in a chat; what is `None` stays.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ChatChange {
    /// Top-level fields of the body, merged in; those not named stay.
    pub body: Option<Map<String, Value>>,
    /// Title in lists.
    pub title: Option<String>,
    /// Whether it is archived.
    pub archived: Option<Switch>,
    /// Whether it is pinned to the top of the list.
    pub pinned: Option<Switch>,
    /// The folder; the inner `None` takes it out of any.
    pub folder: Option<Option<FolderId>>,
}

/// Which whole chats are read at once, newest change first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ChatSet {
    /// Everything a user has.
    Of(UserId),
    /// What a user archived.
    Archived(UserId),
    /// What lies in some folders of a user, neither pinned nor archived.
    InFolders(UserId, Vec<FolderId>),
    /// Every chat of everyone, shared copies too.
    Everyone,
}

/// Stores whole chats. Whoever changes single messages uses [`super::ChatMessages`]; whoever shows none,
/// [`super::ChatLists`].
#[async_trait]
pub trait ChatRepository: Send + Sync {
    /// A chat of any owner; shared copies are found by their own id.
    async fn find(&self, id: &ChatId) -> StoreResult<Option<Chat>>;
    /// A chat of an owner.
    async fn find_of(&self, owner: &UserId, id: &ChatId) -> StoreResult<Option<Chat>>;
    /// Whole chats; heavy, for exports.
    async fn load(&self, set: &ChatSet) -> StoreResult<Vec<Chat>>;
    /// Stores new chats, all or none. No list would show a chat in a folder that its owner does not have (any more): it
    /// lies in no folder then. Answers those of which this is so; it is checked in the same transaction.
    ///
    /// # Errors
    /// `Conflict` when an id is taken.
    async fn insert(&self, chats: &[Chat]) -> StoreResult<Vec<ChatId>>;
    /// Changes an owner's chat and its `updated_at` to `now`, and answers the result; none when the owner has no such chat,
    /// or not the folder that it is to lie in. One statement; with a body, which is merged into the stored one, or a
    /// folder one transaction.
    async fn update(
        &self,
        owner: &UserId,
        id: &ChatId,
        change: &ChatChange,
        now: Timestamp,
    ) -> StoreResult<Option<Chat>>;
    /// Deletes an owner's chat and its shared copy in one transaction; whether there was one.
    async fn delete(&self, owner: &UserId, id: &ChatId) -> StoreResult<bool>;
    /// Deletes all of an owner's chats and their shared copies in one transaction.
    async fn delete_all(&self, owner: &UserId) -> StoreResult<()>;
    /// Archives all of an owner's chats, or brings them back. Their `updated_at` stays.
    async fn archive_all(&self, owner: &UserId, archived: bool) -> StoreResult<()>;
}

/// Stores the shared copies of chats: a copy is a chat whose owner is `shared-{chat id}`, and the chat knows it by
/// its `share_id`.
#[async_trait]
pub trait ChatShares: Send + Sync {
    /// Makes a copy under the id `fresh`, or brings the one there is up to date, in one transaction; answers the copy.
    /// None when the owner has no such chat.
    async fn share(&self, owner: &UserId, chat: &ChatId, fresh: &ChatId) -> StoreResult<Option<Chat>>;
    /// Deletes the copy; whether there was one.
    async fn unshare(&self, owner: &UserId, chat: &ChatId) -> StoreResult<bool>;
    /// A copy that is still shared.
    async fn shared(&self, share: &ChatId) -> StoreResult<Option<Chat>>;
}
