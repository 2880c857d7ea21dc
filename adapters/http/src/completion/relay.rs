//! A provider's answer as it is: its bytes, its status, its error document.

use std::io;

use futures_util::StreamExt;
use keelson_domain::model::{ProviderError, ProviderReply};
use poem::http::StatusCode;
use poem::{Body, Response};
use serde_json::{Value, json};

use crate::error::ApiError;

fn status(code: u16) -> StatusCode {
    StatusCode::from_u16(code).unwrap_or(StatusCode::BAD_GATEWAY)
}

fn document(code: u16, body: &Value) -> Response {
    Response::builder()
        .status(status(code))
        .content_type("application/json")
        .body(body.to_string())
}

/// Relays an answer. Bytes of a stream are handed on as they come; a client that goes away closes the line to the
/// provider.
pub(crate) fn reply(reply: ProviderReply) -> Response {
    match reply {
        ProviderReply::Json { status, body } => document(status, &body),
        ProviderReply::Stream {
            status: code,
            content_type,
            body,
        } => Response::builder()
            .status(status(code))
            .content_type(content_type)
            .header("cache-control", "no-cache")
            .header("x-accel-buffering", "no")
            .body(Body::from_bytes_stream(
                body.map(|chunk| chunk.map_err(io::Error::other)),
            )),
    }
}

/// Relays an error: the provider's own document with its status, or ours where there is none.
pub(crate) fn error(error: &ProviderError) -> ApiError {
    match error {
        ProviderError::Refused {
            status: code,
            body: body @ Value::Object(_),
        } => ApiError::document(status(*code), body.clone()),
        ProviderError::Refused { status: code, body } => {
            let text = body.as_str().filter(|text| !text.is_empty());
            let text = text.map_or_else(|| error.to_string(), str::to_owned);
            ApiError::document(status(*code), json!({"detail": text}))
        }
        ProviderError::TimedOut { .. } => ApiError::new(StatusCode::GATEWAY_TIMEOUT, error.to_string()),
        ProviderError::Unreachable(_)
        | ProviderError::Broken(_)
        | ProviderError::UnknownSignIn(_)
        | ProviderError::Unreadable(_) => {
            tracing::info!(%error, source = ?std::error::Error::source(error).map(ToString::to_string), "a provider failed");
            ApiError::new(StatusCode::BAD_GATEWAY, error.to_string())
        }
    }
}
