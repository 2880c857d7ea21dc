use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

/// What a provider sends: `head` with the headers of the answer, `start` once, `again` without end.
#[derive(Debug, Clone)]
pub(crate) struct Endless {
    /// Headers beyond the status and the connection's, each with its line end.
    pub(crate) head: &'static str,
    /// What the body begins with.
    pub(crate) start: &'static [u8],
    /// What follows, again and again.
    pub(crate) again: Vec<u8>,
    /// Whether the list of models is endless instead of the answers.
    pub(crate) in_list: bool,
}

/// A provider on loopback that lists the model `endless` and whose answers never end.
pub(crate) struct EndlessUpstream {
    address: SocketAddr,
    sent: Arc<AtomicUsize>,
    server: JoinHandle<()>,
}

impl Drop for EndlessUpstream {
    fn drop(&mut self) {
        self.server.abort();
    }
}

async fn serve(mut connection: TcpStream, answer: &Endless, sent: &AtomicUsize) -> std::io::Result<()> {
    const MODELS: &str = r#"{"data":[{"id":"endless"}]}"#;
    let mut head = Vec::new();
    while !head.windows(4).any(|end| end == b"\r\n\r\n") {
        if connection.read_buf(&mut head).await? == 0 {
            return Ok(());
        }
    }
    let status = "HTTP/1.1 200 OK\r\nconnection: close\r\n";
    if head.starts_with(b"GET") != answer.in_list {
        let models = format!("{status}content-type: application/json\r\n\r\n{MODELS}");
        return connection.write_all(models.as_bytes()).await;
    }
    connection
        .write_all(format!("{status}{}\r\n", answer.head).as_bytes())
        .await?;
    connection.write_all(answer.start).await?;
    loop {
        connection.write_all(&answer.again).await?;
        sent.fetch_add(answer.again.len(), Ordering::Relaxed);
    }
}

impl EndlessUpstream {
    pub(crate) async fn start(answer: Endless) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let sent = Arc::new(AtomicUsize::new(0));
        let counter = sent.clone();
        let server = tokio::spawn(async move {
            while let Ok((connection, _)) = listener.accept().await {
                let (answer, counter) = (answer.clone(), counter.clone());
                tokio::spawn(async move { serve(connection, &answer, &counter).await });
            }
        });
        Self {
            address,
            sent,
            server,
        }
    }

    /// The base URL.
    pub(crate) fn url(&self) -> String {
        format!("http://{}/v1", self.address)
    }

    /// How many bytes were sent without end.
    pub(crate) fn sent(&self) -> usize {
        self.sent.load(Ordering::Relaxed)
    }
}
