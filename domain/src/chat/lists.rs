use async_trait::async_trait;

use super::{ChatHead, ChatId, ChatSummary};
use crate::folder::FolderId;
use crate::shared::StoreResult;
use crate::user::UserId;

/// Which order a list of chats has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ChatOrder {
    /// By the last change.
    #[default]
    UpdatedAt,
    /// By the time of creation.
    CreatedAt,
    /// By title.
    Title,
}

/// Where the chats of a list may lie.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Place {
    /// Anywhere.
    #[default]
    Anywhere,
    /// In no folder.
    Unfiled,
    /// In one of these folders; none of them finds nothing.
    Folders(Vec<FolderId>),
}

/// Which tags the chats of a list have.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Tagged {
    /// Any or none.
    #[default]
    Any,
    /// None at all.
    Untagged,
    /// All of these (ids).
    With(Vec<String>),
}

/// Selects chats of an owner; the default selects all, the last changed first.
#[derive(Debug, Clone, Default)]
pub struct ChatQuery {
    /// Archived, or not; both when none.
    pub archived: Option<bool>,
    /// Pinned, or not; both when none.
    pub pinned: Option<bool>,
    /// Shared, or not; both when none.
    pub shared: Option<bool>,
    /// Where they lie.
    pub place: Place,
    /// Which tags they have.
    pub tagged: Tagged,
    /// Text in the title, whatever its case.
    pub title: Option<String>,
    /// Text in the title or in messages, whatever its case.
    pub text: Option<String>,
    /// Order.
    pub order: ChatOrder,
    /// Whether the order is ascending.
    pub ascending: bool,
    /// How many to leave out at the start.
    pub skip: i64,
    /// How many at most; all when none.
    pub limit: Option<i64>,
}

/// Reads chats without their messages (only a query for text looks into these, inside the database).
#[async_trait]
pub trait ChatLists: Send + Sync {
    /// The owner's chats that a query selects.
    async fn list(&self, owner: &UserId, query: &ChatQuery) -> StoreResult<Vec<ChatSummary>>;
    /// How many chats a query selects in all, whatever its `skip` and `limit` say.
    async fn count(&self, owner: &UserId, query: &ChatQuery) -> StoreResult<u64>;
    /// A chat of any owner without its messages; shared copies are found by their own id.
    async fn head(&self, id: &ChatId) -> StoreResult<Option<ChatHead>>;
    /// A chat of an owner without its messages.
    async fn head_of(&self, owner: &UserId, id: &ChatId) -> StoreResult<Option<ChatHead>>;
}
