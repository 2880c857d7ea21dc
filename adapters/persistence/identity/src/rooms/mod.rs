use std::sync::Arc;

use super::{Database, RunQueryDsl, dialect};
use crate::Repositories;

mod auth;
mod group;
mod user;

pub use auth::{Accounts, ApiKeys};
pub use group::{GroupMembers, Groups};
pub use user::Users;

/// Every repository of these rooms over one database.
pub fn repositories(database: &Database) -> Repositories {
    let users = Arc::new(Users::new(database.clone()));
    Repositories {
        accounts: Arc::new(Accounts::new(database.clone())),
        api_keys: Arc::new(ApiKeys::new(database.clone())),
        groups: Arc::new(Groups::new(database.clone())),
        group_members: Arc::new(GroupMembers::new(database.clone())),
        users: users.clone(),
        user_activity: users,
    }
}
