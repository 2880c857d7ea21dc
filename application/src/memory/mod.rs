//! Memories: what models are to remember of a user.

mod list;

use std::sync::Arc;

use keelson_domain::memory::MemoryRepository;

use crate::Ports;

/// The use cases of the room.
pub struct Memories {
    repository: Arc<dyn MemoryRepository>,
}

impl Memories {
    /// From the ports it needs.
    pub fn new(ports: &Ports) -> Self {
        Self {
            repository: ports.workspace.memory.repository.clone(),
        }
    }
}
