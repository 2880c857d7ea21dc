//! Folders of chats, in process memory.

use async_trait::async_trait;
use keelson_domain::folder::{Folder, FolderChange, FolderId, FolderRepository};
use keelson_domain::shared::{StoreError, StoreResult, Timestamp};
use keelson_domain::user::UserId;

use crate::chat::MemoryConversations;

#[async_trait]
impl FolderRepository for MemoryConversations {
    async fn list(&self, owner: &UserId) -> StoreResult<Vec<Folder>> {
        let state = self.state();
        let mut own: Vec<Folder> = state
            .folders
            .iter()
            .filter(|folder| folder.owner == *owner)
            .cloned()
            .collect();
        own.sort_by(|a, b| (a.created_at, &a.id).cmp(&(b.created_at, &b.id)));
        Ok(own)
    }

    async fn find(&self, owner: &UserId, id: &FolderId) -> StoreResult<Option<Folder>> {
        let state = self.state();
        let own = |folder: &&Folder| folder.id == *id && folder.owner == *owner;
        Ok(state.folders.iter().find(own).cloned())
    }

    async fn insert(&self, folder: &Folder) -> StoreResult<()> {
        let mut state = self.state();
        let taken = |known: &Folder| known.id == folder.id && known.owner == folder.owner;
        if state.folders.iter().any(taken) {
            return Err(StoreError::Conflict { what: "folder" });
        }
        state.folders.push(folder.clone());
        Ok(())
    }

    async fn update(
        &self,
        owner: &UserId,
        id: &FolderId,
        change: &FolderChange,
        now: Timestamp,
    ) -> StoreResult<Option<Folder>> {
        let mut state = self.state();
        let own = |folder: &&mut Folder| folder.id == *id && folder.owner == *owner;
        Ok(state.folders.iter_mut().find(own).map(|folder| {
            let change = change.clone();
            folder.name = change.name.unwrap_or_else(|| folder.name.clone());
            folder.parent = change.parent.unwrap_or_else(|| folder.parent.clone());
            folder.data = change.data.or_else(|| folder.data.clone());
            folder.meta = change.meta.or_else(|| folder.meta.clone());
            folder.is_expanded = change.is_expanded.unwrap_or(folder.is_expanded);
            folder.updated_at = Timestamp::from_seconds(now.seconds());
            folder.clone()
        }))
    }

    async fn delete(&self, owner: &UserId, ids: &[FolderId], with_chats: bool) -> StoreResult<()> {
        let mut state = self.state();
        let inside = |folder: Option<&FolderId>| folder.is_some_and(|folder| ids.contains(folder));
        if with_chats {
            state.remove(owner, |chat| inside(chat.folder.as_ref()));
        }
        for chat in state.chats.iter_mut().filter(|chat| chat.owner == *owner) {
            chat.folder = chat.folder.take().filter(|folder| !inside(Some(folder)));
        }
        state
            .folders
            .retain(|folder| folder.owner != *owner || !ids.contains(&folder.id));
        Ok(())
    }
}
