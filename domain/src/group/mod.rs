//! Groups of users, which share permissions and access.

mod ports;

use std::collections::HashMap;

use async_trait::async_trait;
use serde_json::Value;

use crate::shared::{StoreResult, TextId, Timestamp};
use crate::user::UserId;

pub use ports::GroupPorts;

/// Identifies a group.
pub type GroupId = TextId<Group>;

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

/// What changes in a group; permissions and data stay when they are `None`.
#[derive(Debug, Clone)]
pub struct GroupChange {
    /// Name.
    pub name: String,
    /// What it is for.
    pub description: String,
    /// What its members may do beyond the defaults.
    pub permissions: Option<Value>,
    /// Free data.
    pub data: Option<Value>,
}

/// Keeps groups as admins manage them; who is in them is kept through [`GroupMembership`].
#[async_trait]
pub trait GroupRepository: Send + Sync {
    /// All groups with how many members each has, newest change first.
    async fn list(&self) -> StoreResult<Vec<(Group, i64)>>;
    /// One group with how many members it has.
    async fn find(&self, id: &GroupId) -> StoreResult<Option<(Group, i64)>>;
    /// Adds a group.
    async fn create(&self, group: &Group) -> StoreResult<()>;
    /// Changes a group in one statement; `false` when there is no such group.
    async fn update(&self, id: &GroupId, change: &GroupChange, now: Timestamp) -> StoreResult<bool>;
    /// Deletes a group with its memberships in one transaction; fine when there is none.
    async fn delete(&self, id: &GroupId) -> StoreResult<()>;
}

/// Keeps who is in which group.
#[async_trait]
pub trait GroupMembership: Send + Sync {
    /// The groups of a user, newest change first.
    async fn of_user(&self, user: &UserId) -> StoreResult<Vec<Group>>;
    /// The ids of the groups of each of these users in one query, newest change first; users without groups are left
    /// out.
    async fn of_users(&self, users: &[UserId]) -> StoreResult<HashMap<UserId, Vec<GroupId>>>;
    /// Adds a user to a group; fine when already in. `false` when there is no such group.
    async fn add_member(&self, group: &GroupId, user: &UserId, id: &str, now: Timestamp)
    -> StoreResult<bool>;
    /// Makes the user a member of exactly the existing groups with these names.
    async fn set_groups_by_name(&self, user: &UserId, names: &[String], now: Timestamp) -> StoreResult<()>;
    /// The members of a group, in the order in which they came.
    async fn members(&self, id: &GroupId) -> StoreResult<Vec<UserId>>;
    /// Takes users out of a group; fine when they are not in it.
    async fn remove_members(&self, id: &GroupId, users: &[UserId]) -> StoreResult<()>;
}
