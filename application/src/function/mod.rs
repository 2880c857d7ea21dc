//! Functions: pipes, filters and actions.

mod list;
mod ports;

use std::sync::Arc;

use keelson_domain::function::FunctionRepository;
use keelson_domain::user::UserRepository;

use crate::Ports;
use crate::access::AccessControl;

pub use list::FunctionError;
pub use ports::FunctionPorts;

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
            repository: ports.function.repository.clone(),
            users: ports.user.repository.clone(),
            access,
        }
    }
}
