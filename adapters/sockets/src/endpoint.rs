use std::convert::Infallible;
use std::future::{Ready, ready};
use std::io;
use std::sync::Arc;
use std::time::Instant;

use bytes::Bytes;
use http_body_util::combinators::BoxBody;
use http_body_util::{BodyExt as _, Empty};
use poem::http::{HeaderValue, Method, StatusCode, Uri, header};
use poem::{Endpoint, Request, Response};
use serde_json::json;
use socketioxide::service::SocketIoService;
use tokio_tungstenite::tungstenite::handshake::derive_accept_key;
use tower::util::ServiceFn;
use tower::{Service as _, ServiceExt as _};
use tracing::Instrument as _;

use crate::PATH;
use crate::options::{Options, Transport};
use crate::polling::{PollingSession, PollingSessions, WarningLimit};
use crate::stall_guard::{DisconnectHandle, StallGuard};

type RawRequest = hyper::Request<BoxBody<Bytes, io::Error>>;
type RawResponse = hyper::Response<Empty<Bytes>>;
type NotFound = ServiceFn<fn(RawRequest) -> Ready<Result<RawResponse, Infallible>>>;

/// The engine that speaks socket.io.
pub(crate) type Engine = SocketIoService<NotFound>;

/// The engine's inner service for other paths; it is never called, because only [`PATH`] is mounted.
pub(crate) fn not_found_service() -> NotFound {
    fn not_found(_: RawRequest) -> Ready<Result<RawResponse, Infallible>> {
        let mut response = RawResponse::default();
        *response.status_mut() = StatusCode::NOT_FOUND;
        ready(Ok(response))
    }
    tower::service_fn(not_found)
}

/// Serves socket.io under poem.
///
/// poem takes hyper's upgrade out of the request, so that the engine cannot: the handshake is done here, and the engine
/// gets the raw stream.
pub(crate) struct SocketEndpoint {
    engine: Engine,
    options: Arc<Options>,
    polling: PollingSessions,
    unknown_session_warning: WarningLimit,
}

impl SocketEndpoint {
    pub(crate) fn new(engine: Engine, options: Arc<Options>) -> Self {
        Self {
            engine,
            options,
            polling: PollingSessions::default(),
            unknown_session_warning: WarningLimit::default(),
        }
    }

    /// Does the websocket handshake and hands the stream to the engine.
    fn upgrade(&self, request: &Request, uri: Uri, key: &HeaderValue) -> poem::Result<Response> {
        let upgrade = request.take_upgrade()?;
        let handle = DisconnectHandle::default();
        let write_timeout = self.options.ping_timeout;
        let mut opening = hyper::Request::new(());
        *opening.uri_mut() = uri;
        opening.extensions_mut().insert(handle.clone());
        let mut engine = self.engine.clone();
        tokio::spawn(
            async move {
                match upgrade.await {
                    Ok(stream) => {
                        let stream = StallGuard::new(stream, handle, write_timeout);
                        if let Err(error) = engine.call((stream, opening)).await {
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
            .header(header::SEC_WEBSOCKET_ACCEPT, derive_accept_key(key.as_bytes()))
            .finish())
    }

    /// Opens a polling session, or refuses to.
    async fn open(&self, mut request: Request, uri: Uri) -> poem::Result<Response> {
        let handle = DisconnectHandle::default();
        request.extensions_mut().insert(handle.clone());
        let mut answer = self.answer(request, uri).await;
        let packet = answer.take_body().into_string().await?;
        answer.headers_mut().remove(header::CONTENT_LENGTH);
        answer.set_body(self.polling.add(&packet, &handle).unwrap_or(packet));
        Ok(answer)
    }

    /// Continues a polling session unless it was, or is meanwhile, disconnected.
    async fn poll(&self, session: PollingSession, request: Request, uri: Uri) -> Response {
        match session {
            PollingSession::Open { sid, handle } => match with_session_id(&uri, &sid) {
                Some(uri) => tokio::select! {
                    biased;
                    () = handle.disconnected() => refused("This session has ended."),
                    answer = self.answer(request, uri) => answer,
                },
                None => unknown_session(),
            },
            PollingSession::Ended => refused("This session has ended."),
            // The engine answers that polling is not supported.
            PollingSession::Unknown if self.options.transport == Transport::Websocket => {
                self.answer(request, uri).await
            }
            PollingSession::Unknown => {
                if self.unknown_session_warning.is_due(Instant::now()) {
                    tracing::warn!(
                        "a client polls a session that was not opened here; unless the server has just started: a load \
                         balancer before several instances must send each client to the same one (sticky sessions), \
                         or switch ENABLE_WEBSOCKET_SUPPORT on"
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
            return match session_id(query) {
                Some(sid) => Ok(self.poll(self.polling.find(sid), request, uri).await),
                None => self.open(request, uri).await,
            };
        }
        match websocket_key(&request).cloned() {
            Some(key) if session_id(query).is_none() => self.upgrade(&request, uri, &key),
            Some(_) => Ok(refused("Websockets do not continue other sessions here.")),
            None => Ok(refused("This path needs the headers of a websocket upgrade.")),
        }
    }
}

fn has(query: &str, pair: &str) -> bool {
    query.split('&').any(|part| part == pair)
}

fn session_id(query: &str) -> Option<&str> {
    query.split('&').find_map(|part| part.strip_prefix("sid="))
}

/// The address with another name of the session.
fn with_session_id(uri: &Uri, sid: &str) -> Option<Uri> {
    let query = uri
        .query()?
        .split('&')
        .map(|part| match part.starts_with("sid=") {
            true => format!("sid={sid}"),
            false => part.to_owned(),
        });
    let query: Vec<String> = query.collect();
    format!("{}?{}", uri.path(), query.join("&")).parse().ok()
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

fn refused(detail: &str) -> Response {
    Response::builder()
        .status(StatusCode::BAD_REQUEST)
        .content_type("application/json")
        .body(json!({ "detail": detail }).to_string())
}

/// engine.io's answer for an unknown session: clients then open a new one.
fn unknown_session() -> Response {
    const MESSAGE: &str = "Session ID unknown: it was not opened at this instance. Behind a balancer polling needs \
                           sticky sessions, or use websockets.";
    Response::builder()
        .status(StatusCode::BAD_REQUEST)
        .content_type("application/json")
        .body(json!({"code": 1, "message": MESSAGE}).to_string())
}
