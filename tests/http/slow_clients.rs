//! A server on a real port, and clients that do not behave.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use futures_util::stream;
use keelson_http::server::{ConnectionLimits, serve};
use poem::endpoint::{BoxEndpoint, make_sync};
use poem::{Body, EndpointExt, Response, Route};
use pretty_assertions::assert_eq;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use crate::support::TestApp;

const SHORT: Duration = Duration::from_millis(300);
/// Much longer than [`SHORT`], for machines that are busy.
const LONG: Duration = Duration::from_secs(10);

struct Server {
    address: SocketAddr,
    stop: CancellationToken,
    running: JoinHandle<()>,
}

impl Server {
    async fn start(endpoint: BoxEndpoint<'static, Response>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let limits = ConnectionLimits {
            head_timeout: SHORT,
            write_timeout: SHORT,
            max_headers: 20,
            max_head_size: 16 * 1024,
        };
        let stop = CancellationToken::new();
        let running = tokio::spawn(serve(listener, endpoint, limits, stop.clone(), SHORT));
        Self {
            address,
            stop,
            running,
        }
    }

    async fn send(&self, text: &str) -> TcpStream {
        let mut stream = TcpStream::connect(self.address).await.unwrap();
        stream.write_all(text.as_bytes()).await.unwrap();
        stream
    }
}

fn hello() -> BoxEndpoint<'static, Response> {
    let slow = poem::endpoint::make(|_| async {
        tokio::time::sleep(Duration::from_millis(100)).await;
        Ok::<_, poem::Error>("slow")
    });
    Route::new()
        .at("/", make_sync(|_| "hello"))
        .at("/slow", slow)
        .map_to_response()
        .boxed()
}

/// What comes until the server closes, which it must do within [`LONG`].
async fn rest(stream: &mut TcpStream) -> String {
    let mut bytes = Vec::new();
    tokio::time::timeout(LONG, stream.read_to_end(&mut bytes))
        .await
        .expect("the server closes")
        .unwrap();
    String::from_utf8(bytes).unwrap()
}

#[tokio::test]
async fn heads_that_do_not_end_hold_no_connection() {
    let server = Server::start(hello()).await;
    for begun in ["", "P", "PRI * HT", "GET / HTT", "GET / HTTP/1.1\r\nhost: a\r\nx"] {
        let since = Instant::now();
        let mut stream = server.send(begun).await;
        assert!(!rest(&mut stream).await.contains("200 OK"), "{begun:?}");
        assert!(since.elapsed() >= SHORT, "{begun:?} had its time");
    }
    let mut stream = server.send("GET / HTTP/1.1\r\nhost: a\r\n\r\n").await;
    let answer = rest(&mut stream).await;
    assert!(
        answer.starts_with("HTTP/1.1 200 OK") && answer.ends_with("hello"),
        "an idle one is closed too"
    );
    assert!(!server.running.is_finished());
}

#[tokio::test]
async fn heads_have_a_size() {
    let server = Server::start(hello()).await;
    let many = "a: b\r\n".repeat(30);
    let mut stream = server
        .send(&format!("GET / HTTP/1.1\r\nhost: a\r\n{many}\r\n"))
        .await;
    assert!(rest(&mut stream).await.starts_with("HTTP/1.1 431"));
    let mut stream = TcpStream::connect(server.address).await.unwrap();
    let large = format!(
        "GET / HTTP/1.1\r\nhost: a\r\nlarge: {}\r\n\r\n",
        "x".repeat(64 * 1024)
    );
    // The server may close before all was sent.
    let _ = stream.write_all(large.as_bytes()).await;
    let mut bytes = Vec::new();
    let _ = stream.read_to_end(&mut bytes).await;
    assert!(!String::from_utf8_lossy(&bytes).contains("200 OK"));
}

