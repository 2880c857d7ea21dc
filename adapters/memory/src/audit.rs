//! Audit entries in process memory, for tests.

use std::sync::{Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use keelson_domain::audit::{AuditEntry, AuditSink};

/// Keeps every entry.
#[derive(Default)]
pub struct MemoryAudit(Mutex<Vec<AuditEntry>>);

impl MemoryAudit {
    fn locked(&self) -> MutexGuard<'_, Vec<AuditEntry>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What was recorded so far.
    pub fn entries(&self) -> Vec<AuditEntry> {
        self.locked().clone()
    }
}

#[async_trait]
impl AuditSink for MemoryAudit {
    fn record(&self, entry: AuditEntry) {
        self.locked().push(entry);
    }

    async fn flush(&self) {}
}

/// Discards every entry: for servers without an audit log.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoopAuditSink;

#[async_trait]
impl AuditSink for NoopAuditSink {
    fn record(&self, _entry: AuditEntry) {}

    async fn flush(&self) {}
}
