//! A provider that streams tokens at a pace: raw HTTP/1.1, so that it costs as little as may be beside the server it feeds.

use std::time::Duration;

use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::{MissedTickBehavior, interval};

use crate::Failure;

/// What every token's text begins with.
pub(crate) const TOKEN: &str = "tok";

/// Serves until the process ends.
pub(crate) async fn serve(port: u16) -> Result<(), Failure> {
    let listener = TcpListener::bind(("127.0.0.1", port)).await?;
    loop {
        let (stream, _) = listener.accept().await?;
        stream.set_nodelay(true)?;
        tokio::spawn(async move {
            // A client that goes away ends its own connection only.
            let _ = connection(stream).await;
        });
    }
}

async fn connection(mut stream: TcpStream) -> Result<(), Failure> {
    let mut buffer = Vec::new();
    while let Some((path, body)) = request(&mut stream, &mut buffer).await? {
        if path.ends_with("/models") {
            let text = r#"{"object":"list","data":[{"id":"load","object":"model","owned_by":"load"}]}"#;
            let head = format!(
                "content-type: application/json\r\ncontent-length: {}\r\n",
                text.len()
            );
            stream
                .write_all(format!("HTTP/1.1 200 OK\r\n{head}\r\n{text}").as_bytes())
                .await?;
        } else {
            tokens(&mut stream, &body).await?;
        }
    }
    Ok(())
}

/// The next request's path and body, or nothing when the client has closed.
async fn request(stream: &mut TcpStream, buffer: &mut Vec<u8>) -> Result<Option<(String, Value)>, Failure> {
    let head_end = loop {
        if let Some(at) = find(buffer, b"\r\n\r\n") {
            break at + 4;
        }
        if stream.read_buf(buffer).await? == 0 {
            return Ok(None);
        }
    };
    let head = String::from_utf8_lossy(&buffer[..head_end]).to_ascii_lowercase();
    let length = head
        .lines()
        .find_map(|line| line.strip_prefix("content-length:"))
        .map_or(Ok(0), |value| value.trim().parse::<usize>())?;
    while buffer.len() < head_end + length {
        if stream.read_buf(buffer).await? == 0 {
            return Ok(None);
        }
    }
    let path = head.split_whitespace().nth(1).unwrap_or_default().to_owned();
    let body = serde_json::from_slice(&buffer[head_end..head_end + length]).unwrap_or_default();
    buffer.drain(..head_end + length);
    Ok(Some((path, body)))
}

/// The prompt says how many tokens at which rate: "tokens=300 rate=50". The first goes out at once.
async fn tokens(stream: &mut TcpStream, body: &Value) -> Result<(), Failure> {
    let prompt = body["messages"]
        .as_array()
        .and_then(|messages| messages.last())
        .and_then(|message| message["content"].as_str())
        .unwrap_or_default();
    let number = |name: &str, otherwise: u64| {
        prompt
            .split_whitespace()
            .find_map(|word| word.strip_prefix(name)?.strip_prefix('=')?.parse().ok())
            .unwrap_or(otherwise)
    };
    let (count, rate) = (number("tokens", 1), number("rate", 1000).max(1));
    stream
        .write_all(
            b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n",
        )
        .await?;
    let mut ticks = interval(Duration::from_secs_f64(1.0 / rate as f64));
    ticks.set_missed_tick_behavior(MissedTickBehavior::Burst);
    for nth in 0..count {
        ticks.tick().await;
        chunk(
            stream,
            &event(&format!(r#"{{"content":"{TOKEN}{nth} "}}"#), "null"),
        )
        .await?;
    }
    chunk(stream, &event("{}", r#""stop""#)).await?;
    chunk(stream, "data: [DONE]\n\n").await?;
    stream.write_all(b"0\r\n\r\n").await?;
    Ok(())
}

fn event(delta: &str, finish: &str) -> String {
    format!(
        "data: {{\"id\":\"load\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"load\",\
         \"choices\":[{{\"index\":0,\"delta\":{delta},\"finish_reason\":{finish}}}]}}\n\n"
    )
}

async fn chunk(stream: &mut TcpStream, text: &str) -> Result<(), Failure> {
    stream
        .write_all(format!("{:x}\r\n{text}\r\n", text.len()).as_bytes())
        .await?;
    Ok(())
}

/// Where a needle first stands in a haystack.
pub(crate) fn find(haystack: &[u8], needle: &[u8]) -> Option<usize> {
    haystack.windows(needle.len()).position(|window| window == needle)
}
