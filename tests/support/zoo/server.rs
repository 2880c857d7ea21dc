use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

/// How the body of a reply ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ending {
    /// With the last chunk of the transfer.
    Clean,
    /// In the middle of the transfer.
    Broken,
}

/// A reply, byte by byte.
#[derive(Debug, Clone)]
pub(crate) struct Reply {
    /// Status.
    pub(crate) status: u16,
    /// The content type; none for a reply without one.
    pub(crate) content_type: Option<&'static str>,
    /// The chunks of the body.
    pub(crate) chunks: Vec<String>,
    /// Its end.
    pub(crate) ending: Ending,
}

impl Reply {
    /// A stream of events.
    pub(crate) fn events(chunks: Vec<String>) -> Self {
        Self {
            status: 200,
            content_type: Some("text/event-stream"),
            chunks,
            ending: Ending::Clean,
        }
    }

    /// A document.
    pub(crate) fn document(document: &Value) -> Self {
        Self {
            status: 200,
            content_type: Some("application/json"),
            chunks: vec![document.to_string()],
            ending: Ending::Clean,
        }
    }

    /// With another content type, or without one.
    pub(crate) fn typed(mut self, content_type: Option<&'static str>) -> Self {
        self.content_type = content_type;
        self
    }

    /// With another status.
    pub(crate) fn with_status(mut self, status: u16) -> Self {
        self.status = status;
        self
    }

    /// Breaking off.
    pub(crate) fn broken(mut self) -> Self {
        self.ending = Ending::Broken;
        self
    }

    /// The whole body.
    pub(crate) fn body(&self) -> String {
        self.chunks.concat()
    }
}

/// A request that came in.
#[derive(Debug, Clone)]
pub(crate) struct Received {
    /// Path and query.
    pub(crate) target: String,
    /// Headers, with lower-cased names, in their order.
    pub(crate) headers: Vec<(String, String)>,
    /// Body.
    pub(crate) body: Value,
}

impl Received {
    /// All values of a header.
    pub(crate) fn header(&self, name: &str) -> Vec<&str> {
        let named = self.headers.iter().filter(|(header, _)| header == name);
        named.map(|(_, value)| value.as_str()).collect()
    }
}

/// What a server answers: to a request for a stream, and to one for a document.
#[derive(Debug, Clone)]
struct Replies {
    model: String,
    streamed: Reply,
    whole: Reply,
}

/// A server that offers one model and answers every chat alike.
pub(crate) struct ZooServer {
    address: SocketAddr,
    received: Arc<Mutex<Vec<Received>>>,
    server: JoinHandle<()>,
}

impl Drop for ZooServer {
    fn drop(&mut self) {
        self.server.abort();
    }
}

async fn read_request(connection: &mut TcpStream) -> std::io::Result<Received> {
    let mut bytes = Vec::new();
    let head_end = loop {
        if let Some(at) = bytes.windows(4).position(|end| end == b"\r\n\r\n") {
            break at;
        }
        if connection.read_buf(&mut bytes).await? == 0 {
            return Err(std::io::Error::other("no request"));
        }
    };
    let head = String::from_utf8_lossy(&bytes[..head_end]).into_owned();
    let mut lines = head.split("\r\n");
    let target = lines
        .next()
        .and_then(|line| line.split(' ').nth(1))
        .unwrap_or_default()
        .to_owned();
    let headers: Vec<(String, String)> = lines
        .filter_map(|line| line.split_once(':'))
        .map(|(name, value)| (name.to_lowercase(), value.trim().to_owned()))
        .collect();
    let length = headers.iter().find(|(name, _)| name == "content-length");
    let length: usize = length.map_or(0, |(_, value)| value.parse().expect("a length"));
    while bytes.len() < head_end + 4 + length {
        if connection.read_buf(&mut bytes).await? == 0 {
            break;
        }
    }
    let body = serde_json::from_slice(&bytes[head_end + 4..]).unwrap_or_default();
    Ok(Received {
        target,
        headers,
        body,
    })
}

async fn write_reply(connection: &mut TcpStream, reply: &Reply) -> std::io::Result<()> {
    let content_type = reply
        .content_type
        .map(|it| format!("Content-Type: {it}\r\n"))
        .unwrap_or_default();
    let head = format!(
        "HTTP/1.1 {} Reply\r\n{content_type}Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n",
        reply.status
    );
    connection.write_all(head.as_bytes()).await?;
    for chunk in reply.chunks.iter().filter(|chunk| !chunk.is_empty()) {
        let framed = format!("{:x}\r\n{chunk}\r\n", chunk.len());
        connection.write_all(framed.as_bytes()).await?;
        connection.flush().await?;
        // So that chunks arrive one by one, as a model writes them.
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    if reply.ending == Ending::Clean {
        connection.write_all(b"0\r\n\r\n").await?;
    }
    connection.shutdown().await
}

async fn serve(
    mut connection: TcpStream,
    replies: &Replies,
    received: &Mutex<Vec<Received>>,
) -> std::io::Result<()> {
    let request = read_request(&mut connection).await?;
    received.lock().unwrap().push(request.clone());
    if request
        .target
        .split('?')
        .next()
        .is_some_and(|path| path.ends_with("/models"))
    {
        let list =
            Reply::document(&json!({"object": "list", "data": [{"id": replies.model, "object": "model"}]}));
        return write_reply(&mut connection, &list).await;
    }
    let reply = if request.body["stream"] == true {
        &replies.streamed
    } else {
        &replies.whole
    };
    write_reply(&mut connection, reply).await
}

impl ZooServer {
    /// With what it answers for its only model.
    pub(crate) async fn start(model: &str, streamed: Reply, whole: Reply) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let received = Arc::new(Mutex::new(Vec::new()));
        let replies = Arc::new(Replies {
            model: model.to_owned(),
            streamed,
            whole,
        });
        let kept = received.clone();
        let server = tokio::spawn(async move {
            while let Ok((connection, _)) = listener.accept().await {
                let (replies, received) = (replies.clone(), kept.clone());
                tokio::spawn(async move { serve(connection, &replies, &received).await });
            }
        });
        Self {
            address,
            received,
            server,
        }
    }

    /// The address that connections name.
    pub(crate) fn url(&self) -> String {
        format!("http://{}/v1", self.address)
    }

    /// The chats that were asked for, oldest first.
    pub(crate) fn chats(&self) -> Vec<Received> {
        let received = self.received.lock().unwrap();
        let chats = received
            .iter()
            .filter(|received| received.target.contains("/chat/completions"));
        chats.cloned().collect()
    }

    /// Everything that was asked for, oldest first.
    pub(crate) fn received(&self) -> Vec<Received> {
        self.received.lock().unwrap().clone()
    }
}
