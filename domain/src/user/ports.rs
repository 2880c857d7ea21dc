use async_trait::async_trait;

use super::{User, UserId};
use crate::shared::StoreResult;

/// Keeps accounts.
#[async_trait]
pub trait UserRepository: Send + Sync {
    /// One account.
    async fn find(&self, id: &UserId) -> StoreResult<Option<User>>;
}
