use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use poem::http::StatusCode;
use poem::listener::TcpAcceptor;
use poem::{EndpointExt, Request, Response, Server, endpoint};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

/// A server on loopback that answers `/document` with one, and other paths with what is none.
pub(crate) struct DocumentServer {
    address: SocketAddr,
    asked: Arc<AtomicUsize>,
    server: JoinHandle<()>,
}

impl DocumentServer {
    pub(crate) async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let asked = Arc::new(AtomicUsize::new(0));
        let count = asked.clone();
        let endpoint = endpoint::make(move |request: Request| {
            count.fetch_add(1, Ordering::Relaxed);
            async move {
                let response = Response::builder();
                Ok::<_, poem::Error>(match request.uri().path() {
                    "/document" => response.body(r#"{"name": "é", "icons": [1]}"#),
                    "/list" => response.body("[1]"),
                    "/text" => response.body("<html>"),
                    "/long" => response.body(format!("{{\"name\": \"{}\"}}", "x".repeat(2_000_000))),
                    "/redirect" => response
                        .status(StatusCode::TEMPORARY_REDIRECT)
                        .header("location", "/document")
                        .finish(),
                    _ => response.status(StatusCode::NOT_FOUND).finish(),
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
            asked,
            server,
        }
    }

    /// A path of it.
    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// How often it was asked.
    pub(crate) fn asked(&self) -> usize {
        self.asked.load(Ordering::Relaxed)
    }
}

impl Drop for DocumentServer {
    fn drop(&mut self) {
        self.server.abort();
    }
}
