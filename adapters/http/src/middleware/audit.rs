//! The audit log: what was asked and answered is written down once the answer is over, or its reader is gone.
//!
//! Bodies pass through untouched, frame by frame; only their beginnings are copied, so that a stream stays one.

use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};

use bytes::Bytes;
use http_body_util::BodyExt;
use http_body_util::combinators::BoxBody;
use hyper::body::{Body as HttpBody, Frame, SizeHint};
use keelson_application::audit::{Audit, Exchange};
use keelson_application::auth::Authenticator;
use poem::http::header;
use poem::{Body, Endpoint, EndpointExt, Request, Response};

use super::paths::SentUri;
use crate::caller::{authenticate, credentials};

type Frames = BoxBody<Bytes, std::io::Error>;

pub(crate) fn layer<E>(
    inner: E,
    audit: Arc<Audit>,
    authenticator: Arc<Authenticator>,
) -> impl Endpoint<Output = Response>
where
    E: Endpoint<Output = Response> + 'static,
{
    inner.around(move |next, request| {
        let (audit, authenticator) = (audit.clone(), authenticator.clone());
        async move {
            let credentials = credentials(&request);
            let path = request.uri().path();
            if !audit
                .policy
                .covers(request.method().as_str(), path, !credentials.is_empty())
            {
                return next.call(request).await;
            }
            let mut exchange = begun(&request);
            exchange.caller = authenticate(&authenticator, &credentials).await.ok();
            exchange_with(next, request, Recording::new(audit, exchange)).await
        }
    })
}

async fn exchange_with<E>(
    next: Arc<E>,
    mut request: Request,
    recording: Arc<Recording>,
) -> poem::Result<Response>
where
    E: Endpoint<Output = Response>,
{
    let level = recording.audit.policy.level;
    if let Some(caller) = recording.exchange().caller.clone() {
        // The operation need not look the caller up again.
        request.extensions_mut().insert(caller);
    }
    if level.includes_request() {
        let frames = Copied::of(request.take_body(), &recording, |exchange| &mut exchange.request);
        request.set_body(frames);
    }
    let mut response = next.get_response(request).await;
    {
        let mut exchange = recording.exchange();
        exchange.status = Some(response.status().as_u16());
        exchange.response_type = response.content_type().unwrap_or_default().to_owned();
    }
    let frames = Copied::of(response.take_body(), &recording, |exchange| {
        &mut exchange.response
    });
    response.set_body(frames);
    Ok(response)
}

/// What is known when a request comes in.
fn begun(request: &Request) -> Exchange {
    let text = |name| request.header(name).map(str::to_owned);
    let uri = request
        .extensions()
        .get::<SentUri>()
        .map_or(request.uri(), |sent| &sent.0);
    // Proxies say where a request came from; the reference believes them, as it stands behind one.
    let forwarded = request
        .header("x-forwarded-for")
        .and_then(|hops| hops.split(',').next());
    let peer = || {
        request
            .remote_addr()
            .as_socket_addr()
            .map(|peer| peer.ip().to_string())
    };
    let scheme = request.header("x-forwarded-proto").unwrap_or("http");
    let host = text(header::HOST.as_str())
        .or_else(|| uri.authority().map(ToString::to_string))
        .unwrap_or_default();
    let path = uri.path_and_query().map_or("/", |path| path.as_str());
    Exchange {
        method: request.method().to_string(),
        uri: format!("{scheme}://{host}{path}"),
        source_ip: forwarded.map(|first| first.trim().to_owned()).or_else(peer),
        user_agent: text(header::USER_AGENT.as_str()),
        request_type: request.content_type().unwrap_or_default().to_owned(),
        ..Exchange::default()
    }
}

/// What is seen of one exchange; written down when its last holder lets go of it: the answer's body when it was read
/// or its reader is gone, or the handler when it was given up before.
struct Recording {
    audit: Arc<Audit>,
    exchange: Mutex<Exchange>,
}

impl Recording {
    fn new(audit: Arc<Audit>, exchange: Exchange) -> Arc<Self> {
        Arc::new(Self {
            audit,
            exchange: Mutex::new(exchange),
        })
    }

    fn exchange(&self) -> MutexGuard<'_, Exchange> {
        self.exchange.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Recording {
    fn drop(&mut self) {
        let exchange = self.exchange.get_mut().unwrap_or_else(PoisonError::into_inner);
        self.audit.record(exchange);
    }
}

/// A body whose beginning is copied while it passes.
struct Copied {
    frames: Frames,
    recording: Arc<Recording>,
    part: fn(&mut Exchange) -> &mut Vec<u8>,
}

impl Copied {
    fn of(body: Body, recording: &Arc<Recording>, part: fn(&mut Exchange) -> &mut Vec<u8>) -> Body {
        let frames = Self {
            frames: body.into(),
            recording: recording.clone(),
            part,
        };
        Body::from(frames.boxed())
    }
}

impl HttpBody for Copied {
    type Data = Bytes;
    type Error = std::io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, std::io::Error>>> {
        let polled = Pin::new(&mut self.frames).poll_frame(context);
        if let Poll::Ready(Some(Ok(frame))) = &polled
            && let Some(data) = frame.data_ref()
        {
            let most = self.recording.audit.policy.max_body;
            let mut exchange = self.recording.exchange();
            let recorded = (self.part)(&mut exchange);
            let room = most.saturating_sub(recorded.len()).min(data.len());
            recorded.extend_from_slice(&data[..room]);
        }
        polled
    }

    fn is_end_stream(&self) -> bool {
        self.frames.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.frames.size_hint()
    }
}
