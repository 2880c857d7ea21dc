use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

const MODELS: &str = r#"{"data":[{"id":"mute"}]}"#;

/// A provider on loopback that lists the model `mute`, answers its questions with what it was told to say first, and then
/// with nothing, for as long as the line is open.
pub(crate) struct Silent {
    address: SocketAddr,
    open: Arc<AtomicUsize>,
    server: JoinHandle<()>,
}

impl Drop for Silent {
    fn drop(&mut self) {
        self.server.abort();
    }
}

async fn serve(mut line: TcpStream, first: &str, open: &AtomicUsize) -> std::io::Result<()> {
    let mut head = Vec::new();
    while !head.windows(4).any(|end| end == b"\r\n\r\n") {
        if line.read_buf(&mut head).await? == 0 {
            return Ok(());
        }
    }
    if head.starts_with(b"GET") {
        let length = MODELS.len();
        let answer = format!(
            "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n{MODELS}"
        );
        return line.write_all(answer.as_bytes()).await;
    }
    open.fetch_add(1, Ordering::SeqCst);
    if !first.is_empty() {
        let answer = "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\nconnection: close\r\n\r\n";
        line.write_all(format!("{answer}{first}").as_bytes()).await?;
    }
    // The other end is gone when nothing more can be read.
    while line.read(&mut [0; 1024]).await.is_ok_and(|read| read > 0) {}
    open.fetch_sub(1, Ordering::SeqCst);
    Ok(())
}

impl Silent {
    pub(crate) async fn after(first: &'static str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let open = Arc::new(AtomicUsize::new(0));
        let lines = open.clone();
        let server = tokio::spawn(async move {
            while let Ok((line, _)) = listener.accept().await {
                let lines = lines.clone();
                tokio::spawn(async move { serve(line, first, &lines).await });
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

    /// Waits until as many questions have an open line.
    pub(crate) async fn has_open(&self, lines: usize) {
        let there = async {
            while self.open.load(Ordering::SeqCst) != lines {
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        };
        tokio::time::timeout(Duration::from_secs(5), there)
            .await
            .expect("lines open and close");
    }
}
