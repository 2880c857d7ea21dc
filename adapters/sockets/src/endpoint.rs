use std::convert::Infallible;
use std::future::{Ready, ready};
use std::io;
use std::sync::Arc;
use std::time::Instant;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use bytes::Bytes;
use http_body_util::combinators::BoxBody;
use http_body_util::{BodyExt as _, Empty};
use poem::http::{HeaderValue, Method, StatusCode, Uri, header};
use poem::{Endpoint, Request, Response};
use serde_json::json;
use sha1::{Digest, Sha1};
use socketioxide::service::SocketIoService;
use tower::util::ServiceFn;
use tower::{Service as _, ServiceExt as _};
use tracing::Instrument as _;

use crate::PATH;
use crate::line::{Line, Scissors};
use crate::options::{Options, Transport};
use crate::polls::{Found, Lost, Polls};

type RawRequest = hyper::Request<BoxBody<Bytes, io::Error>>;
type RawResponse = hyper::Response<Empty<Bytes>>;
type Elsewhere = ServiceFn<fn(RawRequest) -> Ready<Result<RawResponse, Infallible>>>;

/// The engine that speaks socket.io.
pub(crate) type Engine = SocketIoService<Elsewhere>;

/// What the engine would ask for other paths; it gets only [`PATH`].
pub(crate) fn elsewhere() -> Elsewhere {
    fn not_found(_: RawRequest) -> Ready<Result<RawResponse, Infallible>> {
        let mut response = RawResponse::default();
        *response.status_mut() = StatusCode::NOT_FOUND;
        ready(Ok(response))
    }
    tower::service_fn(not_found)
}

/// What RFC 6455 has a server append to the client's key.
const WEBSOCKET_GUID: &[u8] = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

/// Serves socket.io under poem.
///
/// poem takes hyper's upgrade out of the request, so the engine cannot: we shake hands for it and hand it
/// the raw stream.
pub(crate) struct SocketEndpoint {
    engine: Engine,
    options: Arc<Options>,
    polls: Polls,
    lost: Lost,
}

impl SocketEndpoint {
    pub(crate) fn new(engine: Engine, options: Arc<Options>) -> Self {
        Self {
            engine,
            options,
            polls: Polls::default(),
            lost: Lost::default(),
        }
    }

    /// Shakes hands and lets the engine have the stream.
    fn upgrade(&self, request: &Request, uri: Uri, key: &HeaderValue) -> poem::Result<Response> {
        let upgrade = request.take_upgrade()?;
        let scissors = Scissors::default();
        let patience = self.options.ping_timeout;
        let mut opening = hyper::Request::new(());
        *opening.uri_mut() = uri;
        opening.extensions_mut().insert(scissors.clone());
        let mut engine = self.engine.clone();
        tokio::spawn(
            async move {
                match upgrade.await {
                    Ok(stream) => {
                        let line = Line::new(stream, scissors, patience);
                        if let Err(error) = engine.call((line, opening)).await {
                            tracing::debug!(%error, "a websocket was refused");
                        }
                    }
                    Err(error) => tracing::debug!(%error, "a websocket upgrade failed"),
                }
            }
            .in_current_span(),
        );
        Ok(Response::builder()
            .status(StatusCode::SWITCHING_PROTOCOLS)
            .header(header::UPGRADE, "websocket")
            .header(header::CONNECTION, "Upgrade")
            .header(header::SEC_WEBSOCKET_ACCEPT, accept_key(key))
            .finish())
    }

