//! Load for `make bench`, driven by `tests/load/bench.py`; everything stays on the loopback.
//!
//! - `keelson-load upstream PORT`: an OpenAI-style provider; `tokens` and `rate` in the request's body set the pace.
//! - `keelson-load direct PORT STREAMS TOKENS RATE SECONDS TOKEN`: streams over plain HTTP, as an API client reads them.
//! - `keelson-load socket PORT TOKENS RATE SECONDS`: streams as the front end reads them; who asks in which chat comes
//!   as JSON on standard input.
//!
//! The clients start one after another over SECONDS, and print one line of JSON.

mod direct;
mod report;
mod socket;
mod upstream;

use std::io::Write;

/// Whatever stops a run; it ends the process with its text.
type Failure = Box<dyn std::error::Error + Send + Sync>;

#[tokio::main]
async fn main() -> Result<(), Failure> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let line = match words.as_slice() {
        ["upstream", port] => return upstream::serve(port.parse()?).await,
        ["direct", port, streams, tokens, rate, seconds, token] => {
            let pace = Pace::parse(port, tokens, rate, seconds)?;
            direct::run(&pace, streams.parse()?, token).await?
        }
        ["socket", port, tokens, rate, seconds] => {
            let people = std::io::read_to_string(std::io::stdin())?;
            let pace = Pace::parse(port, tokens, rate, seconds)?;
            socket::run(&pace, serde_json::from_str(&people)?).await?
        }
        _ => return Err("one of: upstream, direct, socket; see tests/load/src/main.rs".into()),
    };
    writeln!(std::io::stdout(), "{line}")?;
    Ok(())
}

/// What a run of streams looks like.
#[derive(Debug, Clone, Copy)]
struct Pace {
    /// Where the server under test listens.
    port: u16,
    /// Tokens of a stream.
    tokens: usize,
    /// Tokens a second of a stream.
    rate: usize,
    /// Seconds over which the streams start.
    ramp: f64,
}

impl Pace {
    fn parse(port: &str, tokens: &str, rate: &str, ramp: &str) -> Result<Self, Failure> {
        Ok(Self {
            port: port.parse()?,
            tokens: tokens.parse()?,
            rate: rate.parse()?,
            ramp: ramp.parse()?,
        })
    }

    /// When the n-th of so many streams starts, after the run's beginning.
    fn start_of(&self, nth: usize, of: usize) -> std::time::Duration {
        std::time::Duration::from_secs_f64(self.ramp * nth as f64 / of.max(1) as f64)
    }
}
