//! Accounts as others see them, in the table `user`.

mod repository;
mod row;

use std::sync::Arc;

use keelson_domain::user::UserPorts;

use super::{Database, RunQueryDsl, dialect};
use repository::Users;
pub(super) use row::UserRow;

/// The ports of this room over one database.
pub(super) fn ports(database: &Database) -> UserPorts {
    let users = Arc::new(Users::new(database.clone()));
    UserPorts {
        repository: users.clone(),
        activity: users,
    }
}
