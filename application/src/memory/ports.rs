use std::sync::Arc;

use keelson_domain::memory::MemoryRepository;

/// The ports of memories.
#[derive(Clone)]
pub struct MemoryPorts {
    /// Memories.
    pub repository: Arc<dyn MemoryRepository>,
}
