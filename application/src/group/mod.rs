//! Groups of users, as administrators manage them.

mod error;
mod manage;
mod members;

use std::sync::Arc;

use keelson_domain::group::{GroupMembership, GroupRepository};
use keelson_domain::shared::{Clock, Ids};
use keelson_domain::user::UserRepository;

use crate::Ports;
use crate::access::AccessControl;

pub use error::GroupError;

/// The use cases of the room.
pub struct Groups {
    clock: Arc<dyn Clock>,
    ids: Arc<dyn Ids>,
    repository: Arc<dyn GroupRepository>,
    membership: Arc<dyn GroupMembership>,
    users: Arc<dyn UserRepository>,
    access: Arc<AccessControl>,
}

impl Groups {
    /// From the ports it needs.
    pub fn new(ports: &Ports, access: Arc<AccessControl>) -> Self {
        Self {
            clock: ports.clock.clone(),
            ids: ports.ids.clone(),
            repository: ports.identity.group.repository.clone(),
            membership: ports.identity.group.membership.clone(),
            users: ports.identity.user.repository.clone(),
            access,
        }
    }
}
