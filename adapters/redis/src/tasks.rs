//! Running tasks. `{p}:tasks` and `{p}:tasks:item:{item}` are the reference's; a companion hash says who owns a task and
//! which instance runs it, so that the tasks of a dead instance disappear with its lease. The twin holds this
//! instance's own tasks: it answers while Redis is down, and Redis is brought in line with it afterwards.

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
use crate::lease::Lease;
use crate::line::{Line, Restore};
use crate::names::Names;

/// What the companion hash says of a task.
#[derive(Debug, Serialize, Deserialize)]
struct Facts {
    owner: Option<UserId>,
    instance: InstanceId,
}

/// A task as Redis holds it.
struct Entry {
    id: String,
    item: String,
    facts: Option<Facts>,
}

impl Entry {
    fn new(id: String, item: String, facts: Option<&str>) -> Self {
        // Facts that cannot be read are as good as none: the entry is treated as the reference's.
        let facts = facts.and_then(|facts| serde_json::from_str(facts).ok());
        Self { id, item, facts }
    }

    fn task(self) -> RunningTask {
        RunningTask {
            id: TaskId::from(self.id),
            owner: self.facts.and_then(|facts| facts.owner),
            item: Some(self.item).filter(|item| !item.is_empty()),
        }
    }
}

/// See the module.
pub(crate) struct RedisTasks {
    line: Arc<Line>,
    lease: Arc<Lease>,
    breaker: Arc<Breaker>,
    names: Names,
    twin: Arc<dyn TaskDirectory>,
    owes: AtomicBool,
}

impl RedisTasks {
    pub(crate) fn new(
        line: &Arc<Line>,
        lease: &Arc<Lease>,
        names: &Names,
        twin: Arc<dyn TaskDirectory>,
    ) -> Arc<Self> {
        let breaker = line.breaker("tasks");
        let this = Arc::new(Self {
            line: line.clone(),
            lease: lease.clone(),
            breaker: breaker.clone(),
            names: names.clone(),
            twin,
            owes: AtomicBool::new(false),
        });
        line.attach(breaker, this.clone(), names.tasks());
        this
    }

    async fn write(&self, redis: &Client, task: &RunningTask) -> Result<(), Error> {
        let facts = Facts {
            owner: task.owner.clone(),
            instance: self.lease.instance().clone(),
        };
        let facts = serde_json::to_string(&facts).unwrap_or_default();
        let (id, item) = (task.id.as_str(), task.item.as_deref().unwrap_or_default());
        // The facts first: without them a task would seem to be the reference's.
        let _: i64 = redis.hset(self.names.task_facts(), (id, facts)).await?;
        let listed = redis.hset::<i64, _, _>(self.names.tasks(), (id, item));
        let of_item = async {
            if item.is_empty() {
                return Ok(0);
            }
            redis.sadd::<i64, _, _>(self.names.tasks_of(item), id).await
        };
        try_join(listed, of_item).await?;
        Ok(())
    }

    /// Removes what Redis holds of a task.
    pub(crate) async fn erase(&self, redis: &Client, id: &str) -> Result<(), Error> {
        let item: Option<String> = redis.hget(self.names.tasks(), id).await?;
        let of_item = async {
            match item.filter(|item| !item.is_empty()) {
                Some(item) => redis.srem::<i64, _, _>(self.names.tasks_of(&item), id).await,
                None => Ok(0),
            }
        };
        try_join3(
            of_item,
            redis.hdel::<i64, _, _>(self.names.tasks(), id),
            redis.hdel::<i64, _, _>(self.names.task_facts(), id),
        )
        .await?;
        Ok(())
    }

    /// Removes the tasks of an instance that is no more.
    pub(crate) async fn erase_instance(&self, redis: &Client, instance: &str) -> Result<(), Error> {
        let facts: HashMap<String, String> = redis.hgetall(self.names.task_facts()).await?;
        for (id, facts) in facts {
            let facts = serde_json::from_str::<Facts>(&facts);
            if facts.is_ok_and(|facts| facts.instance.as_str() == instance) {
                self.erase(redis, &id).await?;
            }
        }
        Ok(())
    }

    /// Leaves out the tasks of dead instances, and removes them.
    async fn living(&self, redis: &Client, entries: Vec<Entry>) -> Result<Vec<RunningTask>, Error> {
        let instances: HashSet<&InstanceId> = entries
            .iter()
            .filter_map(|entry| Some(&entry.facts.as_ref()?.instance))
            .collect();
        let dead = self.lease.dead(redis, instances).await?;
        let (gone, living): (Vec<_>, Vec<_>) = entries.into_iter().partition(|entry| {
            let instance = entry.facts.as_ref().map(|facts| &facts.instance);
            instance.is_some_and(|instance| dead.contains(instance))
        });
        try_join_all(gone.iter().map(|entry| self.erase(redis, &entry.id))).await?;
        Ok(living.into_iter().map(Entry::task).collect())
    }

