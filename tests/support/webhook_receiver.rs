use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use poem::http::StatusCode;
use poem::listener::TcpAcceptor;
use poem::{EndpointExt, Request, Response, Server, endpoint};
use serde_json::Value;
use tokio::net::TcpListener;
use tokio::sync::{Mutex, mpsc};
use tokio::task::JoinHandle;

/// A server on loopback that remembers what is posted to it; `/redirect` sends the sender elsewhere on it.
pub(crate) struct WebhookReceiver {
    address: SocketAddr,
    requests: Mutex<mpsc::UnboundedReceiver<(String, Value)>>,
    server: JoinHandle<()>,
}

impl WebhookReceiver {
    pub(crate) async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let (sender, requests) = mpsc::unbounded_channel();
        let sender = Arc::new(sender);
        let endpoint = endpoint::make(move |mut request: Request| {
            let sender = sender.clone();
            async move {
                let path = request.uri().path().to_owned();
                let bytes = request.take_body().into_vec().await?;
                let body = serde_json::from_slice(&bytes).unwrap_or_default();
                let redirects = path == "/redirect";
                let _ = sender.send((path, body));
                let response = Response::builder();
                Ok::<_, poem::Error>(match redirects {
                    true => response
                        .status(StatusCode::TEMPORARY_REDIRECT)
                        .header("location", "/elsewhere")
                        .finish(),
                    false => response.finish(),
                })
            }
        })
        .map_to_response();
        let acceptor = TcpAcceptor::from_tokio(listener).expect("an acceptor");
        let server = tokio::spawn(async move {
            let _ = Server::new_with_acceptor(acceptor).run(endpoint).await;
        });
        Self {
            address,
            requests: Mutex::new(requests),
            server,
        }
    }

    pub(crate) fn port(&self) -> u16 {
        self.address.port()
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// The next request, as path and body; none when there is none in time.
    pub(crate) async fn next_request(&self) -> Option<(String, Value)> {
        self.within(Duration::from_secs(5)).await
    }

    /// A request that should not have been sent.
    pub(crate) async fn unexpected_request(&self) -> Option<(String, Value)> {
        self.within(Duration::from_millis(400)).await
    }

    async fn within(&self, limit: Duration) -> Option<(String, Value)> {
        let mut requests = self.requests.lock().await;
        tokio::time::timeout(limit, requests.recv()).await.ok().flatten()
    }
}

impl Drop for WebhookReceiver {
    fn drop(&mut self) {
        self.server.abort();
    }
}
