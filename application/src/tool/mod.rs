//! Tools: what models may call.

mod list;

use std::sync::Arc;

use keelson_domain::tool::ToolRepository;
use keelson_domain::user::UserRepository;

use crate::Ports;
use crate::access::AccessControl;

/// The use cases of the room.
pub struct Tools {
    repository: Arc<dyn ToolRepository>,
    users: Arc<dyn UserRepository>,
    access: Arc<AccessControl>,
}

impl Tools {
    /// From the ports it needs.
    pub fn new(ports: &Ports, access: Arc<AccessControl>) -> Self {
        Self {
            repository: ports.workspace.tool.repository.clone(),
            users: ports.identity.user.repository.clone(),
            access,
        }
    }
}