    async fn read(&self, id: &str) -> Result<Option<RunningTask>, Error> {
        let redis = self.line.redis();
        let (item, facts) = try_join(
            redis.hget::<Option<String>, _, _>(self.names.tasks(), id),
            redis.hget::<Option<String>, _, _>(self.names.task_facts(), id),
        )
        .await?;
        let Some(item) = item else {
            return Ok(None);
        };
        let entry = Entry::new(id.to_owned(), item, facts.as_deref());
        Ok(self.living(redis, vec![entry]).await?.pop())
    }

    async fn read_all(&self) -> Result<Vec<RunningTask>, Error> {
        let redis = self.line.redis();
        let (tasks, facts) = try_join(
            redis.hgetall::<HashMap<String, String>, _>(self.names.tasks()),
            redis.hgetall::<HashMap<String, String>, _>(self.names.task_facts()),
        )
        .await?;
        let entries = tasks.into_iter().map(|(id, item)| {
            let facts = facts.get(&id).map(String::as_str);
            Entry::new(id, item, facts)
        });
        self.living(redis, entries.collect()).await
    }

    async fn read_item(&self, item: &str) -> Result<Vec<RunningTask>, Error> {
        let redis = self.line.redis();
        let ids: Vec<String> = redis.smembers(self.names.tasks_of(item)).await?;
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let (items, facts) = try_join(
            redis.hmget::<Vec<Option<String>>, _, _>(self.names.tasks(), ids.clone()),
            redis.hmget::<Vec<Option<String>>, _, _>(self.names.task_facts(), ids.clone()),
        )
        .await?;
        let entries = ids.into_iter().zip(items).zip(facts);
        // A task that was entered anew may work on another item by now.
        let entries = entries
            .filter(|((_, of), _)| of.as_deref() == Some(item))
            .map(|((id, _), facts)| Entry::new(id, item.to_owned(), facts.as_deref()));
        self.living(redis, entries.collect()).await
    }

    fn owe_unless(&self, done: Option<()>) {
        if done.is_none() {
            self.owes.store(true, Ordering::SeqCst);
        }
    }

    /// Removes everything of this instance.
    pub(crate) async fn close(&self) {
        let instance = self.lease.instance().as_str();
        self.breaker
            .attempt(self.erase_instance(self.line.redis(), instance))
            .await;
    }
}

#[async_trait]
impl Restore for RedisTasks {
    async fn restore(&self, redis: &Client) -> Result<(), Error> {
        self.owes.store(false, Ordering::SeqCst);
        let unreadable = |error| Error::new(fred::error::ErrorKind::Unknown, format!("{error}"));
        let facts: HashMap<String, String> = redis.hgetall(self.names.task_facts()).await?;
        let own = self.twin.list().await.map_err(unreadable)?;
        let ids: HashSet<&str> = own.iter().map(|task| task.id.as_str()).collect();
        for (id, facts) in &facts {
            let ours = serde_json::from_str::<Facts>(facts)
                .is_ok_and(|facts| facts.instance == *self.lease.instance());
            // Entered and removed again while this ran: it is owed then, and removed next time.
            if ours && !ids.contains(id.as_str()) {
                self.erase(redis, id).await?;
            }
        }
        for own in own.chunks(256) {
            try_join_all(own.iter().map(|task| self.write(redis, task))).await?;
        }
        Ok(())
    }

    fn owes(&self) -> bool {
        self.owes.load(Ordering::SeqCst)
    }
}

#[async_trait]
impl TaskDirectory for RedisTasks {
    async fn enter(&self, task: &RunningTask) -> StoreResult<()> {
        self.twin.enter(task).await?;
        self.owe_unless(self.breaker.attempt(self.write(self.line.redis(), task)).await);
        Ok(())
    }

    async fn remove(&self, id: &TaskId) -> StoreResult<()> {
        self.twin.remove(id).await?;
        self.owe_unless(
            self.breaker
                .attempt(self.erase(self.line.redis(), id.as_str()))
                .await,
        );
        Ok(())
    }

    async fn find(&self, id: &TaskId) -> StoreResult<Option<RunningTask>> {
        match self.breaker.attempt(self.read(id.as_str())).await {
            Some(found) => Ok(found),
            None => self.twin.find(id).await,
        }
    }

    async fn list(&self) -> StoreResult<Vec<RunningTask>> {
        match self.breaker.attempt(self.read_all()).await {
            Some(tasks) => Ok(tasks),
            None => self.twin.list().await,
        }
    }

    async fn of_item(&self, item: &str) -> StoreResult<Vec<RunningTask>> {
        match self.breaker.attempt(self.read_item(item)).await {
            Some(tasks) => Ok(tasks),
            None => self.twin.of_item(item).await,
        }
    }

    async fn renew(&self, ids: &[TaskId]) -> StoreResult<()> {
        self.twin.renew(ids).await?;
        self.breaker.attempt(self.lease.renew(self.line.redis())).await;
        Ok(())
    }
}
