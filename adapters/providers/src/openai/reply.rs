//! A provider's response, as the core's types.

use std::time::Duration;

use bytes::{Bytes, BytesMut};
use futures_util::{StreamExt, stream};
use keelson_domain::model::{ByteStream, ListedModels, ProviderError, ProviderReply};
use keelson_domain::shared::json;
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
    if response.status().is_redirection() {
        return Err(ProviderError::Redirected { status });
    }
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
    let body =
        json::read(&text).unwrap_or_else(|_| Value::String(String::from_utf8_lossy(&text).into_owned()));
    Err(ProviderError::Refused { status, body })
}

/// Reads a JSON document.
pub(super) async fn read_json(response: Response, idle: Duration) -> Result<Value, ProviderError> {
    let bytes = read_bytes(response, idle).await?;
    json::read(&bytes).map_err(|error| ProviderError::Unreadable(error.to_string()))
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

/// How much is told of a document that cannot be read, in characters.
const MAX_SAID: usize = 500;

/// How the bytes of a response are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    Document,
    /// Lines that arrive one by one.
    Events,
    /// As the content type says.
    Other,
}

/// What the content type says, in any case and with any parameter.
fn declared_form(content_type: &str) -> Form {
    let media_type = content_type.split(';').next().unwrap_or_default();
    let media_type = media_type.trim().to_lowercase();
    match media_type.as_str() {
        "application/json" | "text/json" => Form::Document,
        "text/event-stream" | "application/x-ndjson" | "application/ndjson" => Form::Events,
        other if other.starts_with("application/") && other.ends_with("+json") => Form::Document,
        _ => Form::Other,
    }
}

/// What the first bytes of a body show; none while they show nothing.
fn shown_form(start: &[u8]) -> Option<Form> {
    let start = start.strip_prefix(BOM).unwrap_or(start).trim_ascii_start();
    let is_field = |name: &str| start.starts_with(name.as_bytes());
    match start.first()? {
        b'{' | b'[' => Some(Form::Document),
        _ if ["data:", "event:", "id:", "retry:", "error:", ":"]
            .into_iter()
            .any(is_field) =>
        {
            Some(Form::Events)
        }
        _ if start.len() < LONGEST_FIELD && !start.contains(&b'\n') => None,
        _ => Some(Form::Other),
    }
}

/// Three bytes that some servers write before their text.
const BOM: &[u8] = b"\xef\xbb\xbf";

/// The length of the longest name of a field of an event, with its colon.
const LONGEST_FIELD: usize = 6;

/// Reads the answer to a chat as what it is, whatever its content type: JSON as a document, events as a stream of events.
pub(super) async fn read_answer(response: Response, idle: Duration) -> Result<ProviderReply, ProviderError> {
    let content_type = content_type(&response);
    let declared = content_type.as_deref().map_or(Form::Other, declared_form);
    // A stream of events is passed on before its first event arrives.
    if declared == Form::Events {
        return Ok(into_stream(response, content_type, idle));
    }
    read_shown(response, content_type, declared, idle).await
}

/// Reads any other reply: JSON as a document, unless it is a stream of events after all, and anything else as a stream.
pub(super) async fn read(response: Response, idle: Duration) -> Result<ProviderReply, ProviderError> {
    let content_type = content_type(&response);
    match content_type.as_deref().map(declared_form) {
        Some(Form::Events | Form::Other) => Ok(into_stream(response, content_type, idle)),
        Some(Form::Document) => read_shown(response, content_type, Form::Document, idle).await,
        None => read_shown(response, content_type, Form::Other, idle).await,
    }
}

fn content_type(response: &Response) -> Option<String> {
    let value = response.headers().get("content-type")?.to_str().ok()?.trim();
    (!value.is_empty()).then(|| value.to_owned())
}

