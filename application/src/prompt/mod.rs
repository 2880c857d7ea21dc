//! Prompts: texts that people call by a command.

mod list;

use std::sync::Arc;

use keelson_domain::prompt::PromptRepository;
use keelson_domain::user::UserRepository;

use crate::Ports;
use crate::access::AccessControl;

/// The use cases of the room.
pub struct Prompts {
    repository: Arc<dyn PromptRepository>,
    users: Arc<dyn UserRepository>,
    access: Arc<AccessControl>,
}

impl Prompts {
    /// From the ports it needs.
    pub fn new(ports: &Ports, access: Arc<AccessControl>) -> Self {
        Self {
            repository: ports.workspace.prompt.repository.clone(),
            users: ports.identity.user.repository.clone(),
            access,
        }
    }
}
