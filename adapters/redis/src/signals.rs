//! Commands to stop a task: `{"action":"stop","task_id":…}` on `{p}:tasks:commands`, as the reference sends them.
//! While Redis is down, or nothing is heard, they reach this process over the twin.

use std::sync::Arc;

use async_trait::async_trait;
use fred::prelude::*;
use futures_util::{StreamExt, stream};
use keelson_domain::shared::StoreResult;
use keelson_domain::task::{StopCommands, TaskId, TaskSignals};
use serde::{Deserialize, Serialize};
use tokio_stream::wrappers::BroadcastStream;

use crate::breaker::Breaker;
use crate::line::{Line, Restore};
use crate::names::Names;

#[derive(Debug, Serialize, Deserialize)]
struct Command {
    action: String,
    task_id: TaskId,
}

/// See the module.
pub(crate) struct RedisSignals {
    line: Arc<Line>,
    breaker: Arc<Breaker>,
    channel: String,
    twin: Arc<dyn TaskSignals>,
}

impl RedisSignals {
    pub(crate) fn new(line: &Arc<Line>, names: &Names, twin: Arc<dyn TaskSignals>) -> Arc<Self> {
        let breaker = line.breaker("task signals");
        let channel = names.task_commands();
        // Heard from now on, so that a later listener finds the channel open.
        drop(line.hear(&channel));
        let this = Arc::new(Self {
            line: line.clone(),
            breaker: breaker.clone(),
            channel,
            twin,
        });
        line.attach(breaker, this.clone(), names.tasks());
        this
    }
}

fn stop_of(channel: &str, message: &fred::types::Message) -> Option<TaskId> {
    if &*message.channel != channel {
        return None;
    }
    let text = message.value.as_str()?;
    match serde_json::from_str::<Command>(&text) {
        Ok(command) if command.action == "stop" => Some(command.task_id),
        _ => {
            tracing::debug!(channel, "a command to tasks that is not known");
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
            self.line
                .redis()
                .publish::<i64, _, _>(self.channel.as_str(), command),
        );
        if sent.await.is_some() && self.line.hears() {
            return Ok(());
        }
        self.twin.stop(id).await
    }

    async fn stops(&self) -> StoreResult<StopCommands> {
        let channel = self.channel.clone();
        let heard = BroadcastStream::new(self.line.hear(&channel)).filter_map(move |message| {
            let id = message.ok().and_then(|message| stop_of(&channel, &message));
            std::future::ready(id)
        });
        Ok(stream::select(heard, self.twin.stops().await?).boxed())
    }
}
