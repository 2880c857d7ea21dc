use std::sync::Arc;

use async_trait::async_trait;
use serde_json::Value;

use super::{Folder, FolderId, Misplaced};
use crate::shared::{StoreResult, Timestamp};
use crate::user::UserId;

/// What changes in a folder; what is `None` stays.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct FolderChange {
    /// Name.
    pub name: Option<String>,
    /// The folder above; the inner `None` moves it to the top.
    pub parent: Option<Option<FolderId>>,
    /// What chats in it start with.
    pub data: Option<Value>,
    /// How it looks.
    pub meta: Option<Value>,
    /// Whether the list shows what is in it.
    pub is_expanded: Option<bool>,
}

/// Stores folders. Every method sees the folders of one owner only.
#[async_trait]
pub trait FolderRepository: Send + Sync {
    /// All of an owner's folders, in the order in which they were made.
    async fn list(&self, owner: &UserId) -> StoreResult<Vec<Folder>>;
    /// One folder.
    async fn find(&self, owner: &UserId, id: &FolderId) -> StoreResult<Option<Folder>>;
    /// Stores a new folder. Its place is checked (see [`super::check_new`]) and taken in one transaction.
    ///
    /// # Errors
    /// `Conflict` when the id is taken.
    async fn insert(&self, folder: &Folder) -> StoreResult<Result<(), Misplaced>>;
    /// Changes a folder and answers the result; none when there is no such folder. A new name or parent is checked
    /// (see [`super::check_change`]) and taken in one transaction.
    async fn update(
        &self,
        owner: &UserId,
        id: &FolderId,
        change: &FolderChange,
        now: Timestamp,
    ) -> StoreResult<Result<Option<Folder>, Misplaced>>;
    /// Deletes a folder and all below it in one transaction, with the chats in them and their shared copies when
    /// `with_chats`, else the chats are moved out of any folder. No folder or chat that is put there at the same time
    /// stays behind. Whether there was such a folder.
    async fn delete(&self, owner: &UserId, id: &FolderId, with_chats: bool) -> StoreResult<bool>;
}

/// The ports of folders.
#[derive(Clone)]
pub struct FolderPorts {
    /// Folders of chats.
    pub repository: Arc<dyn FolderRepository>,
}
