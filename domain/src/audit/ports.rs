use async_trait::async_trait;

use super::AuditEntry;

/// Where audit entries are written.
#[async_trait]
pub trait AuditSink: Send + Sync {
    /// Records an entry; never waits and never fails, for no request may depend on it. A sink that cannot keep up drops
    /// entries and logs how many. Entries are written in the order in which they were recorded.
    fn record(&self, entry: AuditEntry);

    /// Waits until every entry recorded before is written.
    async fn flush(&self);
}
