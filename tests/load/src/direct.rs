//! Streams as an API client reads them: one POST each, server-sent events back.

use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::report::{Stream, summary};
use crate::upstream::{TOKEN, find};
use crate::{Failure, Pace};

/// Runs so many streams and sums them up.
pub(crate) async fn run(pace: &Pace, streams: usize, token: &str) -> Result<Value, Failure> {
    let begun = Instant::now();
    let running: Vec<_> = (0..streams)
        .map(|nth| tokio::spawn(one(*pace, pace.start_of(nth, streams), token.to_owned())))
        .collect();
    let (mut done, mut failures) = (Vec::new(), Vec::new());
    for stream in running {
        match stream.await? {
            Ok(stream) => done.push(stream),
            Err(failure) => failures.push(failure.to_string()),
        }
    }
    Ok(summary(&done, &failures, begun.elapsed()))
}

async fn one(pace: Pace, after: Duration, token: String) -> Result<Stream, Failure> {
    tokio::time::sleep(after).await;
    let prompt = format!("tokens={} rate={}", pace.tokens, pace.rate);
    let body = json!({"model": "load", "stream": true, "messages": [{"role": "user", "content": prompt}]});
    let asked = Instant::now();
    let mut stream = post(pace.port, "/api/chat/completions", &token, &body).await?;
    let (mut seen, mut carried, mut tokens, mut bytes) = (None, Vec::new(), 0, 0);
    while stream.read_buf(&mut carried).await? > 0 {
        while let Some(at) = find(&carried, TOKEN.as_bytes()) {
            tokens += 1;
            seen.get_or_insert_with(|| asked.elapsed());
            bytes += at + TOKEN.len();
            carried.drain(..at + TOKEN.len());
        }
        if find(&carried, b"[DONE]").is_some() {
            break;
        }
    }
    let first_token = seen.ok_or_else(|| {
        let head: String = String::from_utf8_lossy(&carried).chars().take(300).collect();
        format!("no token came: {head}")
    })?;
    if tokens != pace.tokens {
        return Err(format!("{tokens} tokens came, not {}", pace.tokens).into());
    }
    Ok(Stream {
        first_token,
        tokens,
        bytes,
    })
}

/// Sends a JSON body; the answer is left to be read.
pub(crate) async fn post(port: u16, path: &str, token: &str, body: &Value) -> Result<TcpStream, Failure> {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).await?;
    stream.set_nodelay(true)?;
    let body = body.to_string();
    let head = format!(
        "POST {path} HTTP/1.1\r\nhost: 127.0.0.1:{port}\r\nauthorization: Bearer {token}\r\n\
         content-type: application/json\r\ncontent-length: {}\r\nconnection: close\r\n\r\n",
        body.len()
    );
    stream.write_all((head + &body).as_bytes()).await?;
    Ok(stream)
}
