use std::sync::Arc;

use async_trait::async_trait;

use super::Prompt;
use crate::access::Scope;
use crate::shared::StoreResult;

/// Keeps the prompts of the workspace.
#[async_trait]
pub trait PromptRepository: Send + Sync {
    /// The prompts within a scope, newest change first.
    async fn list(&self, scope: &Scope) -> StoreResult<Vec<Prompt>>;
}

/// The ports of prompts.
#[derive(Clone)]
pub struct PromptPorts {
    /// Prompts.
    pub repository: Arc<dyn PromptRepository>,
}
