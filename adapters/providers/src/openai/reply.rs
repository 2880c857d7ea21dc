//! What a provider answers, as the core knows it.

use std::time::Duration;

use bytes::Bytes;
use futures_util::{StreamExt, stream};
use keelson_domain::model::{ByteStream, ProviderError, ProviderReply};
use reqwest::Response;
use serde_json::Value;

/// The longest error document that is read, in bytes.
const LONGEST_ERROR: usize = 64 * 1024;

pub(super) fn unreachable(error: reqwest::Error) -> ProviderError {
    // The address may hold a key.
    let error = error.without_url();
    if error.is_timeout() {
        ProviderError::TimedOut { phase: "connect" }
    } else {
        ProviderError::Unreachable(Box::new(error))
    }
}

fn broken(error: reqwest::Error) -> ProviderError {
    ProviderError::Broken(Box::new(error.without_url()))
}

/// A success as it is, anything else as an error with the provider's document.
pub(super) async fn checked(response: Response, idle: Duration) -> Result<Response, ProviderError> {
    let status = response.status().as_u16();
    if status < 400 {
        return Ok(response);
    }
    let mut text = Vec::new();
    let mut chunks = response.bytes_stream();
    while let Ok(Some(Ok(chunk))) = tokio::time::timeout(idle, chunks.next()).await {
        text.extend_from_slice(&chunk);
        if text.len() > LONGEST_ERROR {
            break;
        }
    }
    let body = serde_json::from_slice(&text)
        .unwrap_or_else(|_| Value::String(String::from_utf8_lossy(&text).into_owned()));
    Err(ProviderError::Refused { status, body })
}

/// A JSON document.
pub(super) async fn json(response: Response, idle: Duration) -> Result<Value, ProviderError> {
    let bytes = whole(response, idle).await?;
    serde_json::from_slice(&bytes).map_err(|error| ProviderError::Unreadable(error.to_string()))
}

async fn whole(response: Response, idle: Duration) -> Result<Bytes, ProviderError> {
    tokio::time::timeout(idle, response.bytes())
        .await
        .map_err(|_| ProviderError::TimedOut { phase: "idle" })?
        .map_err(broken)
}

/// JSON as a document, anything else as a stream.
pub(super) async fn of(response: Response, idle: Duration) -> Result<ProviderReply, ProviderError> {
    let status = response.status().as_u16();
    let content_type = response
        .headers()
        .get("content-type")
        .and_then(|value| value.to_str().ok())
        .unwrap_or("application/octet-stream")
        .to_owned();
    if content_type.starts_with("application/json") {
        return Ok(ProviderReply::Json {
            status,
            body: json(response, idle).await?,
        });
    }
    Ok(ProviderReply::Stream {
        status,
        content_type,
        body: watched(response, idle),
    })
}

/// The bytes as they come; silence ends them with an error.
fn watched(response: Response, idle: Duration) -> ByteStream {
    let chunks = Box::pin(response.bytes_stream());
    Box::pin(stream::unfold(Some(chunks), move |chunks| async move {
        let mut chunks = chunks?;
        match tokio::time::timeout(idle, chunks.next()).await {
            Ok(None) => None,
            Ok(Some(Ok(chunk))) => Some((Ok(chunk), Some(chunks))),
            Ok(Some(Err(error))) => Some((Err(broken(error)), None)),
            Err(_) => Some((Err(ProviderError::TimedOut { phase: "idle" }), None)),
        }
    }))
}