fn into_stream(response: Response, content_type: Option<String>, idle: Duration) -> ProviderReply {
    ProviderReply::Stream {
        status: response.status().as_u16(),
        content_type: content_type.unwrap_or_else(|| UNKNOWN_TYPE.to_owned()),
        body: with_idle_timeout(response, idle),
    }
}

/// The type of bytes of which nothing is known.
const UNKNOWN_TYPE: &str = "application/octet-stream";

/// Reads a body by what its first bytes show.
async fn read_shown(
    response: Response,
    content_type: Option<String>,
    declared: Form,
    idle: Duration,
) -> Result<ProviderReply, ProviderError> {
    let status = response.status().as_u16();
    let mut body = with_idle_timeout(response, idle);
    let mut start = BytesMut::new();
    let shown = loop {
        match shown_form(&start) {
            Some(form) => break form,
            None => match body.next().await {
                Some(chunk) => start.extend_from_slice(&chunk?),
                None => break Form::Other,
            },
        }
    };
    let form = if shown == Form::Other { declared } else { shown };
    if form == Form::Document {
        while let Some(chunk) = body.next().await {
            start.extend_from_slice(&chunk?);
        }
        match json::read(&start) {
            Ok(body) => return Ok(ProviderReply::Json { status, body }),
            Err(error) if declared == Form::Document => {
                let text = String::from_utf8_lossy(&start);
                let said: String = text.trim().chars().take(MAX_SAID).collect();
                return Err(ProviderError::Unreadable(format!("{error}: {said}")));
            }
            // Lines of JSON, or text in braces.
            Err(_) => body = Box::pin(stream::empty()),
        }
    }
    let content_type = match (form, content_type) {
        (Form::Events, _) => EVENTS.to_owned(),
        (_, Some(content_type)) => content_type,
        (_, None) => UNKNOWN_TYPE.to_owned(),
    };
    let start = stream::iter((!start.is_empty()).then(|| Ok(start.freeze())));
    Ok(ProviderReply::Stream {
        status,
        content_type,
        body: Box::pin(start.chain(body)),
    })
}

/// The type of server-sent events.
const EVENTS: &str = "text/event-stream";

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
    fn content_types_are_read_in_any_case() {
        for (content_type, expected) in [
            ("application/json", Form::Document),
            ("Application/JSON", Form::Document),
            ("application/json; charset=utf-8", Form::Document),
            ("APPLICATION/JSON;Charset=UTF-8", Form::Document),
            (" application/json ", Form::Document),
            ("application/problem+json", Form::Document),
            ("text/json", Form::Document),
            ("Text/Event-Stream; charset=utf-8", Form::Events),
            ("application/x-ndjson", Form::Events),
            ("application/jsonlines", Form::Other),
            ("application/json-seq", Form::Other),
            ("text/plain", Form::Other),
            ("audio/mpeg", Form::Other),
            ("", Form::Other),
        ] {
            assert_eq!(declared_form(content_type), expected, "{content_type}");
        }
    }

    #[test]
    fn the_first_bytes_show_what_a_body_is() {
        for (start, expected) in [
            (&b""[..], None),
            (b" \n\n", None),
            (b"{", Some(Form::Document)),
            (b"\n [", Some(Form::Document)),
            (b"\xef\xbb\xbf{", Some(Form::Document)),
            (b"d", None),
            (b"data", None),
            (b"data: {", Some(Form::Events)),
            (b"\r\ndata:", Some(Form::Events)),
            (b": OPENROUTER", Some(Form::Events)),
            (b"event: message", Some(Form::Events)),
            (b"retry:", Some(Form::Events)),
            (b"datab", None),
            (b"database is down", Some(Form::Other)),
            (b"busy\n", Some(Form::Other)),
            (b"<html>", Some(Form::Other)),
            (b"\xff\xfb\x90\x00\x00\x00", Some(Form::Other)),
        ] {
            assert_eq!(shown_form(start), expected, "{}", String::from_utf8_lossy(start));
        }
    }

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
