//! Keeps the cache of other instances' connections up to date: from the channel between Keelson instances, and by
//! scanning the pool for what is not published there.

use std::collections::HashMap;
use std::sync::atomic::Ordering;
use std::time::Duration;

use fred::error::Error;
use fred::prelude::*;
use fred::types::Message;
use keelson_domain::realtime::SocketId;
use keelson_domain::shared::BoxError;
use keelson_domain::user::UserId;
use tokio::sync::broadcast::error::RecvError;

use super::{BATCH, PresenceChange, RedisPresence, user};

/// How often the pool is scanned for connections of the reference, which publishes none.
const SCAN_INTERVAL: Duration = Duration::from_secs(30);

impl RedisPresence {
    /// Follows what other instances publish, and scans the pool now and then, for ever.
    pub(crate) async fn follow(&self) -> Result<(), BoxError> {
        let mut changes = self.changes.lock().await;
        let channel = self.keys.connections();
        let mut scan = tokio::time::interval(SCAN_INTERVAL);
        scan.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        loop {
            tokio::select! {
                message = changes.recv() => match message {
                    Ok(message) if *message.channel == *channel => self.apply_change(&message),
                    Ok(_) => {}
                    Err(RecvError::Lagged(_)) => self.has_pending.store(true, Ordering::SeqCst),
                    Err(RecvError::Closed) => {
                        return self.monitor.fail_closed_channel("the channel of presence changes was closed").await;
                    }
                },
                _ = scan.tick() => {
                    self.breaker.attempt(self.scan(self.monitor.redis())).await;
                }
            }
        }
    }

    fn apply_change(&self, message: &Message) {
        let text = message.value.as_str();
        match text.as_deref().map(serde_json::from_str::<PresenceChange>) {
            Some(Ok(change)) if change.instance == self.instance() => {}
            Some(Ok(change)) => self.cache().apply(change.socket, change.user),
            _ => tracing::debug!("ignored an unreadable presence change of another instance"),
        }
    }

    /// Brings the cache of others' connections in line with the pool: reads all socket ids, and the users of those that
    /// are not known yet.
    pub(super) async fn scan(&self, redis: &Client) -> Result<(), Error> {
        self.cache().begin_scan();
        match self.read_pool(redis).await {
            Ok(found) => {
                self.cache().finish_scan(Some(found));
                Ok(())
            }
            Err(error) => {
                self.cache().finish_scan(None);
                Err(error)
            }
        }
    }

    async fn read_pool(&self, redis: &Client) -> Result<HashMap<SocketId, UserId>, Error> {
        let ids: Vec<String> = redis.hkeys(self.keys.session_pool()).await?;
        let (mut found, mut unknown) = (HashMap::new(), Vec::new());
        {
            let cache = self.cache();
            for id in ids.into_iter().map(SocketId::from) {
                if cache.is_own(&id) {
                    continue;
                }
                match cache.others.user_of(&id) {
                    Some(user) => {
                        found.insert(id, user);
                    }
                    None => unknown.push(id.into_string()),
                }
            }
        }
        for ids in unknown.chunks(BATCH) {
            let users: Vec<Option<String>> = redis.hmget(self.keys.session_pool(), ids.to_vec()).await?;
            for (id, text) in ids.iter().zip(users) {
                if let Some(user) = text.as_deref().and_then(user::id_from_json) {
                    found.insert(SocketId::from(id.as_str()), user);
                }
            }
        }
        Ok(found)
    }
}