    /// Opens a polling session, or refuses to.
    ///
    /// Takes the offer of websockets out of the opening packet: the engine makes it even where it would
    /// refuse them, and clients would try.
    async fn open(&self, mut request: Request, uri: Uri) -> poem::Result<Response> {
        const OFFER: &str = r#""upgrades":["websocket"]"#;
        let scissors = Scissors::default();
        request.extensions_mut().insert(scissors.clone());
        let mut answer = self.answer(request, uri).await;
        let packet = answer.take_body().into_string().await?;
        self.polls.opened(&packet, &scissors);
        answer.headers_mut().remove(header::CONTENT_LENGTH);
        answer.set_body(packet.replacen(OFFER, r#""upgrades":[]"#, 1));
        Ok(answer)
    }

    /// Lets a polling session go on unless it was, or is meanwhile, cut off.
    async fn poll(&self, session: Found, request: Request, uri: Uri) -> Response {
        match session {
            Found::Open(scissors) => tokio::select! {
                biased;
                () = scissors.cutting() => refused("This session has ended."),
                answer = self.answer(request, uri) => answer,
            },
            Found::Ended => refused("This session has ended."),
            // The engine says why polling is not for it at all.
            Found::Unknown if self.options.transport == Transport::Websocket => {
                self.answer(request, uri).await
            }
            Found::Unknown => {
                if self.lost.is_news(Instant::now()) {
                    tracing::warn!(
                        "a polling page continues a session that was not opened here; unless the server has just \
                         started: a balancer before several instances must send each client to the same one (sticky \
                         sessions), or switch ENABLE_WEBSOCKET_SUPPORT on"
                    );
                }
                unknown_session()
            }
        }
    }

    /// Lets the engine answer over plain HTTP.
    async fn answer(&self, mut request: Request, uri: Uri) -> Response {
        *request.uri_mut() = uri;
        let request: RawRequest = request.into();
        let answer = self
            .engine
            .clone()
            .oneshot(request)
            .await
            .unwrap_or_else(|never: Infallible| match never {});
        let (parts, body) = answer.into_parts();
        hyper::Response::from_parts(parts, body.map_err(io::Error::other).boxed()).into()
    }
}

impl Endpoint for SocketEndpoint {
    type Output = Response;

    async fn call(&self, request: Request) -> poem::Result<Response> {
        if !self.options.origins.allow(
            request.headers().get(header::ORIGIN),
            request.header(header::HOST),
        ) {
            return Ok(refused("Pages of this origin may not connect here."));
        }
        let query = request.original_uri().query().unwrap_or_default();
        let opens_websocket = self.options.transport == Transport::Websocket
            && has(query, "transport=websocket")
            && has(query, "EIO=4");
        let uri: Uri = format!("{PATH}/?{query}")
            .parse()
            .map_err(poem::error::BadRequest)?;
        if !opens_websocket {
            return match session_named(query) {
                Some(sid) => Ok(self.poll(self.polls.find(sid), request, uri).await),
                None => self.open(request, uri).await,
            };
        }
        match websocket_key(&request).cloned() {
            Some(key) if session_named(query).is_none() => self.upgrade(&request, uri, &key),
            Some(_) => Ok(refused("Websockets do not continue other sessions here.")),
            None => Ok(refused("This path needs the headers of a websocket upgrade.")),
        }
    }
}

fn has(query: &str, pair: &str) -> bool {
    query.split('&').any(|part| part == pair)
}

fn session_named(query: &str) -> Option<&str> {
    query.split('&').find_map(|part| part.strip_prefix("sid="))
}

/// The key of a proper websocket handshake.
fn websocket_key(request: &Request) -> Option<&HeaderValue> {
    let names = |header: header::HeaderName, wanted: &str| {
        request
            .headers()
            .get_all(header)
            .iter()
            .filter_map(|value| value.to_str().ok())
            .flat_map(|value| value.split(','))
            .any(|part| part.trim().eq_ignore_ascii_case(wanted))
    };
    let proper = request.method() == Method::GET
        && names(header::UPGRADE, "websocket")
        && names(header::CONNECTION, "upgrade")
        && names(header::SEC_WEBSOCKET_VERSION, "13");
    request
        .headers()
        .get(header::SEC_WEBSOCKET_KEY)
        .filter(|_| proper)
}

fn accept_key(key: &HeaderValue) -> String {
    let mut hash = Sha1::new();
    hash.update(key.as_bytes());
    hash.update(WEBSOCKET_GUID);
    BASE64_STANDARD.encode(hash.finalize())
}

fn refused(detail: &str) -> Response {
    Response::builder()
        .status(StatusCode::BAD_REQUEST)
        .content_type("application/json")
        .body(json!({ "detail": detail }).to_string())
}

/// How engine.io says that it knows no such session: clients then open a new one.
fn unknown_session() -> Response {
    const MESSAGE: &str = "Session ID unknown: it was not opened at this instance. Behind a balancer polling needs \
                           sticky sessions, or use websockets.";
    Response::builder()
        .status(StatusCode::BAD_REQUEST)
        .content_type("application/json")
        .body(json!({"code": 1, "message": MESSAGE}).to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_accept_key_is_that_of_the_standard() {
        // The example of RFC 6455, section 1.3.
        let key = HeaderValue::from_static("dGhlIHNhbXBsZSBub25jZQ==");
        assert_eq!(accept_key(&key), "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
    }
}
