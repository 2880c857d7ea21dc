//! Tags of chats, in process memory.

use async_trait::async_trait;
use keelson_domain::shared::StoreResult;
use keelson_domain::tag::{Tag, TagRepository};
use keelson_domain::user::UserId;

use crate::chat::MemoryConversations;

#[async_trait]
impl TagRepository for MemoryConversations {
    async fn list(&self, owner: &UserId) -> StoreResult<Vec<Tag>> {
        let state = self.state();
        Ok(state
            .tags
            .iter()
            .filter(|tag| tag.owner == *owner)
            .cloned()
            .collect())
    }

    async fn find(&self, owner: &UserId, ids: &[String]) -> StoreResult<Vec<Tag>> {
        let state = self.state();
        let wanted = |tag: &&Tag| tag.owner == *owner && ids.contains(&tag.id);
        let mut found: Vec<Tag> = state.tags.iter().filter(wanted).cloned().collect();
        found.sort_by(|a, b| a.id.cmp(&b.id));
        Ok(found)
    }

    async fn ensure(&self, owner: &UserId, names: &[String]) -> StoreResult<()> {
        self.state().ensure_tags(owner, names);
        Ok(())
    }

    async fn delete_unused(&self, owner: &UserId, ids: &[String]) -> StoreResult<()> {
        self.state().delete_unused_tags(owner, ids);
        Ok(())
    }
}
