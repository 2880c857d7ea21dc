//! Background tasks that outlive the request that started them: listing and stopping them, and shutdown.

mod ports;

use std::collections::HashMap;
use std::future::Future;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use futures_util::StreamExt;
use keelson_domain::access::OwnerScope;
use keelson_domain::auth::Caller;
use keelson_domain::chat::{ChatId, ChatMessages};
use keelson_domain::shared::{Ids, StoreResult};
use keelson_domain::task::{RunningTask, TaskDirectory, TaskId, TaskSignals};
use keelson_domain::user::UserId;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::access::AccessControl;
use crate::{Ports, spawn};

pub use ports::TaskPorts;

/// How often the leases of running tasks are renewed.
const HEARTBEAT: Duration = Duration::from_secs(10);

/// How long stopped tasks may take to end on shutdown.
const STOP_TIMEOUT: Duration = Duration::from_secs(5);

/// The tasks of this process, and access to those of other instances.
pub struct Tasks {
    ids: Arc<dyn Ids>,
    directory: Arc<dyn TaskDirectory>,
    signals: Arc<dyn TaskSignals>,
    messages: Arc<dyn ChatMessages>,
    access: Arc<AccessControl>,
    running: Mutex<HashMap<TaskId, CancellationToken>>,
    tracker: TaskTracker,
}

impl Tasks {
    /// From the ports it needs.
    pub fn new(ports: &Ports, access: Arc<AccessControl>) -> Self {
        Self {
            ids: ports.ids.clone(),
            directory: ports.task.directory.clone(),
            signals: ports.task.signals.clone(),
            messages: ports.conversations.chat.messages.clone(),
            access,
            running: Mutex::default(),
            tracker: TaskTracker::new(),
        }
    }

    fn running(&self) -> MutexGuard<'_, HashMap<TaskId, CancellationToken>> {
        self.running.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// How many tasks this process runs now.
    pub fn count(&self) -> usize {
        self.running().len()
    }

    /// Starts work on an item (a chat) for a user; the token tells it to stop.
    ///
    /// # Errors
    /// When the directory fails; nothing was started then.
    pub async fn start<F>(
        self: &Arc<Self>,
        owner: &UserId,
        item: &str,
        work: impl FnOnce(CancellationToken) -> F,
    ) -> StoreResult<TaskId>
    where
        F: Future<Output = ()> + Send + 'static,
    {
        let id = TaskId::new(self.ids.uuid().to_string());
        let task = RunningTask {
            id: id.clone(),
            owner: Some(owner.clone()),
            item: Some(item.to_owned()),
        };
        self.directory.enter(&task).await?;
        let stop = CancellationToken::new();
        self.running().insert(id.clone(), stop.clone());
        let work = work(stop);
        let (tasks, ended) = (self.clone(), id.clone());
        spawn::tracked(&self.tracker, async move {
            // Removes the entry however the work ends.
            let _registration = Registration { tasks, id: ended };
            work.await;
        });
        Ok(id)
    }

    /// Stops a task, wherever it runs: its owner may, and admins. Whether there was such a task.
    ///
    /// # Errors
    /// When the directory or the signals fail.
    pub async fn stop(&self, caller: &Caller, id: &TaskId) -> StoreResult<bool> {
        let Some(task) = self.directory.find(id).await? else {
            return Ok(false);
        };
        let may_stop = self.access.of(caller).await?.administers() || self.is_of(caller, &task).await?;
        if !may_stop {
            return Ok(false);
        }
        let here = self.running().get(id).cloned();
        match here {
            Some(stop) => stop.cancel(),
            None => self.signals.stop(id).await?,
        }
        self.directory.remove(id).await?;
        Ok(true)
    }

    /// What runs: everything for admins, their own for others.
    ///
    /// # Errors
    /// When the directory fails.
    pub async fn list(&self, caller: &Caller) -> StoreResult<Vec<TaskId>> {
        let tasks = self.directory.list().await?;
        match self.access.of(caller).await?.owner_scope() {
            OwnerScope::Everyone => Ok(tasks.into_iter().map(|task| task.id).collect()),
            OwnerScope::Of(_) => self.filter_own(caller, tasks).await,
        }
    }

    /// What runs on one item of the caller.
    ///
    /// # Errors
    /// When the directory fails.
    pub async fn of_item(&self, caller: &Caller, item: &str) -> StoreResult<Vec<TaskId>> {
        let tasks = self.directory.of_item(item).await?;
        self.filter_own(caller, tasks).await
    }

    async fn filter_own(&self, caller: &Caller, tasks: Vec<RunningTask>) -> StoreResult<Vec<TaskId>> {
        let mut own = Vec::new();
        for task in tasks {
            if self.is_of(caller, &task).await? {
                own.push(task.id);
            }
        }
        Ok(own)
    }

    /// Whether a task is the caller's: by its owner or, where an instance of the reference runs it, by its chat.
    async fn is_of(&self, caller: &Caller, task: &RunningTask) -> StoreResult<bool> {
        match (&task.owner, &task.item) {
            (Some(owner), _) => Ok(owner == caller.id()),
            (None, Some(item)) => {
                let chat = ChatId::from(item.as_str());
                Ok(self.messages.title(caller.id(), &chat).await?.is_some())
            }
            (None, None) => Ok(false),
        }
    }

    /// Carries out stop commands of other instances and renews leases, until `end`.
    ///
    /// # Errors
    /// When stop commands cannot be received (any more).
    pub async fn run(&self, end: CancellationToken) -> StoreResult<()> {
        let mut stops = self.signals.stops().await?;
        let mut heartbeat = tokio::time::interval(HEARTBEAT);
        loop {
            tokio::select! {
                () = end.cancelled() => return Ok(()),
                stop = stops.next() => match stop {
                    Some(id) => {
                        let here = self.running().get(&id).cloned();
                        if let Some(stop) = here {
                            stop.cancel();
                        }
                    }
                    None => return Ok(()),
                },
                _ = heartbeat.tick() => {
                    let ids: Vec<TaskId> = self.running().keys().cloned().collect();
                    self.directory.renew(&ids).await?;
                }
            }
        }
    }

    /// Waits for running tasks, and stops those that take longer; they store what they have.
    pub async fn finish_within(&self, timeout: Duration) {
        self.tracker.close();
        if tokio::time::timeout(timeout, self.tracker.wait()).await.is_ok() {
            return;
        }
        let remaining: Vec<CancellationToken> = self.running().values().cloned().collect();
        tracing::info!(tasks = remaining.len(), "stopping tasks that still run");
        for stop in remaining {
            stop.cancel();
        }
        if tokio::time::timeout(STOP_TIMEOUT, self.tracker.wait())
            .await
            .is_err()
        {
            tracing::warn!("some tasks did not stop in time");
        }
    }
}

/// Unregisters a task when its work ends, also by a panic.
struct Registration {
    tasks: Arc<Tasks>,
    id: TaskId,
}

impl Drop for Registration {
    fn drop(&mut self) {
        self.tasks.running().remove(&self.id);
        let (directory, id) = (self.tasks.directory.clone(), self.id.clone());
        spawn::detached("task directory", async move { directory.remove(&id).await });
    }
}
