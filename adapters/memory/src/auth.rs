//! Revoked tokens and tries to sign in, in process memory.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use keelson_domain::auth::{RateLimiter, TokenRevocations};
use keelson_domain::shared::{Clock, StoreResult, Timestamp};

/// Revoked tokens of this process; forgotten once they would have ended anyway.
pub struct MemoryRevocations {
    clock: Arc<dyn Clock>,
    revoked: Mutex<HashMap<String, Option<Timestamp>>>,
}

impl MemoryRevocations {
    /// None are revoked yet.
    pub fn new(clock: Arc<dyn Clock>) -> Self {
        Self {
            clock,
            revoked: Mutex::default(),
        }
    }

    fn revoked(&self) -> MutexGuard<'_, HashMap<String, Option<Timestamp>>> {
        self.revoked.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait]
impl TokenRevocations for MemoryRevocations {
    async fn revoke(&self, token_id: &str, until: Option<Timestamp>) -> StoreResult<()> {
        let now = self.clock.now();
        let mut revoked = self.revoked();
        revoked.retain(|_, until| until.is_none_or(|until| until > now));
        revoked.insert(token_id.to_owned(), until);
        Ok(())
    }

    async fn is_revoked(&self, token_id: &str) -> StoreResult<bool> {
        Ok(self.revoked().contains_key(token_id))
    }
}

/// Tries of the last window, by key.
pub struct MemoryRateLimiter {
    tries: usize,
    window_seconds: i64,
    seen: Mutex<HashMap<String, VecDeque<Timestamp>>>,
}

impl MemoryRateLimiter {
    /// At most `tries` in any `window_seconds`.
    pub fn new(tries: usize, window_seconds: i64) -> Self {
        Self {
            tries,
            window_seconds,
            seen: Mutex::default(),
        }
    }

    /// As the reference limits sign-in: 15 tries in 180 seconds.
    pub fn for_sign_in() -> Self {
        Self::new(15, 180)
    }
}

#[async_trait]
impl RateLimiter for MemoryRateLimiter {
    async fn allow(&self, key: &str, now: Timestamp) -> StoreResult<bool> {
        let start = now.plus_seconds(-self.window_seconds);
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        // A key that was tried once and never again must not stay for ever.
        if seen.len() > 10_000 {
            seen.retain(|_, tries| tries.back().is_some_and(|last| *last > start));
        }
        let tries = seen.entry(key.to_owned()).or_default();
        while tries.front().is_some_and(|first| *first <= start) {
            tries.pop_front();
        }
        if tries.len() >= self.tries {
            return Ok(false);
        }
        tries.push_back(now);
        Ok(true)
    }
}
