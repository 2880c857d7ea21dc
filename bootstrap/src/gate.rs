//! The endpoint that serves while the server starts: the port is bound at once, and requests wait for the start.

use std::sync::Arc;
use std::time::Duration;

use keelson_application::system::Readiness;
use poem::endpoint::BoxEndpoint;
use poem::http::StatusCode;
use poem::{Endpoint, Request, Response};
use serde_json::json;
use tokio::sync::watch;

/// How long a request may wait for the start. A start takes a fraction of a second, unless a large database is migrated.
const MAX_WAIT: Duration = Duration::from_secs(30);

type Inner = Option<Arc<BoxEndpoint<'static, Response>>>;

/// Answers `/health` and `/ready` at once, and everything else once the server has started.
pub struct StartupGate {
    readiness: Readiness,
    opened: watch::Receiver<Inner>,
}

/// Opens a [`StartupGate`].
pub struct GateOpener(watch::Sender<Inner>);

impl StartupGate {
    /// A closed gate, and its opener.
    pub fn new(readiness: Readiness) -> (Self, GateOpener) {
        let (sender, opened) = watch::channel(None);
        (Self { readiness, opened }, GateOpener(sender))
    }
}

impl GateOpener {
    /// Serves requests with this endpoint from now on.
    pub fn open(&self, endpoint: BoxEndpoint<'static, Response>) {
        self.0.send_replace(Some(Arc::new(endpoint)));
    }
}

fn answer(status: StatusCode, body: &serde_json::Value) -> Response {
    Response::builder()
        .status(status)
        .content_type("application/json")
        .header("retry-after", "1")
        .body(body.to_string())
}

impl Endpoint for StartupGate {
    type Output = Response;

    async fn call(&self, request: Request) -> poem::Result<Response> {
        let inner = self.opened.borrow().clone();
        if let Some(inner) = inner {
            return inner.call(request).await;
        }
        match request.uri().path() {
            "/health" => return Ok(answer(StatusCode::OK, &json!({"status": true}))),
            "/ready" => {
                // Also when every step is done: nothing serves until the gate opens.
                let mut body = json!(self.readiness.report());
                body["ready"] = json!(false);
                return Ok(answer(StatusCode::SERVICE_UNAVAILABLE, &body));
            }
            _ => {}
        }
        let mut opened = self.opened.clone();
        let waited = tokio::time::timeout(MAX_WAIT, opened.wait_for(Option::is_some)).await;
        let inner = waited.ok().and_then(Result::ok).and_then(|inner| inner.clone());
        match inner {
            Some(inner) => inner.call(request).await,
            None => {
                let body = json!({"detail": "The server is starting; try again in a moment."});
                Ok(answer(StatusCode::SERVICE_UNAVAILABLE, &body))
            }
        }
    }
}
