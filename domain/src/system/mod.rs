//! The server itself.

use async_trait::async_trait;

use crate::shared::StoreResult;

/// The version of the reference whose clients, front end and data work here unchanged. Clients see it as the
/// server's version, because the stock front end compares it with its own.
pub const COMPATIBLE_VERSION: &str = "0.6.43";

/// Whether the database answers.
#[async_trait]
pub trait StorageHealth: Send + Sync {
    /// Asks the database for the simplest thing (`SELECT 1`).
    async fn ping(&self) -> StoreResult<()>;
}
