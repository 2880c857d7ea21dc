//! Logs, the audit log, metrics.

mod audit;
mod logs;
mod metrics;

pub use audit::{AuditError, AuditFile, AuditOptions};
pub use logs::{LogError, LogFormat, LogOptions, start_logs};
pub use metrics::{METRICS_CONTENT_TYPE, Metrics, MetricsError, Observation};