#[tokio::test]
async fn bodies_that_stall_or_are_too_large_are_refused() {
    let app = TestApp::with(&[
        ("KEELSON_HTTP_BODY_TIMEOUT", "1"),
        ("KEELSON_HTTP_BODY_LIMIT", "2000"),
    ])
    .await;
    let server = Server::start(app.endpoint()).await;
    let head = "POST /api/v1/auths/signin HTTP/1.1\r\nhost: a\r\nconnection: close\r\ncontent-type: application/json\r\n";
    let detail = |answer: &str| {
        let body = answer.split("\r\n\r\n").nth(1).unwrap_or_default().to_owned();
        serde_json::from_str::<serde_json::Value>(&body).expect("JSON")["detail"].is_string()
    };

    let mut stream = server
        .send(&format!("{head}content-length: 100\r\n\r\n{{\"email\""))
        .await;
    let answer = rest(&mut stream).await;
    assert!(answer.starts_with("HTTP/1.1 408") && detail(&answer), "{answer}");

    let mut stream = server.send(&format!("{head}content-length: 2001\r\n\r\n")).await;
    let answer = rest(&mut stream).await;
    assert!(answer.starts_with("HTTP/1.1 413") && detail(&answer), "{answer}");

    let chunk = format!("3e8\r\n{}\r\n", "x".repeat(1000));
    let mut stream = server
        .send(&format!(
            "{head}transfer-encoding: chunked\r\n\r\n{chunk}{chunk}{chunk}"
        ))
        .await;
    let answer = rest(&mut stream).await;
    assert!(answer.starts_with("HTTP/1.1 413") && detail(&answer), "{answer}");
}

/// Says when it is gone.
struct Alive(Arc<AtomicBool>);

impl Drop for Alive {
    fn drop(&mut self) {
        self.0.store(false, Ordering::SeqCst);
    }
}

#[tokio::test]
async fn a_client_that_reads_nothing_is_left() {
    let alive = Arc::new(AtomicBool::new(true));
    let seen = alive.clone();
    let endless = make_sync(move |_| {
        let alive = Alive(seen.clone());
        let chunks = stream::repeat_with(move || {
            assert!(alive.0.load(Ordering::SeqCst));
            Ok::<_, std::io::Error>(vec![b'x'; 64 * 1024])
        });
        Response::builder().body(Body::from_bytes_stream(chunks))
    });
    let server = Server::start(endless.map_to_response().boxed()).await;
    let _unread = server.send("GET / HTTP/1.1\r\nhost: a\r\n\r\n").await;
    let since = Instant::now();
    while alive.load(Ordering::SeqCst) {
        assert!(since.elapsed() < LONG, "the stream is held");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

#[tokio::test]
async fn a_stop_lets_requests_finish_but_not_for_ever() {
    let server = Server::start(hello()).await;
    let mut busy = server.send("GET /slow HTTP/1.1\r\nhost: a\r\n\r\n").await;
    let mut idle = server.send("GET / HTTP/1.1\r\nhost: a\r\n\r\n").await;
    let mut first = [0; 12];
    idle.read_exact(&mut first).await.unwrap();
    tokio::time::sleep(Duration::from_millis(30)).await;
    server.stop.cancel();
    assert!(rest(&mut busy).await.ends_with("slow"), "it finishes");
    rest(&mut idle).await;
    tokio::time::timeout(LONG, server.running)
        .await
        .expect("the server ends")
        .unwrap();

    let pending = poem::endpoint::make(|_| std::future::pending::<poem::Result<Response>>());
    let server = Server::start(pending.boxed()).await;
    let mut stuck = server.send("GET / HTTP/1.1\r\nhost: a\r\n\r\n").await;
    tokio::time::sleep(Duration::from_millis(50)).await;
    server.stop.cancel();
    tokio::time::timeout(LONG, server.running)
        .await
        .expect("the server ends")
        .unwrap();
    assert_eq!(rest(&mut stuck).await, "", "it was cut off");
}
