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
pub(crate) struct Receiver {
    address: SocketAddr,
    came: Mutex<mpsc::UnboundedReceiver<(String, Value)>>,
    server: JoinHandle<()>,
}

impl Receiver {
    pub(crate) async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let (tell, came) = mpsc::unbounded_channel();
        let tell = Arc::new(tell);
        let endpoint = endpoint::make(move |mut request: Request| {
            let tell = tell.clone();
            async move {
                let path = request.uri().path().to_owned();
                let bytes = request.take_body().into_vec().await?;
                let body = serde_json::from_slice(&bytes).unwrap_or_default();
                let elsewhere = path == "/redirect";
                let _ = tell.send((path, body));
                let response = Response::builder();
                Ok::<_, poem::Error>(match elsewhere {
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
            came: Mutex::new(came),
            server,
        }
    }

    pub(crate) fn port(&self) -> u16 {
        self.address.port()
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// What came, and where; none when nothing comes in time.
    pub(crate) async fn next(&self) -> Option<(String, Value)> {
        self.within(Duration::from_secs(5)).await
    }

    /// What should not have come.
    pub(crate) async fn none(&self) -> Option<(String, Value)> {
        self.within(Duration::from_millis(400)).await
    }

    async fn within(&self, patience: Duration) -> Option<(String, Value)> {
        let mut came = self.came.lock().await;
        tokio::time::timeout(patience, came.recv()).await.ok().flatten()
    }
}

impl Drop for Receiver {
    fn drop(&mut self) {
        self.server.abort();
    }
}
