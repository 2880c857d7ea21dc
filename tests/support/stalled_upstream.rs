use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

const MODELS: &str = r#"{"data":[{"id":"stalled"}]}"#;

/// A provider on loopback that lists the model `stalled`. It answers a request with a prefix and then sends nothing, for
/// as long as the connection is open.
pub(crate) struct StalledUpstream {
    address: SocketAddr,
    open: Arc<AtomicUsize>,
    server: JoinHandle<()>,
}

impl Drop for StalledUpstream {
    fn drop(&mut self) {
        self.server.abort();
    }
}

async fn serve(mut connection: TcpStream, prefix: &str, open: &AtomicUsize) -> std::io::Result<()> {
    let mut head = Vec::new();
    while !head.windows(4).any(|end| end == b"\r\n\r\n") {
        if connection.read_buf(&mut head).await? == 0 {
            return Ok(());
        }
    }
    if head.starts_with(b"GET") {
        let length = MODELS.len();
        let answer = format!(
            "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n{MODELS}"
        );
        return connection.write_all(answer.as_bytes()).await;
    }
    open.fetch_add(1, Ordering::SeqCst);
    if !prefix.is_empty() {
        let answer = "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\nconnection: close\r\n\r\n";
        connection
            .write_all(format!("{answer}{prefix}").as_bytes())
            .await?;
    }
    // The other end is gone when nothing more can be read.
    while connection.read(&mut [0; 1024]).await.is_ok_and(|read| read > 0) {}
    open.fetch_sub(1, Ordering::SeqCst);
    Ok(())
}

impl StalledUpstream {
    pub(crate) async fn start(prefix: &'static str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let open = Arc::new(AtomicUsize::new(0));
        let counter = open.clone();
        let server = tokio::spawn(async move {
            while let Ok((connection, _)) = listener.accept().await {
                let counter = counter.clone();
                tokio::spawn(async move { serve(connection, prefix, &counter).await });
            }
        });
        Self {
            address,
            open,
            server,
        }
    }

    /// The address that connections name.
    pub(crate) fn url(&self) -> String {
        format!("http://{}/v1", self.address)
    }

    /// Waits until this many requests are open.
    pub(crate) async fn wait_for_open_requests(&self, count: usize) {
        let reached = async {
            while self.open.load(Ordering::SeqCst) != count {
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        };
        tokio::time::timeout(Duration::from_secs(5), reached)
            .await
            .expect("requests open and close in time");
    }
}
