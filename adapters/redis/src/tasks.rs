//! Running tasks. `{p}:tasks` and `{p}:tasks:item:{item}` are the reference's; a companion hash says who owns a task and
//! which instance runs it, so that the tasks of a dead instance disappear with its lease. `local` holds this instance's
//! own tasks: it answers while Redis is down, and Redis is brought in line with it afterwards.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use async_trait::async_trait;
use fred::error::Error;
use fred::prelude::*;
use futures_util::future::{try_join, try_join_all, try_join3};
use keelson_domain::shared::{InstanceId, StoreResult};
use keelson_domain::task::{RunningTask, TaskDirectory, TaskId};
use keelson_domain::user::UserId;
use serde::{Deserialize, Serialize};

use crate::breaker::Breaker;
use crate::keys::Keys;
use crate::lease::Lease;
use crate::monitor::{ConnectionMonitor, Restore};

/// What the companion hash holds of a task.
#[derive(Debug, Serialize, Deserialize)]
struct TaskDetails {
    owner: Option<UserId>,
    instance: InstanceId,
}

/// A task as Redis holds it.
struct Entry {
    id: String,
    item: String,
    details: Option<TaskDetails>,
}

impl Entry {
    fn new(id: String, item: String, details: Option<&str>) -> Self {
        // Details that cannot be read are as good as none: the entry is treated as the reference's.
        let details = details.and_then(|details| serde_json::from_str(details).ok());
        Self { id, item, details }
    }

    fn task(self) -> RunningTask {
        RunningTask {
            id: TaskId::from(self.id),
            owner: self.details.and_then(|details| details.owner),
            item: Some(self.item).filter(|item| !item.is_empty()),
        }
    }
}

/// See the module.
pub(crate) struct RedisTasks {
    monitor: Arc<ConnectionMonitor>,
    lease: Arc<Lease>,
    breaker: Arc<Breaker>,
    keys: Keys,
    local: Arc<dyn TaskDirectory>,
    has_pending: AtomicBool,
}

impl RedisTasks {
    pub(crate) fn new(
        monitor: &Arc<ConnectionMonitor>,
        lease: &Arc<Lease>,
        keys: &Keys,
        local: Arc<dyn TaskDirectory>,
    ) -> Arc<Self> {
        let breaker = monitor.breaker("tasks");
        let this = Arc::new(Self {
            monitor: monitor.clone(),
            lease: lease.clone(),
            breaker: breaker.clone(),
            keys: keys.clone(),
            local,
            has_pending: AtomicBool::new(false),
        });
        monitor.register(breaker, this.clone(), keys.tasks());
        this
    }

    async fn write(&self, redis: &Client, task: &RunningTask) -> Result<(), Error> {
        let details = TaskDetails {
            owner: task.owner.clone(),
            instance: self.lease.instance().clone(),
        };
        let details = serde_json::to_string(&details).unwrap_or_default();
        let (id, item) = (task.id.as_str(), task.item.as_deref().unwrap_or_default());
        // The details first: without them a task would count as the reference's.
        let _: i64 = redis.hset(self.keys.task_details(), (id, details)).await?;
        let listed = redis.hset::<i64, _, _>(self.keys.tasks(), (id, item));
        let of_item = async {
            if item.is_empty() {
                return Ok(0);
            }
            redis.sadd::<i64, _, _>(self.keys.tasks_of(item), id).await
        };
        try_join(listed, of_item).await?;
        Ok(())
    }

    /// Removes what Redis holds of a task.
    async fn delete(&self, redis: &Client, id: &str) -> Result<(), Error> {
        let item: Option<String> = redis.hget(self.keys.tasks(), id).await?;
        let of_item = async {
            match item.filter(|item| !item.is_empty()) {
                Some(item) => redis.srem::<i64, _, _>(self.keys.tasks_of(&item), id).await,
                None => Ok(0),
            }
        };
        try_join3(
            of_item,
            redis.hdel::<i64, _, _>(self.keys.tasks(), id),
            redis.hdel::<i64, _, _>(self.keys.task_details(), id),
        )
        .await?;
        Ok(())
    }

    /// Removes the tasks of an instance.
    pub(crate) async fn remove_instance(&self, redis: &Client, instance: &str) -> Result<(), Error> {
        let details: HashMap<String, String> = redis.hgetall(self.keys.task_details()).await?;
        for (id, details) in details {
            let details = serde_json::from_str::<TaskDetails>(&details);
            if details.is_ok_and(|details| details.instance.as_str() == instance) {
                self.delete(redis, &id).await?;
            }
        }
        Ok(())
    }

    /// Removes the tasks of dead instances from Redis; returns the others.
    async fn remove_expired(&self, redis: &Client, entries: Vec<Entry>) -> Result<Vec<RunningTask>, Error> {
        let instances: HashSet<&InstanceId> = entries
            .iter()
            .filter_map(|entry| Some(&entry.details.as_ref()?.instance))
            .collect();
        let expired = self.lease.find_expired(redis, instances).await?;
        let (dead, alive): (Vec<_>, Vec<_>) = entries.into_iter().partition(|entry| {
            let instance = entry.details.as_ref().map(|details| &details.instance);
            instance.is_some_and(|instance| expired.contains(instance))
        });
        try_join_all(dead.iter().map(|entry| self.delete(redis, &entry.id))).await?;
        Ok(alive.into_iter().map(Entry::task).collect())
    }

