//! Browser sessions: `{p}:session:{id}` holds JSON with an expiry, as the reference's. What could not be written is kept
//! in `local` and moves to Redis once that is back.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use fred::error::Error;
use fred::prelude::*;
use keelson_domain::session::{SessionId, SessionStore};
use keelson_domain::shared::{Clock, StoreResult, Timestamp};
use serde_json::{Map, Value};

use crate::breaker::Breaker;
use crate::error::inconsistent;
use crate::keys::Keys;
use crate::monitor::{ConnectionMonitor, Restore};

/// See the module.
pub(crate) struct RedisSessions {
    monitor: Arc<ConnectionMonitor>,
    breaker: Arc<Breaker>,
    keys: Keys,
    clock: Arc<dyn Clock>,
    local: Arc<dyn SessionStore>,
    /// What is in `local` and until when; none is a deletion that Redis does not know of.
    unsynced: Mutex<HashMap<SessionId, Option<Timestamp>>>,
}

impl RedisSessions {
    pub(crate) fn new(
        monitor: &Arc<ConnectionMonitor>,
        keys: &Keys,
        clock: Arc<dyn Clock>,
        local: Arc<dyn SessionStore>,
    ) -> Arc<Self> {
        let breaker = monitor.breaker("sessions");
        let this = Arc::new(Self {
            monitor: monitor.clone(),
            breaker: breaker.clone(),
            keys: keys.clone(),
            clock,
            local,
            unsynced: Mutex::default(),
        });
        monitor.register(breaker, this.clone(), keys.key("session:probe"));
        this
    }

    fn key(&self, id: &SessionId) -> String {
        self.keys.key(format_args!("session:{id}"))
    }

    fn unsynced(&self) -> MutexGuard<'_, HashMap<SessionId, Option<Timestamp>>> {
        self.unsynced.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn write(
        &self,
        redis: &Client,
        id: &SessionId,
        data: &Map<String, Value>,
        ttl: Duration,
    ) -> Result<(), Error> {
        let text = serde_json::to_string(data).unwrap_or_default();
        let ttl = i64::try_from(ttl.as_millis()).unwrap_or(i64::MAX).max(1);
        redis
            .set(self.key(id), text, Some(Expiration::PX(ttl)), None, false)
            .await
    }

    /// Moves one session to Redis.
    async fn sync(&self, redis: &Client, id: &SessionId, until: Option<Timestamp>) -> Result<(), Error> {
        let now = self.clock.now();
        let Some(until) = until else {
            return redis.del::<(), _>(self.key(id)).await;
        };
        let left = u64::try_from(until.millis() - now.millis()).unwrap_or(0);
        // `local` is this process's memory and does not fail.
        if left > 0
            && let Ok(Some(data)) = self.local.get(id).await
        {
            self.write(redis, id, &data, Duration::from_millis(left)).await?;
        }
        let _ = self.local.delete(id).await;
        Ok(())
    }
}

#[async_trait]
impl Restore for RedisSessions {
    async fn restore(&self, redis: &Client) -> Result<(), Error> {
        let unsynced: Vec<_> = self
            .unsynced()
            .iter()
            .map(|(id, until)| (id.clone(), *until))
            .collect();
        for (id, until) in unsynced {
            self.sync(redis, &id, until).await?;
            let mut unsynced = self.unsynced();
            if unsynced.get(&id) == Some(&until) {
                unsynced.remove(&id);
            }
        }
        Ok(())
    }

    fn has_pending(&self) -> bool {
        !self.unsynced().is_empty()
    }
}

#[async_trait]
impl SessionStore for RedisSessions {
    async fn get(&self, id: &SessionId) -> StoreResult<Option<Map<String, Value>>> {
        if self.unsynced().contains_key(id) {
            return self.local.get(id).await;
        }
        let read = self.monitor.redis().get::<Option<String>, _>(self.key(id));
        match self.breaker.attempt(read).await {
            Some(Some(text)) => serde_json::from_str(&text)
                .map(Some)
                // The id is as secret as a token: it is not shown.
                .map_err(|error| inconsistent("session", "(secret)", &error)),
            Some(None) => Ok(None),
            None => self.local.get(id).await,
        }
    }

    async fn put(&self, id: &SessionId, data: &Map<String, Value>, life: Duration) -> StoreResult<()> {
        let written = self
            .breaker
            .attempt(self.write(self.monitor.redis(), id, data, life));
        if written.await.is_some() {
            let was_unsynced = self.unsynced().remove(id).is_some();
            return if was_unsynced {
                self.local.delete(id).await
            } else {
                Ok(())
            };
        }
        self.local.put(id, data, life).await?;
        let life = i64::try_from(life.as_nanos()).unwrap_or(i64::MAX);
        let until = Timestamp::from_nanos(self.clock.now().nanos().saturating_add(life));
        self.unsynced().insert(id.clone(), Some(until));
        Ok(())
    }

    async fn delete(&self, id: &SessionId) -> StoreResult<()> {
        self.local.delete(id).await?;
        let deleted = self
            .breaker
            .attempt(self.monitor.redis().del::<(), _>(self.key(id)));
        if deleted.await.is_some() {
            self.unsynced().remove(id);
        } else {
            self.unsynced().insert(id.clone(), None);
        }
        Ok(())
    }
}
