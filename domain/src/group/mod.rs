//! Groups of users, which share permissions and access.

use async_trait::async_trait;
use serde_json::Value;

use crate::shared::{StoreResult, Timestamp};
use crate::user::UserId;

crate::text_id! {
    /// Identifies a group.
    GroupId
}

/// A group.
#[derive(Debug, Clone, PartialEq)]
pub struct Group {
    /// Identity.
    pub id: GroupId,
    /// Who made it.
    pub owner: UserId,
    /// Name.
    pub name: String,
    /// What it is for.
    pub description: String,
    /// Free data.
    pub data: Option<Value>,
    /// Free data.
    pub meta: Option<Value>,
    /// What its members may do beyond the defaults.
    pub permissions: Option<Value>,
    /// Created (whole seconds).
    pub created_at: Timestamp,
    /// Last changed (whole seconds).
    pub updated_at: Timestamp,
}

/// Keeps groups and their members.
#[async_trait]
pub trait GroupRepository: Send + Sync {
    /// The groups of a user, newest change first.
    async fn of_user(&self, user: &UserId) -> StoreResult<Vec<Group>>;
    /// Adds a user to a group; fine when already in. `false` when there is no such group.
    async fn add_member(&self, group: &GroupId, user: &UserId, id: &str, now: Timestamp)
    -> StoreResult<bool>;
    /// Makes the user a member of exactly the existing groups with these names.
    async fn set_groups_by_name(&self, user: &UserId, names: &[String], now: Timestamp) -> StoreResult<()>;
}