    async fn read(&self, id: &str) -> Result<Option<RunningTask>, Error> {
        let redis = self.monitor.redis();
        let (item, details) = try_join(
            redis.hget::<Option<String>, _, _>(self.keys.tasks(), id),
            redis.hget::<Option<String>, _, _>(self.keys.task_details(), id),
        )
        .await?;
        let Some(item) = item else {
            return Ok(None);
        };
        let entry = Entry::new(id.to_owned(), item, details.as_deref());
        Ok(self.remove_expired(redis, vec![entry]).await?.pop())
    }

    async fn read_all(&self) -> Result<Vec<RunningTask>, Error> {
        let redis = self.monitor.redis();
        let (tasks, details) = try_join(
            redis.hgetall::<HashMap<String, String>, _>(self.keys.tasks()),
            redis.hgetall::<HashMap<String, String>, _>(self.keys.task_details()),
        )
        .await?;
        let entries = tasks.into_iter().map(|(id, item)| {
            let details = details.get(&id).map(String::as_str);
            Entry::new(id, item, details)
        });
        self.remove_expired(redis, entries.collect()).await
    }

    async fn read_item(&self, item: &str) -> Result<Vec<RunningTask>, Error> {
        let redis = self.monitor.redis();
        let ids: Vec<String> = redis.smembers(self.keys.tasks_of(item)).await?;
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let (items, details) = try_join(
            redis.hmget::<Vec<Option<String>>, _, _>(self.keys.tasks(), ids.clone()),
            redis.hmget::<Vec<Option<String>>, _, _>(self.keys.task_details(), ids.clone()),
        )
        .await?;
        let entries = ids.into_iter().zip(items).zip(details);
        // A task that was entered anew may work on another item by now.
        let entries = entries
            .filter(|((_, of), _)| of.as_deref() == Some(item))
            .map(|((id, _), details)| Entry::new(id, item.to_owned(), details.as_deref()));
        self.remove_expired(redis, entries.collect()).await
    }

    fn mark_pending_unless(&self, done: Option<()>) {
        if done.is_none() {
            self.has_pending.store(true, Ordering::SeqCst);
        }
    }

    /// Removes everything of this instance.
    pub(crate) async fn close(&self) {
        let instance = self.lease.instance().as_str();
        self.breaker
            .attempt(self.remove_instance(self.monitor.redis(), instance))
            .await;
    }
}

#[async_trait]
impl Restore for RedisTasks {
    async fn restore(&self, redis: &Client) -> Result<(), Error> {
        self.has_pending.store(false, Ordering::SeqCst);
        let unreadable = |error| Error::new(fred::error::ErrorKind::Unknown, format!("{error}"));
        let details: HashMap<String, String> = redis.hgetall(self.keys.task_details()).await?;
        let own = self.local.list().await.map_err(unreadable)?;
        let ids: HashSet<&str> = own.iter().map(|task| task.id.as_str()).collect();
        for (id, details) in &details {
            let ours = serde_json::from_str::<TaskDetails>(details)
                .is_ok_and(|details| details.instance == *self.lease.instance());
            // Entered and removed again while this ran: it is owed then, and removed next time.
            if ours && !ids.contains(id.as_str()) {
                self.delete(redis, id).await?;
            }
        }
        for own in own.chunks(256) {
            try_join_all(own.iter().map(|task| self.write(redis, task))).await?;
        }
        Ok(())
    }

    fn has_pending(&self) -> bool {
        self.has_pending.load(Ordering::SeqCst)
    }
}

#[async_trait]
impl TaskDirectory for RedisTasks {
    async fn enter(&self, task: &RunningTask) -> StoreResult<()> {
        self.local.enter(task).await?;
        self.mark_pending_unless(self.breaker.attempt(self.write(self.monitor.redis(), task)).await);
        Ok(())
    }

    async fn remove(&self, id: &TaskId) -> StoreResult<()> {
        self.local.remove(id).await?;
        self.mark_pending_unless(
            self.breaker
                .attempt(self.delete(self.monitor.redis(), id.as_str()))
                .await,
        );
        Ok(())
    }

    async fn find(&self, id: &TaskId) -> StoreResult<Option<RunningTask>> {
        match self.breaker.attempt(self.read(id.as_str())).await {
            Some(found) => Ok(found),
            None => self.local.find(id).await,
        }
    }

    async fn list(&self) -> StoreResult<Vec<RunningTask>> {
        match self.breaker.attempt(self.read_all()).await {
            Some(tasks) => Ok(tasks),
            None => self.local.list().await,
        }
    }

    async fn of_item(&self, item: &str) -> StoreResult<Vec<RunningTask>> {
        match self.breaker.attempt(self.read_item(item)).await {
            Some(tasks) => Ok(tasks),
            None => self.local.of_item(item).await,
        }
    }

    async fn renew(&self, ids: &[TaskId]) -> StoreResult<()> {
        self.local.renew(ids).await?;
        self.breaker.attempt(self.lease.renew(self.monitor.redis())).await;
        Ok(())
    }
}
