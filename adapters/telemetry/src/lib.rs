//! What operators see: logs, and the audit log.

mod audit;
mod logs;

pub use audit::{AuditError, AuditFile, AuditOptions};
pub use logs::{LogError, LogFormat, LogOptions, start_logs};
