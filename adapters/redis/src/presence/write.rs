//! Brings this instance's connections to Redis, in order and in batches, without making a caller wait.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use fred::error::Error;
use fred::prelude::*;
use futures_util::future::try_join_all;
use keelson_domain::realtime::SocketId;
use keelson_domain::shared::BoxError;
use keelson_domain::user::UserId;

use super::{BATCH, PresenceChange, RedisPresence, usage};

/// A queued write.
pub(super) enum PresenceWrite {
    /// A connection opened, with the pool's JSON of its user.
    Enter(SocketId, UserId, Arc<str>),
    /// A connection closed.
    Exit(SocketId),
    /// A connection uses a model.
    UseModel(SocketId, String),
}

impl RedisPresence {
    /// Queues a write. Does not wait; what cannot be queued is made up for when the pool is restored.
    pub(super) fn enqueue(&self, write: PresenceWrite) {
        let must_arrive = !matches!(write, PresenceWrite::UseModel(..));
        if (self.breaker.is_open() || self.queue.try_send(write).is_err()) && must_arrive {
            self.has_pending.store(true, Ordering::SeqCst);
        }
    }

    /// Writes what is queued, in order, for ever.
    pub(crate) async fn write_queued(&self) -> Result<(), BoxError> {
        let mut queued = self.queued.lock().await;
        let mut batch = Vec::with_capacity(BATCH);
        while queued.recv_many(&mut batch, BATCH).await > 0 {
            let redis = self.monitor.redis();
            // Polled in order, so sent in order over the one connection to each server.
            let writes = try_join_all(batch.drain(..).map(|write| self.apply(redis, write)));
            if self.breaker.attempt(writes).await.is_none() {
                self.has_pending.store(true, Ordering::SeqCst);
            }
        }
        Err("the queue of presence writes was closed".into())
    }

    pub(super) async fn apply(&self, redis: &Client, write: PresenceWrite) -> Result<(), Error> {
        match write {
            PresenceWrite::Enter(socket, user, text) => self.write_entry(redis, socket, user, &text).await,
            PresenceWrite::Exit(socket) => {
                let change = self.change(socket.clone(), None);
                let connections = self.keys.connections_of(self.instance());
                tokio::try_join!(
                    redis.hdel::<i64, _, _>(self.keys.session_pool(), socket.as_str()),
                    redis.srem::<i64, _, _>(connections, socket.as_str()),
                    redis.publish::<i64, _, _>(self.keys.connections(), change),
                )
                .map(drop)
            }
            PresenceWrite::UseModel(socket, model) => {
                let now = self.clock.now().seconds();
                usage::record(redis, self.keys.usage_pool(), &model, socket.as_str(), now).await
            }
        }
    }

    pub(super) async fn write_entry(
        &self,
        redis: &Client,
        socket: SocketId,
        user: UserId,
        text: &str,
    ) -> Result<(), Error> {
        let change = self.change(socket.clone(), Some(user));
        let connections = self.keys.connections_of(self.instance());
        tokio::try_join!(
            redis.sadd::<i64, _, _>(connections, socket.as_str()),
            redis.hset::<i64, _, _>(self.keys.session_pool(), (socket.as_str(), text)),
            redis.publish::<i64, _, _>(self.keys.connections(), change),
        )
        .map(drop)
    }

    fn change(&self, socket: SocketId, user: Option<UserId>) -> String {
        let instance = self.instance().to_owned();
        let change = PresenceChange {
            instance,
            socket,
            user,
        };
        serde_json::to_string(&change).unwrap_or_default()
    }

    /// Removes this instance's connections, also those whose end was not written yet.
    pub(crate) async fn close(&self) {
        let redis = self.monitor.redis();
        let removed = async {
            let sockets: Vec<String> = redis.smembers(self.keys.connections_of(self.instance())).await?;
            for sockets in sockets.chunks(BATCH) {
                let exits = sockets
                    .iter()
                    .map(|socket| self.apply(redis, PresenceWrite::Exit(socket.as_str().into())));
                try_join_all(exits).await?;
            }
            Ok(())
        };
        self.breaker.attempt(removed).await;
    }
}
