use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use keelson_domain::auth::{RevocationLog, TokenRevocations};
use keelson_domain::shared::{Clock, StoreResult, Timestamp};

/// Revoked tokens of an instance that is alone: asked in memory at every request, kept in the database over a restart.
pub struct LoggedRevocations {
    log: Arc<dyn RevocationLog>,
    clock: Arc<dyn Clock>,
    revoked: Mutex<HashMap<String, Option<Timestamp>>>,
}

impl LoggedRevocations {
    /// With what was revoked before.
    ///
    /// # Errors
    /// When the log cannot be read.
    pub async fn load(log: Arc<dyn RevocationLog>, clock: Arc<dyn Clock>) -> StoreResult<Self> {
        let revoked = log.load(clock.now()).await?.into_iter().collect();
        Ok(Self {
            log,
            clock,
            revoked: Mutex::new(revoked),
        })
    }

    fn revoked(&self) -> MutexGuard<'_, HashMap<String, Option<Timestamp>>> {
        self.revoked.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait]
impl TokenRevocations for LoggedRevocations {
    async fn revoke(&self, token_id: &str, until: Option<Timestamp>) -> StoreResult<()> {
        let now = self.clock.now();
        {
            let mut revoked = self.revoked();
            revoked.retain(|_, until| until.is_none_or(|until| until > now));
            revoked.insert(token_id.to_owned(), until);
        }
        self.log.add(token_id, until).await
    }

    async fn is_revoked(&self, token_id: &str) -> StoreResult<bool> {
        Ok(self.revoked().contains_key(token_id))
    }
}
