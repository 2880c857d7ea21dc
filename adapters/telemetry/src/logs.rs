use std::io::IsTerminal;

use tracing_subscriber::EnvFilter;
use tracing_subscriber::filter::LevelFilter;
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

/// Libraries that write at level `trace` what they receive and send: tokens, passwords, questions.
const TALKATIVE: [&str; 8] = [
    "engineioxide",
    "socketioxide",
    "hyper",
    "hyper_util",
    "h2",
    "tungstenite",
    "fred",
    "tokio_postgres",
];

/// What is logged. No level makes the talkative libraries tell secrets.
fn filter(options: &LogOptions) -> Result<EnvFilter, LogError> {
    let mut filter = EnvFilter::try_new(options.filter.as_ref().unwrap_or(&options.level))?;
    if filter.max_level_hint() == Some(LevelFilter::TRACE) {
        for library in TALKATIVE {
            filter = filter.add_directive(format!("{library}=info").parse()?);
        }
    }
    Ok(filter)
}

/// Starts writing logs to standard error, so that what commands print can be piped.
///
/// # Errors
/// When the filter is not valid, or logging was set up before.
pub fn start_logs(options: &LogOptions) -> Result<(), LogError> {
    let filter = filter(options)?;
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

#[cfg(test)]
mod tests {
    use std::io::{self, Write};
    use std::sync::{Arc, Mutex};

    use super::*;

    #[derive(Clone, Default)]
    struct Written(Arc<Mutex<Vec<u8>>>);

    impl Write for Written {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().expect("a lock").extend_from_slice(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn no_level_makes_libraries_tell_secrets() {
        for (level, filter_text, ours) in [
            ("trace", None, true),
            ("info", None, false),
            ("info", Some("trace"), true),
            ("info", Some("engineioxide=trace,keelson=trace"), true),
            ("info", Some("hyper=trace"), false),
            ("debug", Some("debug,socketioxide=trace"), false),
        ] {
            let options = LogOptions {
                level: level.to_owned(),
                filter: filter_text.map(str::to_owned),
                ..LogOptions::default()
            };
            let written = Written::default();
            let writer = written.clone();
            let lines = fmt()
                .with_env_filter(filter(&options).expect("a filter"))
                .with_writer(move || writer.clone())
                .finish();
            tracing::subscriber::with_default(lines, || {
                tracing::trace!(target: "engineioxide::transport", "packet with a-token");
                tracing::trace!(target: "socketioxide::client", "packet with a-token");
                tracing::trace!(target: "hyper::proto", "header with a-token");
                tracing::trace!(target: "keelson", "ours");
            });
            let text = String::from_utf8(written.0.lock().expect("a lock").clone()).expect("text");
            assert!(!text.contains("a-token"), "{level} {filter_text:?}: {text}");
            assert_eq!(text.contains("ours"), ours, "{level} {filter_text:?}: {text}");
        }
    }
}
