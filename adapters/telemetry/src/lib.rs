//! What operators see: logs.

mod logs;

pub use logs::{LogError, LogFormat, LogOptions, start_logs};
