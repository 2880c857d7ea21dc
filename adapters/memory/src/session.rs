//! Browser sessions in process memory; a restart ends them.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use keelson_domain::session::{SessionId, SessionStore};
use keelson_domain::shared::{Clock, StoreResult, Timestamp};
use serde_json::{Map, Value};

/// From how many sessions on expired ones are removed.
const SWEEP_AT: usize = 1024;

struct StoredSession {
    data: Map<String, Value>,
    until: Timestamp,
}

/// Sessions of this process.
pub struct MemorySessions {
    clock: Arc<dyn Clock>,
    sessions: Mutex<HashMap<SessionId, StoredSession>>,
}

impl MemorySessions {
    /// There are none yet.
    pub fn new(clock: Arc<dyn Clock>) -> Self {
        Self {
            clock,
            sessions: Mutex::default(),
        }
    }

    fn sessions(&self) -> MutexGuard<'_, HashMap<SessionId, StoredSession>> {
        self.sessions.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait]
impl SessionStore for MemorySessions {
    async fn get(&self, id: &SessionId) -> StoreResult<Option<Map<String, Value>>> {
        let now = self.clock.now();
        let sessions = self.sessions();
        let found = sessions.get(id).filter(|session| session.until > now);
        Ok(found.map(|session| session.data.clone()))
    }

    async fn put(&self, id: &SessionId, data: &Map<String, Value>, life: Duration) -> StoreResult<()> {
        let now = self.clock.now();
        // Saturates: a session that outlives the clock's range lives as long as it.
        let life = i64::try_from(life.as_nanos()).unwrap_or(i64::MAX);
        let until = Timestamp::from_nanos(now.nanos().saturating_add(life));
        let mut sessions = self.sessions();
        if sessions.len() >= SWEEP_AT {
            sessions.retain(|_, session| session.until > now);
        }
        sessions.insert(
            id.clone(),
            StoredSession {
                data: data.clone(),
                until,
            },
        );
        Ok(())
    }

    async fn delete(&self, id: &SessionId) -> StoreResult<()> {
        self.sessions().remove(id);
        Ok(())
    }
}
