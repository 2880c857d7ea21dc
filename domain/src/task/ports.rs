use std::pin::Pin;

use async_trait::async_trait;
use futures_core::Stream;

use super::{RunningTask, TaskId};
use crate::shared::StoreResult;

/// The tasks that run on any instance, with leases: what is not renewed is removed.
#[async_trait]
pub trait TaskDirectory: Send + Sync {
    /// Enters a task; the same id again replaces it.
    async fn enter(&self, task: &RunningTask) -> StoreResult<()>;
    /// Removes a task; removing an unknown one is fine.
    async fn remove(&self, id: &TaskId) -> StoreResult<()>;
    /// One task, if it runs.
    async fn find(&self, id: &TaskId) -> StoreResult<Option<RunningTask>>;
    /// All tasks, in no particular order.
    async fn list(&self) -> StoreResult<Vec<RunningTask>>;
    /// The tasks that work on one item, in no particular order.
    async fn of_item(&self, item: &str) -> StoreResult<Vec<RunningTask>>;
    /// Renews the leases of these tasks.
    async fn renew(&self, ids: &[TaskId]) -> StoreResult<()>;
}

/// Stop commands as a stream of task ids; it ends only when the process does.
pub type StopCommands = Pin<Box<dyn Stream<Item = TaskId> + Send>>;

/// Carries stop commands to whichever instance runs the task.
#[async_trait]
pub trait TaskSignals: Send + Sync {
    /// Asks every instance, this one too, to stop a task. Unordered; an instance that cannot be reached now hears of it
    /// once it can, and may then hear of it twice.
    async fn stop(&self, id: &TaskId) -> StoreResult<()>;
    /// The stop commands sent from now on.
    async fn stops(&self) -> StoreResult<StopCommands>;
}
