//! Knowledge: collections of files.

mod list;

use std::sync::Arc;

use keelson_domain::knowledge::KnowledgeRepository;
use keelson_domain::user::UserRepository;

use crate::Ports;
use crate::access::AccessControl;

pub use list::ListedKnowledge;

/// The use cases of the room.
pub struct KnowledgeCollections {
    repository: Arc<dyn KnowledgeRepository>,
    users: Arc<dyn UserRepository>,
    access: Arc<AccessControl>,
}

impl KnowledgeCollections {
    /// From the ports it needs.
    pub fn new(ports: &Ports, access: Arc<AccessControl>) -> Self {
        Self {
            repository: ports.workspace.knowledge.repository.clone(),
            users: ports.identity.user.repository.clone(),
            access,
        }
    }
}
