//! A provider's response, as the core's types.

use std::time::Duration;

use bytes::Bytes;
use futures_util::{StreamExt, stream};
use keelson_domain::model::{ByteStream, ListedModels, ProviderError, ProviderReply};
use reqwest::Response;
use serde_json::Value;

/// How much of an error document is read, in bytes.
const MAX_ERROR: usize = 64 * 1024;

pub(super) fn to_connect_error(error: reqwest::Error) -> ProviderError {
    // The URL may hold a key.
    let error = error.without_url();
    if error.is_timeout() {
        ProviderError::TimedOut { phase: "connect" }
    } else {
        ProviderError::Unreachable(Box::new(error))
    }
}

fn to_stream_error(error: reqwest::Error) -> ProviderError {
    ProviderError::Broken(Box::new(error.without_url()))
}

/// Returns a success unchanged, anything else as an error with the provider's document.
pub(super) async fn check_status(response: Response, idle: Duration) -> Result<Response, ProviderError> {
    let status = response.status().as_u16();
    if status < 400 {
        return Ok(response);
    }
    let mut text = Vec::new();
    let mut chunks = response.bytes_stream();
    while let Ok(Some(Ok(chunk))) = tokio::time::timeout(idle, chunks.next()).await {
        text.extend_from_slice(&chunk);
        if text.len() > MAX_ERROR {
            break;
        }
    }
    let body = serde_json::from_slice(&text)
        .unwrap_or_else(|_| Value::String(String::from_utf8_lossy(&text).into_owned()));
    Err(ProviderError::Refused { status, body })
}

/// Reads a JSON document.
pub(super) async fn read_json(response: Response, idle: Duration) -> Result<Value, ProviderError> {
    let bytes = read_bytes(response, idle).await?;
    serde_json::from_slice(&bytes).map_err(|error| ProviderError::Unreadable(error.to_string()))
}

/// What a list of models says: a document with `data`, which servers of pipelines mark with a key `pipelines`, or the
/// bare list. None when it is neither.
pub(super) fn listed_models(document: Value) -> Option<ListedModels> {
    match document {
        Value::Array(models) => Some(ListedModels {
            models,
            has_pipelines: false,
        }),
        Value::Object(mut fields) => {
            let has_pipelines = fields.contains_key("pipelines");
            match fields.remove("data") {
                Some(Value::Array(models)) => Some(ListedModels {
                    models,
                    has_pipelines,
                }),
                _ => None,
            }
        }
        _ => None,
    }
}

async fn read_bytes(response: Response, idle: Duration) -> Result<Bytes, ProviderError> {
    tokio::time::timeout(idle, response.bytes())
        .await
        .map_err(|_| ProviderError::TimedOut { phase: "idle" })?
        .map_err(to_stream_error)
}

/// Reads JSON as a document, anything else as a stream.
pub(super) async fn read(response: Response, idle: Duration) -> Result<ProviderReply, ProviderError> {
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
            body: read_json(response, idle).await?,
        });
    }
    Ok(ProviderReply::Stream {
        status,
        content_type,
        body: with_idle_timeout(response, idle),
    })
}

/// The response's bytes as a stream that fails when no bytes arrive for `idle`.
fn with_idle_timeout(response: Response, idle: Duration) -> ByteStream {
    let chunks = Box::pin(response.bytes_stream());
    Box::pin(stream::unfold(Some(chunks), move |chunks| async move {
        let mut chunks = chunks?;
        match tokio::time::timeout(idle, chunks.next()).await {
            Ok(None) => None,
            Ok(Some(Ok(chunk))) => Some((Ok(chunk), Some(chunks))),
            Ok(Some(Err(error))) => Some((Err(to_stream_error(error)), None)),
            Err(_) => Some((Err(ProviderError::TimedOut { phase: "idle" }), None)),
        }
    }))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn lists_of_models_say_whether_there_are_pipelines() {
        let model = json!({"id": "a", "pipelines": true});
        for (document, expected) in [
            (json!([model]), Some((1, false))),
            (json!({"data": [model], "object": "list"}), Some((1, false))),
            (json!({"data": [model], "pipelines": true}), Some((1, true))),
            (json!({"data": [], "pipelines": []}), Some((0, true))),
            (json!({"data": [], "pipelines": null}), Some((0, true))),
            (json!({"pipelines": true}), None),
            (json!({"data": {}, "pipelines": true}), None),
            (json!("pipelines"), None),
        ] {
            let listed = listed_models(document.clone());
            let said = listed.map(|listed| (listed.models.len(), listed.has_pipelines));
            assert_eq!(said, expected, "{document}");
        }
    }
}
