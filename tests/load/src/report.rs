//! What a run of streams showed.

use std::time::Duration;

use serde_json::{Value, json};

/// One stream, from the request on.
#[derive(Debug)]
pub(crate) struct Stream {
    /// From sending the request to the first token.
    pub(crate) first_token: Duration,
    /// Tokens that arrived.
    pub(crate) tokens: usize,
    /// Bytes that arrived.
    pub(crate) bytes: usize,
}

/// The run in one line: latencies in milliseconds.
pub(crate) fn summary(streams: &[Stream], failures: &[String], elapsed: Duration) -> Value {
    let mut first: Vec<Duration> = streams.iter().map(|stream| stream.first_token).collect();
    first.sort();
    json!({
        "streams": streams.len(),
        "failed": failures.len(),
        "failure": failures.first(),
        "tokens": streams.iter().map(|stream| stream.tokens).sum::<usize>(),
        "bytes": streams.iter().map(|stream| stream.bytes).sum::<usize>(),
        "seconds": elapsed.as_secs_f64(),
        "p50_ms": quantile(&first, 0.50),
        "p99_ms": quantile(&first, 0.99),
    })
}

fn quantile(sorted: &[Duration], share: f64) -> Option<f64> {
    let rank = (share * sorted.len() as f64).ceil() as usize;
    sorted
        .get(rank.saturating_sub(1))
        .map(|value| value.as_secs_f64() * 1e3)
}
