use async_trait::async_trait;

use super::Prompt;
use crate::shared::StoreResult;

/// Keeps the prompts of the workspace.
#[async_trait]
pub trait PromptRepository: Send + Sync {
    /// All prompts, newest change first.
    async fn list(&self) -> StoreResult<Vec<Prompt>>;
}
