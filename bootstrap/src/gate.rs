//! The door that is open before the house is furnished: the port is taken at once, requests wait for the start.

use std::sync::Arc;
use std::time::Duration;

use keelson_application::system::Readiness;
use poem::endpoint::BoxEndpoint;
use poem::http::StatusCode;
use poem::{Endpoint, Request, Response};
use serde_json::json;
use tokio::sync::watch;

/// How long a request may wait for the start. A start takes a fraction of a second, unless a large database is adopted.
const PATIENCE: Duration = Duration::from_secs(30);

type Inner = Option<Arc<BoxEndpoint<'static, Response>>>;

/// Answers `/health` and `/ready` from the first moment; everything else once the server stands.
pub struct Gate {
    readiness: Readiness,
    opened: watch::Receiver<Inner>,
}

/// Opens a [`Gate`].
pub struct Opener(watch::Sender<Inner>);

impl Gate {
    /// A closed gate, and what opens it.
    pub fn new(readiness: Readiness) -> (Self, Opener) {
        let (sender, opened) = watch::channel(None);
        (Self { readiness, opened }, Opener(sender))
    }
}

impl Opener {
    /// Lets requests in.
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

impl Endpoint for Gate {
    type Output = Response;

    async fn call(&self, request: Request) -> poem::Result<Response> {
        let inner = self.opened.borrow().clone();
        if let Some(inner) = inner {
            return inner.call(request).await;
        }
        match request.uri().path() {
            "/health" => return Ok(answer(StatusCode::OK, &json!({"status": true}))),
            "/ready" => {
                // Also when every step is done: until the gate opens there is nobody to serve.
                let mut body = json!(self.readiness.report());
                body["ready"] = json!(false);
                return Ok(answer(StatusCode::SERVICE_UNAVAILABLE, &body));
            }
            _ => {}
        }
        let mut opened = self.opened.clone();
        let waited = tokio::time::timeout(PATIENCE, opened.wait_for(Option::is_some)).await;
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
