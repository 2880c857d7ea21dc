use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt;

/// How a log line looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum LogFormat {
    /// For people.
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
    /// Finer rules in the syntax of `RUST_LOG`; they count instead of the level.
    pub filter: Option<String>,
    /// Form of a line.
    pub format: LogFormat,
}

/// Logs cannot be written as asked.
#[derive(Debug, thiserror::Error)]
pub enum LogError {
    /// The rules cannot be read.
    #[error("RUST_LOG cannot be read: {0}; allowed: rules such as info,keelson_http=debug")]
    Rules(#[from] tracing_subscriber::filter::ParseError),
    /// Something else in this process logs already.
    #[error("logs are written already")]
    Started,
}

/// Starts writing logs to standard error, so that what commands print can be piped.
///
/// # Errors
/// When the rules cannot be read, or logs were started before.
pub fn start_logs(options: &LogOptions) -> Result<(), LogError> {
    let filter = match &options.filter {
        Some(rules) => EnvFilter::try_new(rules)?,
        None => EnvFilter::try_new(&options.level)?,
    };
    let lines = fmt().with_env_filter(filter).with_writer(std::io::stderr);
    let started = match options.format {
        LogFormat::Text => lines.try_init(),
        LogFormat::Json => lines.json().flatten_event(true).try_init(),
    };
    started.map_err(|_| LogError::Started)
}
