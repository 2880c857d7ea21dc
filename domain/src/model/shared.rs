use async_trait::async_trait;
use serde_json::Value;

use crate::shared::StoreResult;

/// The models that may be chosen, as instances tell each other of them: what one has loaded is known to those that have
/// not, or cannot.
#[async_trait]
pub trait SharedModels: Send + Sync {
    /// Replaces all of them at once, each an id and its listing. Where others cannot be reached now it is done once they
    /// can.
    async fn replace(&self, models: &[(String, Value)]) -> StoreResult<()>;
    /// The listings, in no particular order; empty when nobody shared any, or others cannot be reached.
    async fn all(&self) -> StoreResult<Vec<Value>>;
}
