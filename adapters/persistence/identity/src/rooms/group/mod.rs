//! Groups in the tables `group` and `group_member`.

mod membership;
mod repository;
mod row;

use std::sync::Arc;

use keelson_domain::group::GroupPorts;

use super::{Database, RunQueryDsl};
use membership::GroupMembers;
use repository::Groups;

/// The ports of this room over one database.
pub(super) fn ports(database: &Database) -> GroupPorts {
    GroupPorts {
        repository: Arc::new(Groups::new(database.clone())),
        membership: Arc::new(GroupMembers::new(database.clone())),
    }
}
