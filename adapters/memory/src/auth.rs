//! Revoked tokens and the rate limit of sign-in, in process memory.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use keelson_domain::auth::{RateLimiter, TokenRevocations};
use keelson_domain::shared::{Clock, StoreResult, Timestamp};

/// Revoked tokens of this process; forgotten once they would have expired anyway.
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

/// A sliding-window rate limiter. No crate is used: `governor` spreads attempts evenly (GCRA) and reads its own clock,
/// while the reference counts attempts in a window, at a time that the caller gives.
pub struct MemoryRateLimiter {
    max_attempts: usize,
    window_seconds: i64,
    attempts: Mutex<HashMap<String, VecDeque<Timestamp>>>,
}

impl MemoryRateLimiter {
    /// At most `max_attempts` in any `window_seconds`.
    pub fn new(max_attempts: usize, window_seconds: i64) -> Self {
        Self {
            max_attempts,
            window_seconds,
            attempts: Mutex::default(),
        }
    }

    /// As the reference limits sign-in: 15 attempts in 180 seconds.
    pub fn for_sign_in() -> Self {
        Self::new(15, 180)
    }
}

#[async_trait]
impl RateLimiter for MemoryRateLimiter {
    async fn allow(&self, key: &str, now: Timestamp) -> StoreResult<bool> {
        let start = now.plus_seconds(-self.window_seconds);
        let mut by_key = self.attempts.lock().unwrap_or_else(PoisonError::into_inner);
        // A key that is never used again must not stay for ever.
        if by_key.len() > 10_000 {
            by_key.retain(|_, attempts| attempts.back().is_some_and(|last| *last > start));
        }
        let attempts = by_key.entry(key.to_owned()).or_default();
        while attempts.front().is_some_and(|first| *first <= start) {
            attempts.pop_front();
        }
        if attempts.len() >= self.max_attempts {
            return Ok(false);
        }
        attempts.push_back(now);
        Ok(true)
    }
}
