//! Dispatches between instances on the channel `socketio`. They are queued and sent by one loop, in batches. While Redis
//! is down they are held, up to a bound, and sent once it is back, so that clients of other instances catch up with
//! running answers; what is too old by then is dropped.

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

use crate::breaker::{Breaker, CallError};
use crate::keys::SOCKETIO;
use crate::monitor::{ConnectionMonitor, Restore};
use crate::wire;

/// How many dispatches may be queued: half a minute of a busy instance, some megabytes.
const QUEUE: usize = 65_536;
/// How many go out in one round trip at most.
const BATCH: usize = 256;
/// How old a dispatch may be when it is sent: a client that waits longer has read the stored state.
const MAX_AGE: Duration = Duration::from_secs(60);
/// How long held dispatches still wait once Redis is back: the others must subscribe first, and each tries at least
/// once a second.
const RESUBSCRIBE_DELAY: Duration = Duration::from_millis(1500);

/// A dispatch, and when it was queued.
type Queued = (Instant, Dispatch);

/// See the module.
pub(crate) struct RedisFanout {
    monitor: Arc<ConnectionMonitor>,
    breaker: Arc<Breaker>,
    instance: InstanceId,
    queue: mpsc::Sender<Queued>,
    queued: tokio::sync::Mutex<mpsc::Receiver<Queued>>,
    /// How many were dropped since the connection was lost.
    dropped: AtomicU64,
}

impl RedisFanout {
    pub(crate) fn new(monitor: &Arc<ConnectionMonitor>, instance: &InstanceId) -> Arc<Self> {
        let breaker = monitor.breaker("fanout");
        drop(monitor.subscribe(SOCKETIO));
        let (queue, queued) = mpsc::channel(QUEUE);
        let this = Arc::new(Self {
            monitor: monitor.clone(),
            breaker: breaker.clone(),
            instance: instance.clone(),
            queue,
            queued: tokio::sync::Mutex::new(queued),
            dropped: AtomicU64::new(0),
        });
        monitor.register(breaker, this.clone(), SOCKETIO.to_owned());
        this
    }

    fn count_dropped(&self, count: u64) {
        if count > 0 && self.dropped.fetch_add(count, Ordering::Relaxed) == 0 {
            tracing::warn!("events for other instances are dropped until Redis is reachable again");
        }
    }

    /// Sends what is queued, in order, for ever.
    pub(crate) async fn publish_queued(&self) -> Result<(), BoxError> {
        let mut queued = self.queued.lock().await;
        let (mut taken, mut held) = (Vec::with_capacity(BATCH), VecDeque::new());
        loop {
            if held.is_empty() && queued.recv_many(&mut taken, BATCH).await == 0 {
                return Err("the queue of dispatches was closed".into());
            }
            held.extend(taken.drain(..));
            if self.breaker.is_open() {
                self.breaker.wait_until_closed().await;
                tokio::time::sleep(RESUBSCRIBE_DELAY).await;
            }
            let before = held.len();
            held.retain(|(since, _): &Queued| since.elapsed() < MAX_AGE);
            self.count_dropped((before - held.len()) as u64);
            self.send_all(&mut held).await;
        }
    }

    /// Sends in order, and keeps what may not have arrived. It may then arrive twice, which the whole text at the end of
    /// an answer corrects; nothing would correct a lost end.
    async fn send_all(&self, held: &mut VecDeque<Queued>) {
        // One pipeline, because futures that are joined may be polled in another order.
        let pipeline = self.monitor.redis().pipeline();
        let sent = self.breaker.call(async {
            for (_, dispatch) in &*held {
                match wire::encode(dispatch, self.instance.as_str()) {
                    Ok(message) => pipeline.publish::<(), _, _>(SOCKETIO, message).await?,
                    // A placeholder, so that results and dispatches stay aligned.
                    Err(error) => {
                        tracing::error!(%error, "cannot encode an event for other instances");
                        pipeline.ping::<()>(None).await?;
                    }
                }
            }
            Ok(pipeline.try_all::<Value>().await)
        });
        let sent = match sent.await {
            Ok(sent) => sent,
            Err(CallError::Failed(error)) if !self.breaker.open_if_lost(&error) => {
                tracing::error!(%error, "cannot send events to other instances");
                held.clear();
                return;
            }
            Err(_) => return,
        };
        let mut kept = sent.iter().map(|sent| match sent {
            Ok(_) => false,
            // What Redis refused it would refuse again.
            Err(error) => self.breaker.open_if_lost(error),
        });
        held.retain(|_| kept.next().unwrap_or_else(|| self.breaker.is_open()));
    }
}

#[async_trait]
impl Restore for RedisFanout {
    async fn restore(&self, _redis: &Client) -> Result<(), Error> {
        let dropped = self.dropped.swap(0, Ordering::Relaxed);
        if dropped > 0 {
            tracing::info!(
                dropped,
                "events are sent to other instances again; some were dropped"
            );
        }
        Ok(())
    }
}

#[async_trait]
impl Fanout for RedisFanout {
    fn send(&self, dispatch: Dispatch) {
        if self.queue.try_send((Instant::now(), dispatch)).is_err() {
            self.count_dropped(1);
        }
    }

    async fn receive(&self) -> StoreResult<Dispatches> {
        let own = self.instance.clone();
        Ok(BroadcastStream::new(self.monitor.subscribe(SOCKETIO))
            .filter_map(move |message| {
                let dispatch = match message {
                    Ok(message) if &*message.channel == SOCKETIO => {
                        message.value.as_str().and_then(|text| wire::decode(&text, &own))
                    }
                    Ok(_) => None,
                    Err(error) => {
                        tracing::warn!(%error, "missed events of other instances: this instance is too slow");
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
