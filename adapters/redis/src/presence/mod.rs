//! Who is connected: `{p}:session_pool`, socket -> user JSON, as the reference writes it, cached in this process so that
//! no reader waits for Redis. This instance's connections enter the cache first (`write.rs` brings them to Redis); those
//! of other Keelson instances arrive on the channel `{p}:keelson:connections`, and those of the reference are found by a
//! scan every half minute (`follow.rs`).

mod cache;
mod follow;
mod usage;
mod user;
mod write;

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use fred::error::Error;
use fred::prelude::*;
use fred::types::Message;
use futures_util::future::try_join_all;
use keelson_domain::realtime::{Presence, SocketId};
use keelson_domain::shared::{Clock, StoreResult};
use keelson_domain::user::{User, UserId};
use serde::{Deserialize, Serialize};
use tokio::sync::broadcast::Receiver;
use tokio::sync::mpsc;

use crate::breaker::Breaker;
use crate::keys::Keys;
use crate::lease::Lease;
use crate::monitor::{ConnectionMonitor, Restore};
use cache::PresenceCache;
use write::PresenceWrite;

pub(crate) use usage::remove_expired as remove_expired_usage;

/// How many writes may be queued; when there are more, the pool is restored as after an outage.
const QUEUE: usize = 8192;
/// How many commands go out in one round trip at most.
const BATCH: usize = 256;

/// A message on the channel between instances; no user means that the connection closed.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct PresenceChange {
    pub(crate) instance: String,
    pub(crate) socket: SocketId,
    pub(crate) user: Option<UserId>,
}

/// See the module.
pub(crate) struct RedisPresence {
    monitor: Arc<ConnectionMonitor>,
    lease: Arc<Lease>,
    breaker: Arc<Breaker>,
    keys: Keys,
    clock: Arc<dyn Clock>,
    cache: Mutex<PresenceCache>,
    queue: mpsc::Sender<PresenceWrite>,
    queued: tokio::sync::Mutex<mpsc::Receiver<PresenceWrite>>,
    changes: tokio::sync::Mutex<Receiver<Message>>,
    has_pending: AtomicBool,
}

impl RedisPresence {
    pub(crate) fn new(
        monitor: &Arc<ConnectionMonitor>,
        lease: &Arc<Lease>,
        keys: &Keys,
        clock: Arc<dyn Clock>,
    ) -> Arc<Self> {
        let breaker = monitor.breaker("presence");
        let changes = monitor.subscribe(&keys.connections());
        let (queue, queued) = mpsc::channel(QUEUE);
        let this = Arc::new(Self {
            monitor: monitor.clone(),
            lease: lease.clone(),
            breaker: breaker.clone(),
            keys: keys.clone(),
            clock,
            cache: Mutex::default(),
            queue,
            queued: tokio::sync::Mutex::new(queued),
            changes: tokio::sync::Mutex::new(changes),
            has_pending: AtomicBool::new(false),
        });
        monitor.register(breaker, this.clone(), keys.session_pool());
        this
    }

    fn cache(&self) -> MutexGuard<'_, PresenceCache> {
        self.cache.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn instance(&self) -> &str {
        self.lease.instance().as_str()
    }
}

#[async_trait]
impl Restore for RedisPresence {
    async fn restore(&self, redis: &Client) -> Result<(), Error> {
        self.has_pending.store(false, Ordering::SeqCst);
        let own = self.cache().own_entries();
        let written: Vec<String> = redis.smembers(self.keys.connections_of(self.instance())).await?;
        let closed: Vec<SocketId> = {
            let cache = self.cache();
            let written = written.into_iter().map(SocketId::from);
            written.filter(|socket| !cache.is_own(socket)).collect()
        };
        let exits = closed
            .into_iter()
            .map(|socket| self.apply(redis, PresenceWrite::Exit(socket)));
        try_join_all(exits).await?;
        for own in own.chunks(BATCH) {
            let writes = own
                .iter()
                .map(|(socket, user, text)| self.write_entry(redis, socket.clone(), user.clone(), text));
            try_join_all(writes).await?;
        }
        self.scan(redis).await
    }

    fn has_pending(&self) -> bool {
        self.has_pending.load(Ordering::SeqCst)
    }
}

#[async_trait]
impl Presence for RedisPresence {
    async fn enter(&self, socket: &SocketId, user: &User) -> StoreResult<()> {
        let text: Arc<str> = user::to_json(user).into();
        self.cache().enter(socket.clone(), user.id.clone(), text.clone());
        self.enqueue(PresenceWrite::Enter(socket.clone(), user.id.clone(), text));
        Ok(())
    }

    async fn exit(&self, socket: &SocketId) -> StoreResult<()> {
        let was_own = self.cache().exit(socket);
        if was_own {
            self.enqueue(PresenceWrite::Exit(socket.clone()));
        }
        Ok(())
    }

    async fn user_of(&self, socket: &SocketId) -> StoreResult<Option<UserId>> {
        Ok(self.cache().user_of(socket))
    }

    async fn sockets_of(&self, user: &UserId) -> StoreResult<Vec<SocketId>> {
        Ok(self.cache().sockets_of(user))
    }

    async fn use_model(&self, socket: &SocketId, model: &str) -> StoreResult<()> {
        let now = self.clock.now();
        if self.cache().own.use_model(socket, model, now) {
            self.enqueue(PresenceWrite::UseModel(socket.clone(), model.to_owned()));
        }
        Ok(())
    }

    async fn models_in_use(&self) -> StoreResult<Vec<String>> {
        let now = self.clock.now();
        let own = self.cache().own.models_in_use(now);
        let pool = usage::models_in_use(self.monitor.redis(), self.keys.usage_pool(), now.seconds());
        let mut models = self.breaker.attempt(pool).await.unwrap_or_default();
        models.extend(own);
        Ok(models.into_iter().collect())
    }
}
