use async_trait::async_trait;
use keelson_domain::chat::{Chat, ChatId, ChatShares};
use keelson_domain::shared::StoreResult;
use keelson_domain::user::UserId;

use super::MemoryConversations;

#[async_trait]
impl ChatShares for MemoryConversations {
    async fn share(&self, owner: &UserId, chat: &ChatId, fresh: &ChatId) -> StoreResult<Option<Chat>> {
        let mut state = self.state();
        let Some(own) = state.own_mut(owner, chat) else {
            return Ok(None);
        };
        let share = own.share_id.get_or_insert_with(|| fresh.clone()).clone();
        let copy = Chat {
            id: share.clone(),
            owner: Chat::share_owner(chat),
            share_id: None,
            archived: false,
            folder: None,
            ..own.clone()
        };
        state.chats.retain(|chat| chat.id != share);
        state.chats.push(copy.clone());
        Ok(Some(copy))
    }

    async fn unshare(&self, owner: &UserId, chat: &ChatId) -> StoreResult<bool> {
        let mut state = self.state();
        let was_shared = state
            .own_mut(owner, chat)
            .is_some_and(|chat| chat.share_id.take().is_some());
        if was_shared {
            let copies = Chat::share_owner(chat);
            state.chats.retain(|chat| chat.owner != copies);
        }
        Ok(was_shared)
    }

    async fn shared(&self, share: &ChatId) -> StoreResult<Option<Chat>> {
        let state = self.state();
        let copy = |chat: &&Chat| chat.id == *share && chat.owner.as_str().starts_with("shared-");
        Ok(state.chats.iter().find(copy).cloned())
    }
}
