use std::io;

use futures_util::StreamExt;
use keelson_domain::model::ProviderReply;
use poem::http::StatusCode;
use poem::{Body, Response};

use crate::untrusted::shown_as_data;

pub(super) fn status(code: u16) -> StatusCode {
    StatusCode::from_u16(code).unwrap_or(StatusCode::BAD_GATEWAY)
}

/// Relays a reply. The bytes of a stream are passed on as they come; when the client goes away the connection to the
/// provider is closed.
pub(crate) fn relay(reply: ProviderReply) -> Response {
    shown_as_data(response(reply))
}

fn response(reply: ProviderReply) -> Response {
    match reply {
        ProviderReply::Json { status: code, body } => Response::builder()
            .status(status(code))
            .content_type("application/json")
            .body(body.to_string()),
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
