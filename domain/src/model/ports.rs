use std::sync::Arc;

use async_trait::async_trait;

use super::{Model, ModelId, ModelLists};
use crate::shared::{StoreResult, Timestamp};

/// Keeps the models of the workspace.
#[async_trait]
pub trait ModelRepository: Send + Sync {
    /// All of them, in the order in which they were made.
    async fn all(&self) -> StoreResult<Vec<Model>>;
    /// One model.
    async fn find(&self, id: &ModelId) -> StoreResult<Option<Model>>;
    /// Adds one; `Conflict` when the id is taken.
    async fn insert(&self, model: &Model) -> StoreResult<()>;
    /// Replaces one's base, name, parameters, description, access and activity in one statement, and answers the
    /// result; none when there is no such model. Owner and time of creation stay.
    async fn update(&self, model: &Model) -> StoreResult<Option<Model>>;
    /// Turns one on or off, whichever it is not, in one statement, and answers the result.
    async fn toggle(&self, id: &ModelId, now: Timestamp) -> StoreResult<Option<Model>>;
    /// Removes one; `false` when there is none.
    async fn delete(&self, id: &ModelId) -> StoreResult<bool>;
    /// Removes all.
    async fn delete_all(&self) -> StoreResult<()>;
    /// Adds models and replaces known ones whole, in one transaction.
    ///
    /// # Errors
    /// `Conflict`, and nothing is stored, when the id of a new one is taken or a known one is gone.
    async fn save_all(&self, new: &[Model], known: &[Model]) -> StoreResult<()>;
    /// Makes these the only ones, in one transaction: known ids are replaced, new ones added, others removed.
    async fn replace_all(&self, models: &[Model]) -> StoreResult<()>;
}

/// The ports of models.
#[derive(Clone)]
pub struct ModelPorts {
    /// Models of the workspace.
    pub repository: Arc<dyn ModelRepository>,
    /// Their lists.
    pub lists: Arc<dyn ModelLists>,
}
