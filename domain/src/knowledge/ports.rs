use async_trait::async_trait;

use super::{Knowledge, KnowledgeId};
use crate::file::File;
use crate::shared::StoreResult;

/// Keeps collections.
#[async_trait]
pub trait KnowledgeRepository: Send + Sync {
    /// The collections with a text in name or description (all without one), newest change first.
    async fn list(&self, text: Option<&str>) -> StoreResult<Vec<Knowledge>>;
    /// A page of the files in these collections whose name has a text (all without one), newest change first,
    /// each once; and how many there are in all.
    async fn files(
        &self,
        collections: &[KnowledgeId],
        text: Option<&str>,
        skip: i64,
        limit: i64,
    ) -> StoreResult<(Vec<File>, i64)>;
}
