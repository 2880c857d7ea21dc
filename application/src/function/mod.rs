//! Functions: pipes, filters and actions.

mod list;

use std::sync::Arc;

use keelson_domain::function::FunctionRepository;
use keelson_domain::user::UserRepository;

use crate::Ports;
use crate::access::AccessControl;

pub use list::FunctionError;

/// The use cases of the room.
pub struct Functions {
    repository: Arc<dyn FunctionRepository>,
    users: Arc<dyn UserRepository>,
    access: Arc<AccessControl>,
}

impl Functions {
    /// From the ports it needs.
    pub fn new(ports: &Ports, access: Arc<AccessControl>) -> Self {
        Self {
            repository: ports.workspace.function.repository.clone(),
            users: ports.identity.user.repository.clone(),
            access,
        }
    }
}
