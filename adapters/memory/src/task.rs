//! Running tasks in process memory.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use futures_util::StreamExt;
use keelson_domain::shared::StoreResult;
use keelson_domain::task::{RunningTask, StopCommands, TaskDirectory, TaskId, TaskSignals};
use tokio::sync::broadcast;
use tokio_stream::wrappers::BroadcastStream;

/// The tasks of this process; they end with it, so nothing needs a lease.
#[derive(Debug, Default)]
pub struct MemoryTasks(Mutex<HashMap<TaskId, RunningTask>>);

impl MemoryTasks {
    fn tasks(&self) -> MutexGuard<'_, HashMap<TaskId, RunningTask>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait]
impl TaskDirectory for MemoryTasks {
    async fn enter(&self, task: &RunningTask) -> StoreResult<()> {
        self.tasks().insert(task.id.clone(), task.clone());
        Ok(())
    }

    async fn remove(&self, id: &TaskId) -> StoreResult<()> {
        self.tasks().remove(id);
        Ok(())
    }

    async fn find(&self, id: &TaskId) -> StoreResult<Option<RunningTask>> {
        Ok(self.tasks().get(id).cloned())
    }

    async fn list(&self) -> StoreResult<Vec<RunningTask>> {
        Ok(self.tasks().values().cloned().collect())
    }

    async fn of_item(&self, item: &str) -> StoreResult<Vec<RunningTask>> {
        Ok(self
            .tasks()
            .values()
            .filter(|task| task.item.as_deref() == Some(item))
            .cloned()
            .collect())
    }

    async fn renew(&self, _ids: &[TaskId]) -> StoreResult<()> {
        Ok(())
    }
}

/// Stop commands within this process.
#[derive(Debug)]
pub struct MemorySignals(broadcast::Sender<TaskId>);

impl Default for MemorySignals {
    fn default() -> Self {
        Self(broadcast::channel(1024).0)
    }
}

#[async_trait]
impl TaskSignals for MemorySignals {
    async fn stop(&self, id: &TaskId) -> StoreResult<()> {
        // Fails without receivers: then no task runs here.
        let _ = self.0.send(id.clone());
        Ok(())
    }

    async fn stops(&self) -> StoreResult<StopCommands> {
        Ok(BroadcastStream::new(self.0.subscribe())
            .filter_map(|id| async { id.ok() })
            .boxed())
    }
}
