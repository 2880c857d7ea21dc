use std::sync::Arc;

use async_trait::async_trait;

use super::Knowledge;
use crate::access::Scope;
use crate::shared::StoreResult;

/// Keeps collections.
#[async_trait]
pub trait KnowledgeRepository: Send + Sync {
    /// A page of the collections within a scope, newest change first, and how many the scope holds in all.
    async fn page(&self, scope: &Scope, skip: i64, limit: i64) -> StoreResult<(Vec<Knowledge>, i64)>;
}

/// The ports of knowledge.
#[derive(Clone)]
pub struct KnowledgePorts {
    /// Collections of files.
    pub repository: Arc<dyn KnowledgeRepository>,
}
