use async_trait::async_trait;

use super::Tool;
use crate::shared::StoreResult;

/// Keeps the tools of the workspace.
#[async_trait]
pub trait ToolRepository: Send + Sync {
    /// All tools, newest change first.
    async fn list(&self) -> StoreResult<Vec<Tool>>;
}
