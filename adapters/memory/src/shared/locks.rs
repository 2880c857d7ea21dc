use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use keelson_domain::shared::{Clock, InstanceId, Locks, StoreResult, Timestamp};

/// Locks within this process; with one instance that is everywhere.
pub struct MemoryLocks {
    clock: Arc<dyn Clock>,
    held: Mutex<HashMap<String, (InstanceId, Timestamp)>>,
}

impl MemoryLocks {
    /// None is held yet.
    pub fn new(clock: Arc<dyn Clock>) -> Self {
        Self {
            clock,
            held: Mutex::default(),
        }
    }
}

#[async_trait]
impl Locks for MemoryLocks {
    async fn acquire(&self, name: &str, holder: &InstanceId, life: Duration) -> StoreResult<bool> {
        let now = self.clock.now();
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        if held
            .get(name)
            .is_some_and(|(other, until)| other != holder && *until > now)
        {
            return Ok(false);
        }
        let life = i64::try_from(life.as_nanos()).unwrap_or(i64::MAX);
        let until = Timestamp::from_nanos(now.nanos().saturating_add(life));
        held.insert(name.to_owned(), (holder.clone(), until));
        Ok(true)
    }

    async fn release(&self, name: &str, holder: &InstanceId) -> StoreResult<()> {
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        if held.get(name).is_some_and(|(other, _)| other == holder) {
            held.remove(name);
        }
        Ok(())
    }
}
