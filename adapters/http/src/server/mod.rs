//! Accepts connections and serves HTTP on them.
//!
//! poem's own server is not used: it waits for ever for the rest of a request's head, closes no connection whose peer
//! stopped reading, turns in circles when file descriptors run out, and leaves small writes to Nagle's algorithm.

mod write_timeout;

use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use hyper::Request;
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use poem::endpoint::BoxEndpoint;
use poem::http::uri::Scheme;
use poem::web::{LocalAddr, RemoteAddr};
use poem::{Addr, Endpoint, Response};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use write_timeout::WriteTimeout;

/// The pause after a connection could not be accepted, which is when file descriptors ran out.
const PAUSE: Duration = Duration::from_millis(100);

/// Limits of what a client may take of a connection.
#[derive(Debug, Clone)]
pub struct ConnectionLimits {
    /// How long the head of a request may take, and how long a connection may lie idle between requests.
    pub head_timeout: Duration,
    /// How long a client may read nothing of what was sent to it.
    pub write_timeout: Duration,
    /// How many headers a request may have.
    pub max_headers: usize,
    /// How large the head of a request may be, in bytes.
    pub max_head_size: usize,
}

impl Default for ConnectionLimits {
    fn default() -> Self {
        Self {
            head_timeout: Duration::from_secs(30),
            write_timeout: Duration::from_secs(120),
            max_headers: 100,
            max_head_size: 64 * 1024,
        }
    }
}

/// Serves HTTP/1.1 and HTTP/2 until `stop`; then requests in progress have `shutdown_timeout` to finish.
pub async fn serve(
    listener: TcpListener,
    endpoint: BoxEndpoint<'static, Response>,
    limits: ConnectionLimits,
    stop: CancellationToken,
    shutdown_timeout: Duration,
) {
    let open = TaskTracker::new();
    let cut = CancellationToken::new();
    let connections = Connections {
        endpoint: Arc::new(endpoint),
        builder: builder(&limits),
        limits,
        stop: stop.clone(),
    };
    loop {
        let accepted = tokio::select! {
            () = stop.cancelled() => break,
            accepted = listener.accept() => accepted,
        };
        match accepted {
            Ok((stream, peer)) => {
                let connection = connections.clone().serve(stream, peer);
                open.spawn(cut.clone().run_until_cancelled_owned(connection));
            }
            Err(error) => {
                tracing::warn!(%error, "a connection could not be accepted");
                tokio::time::sleep(PAUSE).await;
            }
        }
    }
    drop(listener);
    open.close();
    if tokio::time::timeout(shutdown_timeout, open.wait()).await.is_err() {
        tracing::warn!(
            open = open.len(),
            "requests did not finish in time and are cut off"
        );
        cut.cancel();
        open.wait().await;
    }
}

fn builder(limits: &ConnectionLimits) -> Builder<TokioExecutor> {
    let mut builder = Builder::new(TokioExecutor::new());
    builder
        .http1()
        .timer(TokioTimer::new())
        .header_read_timeout(limits.head_timeout)
        .max_headers(limits.max_headers)
        .max_buf_size(limits.max_head_size);
    builder
        .http2()
        .timer(TokioTimer::new())
        .keep_alive_interval(limits.head_timeout)
        .max_concurrent_streams(200)
        .max_header_list_size(u32::try_from(limits.max_head_size).unwrap_or(u32::MAX));
    builder
}

#[derive(Clone)]
struct Connections {
    endpoint: Arc<BoxEndpoint<'static, Response>>,
    builder: Builder<TokioExecutor>,
    limits: ConnectionLimits,
    stop: CancellationToken,
}

impl Connections {
    async fn serve(self, stream: TcpStream, peer: SocketAddr) {
        // Tokens are small and must not wait for each other.
        if let Err(error) = stream.set_nodelay(true) {
            tracing::debug!(%error, "the connection was gone at once");
            return;
        }
        let local = stream.local_addr().unwrap_or(peer);
        let begun = Arc::new(Notify::new());
        let told = begun.clone();
        let service = service_fn(move |request: Request<Incoming>| {
            told.notify_one();
            let endpoint = self.endpoint.clone();
            async move {
                let addresses = (LocalAddr(Addr::from(local)), RemoteAddr(Addr::from(peer)));
                let request = (request, addresses.0, addresses.1, Scheme::HTTP).into();
                Ok::<_, Infallible>(endpoint.get_response(request).await.into())
            }
        });
        let stream = TokioIo::new(WriteTimeout::new(stream, self.limits.write_timeout));
        let mut connection = std::pin::pin!(self.builder.serve_connection_with_upgrades(stream, service));
        // hyper's own time-out begins once it knows which version of HTTP is spoken; this one begins before.
        let silent = async {
            if tokio::time::timeout(self.limits.head_timeout, begun.notified())
                .await
                .is_ok()
            {
                std::future::pending::<()>().await;
            }
        };
        let ended = tokio::select! {
            ended = &mut connection => Some(ended),
            () = silent => return,
            () = self.stop.cancelled() => None,
        };
        let ended = match ended {
            Some(ended) => ended,
            None => {
                connection.as_mut().graceful_shutdown();
                connection.await
            }
        };
        if let Err(error) = ended {
            tracing::debug!(%peer, error, "a connection ended early");
        }
    }
}
