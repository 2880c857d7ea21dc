//! The rooms of this crate, and their ports.

use std::sync::Arc;

use keelson_domain::IdentityPorts;

use super::{Database, RunQueryDsl, dialect};

mod auth;
mod group;
mod user;

/// The ports of these rooms over one database.
pub(crate) fn ports(database: &Database) -> IdentityPorts {
    IdentityPorts {
        accounts: Arc::new(auth::Accounts::new(database.clone())),
        api_keys: Arc::new(auth::ApiKeys::new(database.clone())),
        group: group::ports(database),
        user: user::ports(database),
    }
}
