use std::sync::Arc;

use async_trait::async_trait;
use keelson_domain::auth::{RevocationLog, TokenRevocations};
use keelson_domain::shared::{StoreResult, Timestamp};

/// Revoked tokens that are kept in a log, too, so that they stay revoked over a restart.
pub struct LoggedRevocations {
    log: Arc<dyn RevocationLog>,
    record: Arc<dyn TokenRevocations>,
}

impl LoggedRevocations {
    /// Over a record, which learns what was revoked before `now`.
    ///
    /// # Errors
    /// When the log cannot be read.
    pub async fn load(
        log: Arc<dyn RevocationLog>,
        record: Arc<dyn TokenRevocations>,
        now: Timestamp,
    ) -> StoreResult<Self> {
        for (token_id, until) in log.load(now).await? {
            record.revoke(&token_id, until).await?;
        }
        Ok(Self { log, record })
    }
}

#[async_trait]
impl TokenRevocations for LoggedRevocations {
    async fn revoke(&self, token_id: &str, until: Option<Timestamp>) -> StoreResult<()> {
        self.record.revoke(token_id, until).await?;
        self.log.add(token_id, until).await
    }

    async fn is_revoked(&self, token_id: &str) -> StoreResult<bool> {
        self.record.is_revoked(token_id).await
    }
}
