//! Commands to stop a task: `{"action":"stop","task_id":…}` on `{p}:tasks:commands`, as the reference sends them.
//! While Redis is down, or this instance is not subscribed, they reach this process through `local`.

use std::sync::Arc;

use async_trait::async_trait;
use fred::prelude::*;
use futures_util::{StreamExt, stream};
use keelson_domain::shared::StoreResult;
use keelson_domain::task::{StopCommands, TaskId, TaskSignals};
use serde::{Deserialize, Serialize};
use tokio_stream::wrappers::BroadcastStream;

use crate::breaker::Breaker;
use crate::keys::Keys;
use crate::monitor::{ConnectionMonitor, Restore};

#[derive(Debug, Serialize, Deserialize)]
struct Command {
    action: String,
    task_id: TaskId,
}

/// See the module.
pub(crate) struct RedisSignals {
    monitor: Arc<ConnectionMonitor>,
    breaker: Arc<Breaker>,
    channel: String,
    local: Arc<dyn TaskSignals>,
}

impl RedisSignals {
    pub(crate) fn new(
        monitor: &Arc<ConnectionMonitor>,
        keys: &Keys,
        local: Arc<dyn TaskSignals>,
    ) -> Arc<Self> {
        let breaker = monitor.breaker("task signals");
        let channel = keys.task_commands();
        // Subscribed from now on, so that a later listener misses nothing.
        drop(monitor.subscribe(&channel));
        let this = Arc::new(Self {
            monitor: monitor.clone(),
            breaker: breaker.clone(),
            channel,
            local,
        });
        monitor.register(breaker, this.clone(), keys.tasks());
        this
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

impl Restore for RedisSignals {}

#[async_trait]
impl TaskSignals for RedisSignals {
    async fn stop(&self, id: &TaskId) -> StoreResult<()> {
        let command = Command {
            action: "stop".to_owned(),
            task_id: id.clone(),
        };
        let command = serde_json::to_string(&command).unwrap_or_default();
        let sent = self.breaker.attempt(
            self.monitor
                .redis()
                .publish::<i64, _, _>(self.channel.as_str(), command),
        );
        if sent.await.is_some() && self.monitor.is_subscribed() {
            return Ok(());
        }
        self.local.stop(id).await
    }

    async fn stops(&self) -> StoreResult<StopCommands> {
        let channel = self.channel.clone();
        let received = BroadcastStream::new(self.monitor.subscribe(&channel)).filter_map(move |message| {
            let id = message.ok().and_then(|message| parse_stop(&channel, &message));
            std::future::ready(id)
        });
        Ok(stream::select(received, self.local.stops().await?).boxed())
    }
}
