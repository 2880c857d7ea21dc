use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use async_trait::async_trait;
use keelson_domain::shared::{StoreResult, Timestamp};
use keelson_domain::user::{UserActivity, UserId};

/// Last signs of life, kept apart from accounts. It knows the users it was told of.
#[derive(Default)]
pub struct MemoryActivity(Mutex<HashMap<UserId, Timestamp>>);

impl MemoryActivity {
    fn with<T>(&self, act: impl FnOnce(&mut HashMap<UserId, Timestamp>) -> T) -> T {
        act(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// A user exists, last seen then.
    pub fn add(&self, user: &UserId, at: Timestamp) {
        self.with(|seen| seen.insert(user.clone(), at));
    }

    /// When a user was last seen.
    pub fn last_seen(&self, user: &UserId) -> Option<Timestamp> {
        self.with(|seen| seen.get(user).copied())
    }
}

#[async_trait]
impl UserActivity for MemoryActivity {
    async fn touch(&self, user: &UserId, at: Timestamp) -> StoreResult<()> {
        self.with(|seen| {
            if let Some(last) = seen.get_mut(user) {
                *last = at.max(*last);
            }
        });
        Ok(())
    }

    async fn count_since(&self, since: Timestamp) -> StoreResult<u64> {
        Ok(self.with(|seen| seen.values().filter(|at| **at >= since).count() as u64))
    }
}
