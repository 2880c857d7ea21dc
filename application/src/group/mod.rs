//! Groups of users, as admins manage them.

mod error;
mod manage;
mod members;

use std::sync::Arc;

use keelson_domain::group::{GroupCatalog, GroupRepository};
use keelson_domain::shared::{Clock, Ids};
use keelson_domain::user::UserRepository;

use crate::Ports;
use crate::access::AccessControl;

pub use error::GroupError;

/// The use cases of the room.
pub struct Groups {
    clock: Arc<dyn Clock>,
    ids: Arc<dyn Ids>,
    catalog: Arc<dyn GroupCatalog>,
    groups: Arc<dyn GroupRepository>,
    users: Arc<dyn UserRepository>,
    access: Arc<AccessControl>,
}

impl Groups {
    /// From the ports it needs.
    pub fn new(ports: &Ports, access: Arc<AccessControl>) -> Self {
        Self {
            clock: ports.clock.clone(),
            ids: ports.ids.clone(),
            catalog: ports.group_catalog.clone(),
            groups: ports.groups.clone(),
            users: ports.users.clone(),
            access,
        }
    }
}
