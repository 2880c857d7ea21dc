//! Rows of accounts: `user`, `auth`, `api_key`, `group`, `group_member`.
//!
//! `rooms/` holds the repositories, once for both backends; `rows/` their rows.

#[cfg(feature = "postgres")]
pub mod postgres;
mod rows;
#[cfg(feature = "sqlite")]
pub mod sqlite;

use std::sync::Arc;

use keelson_domain::auth::{Accounts, ApiKeyRepository};
use keelson_domain::group::{GroupMembership, GroupRepository};
use keelson_domain::user::{UserActivity, UserRepository};
use keelson_persistence_kit::Database;

/// The repositories of this crate over one database.
#[derive(Clone)]
pub struct Repositories {
    /// Accounts as a whole.
    pub accounts: Arc<dyn Accounts>,
    /// API keys.
    pub api_keys: Arc<dyn ApiKeyRepository>,
    /// Groups.
    pub groups: Arc<dyn GroupRepository>,
    /// Who is in which group.
    pub group_members: Arc<dyn GroupMembership>,
    /// Accounts as others see them.
    pub users: Arc<dyn UserRepository>,
    /// When accounts were last active.
    pub user_activity: Arc<dyn UserActivity>,
}

impl Repositories {
    /// Over the database in use.
    pub fn new(database: &Database) -> Self {
        match database {
            #[cfg(feature = "sqlite")]
            Database::Sqlite(database) => sqlite::repositories(database),
            #[cfg(feature = "postgres")]
            Database::Postgres(database) => postgres::repositories(database),
        }
    }
}
