use async_trait::async_trait;

use super::UserId;
use crate::shared::{StoreResult, Timestamp};

/// Keeps each account's last sign of life (`last_active_at`, whole seconds).
#[async_trait]
pub trait UserActivity: Send + Sync {
    /// The user was there at `at`; an earlier time than the stored one, or an unknown user, changes nothing.
    async fn touch(&self, user: &UserId, at: Timestamp) -> StoreResult<()>;
    /// How many users were there at `since` or later.
    async fn count_since(&self, since: Timestamp) -> StoreResult<u64>;
}
