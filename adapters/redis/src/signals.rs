//! Commands to stop a task: `{"action":"stop","task_id":…}` on `{p}:tasks:commands`, as the reference sends them.
//!
//! A message on a channel reaches only who is subscribed at that moment. So a command is also kept for a minute, in Redis
//! and by whoever sent it: an instance that was not connected reads it when it is again, and one that could not send it
//! sends it then. In this process commands go through `local`, which waits for nothing.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use fred::error::Error;
use fred::prelude::*;
use futures_util::future::{try_join_all, try_join3};
use futures_util::{StreamExt, stream};
use keelson_domain::shared::{Clock, StoreResult};
use keelson_domain::task::{StopCommands, TaskId, TaskSignals};
use serde::{Deserialize, Serialize};
use tokio::time::Instant;
use tokio_stream::wrappers::BroadcastStream;

use crate::breaker::Breaker;
use crate::keys::Keys;
use crate::monitor::{ConnectionMonitor, Restore};

/// How long a command is kept: longer than an instance that is alive stays without Redis once that works again.
const KEPT: Duration = Duration::from_secs(60);

#[derive(Debug, Serialize, Deserialize)]
struct Command {
    action: String,
    task_id: TaskId,
}

/// A command that this instance sent, or still has to.
struct Sent {
    since: Instant,
    is_written: bool,
}

/// See the module.
pub(crate) struct RedisSignals {
    monitor: Arc<ConnectionMonitor>,
    breaker: Arc<Breaker>,
    clock: Arc<dyn Clock>,
    channel: String,
    /// Where commands are kept, by the second in which they were sent.
    kept: String,
    sent: Arc<Mutex<HashMap<TaskId, Sent>>>,
    local: Arc<dyn TaskSignals>,
}

type SentCommands = HashMap<TaskId, Sent>;

fn locked(sent: &Mutex<SentCommands>) -> MutexGuard<'_, SentCommands> {
    sent.lock().unwrap_or_else(PoisonError::into_inner)
}

impl RedisSignals {
    pub(crate) fn new(
        monitor: &Arc<ConnectionMonitor>,
        keys: &Keys,
        clock: Arc<dyn Clock>,
        local: Arc<dyn TaskSignals>,
    ) -> Arc<Self> {
        let breaker = monitor.breaker("task signals");
        let channel = keys.task_commands();
        // Subscribed from now on, so that a later listener misses nothing.
        drop(monitor.subscribe(&channel));
        let this = Arc::new(Self {
            monitor: monitor.clone(),
            breaker: breaker.clone(),
            clock,
            channel,
            kept: keys.stops(),
            sent: Arc::default(),
            local,
        });
        monitor.register(breaker, this.clone(), keys.tasks());
        this
    }

    /// Publishes a command and keeps it, for who is not subscribed now.
    async fn write(&self, redis: &Client, id: &TaskId) -> Result<(), Error> {
        let command = Command {
            action: "stop".to_owned(),
            task_id: id.clone(),
        };
        let command = serde_json::to_string(&command).unwrap_or_default();
        let lifetime = i64::try_from(KEPT.as_secs()).unwrap_or(i64::MAX);
        let now = self.clock.now().seconds();
        try_join3(
            async {
                let entry = (now as f64, id.as_str());
                let _: i64 = redis.zadd(&self.kept, None, None, false, false, entry).await?;
                let outdated = (now - lifetime) as f64;
                let _: i64 = redis
                    .zremrangebyscore(&self.kept, f64::NEG_INFINITY, outdated)
                    .await?;
                Ok(())
            },
            redis.expire::<i64, _>(&self.kept, 2 * lifetime, None),
            redis.publish::<i64, _, _>(self.channel.as_str(), command),
        )
        .await?;
        Ok(())
    }

    fn mark_written(&self, id: &TaskId) {
        if let Some(command) = locked(&self.sent).get_mut(id) {
            command.is_written = true;
        }
    }
}

fn parse_stop(channel: &str, message: &fred::types::Message) -> Option<TaskId> {
    if &*message.channel != channel {
        return None;
    }
    let text = message.value.as_str()?;
    match serde_json::from_str::<Command>(&text) {
        Ok(command) if command.action == "stop" => Some(command.task_id),
        _ => {
            tracing::debug!(channel, "ignored an unknown task command");
            None
        }
    }
}

#[async_trait]
impl Restore for RedisSignals {
    async fn restore(&self, redis: &Client) -> Result<(), Error> {
        let own: Vec<TaskId> = locked(&self.sent).keys().cloned().collect();
        try_join_all(own.iter().map(|id| async move {
            self.write(redis, id).await?;
            self.mark_written(id);
            Ok::<_, Error>(())
        }))
        .await?;
        // What others sent while this instance did not listen; some of it may have been heard.
        let kept: Vec<String> = redis
            .zrange(&self.kept, 0_i64, -1_i64, None, false, None, false)
            .await?;
        for id in kept.into_iter().map(TaskId::from).filter(|id| !own.contains(id)) {
            let heard = self.local.stop(&id).await;
            heard.map_err(|error| Error::new(fred::error::ErrorKind::Unknown, error.to_string()))?;
        }
        Ok(())
    }

    fn has_pending(&self) -> bool {
        locked(&self.sent).values().any(|command| !command.is_written)
    }
}

#[async_trait]
impl TaskSignals for RedisSignals {
    async fn stop(&self, id: &TaskId) -> StoreResult<()> {
        {
            let mut sent = locked(&self.sent);
            sent.retain(|_, command| command.since.elapsed() < KEPT);
            let command = Sent {
                since: Instant::now(),
                is_written: false,
            };
            sent.insert(id.clone(), command);
        }
        self.local.stop(id).await?;
        if self
            .breaker
            .attempt(self.write(self.monitor.redis(), id))
            .await
            .is_some()
        {
            self.mark_written(id);
        }
        Ok(())
    }

    async fn stops(&self) -> StoreResult<StopCommands> {
        let (channel, sent) = (self.channel.clone(), self.sent.clone());
        let received = BroadcastStream::new(self.monitor.subscribe(&channel)).filter_map(move |message| {
            let id = message.ok().and_then(|message| parse_stop(&channel, &message));
            // Its own have come through `local`.
            std::future::ready(id.filter(|id| !locked(&sent).contains_key(id)))
        });
        Ok(stream::select(received, self.local.stops().await?).boxed())
    }
}
