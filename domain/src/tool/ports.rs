use std::sync::Arc;

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

/// The ports of tools.
#[derive(Clone)]
pub struct ToolPorts {
    /// Tools.
    pub repository: Arc<dyn ToolRepository>,
}
