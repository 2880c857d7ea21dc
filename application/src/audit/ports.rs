use std::sync::Arc;

use keelson_domain::audit::AuditSink;

/// The ports of the audit log.
#[derive(Clone)]
pub struct AuditPorts {
    /// Where entries go.
    pub sink: Arc<dyn AuditSink>,
}
