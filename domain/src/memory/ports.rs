use std::sync::Arc;

use async_trait::async_trait;

use super::Memory;
use crate::shared::StoreResult;
use crate::user::UserId;

/// Keeps memories. Nobody sees another's.
#[async_trait]
pub trait MemoryRepository: Send + Sync {
    /// A user's memories, oldest first.
    async fn of_user(&self, user: &UserId) -> StoreResult<Vec<Memory>>;
}

/// The ports of memories.
#[derive(Clone)]
pub struct MemoryPorts {
    /// Memories.
    pub repository: Arc<dyn MemoryRepository>,
}
