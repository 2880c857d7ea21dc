//! Dispatches between instances on the channel `socketio`. They are handed over to a queue and sent by one loop, as
//! many at once as wait; while Redis is down they are dropped, for a late event is worse than none.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use async_trait::async_trait;
use fred::error::Error;
use fred::prelude::*;
use futures_util::StreamExt;
use futures_util::future::try_join_all;
use keelson_domain::realtime::{Dispatch, Dispatches, Fanout};
use keelson_domain::shared::{BoxError, InstanceId, StoreResult};
use tokio::sync::mpsc;
use tokio_stream::wrappers::BroadcastStream;

use crate::breaker::Breaker;
use crate::line::{Line, Restore};
use crate::names::SOCKETIO;
use crate::wire;

/// Dispatches that may wait: some seconds of a busy instance.
const QUEUE: usize = 8192;
/// As many go out in one round trip at most.
const BATCH: usize = 256;

/// See the module.
pub(crate) struct RedisFanout {
    line: Arc<Line>,
    breaker: Arc<Breaker>,
    instance: InstanceId,
    queue: mpsc::Sender<Dispatch>,
    waiting: tokio::sync::Mutex<mpsc::Receiver<Dispatch>>,
    /// Dropped since the line was lost.
    dropped: AtomicU64,
}

impl RedisFanout {
    pub(crate) fn new(line: &Arc<Line>, instance: &InstanceId) -> Arc<Self> {
        let breaker = line.breaker("fanout");
        drop(line.hear(SOCKETIO));
        let (queue, waiting) = mpsc::channel(QUEUE);
        let this = Arc::new(Self {
            line: line.clone(),
            breaker: breaker.clone(),
            instance: instance.clone(),
            queue,
            waiting: tokio::sync::Mutex::new(waiting),
            dropped: AtomicU64::new(0),
        });
        line.attach(breaker, this.clone(), SOCKETIO.to_owned());
        this
    }

    fn drop_some(&self, count: u64) {
        if self.dropped.fetch_add(count, Ordering::Relaxed) == 0 {
            tracing::warn!("events for other instances are dropped until Redis takes them again");
        }
    }

    /// Sends what is handed over, in order, for ever.
    pub(crate) async fn publish(&self) -> Result<(), BoxError> {
        let mut waiting = self.waiting.lock().await;
        let mut batch = Vec::with_capacity(BATCH);
        while waiting.recv_many(&mut batch, BATCH).await > 0 {
            let messages: Vec<String> = batch
                .drain(..)
                .filter_map(|dispatch| wire::write(&dispatch, self.instance.as_str()).ok())
                .collect();
            let count = messages.len() as u64;
            let redis = self.line.redis();
            // Polled in order, so sent in order over the one connection.
            let sent = try_join_all(
                messages
                    .into_iter()
                    .map(|message| redis.publish::<i64, _, _>(SOCKETIO, message)),
            );
            if self.breaker.attempt(sent).await.is_none() {
                self.drop_some(count);
            }
        }
        Err("nothing can be handed over to other instances any more".into())
    }
}

#[async_trait]
impl Restore for RedisFanout {
    async fn restore(&self, _redis: &Client) -> Result<(), Error> {
        let dropped = self.dropped.swap(0, Ordering::Relaxed);
        if dropped > 0 {
            tracing::info!(dropped, "events reach other instances again");
        }
        Ok(())
    }
}

#[async_trait]
impl Fanout for RedisFanout {
    fn send(&self, dispatch: Dispatch) {
        if self.breaker.is_open() || self.queue.try_send(dispatch).is_err() {
            self.drop_some(1);
        }
    }

    async fn receive(&self) -> StoreResult<Dispatches> {
        let own = self.instance.clone();
        Ok(BroadcastStream::new(self.line.hear(SOCKETIO))
            .filter_map(move |message| {
                let dispatch = match message {
                    Ok(message) if &*message.channel == SOCKETIO => {
                        message.value.as_str().and_then(|text| wire::read(&text, &own))
                    }
                    Ok(_) => None,
                    Err(error) => {
                        tracing::warn!(%error, "events of other instances came too fast");
                        None
                    }
                };
                std::future::ready(dispatch)
            })
            .boxed())
    }

    fn instance(&self) -> &InstanceId {
        &self.instance
    }
}
