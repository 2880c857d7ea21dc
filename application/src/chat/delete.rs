use keelson_domain::access::Permission;
use keelson_domain::auth::Caller;
use keelson_domain::chat::ChatId;

use super::{ChatError, Chats};

impl Chats {
    /// Deletes a chat: one's own with the permission `chat.delete`, any as an admin whom the
    /// operator lets into chats. `true` also for another user's chat,
    /// which stays: who may not see it learns nothing.
    ///
    /// # Errors
    /// [`ChatError::NotAllowed`], [`ChatError::Unknown`].
    pub async fn delete(&self, caller: &Caller, id: &ChatId) -> Result<bool, ChatError> {
        self.check_may_delete(caller).await?;
        let chat = self.lists.head(id).await?.ok_or(ChatError::Unknown)?;
        if !self.access.of(caller).await?.manages_chat(&chat.owner) {
            return Ok(true);
        }
        let deleted = self.chats.delete(&chat.owner, id).await?;
        self.tags.delete_unused(&chat.owner, &chat.tags).await?;
        Ok(deleted)
    }

    /// Deletes all of the caller's chats.
    ///
    /// # Errors
    /// [`ChatError::NotAllowed`].
    pub async fn delete_all(&self, caller: &Caller) -> Result<(), ChatError> {
        self.check_may_delete(caller).await?;
        self.chats.delete_all(caller.id()).await?;
        let tags = self.tags.list(caller.id()).await?;
        let ids: Vec<String> = tags.into_iter().map(|tag| tag.id).collect();
        Ok(self.tags.delete_unused(caller.id(), &ids).await?)
    }

    async fn check_may_delete(&self, caller: &Caller) -> Result<(), ChatError> {
        Ok(self.access.of(caller).await?.require(Permission::ChatDelete)?)
    }
}
