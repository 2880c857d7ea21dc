use std::sync::Arc;

use async_trait::async_trait;

use super::Function;
use crate::shared::StoreResult;

/// Keeps the functions of the workspace.
#[async_trait]
pub trait FunctionRepository: Send + Sync {
    /// All functions, oldest first.
    async fn list(&self) -> StoreResult<Vec<Function>>;
}

/// The ports of functions.
#[derive(Clone)]
pub struct FunctionPorts {
    /// Functions.
    pub repository: Arc<dyn FunctionRepository>,
}
