use async_trait::async_trait;

use super::Knowledge;
use crate::shared::StoreResult;

/// Keeps collections.
#[async_trait]
pub trait KnowledgeRepository: Send + Sync {
    /// All collections, newest change first.
    async fn list(&self) -> StoreResult<Vec<Knowledge>>;
}
