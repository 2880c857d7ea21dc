use async_trait::async_trait;
use keelson_domain::chat::{Chat, ChatChange, ChatId, ChatRepository, ChatSet};
use keelson_domain::shared::{StoreError, StoreResult, Timestamp};
use keelson_domain::user::UserId;

use super::MemoryConversations;

fn belongs(chat: &Chat, set: &ChatSet) -> bool {
    match set {
        ChatSet::Of(owner) => chat.owner == *owner,
        ChatSet::Archived(owner) => chat.owner == *owner && chat.archived,
        ChatSet::InFolders(owner, folders) => {
            let inside = chat
                .folder
                .as_ref()
                .is_some_and(|folder| folders.contains(folder));
            chat.owner == *owner && inside && !chat.archived && !chat.pinned
        }
        ChatSet::Everyone => true,
    }
}

#[async_trait]
impl ChatRepository for MemoryConversations {
    async fn find(&self, id: &ChatId) -> StoreResult<Option<Chat>> {
        Ok(self.state().chats.iter().find(|chat| chat.id == *id).cloned())
    }

    async fn find_of(&self, owner: &UserId, id: &ChatId) -> StoreResult<Option<Chat>> {
        Ok(self.state().own(owner, id).cloned())
    }

    async fn load(&self, set: &ChatSet) -> StoreResult<Vec<Chat>> {
        let state = self.state();
        let mut found: Vec<Chat> = state
            .chats
            .iter()
            .filter(|chat| belongs(chat, set))
            .cloned()
            .collect();
        found.sort_by_key(|chat| std::cmp::Reverse(chat.updated_at));
        Ok(found)
    }

    async fn insert(&self, chats: &[Chat]) -> StoreResult<()> {
        let mut state = self.state();
        let taken = chats.iter().enumerate().any(|(place, chat)| {
            state
                .chats
                .iter()
                .chain(&chats[..place])
                .any(|known| known.id == chat.id)
        });
        if taken {
            return Err(StoreError::Conflict { what: "chat" });
        }
        state.chats.extend_from_slice(chats);
        Ok(())
    }

    async fn update(
        &self,
        owner: &UserId,
        id: &ChatId,
        change: &ChatChange,
        now: Timestamp,
    ) -> StoreResult<Option<Chat>> {
        let mut state = self.state();
        let Some(chat) = state.own_mut(owner, id) else {
            return Ok(None);
        };
        let change = change.clone();
        chat.body.extend(change.body.into_iter().flatten());
        chat.title = change.title.unwrap_or_else(|| chat.title.clone());
        chat.archived = change.archived.unwrap_or(chat.archived);
        chat.pinned = change.pinned.unwrap_or(chat.pinned);
        chat.folder = change.folder.unwrap_or_else(|| chat.folder.clone());
        chat.updated_at = Timestamp::from_seconds(now.seconds());
        Ok(Some(chat.clone()))
    }

    async fn delete(&self, owner: &UserId, id: &ChatId) -> StoreResult<bool> {
        Ok(self.state().remove(owner, |chat| chat.id == *id) > 0)
    }

    async fn delete_all(&self, owner: &UserId) -> StoreResult<()> {
        self.state().remove(owner, |_| true);
        Ok(())
    }

    async fn archive_all(&self, owner: &UserId, archived: bool) -> StoreResult<()> {
        let mut state = self.state();
        for chat in state.chats.iter_mut().filter(|chat| chat.owner == *owner) {
            chat.archived = archived;
        }
        Ok(())
    }
}
