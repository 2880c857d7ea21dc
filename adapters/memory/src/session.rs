//! Browser sessions in process memory; a restart ends them.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use keelson_domain::session::{SessionId, SessionStore};
use keelson_domain::shared::{Clock, StoreResult, Timestamp};
use serde_json::{Map, Value};

/// How many sessions there may be before those that are over are looked for.
const SWEEP_ABOVE: usize = 1024;

struct Kept {
    data: Map<String, Value>,
    until: Timestamp,
}

/// Sessions of this process.
pub struct MemorySessions {
    clock: Arc<dyn Clock>,
    kept: Mutex<HashMap<SessionId, Kept>>,
}

impl MemorySessions {
    /// There are none yet.
    pub fn new(clock: Arc<dyn Clock>) -> Self {
        Self {
            clock,
            kept: Mutex::default(),
        }
    }

    fn kept(&self) -> MutexGuard<'_, HashMap<SessionId, Kept>> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait]
impl SessionStore for MemorySessions {
    async fn get(&self, id: &SessionId) -> StoreResult<Option<Map<String, Value>>> {
        let now = self.clock.now();
        let kept = self.kept();
        let found = kept.get(id).filter(|kept| kept.until > now);
        Ok(found.map(|kept| kept.data.clone()))
    }

    async fn put(&self, id: &SessionId, data: &Map<String, Value>, life: Duration) -> StoreResult<()> {
        let now = self.clock.now();
        // A life beyond the end of time ends with it.
        let life = i64::try_from(life.as_nanos()).unwrap_or(i64::MAX);
        let until = Timestamp::from_nanos(now.nanos().saturating_add(life));
        let mut kept = self.kept();
        if kept.len() >= SWEEP_ABOVE {
            kept.retain(|_, kept| kept.until > now);
        }
        kept.insert(
            id.clone(),
            Kept {
                data: data.clone(),
                until,
            },
        );
        Ok(())
    }

    async fn delete(&self, id: &SessionId) -> StoreResult<()> {
        self.kept().remove(id);
        Ok(())
    }
}
