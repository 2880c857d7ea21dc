//! Files that people uploaded.

mod list;

use std::sync::Arc;

use keelson_domain::file::FileRepository;

use crate::Ports;
use crate::access::AccessControl;

/// The use cases of the room.
pub struct Files {
    repository: Arc<dyn FileRepository>,
    access: Arc<AccessControl>,
}

impl Files {
    /// From the ports it needs.
    pub fn new(ports: &Ports, access: Arc<AccessControl>) -> Self {
        Self {
            repository: ports.workspace.file.repository.clone(),
            access,
        }
    }
}
