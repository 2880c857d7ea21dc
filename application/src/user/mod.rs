//! Accounts: what users do with their own, and what administrators do with all.

mod delete;
mod error;
mod info;
mod list;
mod owned;
mod permissions;
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
use crate::config::Settings;

pub use error::UserError;
pub use info::SetStatus;
pub use list::UserProfile;
pub use owned::Owned;
pub use update::UpdateUser;

pub(crate) use owned::{with_owners, with_owners_of};

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
    settings: Arc<Settings>,
    deployment: Arc<Deployment>,
}

impl Users {
    /// From the ports it needs.
    pub fn new(
        ports: &Ports,
        authenticator: Arc<Authenticator>,
        access: Arc<AccessControl>,
        settings: Arc<Settings>,
        deployment: Arc<Deployment>,
    ) -> Self {
        Self {
            clock: ports.clock.clone(),
            users: ports.identity.user.repository.clone(),
            accounts: ports.identity.accounts.clone(),
            groups: ports.identity.group.membership.clone(),
            hasher: ports.auth.hasher.clone(),
            events: ports.realtime.events.clone(),
            presence: ports.realtime.presence.clone(),
            authenticator,
            access,
            settings,
            deployment,
        }
    }
}
