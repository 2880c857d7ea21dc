use std::time::Duration;

use async_trait::async_trait;

use super::{InstanceId, StoreResult};

/// Locks that say which instance does a chore of the whole fleet. They end by themselves, so that a dead holder
/// blocks nobody for long.
#[async_trait]
pub trait Locks: Send + Sync {
    /// Takes the lock, or renews it for its holder; `false` while another instance has it. Atomic.
    async fn acquire(&self, name: &str, holder: &InstanceId, life: Duration) -> StoreResult<bool>;
    /// Gives the lock back, if `holder` has it. Atomic.
    async fn release(&self, name: &str, holder: &InstanceId) -> StoreResult<()>;
}
