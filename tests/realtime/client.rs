//! A small socket.io client: what the stock one sends over a websocket, and nothing else.

use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use keelson_domain::realtime::SocketId;
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

use super::house::House;

/// How long a test waits for something that should come.
const PATIENCE: Duration = Duration::from_secs(5);
/// How long a test waits for something that should not come.
const QUIET: Duration = Duration::from_millis(150);

/// An event from the server.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Heard {
    pub(super) event: String,
    pub(super) data: Value,
    /// To answer with, if an answer is awaited.
    pub(super) ack: Option<u64>,
}

/// One open page.
pub(super) struct Page {
    wire: WebSocketStream<MaybeTlsStream<TcpStream>>,
    pub(super) id: SocketId,
    next_ack: u64,
    /// Heard while waiting for an acknowledgement.
    early: Vec<Heard>,
}

impl Page {
    /// Opens a page without a token.
    pub(super) async fn stranger(house: &House) -> Self {
        Self::connect(house, json!({})).await
    }

    /// Opens a page of someone, as the front end does: with the token, then `user-join`.
    pub(super) async fn of(house: &House, name: &str) -> Self {
        let token = format!("{name}-token");
        let mut page = Self::connect(house, json!({"token": token})).await;
        page.call("user-join", json!({"auth": {"token": token}})).await;
        page
    }

    pub(super) async fn connect(house: &House, auth: Value) -> Self {
        let url = house.url("EIO=4&transport=websocket").replacen("http", "ws", 1);
        let (wire, _) = connect_async(url).await.unwrap();
        let mut page = Self {
            wire,
            id: "".into(),
            next_ack: 0,
            early: Vec::new(),
        };
        let open = page.frame().await.expect("an open packet");
        assert!(open.starts_with("0{"), "{open}");
        page.send(format!("40{auth}")).await;
        let connected = page.frame().await.expect("a connect packet");
        let connected: Value = serde_json::from_str(connected.strip_prefix("40").unwrap()).unwrap();
        page.id = connected["sid"].as_str().unwrap().into();
        page
    }

    async fn send(&mut self, packet: String) {
        self.wire.send(Message::text(packet)).await.unwrap();
    }

    /// The next packet that is no ping; none when the server hung up.
    async fn frame(&mut self) -> Option<String> {
        loop {
            match tokio::time::timeout(PATIENCE, self.wire.next())
                .await
                .expect("in time")?
            {
                Ok(Message::Text(text)) if text.as_str() == "2" => self.send("3".to_owned()).await,
                Ok(Message::Text(text)) => return Some(text.to_string()),
                Ok(Message::Close(_)) | Err(_) => return None,
                Ok(_) => {}
            }
        }
    }

    pub(super) async fn emit(&mut self, event: &str, data: Value) {
        self.send(format!("42{}", json!([event, data]))).await;
    }

    /// Emits and waits for the acknowledgement: its arguments.
    pub(super) async fn call(&mut self, event: &str, data: Value) -> Value {
        self.next_ack += 1;
        let id = self.next_ack;
        self.send(format!("42{id}{}", json!([event, data]))).await;
        let prefix = format!("43{id}");
        loop {
            let frame = self.frame().await.expect("an acknowledgement");
            if let Some(arguments) = frame.strip_prefix(&prefix) {
                return serde_json::from_str(arguments).unwrap();
            }
            self.early.push(heard(&frame));
        }
    }

    pub(super) async fn answer(&mut self, heard: &Heard, arguments: Value) {
        self.send(format!("43{}{arguments}", heard.ack.unwrap())).await;
    }

    /// The next event.
    pub(super) async fn next(&mut self) -> Heard {
        if !self.early.is_empty() {
            return self.early.remove(0);
        }
        heard(&self.frame().await.expect("an event, but the server hung up"))
    }

    /// Asserts that nothing comes.
    pub(super) async fn hears_nothing(&mut self) {
        assert_eq!(self.early, []);
        if let Ok(frame) = tokio::time::timeout(QUIET, self.frame()).await {
            panic!("heard {frame:?}");
        }
    }

    /// Waits until the server hangs up.
    pub(super) async fn is_hung_up(&mut self) {
        while let Some(frame) = self.frame().await {
            assert!(
                !frame.starts_with("41"),
                "told to disconnect: would not come back"
            );
        }
    }

    /// The page is closed by its user.
    pub(super) async fn close(mut self) {
        self.send("41".to_owned()).await;
        self.wire.close(None).await.unwrap();
    }
}

fn heard(frame: &str) -> Heard {
    let packet = frame
        .strip_prefix("42")
        .unwrap_or_else(|| panic!("no event: {frame}"));
    let (ack, arguments) = packet.split_at(packet.find('[').unwrap());
    let arguments: Vec<Value> = serde_json::from_str(arguments).unwrap();
    assert_eq!(arguments.len(), 2, "{packet}");
    Heard {
        event: arguments[0].as_str().unwrap().to_owned(),
        data: arguments[1].clone(),
        ack: ack.parse().ok(),
    }
}
