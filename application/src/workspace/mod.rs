//! What people share: the lists of tools, functions, prompts, knowledge, files, notes, memories and channels.

mod error;
mod lists;
mod talk;

use std::collections::HashMap;
use std::sync::Arc;

use keelson_domain::shared::StoreResult;
use keelson_domain::user::{User, UserId, UserRepository};

use crate::Ports;
use crate::access::AccessControl;
use crate::config::Settings;

pub use error::WorkspaceError;
pub use talk::ListedChannel;

/// Accounts by id, for lists that show whose a thing is.
pub type Owners = HashMap<UserId, User>;

/// The use cases of the room.
pub struct Workspace {
    ports: Ports,
    users: Arc<dyn UserRepository>,
    access: Arc<AccessControl>,
    settings: Arc<Settings>,
}

impl Workspace {
    /// From the ports it needs.
    pub fn new(ports: &Ports, access: Arc<AccessControl>, settings: Arc<Settings>) -> Self {
        Self {
            ports: ports.clone(),
            users: ports.user.repository.clone(),
            access,
            settings,
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
