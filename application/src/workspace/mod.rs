//! What people share: the lists of tools, functions, prompts, knowledge, files, notes, memories and channels.

mod access;
mod error;
mod lists;
mod talk;

use std::collections::HashMap;
use std::sync::Arc;

use keelson_domain::config::Deployment;
use keelson_domain::group::GroupMembership;
use keelson_domain::shared::StoreResult;
use keelson_domain::user::{User, UserId, UserRepository};

use crate::Ports;
use crate::auth::Auth;

pub use error::WorkspaceError;
pub use talk::ListedChannel;

/// Accounts by id, for lists that show whose a thing is.
pub type Owners = HashMap<UserId, User>;

/// The use cases of the room.
pub struct Workspace {
    ports: Ports,
    groups: Arc<dyn GroupMembership>,
    users: Arc<dyn UserRepository>,
    auth: Arc<Auth>,
    deployment: Arc<Deployment>,
}

impl Workspace {
    /// From the ports it needs.
    pub fn new(ports: &Ports, auth: Arc<Auth>, deployment: Arc<Deployment>) -> Self {
        Self {
            ports: ports.clone(),
            groups: ports.group.membership.clone(),
            users: ports.user.repository.clone(),
            auth,
            deployment,
        }
    }

    /// The accounts with these ids; those that are gone are left out.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn owners(&self, mut ids: Vec<UserId>) -> StoreResult<Owners> {
        ids.sort();
        ids.dedup();
        let mut owners = Owners::new();
        for id in ids {
            if let Some(user) = self.users.find(&id).await? {
                owners.insert(id, user);
            }
        }
        Ok(owners)
    }
}
