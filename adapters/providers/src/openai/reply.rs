//! A provider's response, as the core's types.

use std::time::Duration;

use bytes::BytesMut;
use futures_util::{StreamExt, stream};
use keelson_domain::model::{ByteStream, ListedModels, ProviderError, ProviderReply};
use keelson_domain::shared::json;
use reqwest::Response;
use serde_json::Value;

use super::form::{Form, declared_form, shown_form};
use super::limits::Limits;

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
pub(super) async fn read_json(response: Response, limits: Limits) -> Result<Value, ProviderError> {
    let mut bytes = BytesMut::new();
    let mut body = with_idle_timeout(response, limits.idle);
    limits.read_rest(&mut body, &mut bytes).await?;
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

/// How much is told of a document that cannot be read, in characters.
const MAX_SAID: usize = 500;

/// Reads the answer to a chat as what it is, whatever its content type: JSON as a document, events as a stream of events.
pub(super) async fn read_answer(response: Response, limits: Limits) -> Result<ProviderReply, ProviderError> {
    let content_type = content_type(&response);
    let declared = content_type.as_deref().map_or(Form::Other, declared_form);
    // A stream of events is passed on before its first event arrives.
    if declared == Form::Events {
        return Ok(into_stream(response, content_type, limits.idle));
    }
    read_shown(response, content_type, declared, limits).await
}

/// Reads any other reply: as a stream, for it is passed on as it is. Its type is what its first bytes show, where it has none
/// or calls a stream of events JSON.
pub(super) async fn read(response: Response, limits: Limits) -> Result<ProviderReply, ProviderError> {
    let content_type = content_type(&response);
    match content_type.as_deref().map(declared_form) {
        Some(Form::Events | Form::Other) => Ok(into_stream(response, content_type, limits.idle)),
        Some(Form::Document) | None => {
            let shown = Shown::read(response, limits).await?;
            Ok(shown.into_stream(content_type))
        }
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

/// A body of which so much was read that it shows what it is.
struct Shown {
    status: u16,
    form: Form,
    start: BytesMut,
    rest: ByteStream,
}

impl Shown {
    async fn read(response: Response, limits: Limits) -> Result<Self, ProviderError> {
        let status = response.status().as_u16();
        let mut rest = with_idle_timeout(response, limits.idle);
        let mut start = BytesMut::new();
        let form = loop {
            match shown_form(&start) {
                Some(form) => break form,
                None => match rest.next().await {
                    Some(chunk) => {
                        start.extend_from_slice(&chunk?);
                        limits.check_length(start.len())?;
                    }
                    None => break Form::Other,
                },
            }
        };
        Ok(Self {
            status,
            form,
            start,
            rest,
        })
    }

    fn into_stream(self, content_type: Option<String>) -> ProviderReply {
        let content_type = match (self.form, content_type) {
            (Form::Events, _) => EVENTS.to_owned(),
            (_, Some(content_type)) => content_type,
            (Form::Document, None) => JSON.to_owned(),
            (Form::Other, None) => UNKNOWN_TYPE.to_owned(),
        };
        let start = stream::iter((!self.start.is_empty()).then(|| Ok(self.start.freeze())));
        ProviderReply::Stream {
            status: self.status,
            content_type,
            body: Box::pin(start.chain(self.rest)),
        }
    }
}

/// Reads a body by what its first bytes show.
async fn read_shown(
    response: Response,
    content_type: Option<String>,
    declared: Form,
    limits: Limits,
) -> Result<ProviderReply, ProviderError> {
    let mut shown = Shown::read(response, limits).await?;
    if shown.form == Form::Other {
        shown.form = declared;
    }
    if shown.form == Form::Document {
        limits.read_rest(&mut shown.rest, &mut shown.start).await?;
        match json::read(&shown.start) {
            Ok(body) => {
                let status = shown.status;
                return Ok(ProviderReply::Json { status, body });
            }
            Err(error) if declared == Form::Document => {
                let text = String::from_utf8_lossy(&shown.start);
                let said: String = text.trim().chars().take(MAX_SAID).collect();
                return Err(ProviderError::Unreadable(format!("{error}: {said}")));
            }
            // Lines of JSON, or text in braces.
            Err(_) => {
                shown.form = Form::Other;
                shown.rest = Box::pin(stream::empty());
            }
        }
    }
    Ok(shown.into_stream(content_type))
}

/// The type of JSON documents.
const JSON: &str = "application/json";

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
