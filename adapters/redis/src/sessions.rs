//! Browser sessions: `{p}:session:{id}` holds JSON with a life, as the reference's. What could not be written lives
//! in the twin and moves to Redis when that is back.

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
use crate::line::{Line, Restore};
use crate::names::Names;

/// See the module.
pub(crate) struct RedisSessions {
    line: Arc<Line>,
    breaker: Arc<Breaker>,
    names: Names,
    clock: Arc<dyn Clock>,
    twin: Arc<dyn SessionStore>,
    /// What is in the twin, until when; none is a deletion that Redis does not know of.
    strays: Mutex<HashMap<SessionId, Option<Timestamp>>>,
}

impl RedisSessions {
    pub(crate) fn new(
        line: &Arc<Line>,
        names: &Names,
        clock: Arc<dyn Clock>,
        twin: Arc<dyn SessionStore>,
    ) -> Arc<Self> {
        let breaker = line.breaker("sessions");
        let this = Arc::new(Self {
            line: line.clone(),
            breaker: breaker.clone(),
            names: names.clone(),
            clock,
            twin,
            strays: Mutex::default(),
        });
        line.attach(breaker, this.clone(), names.name("session:probe"));
        this
    }

    fn key(&self, id: &SessionId) -> String {
        self.names.name(format_args!("session:{id}"))
    }

    fn strays(&self) -> MutexGuard<'_, HashMap<SessionId, Option<Timestamp>>> {
        self.strays.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn write(
        &self,
        redis: &Client,
        id: &SessionId,
        data: &Map<String, Value>,
        life: Duration,
    ) -> Result<(), Error> {
        let text = serde_json::to_string(data).unwrap_or_default();
        let life = i64::try_from(life.as_millis()).unwrap_or(i64::MAX).max(1);
        redis
            .set(self.key(id), text, Some(Expiration::PX(life)), None, false)
            .await
    }

    /// Takes one stray to Redis.
    async fn bring(&self, redis: &Client, id: &SessionId, until: Option<Timestamp>) -> Result<(), Error> {
        let now = self.clock.now();
        let Some(until) = until else {
            return redis.del::<(), _>(self.key(id)).await;
        };
        let left = u64::try_from(until.millis() - now.millis()).unwrap_or(0);
        // The twin lives in this process and does not fail.
        if left > 0
            && let Ok(Some(data)) = self.twin.get(id).await
        {
            self.write(redis, id, &data, Duration::from_millis(left)).await?;
        }
        let _ = self.twin.delete(id).await;
        Ok(())
    }
}

#[async_trait]
impl Restore for RedisSessions {
    async fn restore(&self, redis: &Client) -> Result<(), Error> {
        let strays: Vec<_> = self
            .strays()
            .iter()
            .map(|(id, until)| (id.clone(), *until))
            .collect();
        for (id, until) in strays {
            self.bring(redis, &id, until).await?;
            let mut strays = self.strays();
            if strays.get(&id) == Some(&until) {
                strays.remove(&id);
            }
        }
        Ok(())
    }

    fn owes(&self) -> bool {
        !self.strays().is_empty()
    }
}

#[async_trait]
impl SessionStore for RedisSessions {
    async fn get(&self, id: &SessionId) -> StoreResult<Option<Map<String, Value>>> {
        if self.strays().contains_key(id) {
            return self.twin.get(id).await;
        }
        let read = self.line.redis().get::<Option<String>, _>(self.key(id));
        match self.breaker.attempt(read).await {
            Some(Some(text)) => serde_json::from_str(&text)
                .map(Some)
                // The id is as secret as a token: it is not shown.
                .map_err(|error| inconsistent("session", "(secret)", &error)),
            Some(None) => Ok(None),
            None => self.twin.get(id).await,
        }
    }

    async fn put(&self, id: &SessionId, data: &Map<String, Value>, life: Duration) -> StoreResult<()> {
        let written = self
            .breaker
            .attempt(self.write(self.line.redis(), id, data, life));
        if written.await.is_some() {
            let was_stray = self.strays().remove(id).is_some();
            return if was_stray {
                self.twin.delete(id).await
            } else {
                Ok(())
            };
        }
        self.twin.put(id, data, life).await?;
        let life = i64::try_from(life.as_nanos()).unwrap_or(i64::MAX);
        let until = Timestamp::from_nanos(self.clock.now().nanos().saturating_add(life));
        self.strays().insert(id.clone(), Some(until));
        Ok(())
    }

    async fn delete(&self, id: &SessionId) -> StoreResult<()> {
        self.twin.delete(id).await?;
        let deleted = self.breaker.attempt(self.line.redis().del::<(), _>(self.key(id)));
        if deleted.await.is_some() {
            self.strays().remove(id);
        } else {
            self.strays().insert(id.clone(), None);
        }
        Ok(())
    }
}
