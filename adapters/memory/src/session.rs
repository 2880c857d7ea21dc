//! Browser sessions in process memory.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use keelson_domain::session::{SessionId, SessionStore};
use keelson_domain::shared::{Clock, StoreResult, Timestamp};
use serde_json::{Map, Value};

/// More sessions than this are looked through for those that ended.
const SWEEP_AT: usize = 1024;

/// Until when, and what.
type Sessions = HashMap<SessionId, (Timestamp, Map<String, Value>)>;

/// The sessions of this process; each ends with its life.
pub struct MemorySessions {
    clock: Arc<dyn Clock>,
    sessions: Mutex<Sessions>,
}

impl MemorySessions {
    /// There are none yet.
    pub fn new(clock: Arc<dyn Clock>) -> Self {
        Self {
            clock,
            sessions: Mutex::default(),
        }
    }

    fn sessions(&self) -> MutexGuard<'_, Sessions> {
        self.sessions.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait]
impl SessionStore for MemorySessions {
    async fn get(&self, id: &SessionId) -> StoreResult<Option<Map<String, Value>>> {
        let now = self.clock.now();
        let sessions = self.sessions();
        let living = sessions.get(id).filter(|(until, _)| *until > now);
        Ok(living.map(|(_, data)| data.clone()))
    }

    async fn put(&self, id: &SessionId, data: &Map<String, Value>, life: Duration) -> StoreResult<()> {
        let now = self.clock.now();
        let life = i64::try_from(life.as_nanos()).unwrap_or(i64::MAX);
        let until = Timestamp::from_nanos(now.nanos().saturating_add(life));
        let mut sessions = self.sessions();
        if sessions.len() >= SWEEP_AT {
            sessions.retain(|_, (until, _)| *until > now);
        }
        sessions.insert(id.clone(), (until, data.clone()));
        Ok(())
    }

    async fn delete(&self, id: &SessionId) -> StoreResult<()> {
        self.sessions().remove(id);
        Ok(())
    }
}
