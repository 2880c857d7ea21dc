//! Dispatches between instances on the channel `socketio`. They are handed over to a queue and sent by one loop, as
//! many at once as wait. While Redis is down they are held, up to a bound, and sent once it is back, so that pages on
//! other instances catch up with their answers; what is too old by then is dropped.

use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use fred::error::Error;
use fred::prelude::*;
use futures_util::StreamExt;
use keelson_domain::realtime::{Dispatch, Dispatches, Fanout};
use keelson_domain::shared::{BoxError, InstanceId, StoreResult};
use tokio::sync::mpsc;
use tokio::time::Instant;
use tokio_stream::wrappers::BroadcastStream;

use crate::breaker::{Breaker, Down};
use crate::line::{Line, Restore};
use crate::names::SOCKETIO;
use crate::wire;

/// Dispatches that may wait: half a minute of a busy instance, some megabytes.
const QUEUE: usize = 65_536;
/// As many go out in one round trip at most.
const BATCH: usize = 256;
/// How long a dispatch may wait: whoever still waits for it after a minute has read the stored state.
const LONGEST_WAIT: Duration = Duration::from_secs(60);
/// How long what was held goes on waiting once Redis is back: the others must subscribe first, and each tries at
/// least once a second.
const GRACE: Duration = Duration::from_millis(1500);

/// A dispatch, and when it was handed over.
type Held = (Instant, Dispatch);

/// See the module.
pub(crate) struct RedisFanout {
    line: Arc<Line>,
    breaker: Arc<Breaker>,
    instance: InstanceId,
    queue: mpsc::Sender<Held>,
    waiting: tokio::sync::Mutex<mpsc::Receiver<Held>>,
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
        if count > 0 && self.dropped.fetch_add(count, Ordering::Relaxed) == 0 {
            tracing::warn!("events for other instances are dropped until Redis takes them again");
        }
    }

    /// Sends what is handed over, in order, for ever.
    pub(crate) async fn publish(&self) -> Result<(), BoxError> {
        let mut waiting = self.waiting.lock().await;
        let (mut taken, mut held) = (Vec::with_capacity(BATCH), VecDeque::new());
        loop {
            if held.is_empty() && waiting.recv_many(&mut taken, BATCH).await == 0 {
                return Err("nothing can be handed over to other instances any more".into());
            }
            held.extend(taken.drain(..));
            if self.breaker.is_open() {
                self.breaker.closed().await;
                tokio::time::sleep(GRACE).await;
            }
            let before = held.len();
            held.retain(|(since, _): &Held| since.elapsed() < LONGEST_WAIT);
            self.drop_some((before - held.len()) as u64);
            self.send_all(&mut held).await;
        }
    }

    /// Sends in order, and keeps what may not have arrived. It may have: then it arrives twice, which the whole text
    /// at the end of an answer puts right; a lost end nothing would.
    async fn send_all(&self, held: &mut VecDeque<Held>) {
        // One pipeline, because futures that are joined may be polled in another order.
        let pipeline = self.line.redis().pipeline();
        let sent = self.breaker.call(async {
            for (_, dispatch) in &*held {
                match wire::write(dispatch, self.instance.as_str()) {
                    Ok(message) => pipeline.publish::<(), _, _>(SOCKETIO, message).await?,
                    // Each dispatch has its place among the results.
                    Err(error) => {
                        tracing::error!(%error, "an event cannot be told to other instances");
                        pipeline.ping::<()>(None).await?;
                    }
                }
            }
            Ok(pipeline.try_all::<Value>().await)
        });
        let sent = match sent.await {
            Ok(sent) => sent,
            Err(Down::Failed(error)) if !self.breaker.is_lost(&error) => {
                tracing::error!(%error, "events cannot be told to other instances");
                held.clear();
                return;
            }
            Err(_) => return,
        };
        let mut kept = sent.iter().map(|sent| match sent {
            Ok(_) => false,
            // What Redis dislikes it will dislike again.
            Err(error) => self.breaker.is_lost(error),
        });
        held.retain(|_| kept.next().unwrap_or_else(|| self.breaker.is_open()));
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
        if self.queue.try_send((Instant::now(), dispatch)).is_err() {
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
