use async_trait::async_trait;

use super::AuditEntry;

/// Where audit entries are written.
#[async_trait]
pub trait AuditSink: Send + Sync {
    /// Takes an entry; never waits and never fails, for no request may depend on it. A sink that cannot keep up drops
    /// entries, and says in the log how many. Entries are written in the order in which they were taken.
    fn record(&self, entry: AuditEntry);

    /// Answers when all that was taken before has been written.
    async fn flush(&self);
}
