//! People: their settings, and what admins do with accounts.

mod delete;
mod error;
mod info;
mod list;
mod ports;
mod update;

use std::sync::Arc;

use keelson_domain::auth::{Accounts, PasswordHasher};
use keelson_domain::config::Deployment;
use keelson_domain::group::GroupMembership;
use keelson_domain::realtime::{EventBus, Presence};
use keelson_domain::shared::Clock;
use keelson_domain::user::UserRepository;

use crate::Ports;
use crate::access::AccessControl;
use crate::auth::Authenticator;

pub use error::UserError;
pub use info::SetStatus;
pub use ports::UserPorts;
pub use update::UpdateUser;

/// The use cases of the room.
pub struct Users {
    clock: Arc<dyn Clock>,
    users: Arc<dyn UserRepository>,
    accounts: Arc<dyn Accounts>,
    groups: Arc<dyn GroupMembership>,
    hasher: Arc<dyn PasswordHasher>,
    events: Arc<dyn EventBus>,
    presence: Arc<dyn Presence>,
    authenticator: Arc<Authenticator>,
    access: Arc<AccessControl>,
    deployment: Arc<Deployment>,
}

impl Users {
    /// From the ports it needs.
    pub fn new(
        ports: &Ports,
        authenticator: Arc<Authenticator>,
        access: Arc<AccessControl>,
        deployment: Arc<Deployment>,
    ) -> Self {
        Self {
            clock: ports.clock.clone(),
            users: ports.user.repository.clone(),
            accounts: ports.auth.accounts.clone(),
            groups: ports.group.membership.clone(),
            hasher: ports.auth.hasher.clone(),
            events: ports.realtime.events.clone(),
            presence: ports.realtime.presence.clone(),
            authenticator,
            access,
            deployment,
        }
    }
}
