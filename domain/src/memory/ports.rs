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
