use keelson_domain::auth::Caller;
use keelson_domain::chat::ChatId;
use keelson_domain::tag::{RESERVED, Tag, tag_id};

use super::{ChatError, Chats};

impl Chats {
    /// All tags of the caller.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn all_tags(&self, caller: &Caller) -> Result<Vec<Tag>, ChatError> {
        Ok(self.tags.list(caller.id()).await?)
    }

    /// The tags of one's own chat.
    ///
    /// # Errors
    /// [`ChatError::NotFound`].
    pub async fn tags(&self, caller: &Caller, id: &ChatId) -> Result<Vec<Tag>, ChatError> {
        let chat = self.head(caller, id).await?;
        Ok(self.tags.find(caller.id(), &chat.tags).await?)
    }

    /// Adds a tag to one's own chat; answers all it has.
    ///
    /// # Errors
    /// [`ChatError::ReservedTag`], [`ChatError::NotFound`].
    pub async fn add_tag(&self, caller: &Caller, id: &ChatId, name: &str) -> Result<Vec<Tag>, ChatError> {
        // PostgreSQL cannot keep null characters.
        let name = name.replace('\0', "");
        let tag = tag_id(&name);
        if tag == RESERVED {
            return Err(ChatError::ReservedTag);
        }
        let mut ids = self.head(caller, id).await?.tags;
        if !ids.contains(&tag) {
            self.tags.ensure(caller.id(), &[name]).await?;
            ids.push(tag);
            self.messages.set_tags(caller.id(), id, &ids).await?;
        }
        self.tags(caller, id).await
    }

    /// Removes a tag from one's own chat; answers those left.
    ///
    /// # Errors
    /// [`ChatError::NotFound`].
    pub async fn remove_tag(&self, caller: &Caller, id: &ChatId, name: &str) -> Result<Vec<Tag>, ChatError> {
        let tag = tag_id(name);
        let mut ids = self.head(caller, id).await?.tags;
        ids.retain(|known| *known != tag);
        self.messages.set_tags(caller.id(), id, &ids).await?;
        self.tags.delete_unused(caller.id(), &[tag]).await?;
        self.tags(caller, id).await
    }

    /// Removes all tags from one's own chat.
    ///
    /// # Errors
    /// [`ChatError::NotFound`].
    pub async fn remove_tags(&self, caller: &Caller, id: &ChatId) -> Result<(), ChatError> {
        let ids = self.head(caller, id).await?.tags;
        self.messages.set_tags(caller.id(), id, &[]).await?;
        Ok(self.tags.delete_unused(caller.id(), &ids).await?)
    }
}
