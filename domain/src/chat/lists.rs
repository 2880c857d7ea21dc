use async_trait::async_trait;

use super::ChatSummary;
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
    Outside,
    /// In one of these folders; none of them finds nothing.
    Folders(Vec<FolderId>),
}

/// Which tags the chats of a list bear.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Tagged {
    /// Any or none.
    #[default]
    Whatever,
    /// None at all.
    Untagged,
    /// All of these (ids).
    With(Vec<String>),
}

/// A question for an owner's chats; the default finds all, newest change first.
#[derive(Debug, Clone, Default)]
pub struct ChatQuery {
    /// Put away, or not; both when none.
    pub archived: Option<bool>,
    /// Pinned, or not; both when none.
    pub pinned: Option<bool>,
    /// Shared, or not; both when none.
    pub shared: Option<bool>,
    /// Where they lie.
    pub place: Place,
    /// What tags they bear.
    pub tagged: Tagged,
    /// Text in the title, whatever its case.
    pub title: Option<String>,
    /// Text in the title or in what was said, whatever its case.
    pub text: Option<String>,
    /// Order.
    pub order: ChatOrder,
    /// Whether the order goes upwards.
    pub ascending: bool,
    /// How many to leave out at the start.
    pub skip: i64,
    /// How many at most; all when none.
    pub limit: Option<i64>,
}

/// Lists chats without reading what was said in them (only a question for text looks there, inside the database).
#[async_trait]
pub trait ChatLists: Send + Sync {
    /// The owner's chats that a question finds.
    async fn list(&self, owner: &UserId, query: &ChatQuery) -> StoreResult<Vec<ChatSummary>>;
    /// How many chats a question finds in all, whatever its `skip` and `limit` say.
    async fn count(&self, owner: &UserId, query: &ChatQuery) -> StoreResult<u64>;
}
