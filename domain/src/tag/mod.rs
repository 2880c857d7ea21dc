//! Tags of a user's chats.

mod ports;

use async_trait::async_trait;
use serde_json::Value;

use crate::shared::StoreResult;
use crate::user::UserId;

pub use ports::TagPorts;

/// The name that no tag may have: a search for it finds chats without tags.
pub const RESERVED: &str = "none";

/// A tag of a user.
#[derive(Debug, Clone, PartialEq)]
pub struct Tag {
    /// Identity among the owner's tags, made from the name by [`tag_id`].
    pub id: String,
    /// The name as it was first written.
    pub name: String,
    /// Whose it is.
    pub owner: UserId,
    /// Facts about it.
    pub meta: Option<Value>,
}

/// The id of a tag: its name in lower case, spaces as underscores.
pub fn tag_id(name: &str) -> String {
    name.replace(' ', "_").to_lowercase()
}

/// Stores tags. Which tags a chat has is kept in the chat's meta (`tags`, ids). A tag that no chat of its owner has any
/// more is deleted.
#[async_trait]
pub trait TagRepository: Send + Sync {
    /// All tags of an owner, in the order in which they were made.
    async fn list(&self, owner: &UserId) -> StoreResult<Vec<Tag>>;
    /// Those of some ids, by id.
    async fn find(&self, owner: &UserId, ids: &[String]) -> StoreResult<Vec<Tag>>;
    /// Creates tags by name; those that exist stay as they are.
    async fn ensure(&self, owner: &UserId, names: &[String]) -> StoreResult<()>;
    /// Deletes those of the ids that no chat of the owner has.
    async fn delete_unused(&self, owner: &UserId, ids: &[String]) -> StoreResult<()>;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_lower_case_without_spaces() {
        assert_eq!(tag_id("Fruit Salad"), "fruit_salad");
    }
}
