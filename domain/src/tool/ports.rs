use async_trait::async_trait;

use super::Tool;
use crate::access::Scope;
use crate::shared::StoreResult;

/// Keeps the tools of the workspace.
#[async_trait]
pub trait ToolRepository: Send + Sync {
    /// The tools within a scope, newest change first.
    async fn list(&self, scope: &Scope) -> StoreResult<Vec<Tool>>;
}
