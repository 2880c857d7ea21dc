use std::io::IsTerminal;

use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt;

/// The format of log lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum LogFormat {
    /// Text for people.
    #[default]
    Text,
    /// One JSON object a line.
    Json,
}

/// What is logged, and how.
#[derive(Debug, Clone, Default)]
pub struct LogOptions {
    /// The least level: `error`, `warn`, `info`, `debug`, `trace` (`GLOBAL_LOG_LEVEL`).
    pub level: String,
    /// Directives in the syntax of `RUST_LOG`; they count instead of the level.
    pub filter: Option<String>,
    /// Format of a line.
    pub format: LogFormat,
}

/// Logging cannot be set up.
#[derive(Debug, thiserror::Error)]
pub enum LogError {
    /// The filter is not valid.
    #[error("RUST_LOG is not valid: {0}; allowed: directives such as info,keelson_http=debug")]
    Filter(#[from] tracing_subscriber::filter::ParseError),
    /// Logging was set up before.
    #[error("logging is already set up")]
    AlreadyStarted,
}

/// Starts writing logs to standard error, so that what commands print can be piped.
///
/// # Errors
/// When the filter is not valid, or logging was set up before.
pub fn start_logs(options: &LogOptions) -> Result<(), LogError> {
    let filter = match &options.filter {
        Some(directives) => EnvFilter::try_new(directives)?,
        None => EnvFilter::try_new(&options.level)?,
    };
    // Files and collectors get plain text; https://no-color.org/ for people who want it too.
    let has_colours =
        std::io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty());
    let lines = fmt()
        .with_env_filter(filter)
        .with_ansi(has_colours)
        .with_writer(std::io::stderr);
    let started = match options.format {
        LogFormat::Text => lines.try_init(),
        LogFormat::Json => lines.json().flatten_event(true).try_init(),
    };
    started.map_err(|_| LogError::AlreadyStarted)
}
