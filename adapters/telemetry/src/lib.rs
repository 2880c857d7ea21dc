//! What operators see: logs, metrics.

mod logs;
mod metrics;

pub use logs::{LogError, LogFormat, LogOptions, start_logs};
pub use metrics::{METRICS_CONTENT_TYPE, Metrics, MetricsError, Reading};
