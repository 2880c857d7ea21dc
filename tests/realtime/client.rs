//! A small socket.io client: what the stock client sends over a websocket, and nothing else.

use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use keelson_domain::realtime::{EventBus, SocketId};
use keelson_domain::user::UserId;
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

use super::server::SocketServer;

/// How long a test waits for an expected packet.
const TIMEOUT: Duration = Duration::from_secs(5);
/// How long a test waits to see that nothing arrives.
const QUIET: Duration = Duration::from_millis(150);

/// An event from the server.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Event {
    pub(super) event: String,
    pub(super) data: Value,
    /// The number to acknowledge it with, if an acknowledgement is awaited.
    pub(super) ack: Option<u64>,
}

/// One connected client.
pub(super) struct Client {
    socket: WebSocketStream<MaybeTlsStream<TcpStream>>,
    pub(super) id: SocketId,
    next_ack: u64,
    /// Events that arrived while it waited for an acknowledgement.
    queued: Vec<Event>,
}

impl Client {
    /// Connects without a token.
    pub(super) async fn anonymous(server: &SocketServer) -> Self {
        Self::connect(server, json!({})).await
    }

    /// Connects as a user does in the front end: with the token, then `user-join`.
    pub(super) async fn signed_in(server: &SocketServer, name: &str) -> Self {
        let token = format!("{name}-token");
        let mut client = Self::connect(server, json!({"token": token})).await;
        client.call("user-join", json!({"auth": {"token": token}})).await;
        client
    }

    pub(super) async fn connect(server: &SocketServer, auth: Value) -> Self {
        let url = server.url("EIO=4&transport=websocket").replacen("http", "ws", 1);
        let (socket, _) = connect_async(url).await.unwrap();
        let mut client = Self {
            socket,
            id: "".into(),
            next_ack: 0,
            queued: Vec::new(),
        };
        let open = client.frame().await.expect("an open packet");
        assert!(open.starts_with("0{"), "{open}");
        client.send(format!("40{auth}")).await;
        let connected = client.frame().await.expect("a connect packet");
        let connected: Value = serde_json::from_str(connected.strip_prefix("40").unwrap()).unwrap();
        client.id = connected["sid"].as_str().unwrap().into();
        client
    }

    async fn send(&mut self, packet: String) {
        self.socket.send(Message::text(packet)).await.unwrap();
    }

    /// The next packet that is no ping; none when the server disconnected.
    async fn frame(&mut self) -> Option<String> {
        loop {
            match tokio::time::timeout(TIMEOUT, self.socket.next())
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
            self.queued.push(parse_event(&frame));
        }
    }

    pub(super) async fn acknowledge(&mut self, event: &Event, arguments: Value) {
        self.send(format!("43{}{arguments}", event.ack.unwrap())).await;
    }

    /// The next event.
    pub(super) async fn next(&mut self) -> Event {
        if !self.queued.is_empty() {
            return self.queued.remove(0);
        }
        parse_event(&self.frame().await.expect("an event, but the server disconnected"))
    }

    /// Asserts that nothing arrives.
    pub(super) async fn assert_receives_nothing(&mut self) {
        assert_eq!(self.queued, []);
        if let Ok(frame) = tokio::time::timeout(QUIET, self.frame()).await {
            panic!("received {frame:?}");
        }
    }

    /// Waits until the server disconnects.
    pub(super) async fn wait_for_disconnect(&mut self) {
        while let Some(frame) = self.frame().await {
            assert!(
                !frame.starts_with("41"),
                "a disconnect packet: the stock client would not reconnect"
            );
        }
    }

    /// Disconnects, as a browser tab that is closed.
    pub(super) async fn close(mut self) {
        self.send("41".to_owned()).await;
        self.socket.close(None).await.unwrap();
    }
}

fn parse_event(frame: &str) -> Event {
    let packet = frame
        .strip_prefix("42")
        .unwrap_or_else(|| panic!("no event: {frame}"));
    let (ack, arguments) = packet.split_at(packet.find('[').unwrap());
    let arguments: Vec<Value> = serde_json::from_str(arguments).unwrap();
    assert_eq!(arguments.len(), 2, "{packet}");
    Event {
        event: arguments[0].as_str().unwrap().to_owned(),
        data: arguments[1].clone(),
        ack: ack.parse().ok(),
    }
}

/// Calls a client with a question and lets it acknowledge; the result of the call.
pub(super) async fn call_and_acknowledge(
    bus: &dyn EventBus,
    user: &UserId,
    client: &mut Client,
    arguments: Value,
) -> Value {
    let question = json!({"type": "execute:tool"});
    let id = client.id.clone();
    let calling = bus.call(user, &id, "events", &question, Duration::from_secs(60));
    let answering = async {
        let event = client.next().await;
        assert_eq!((event.event.as_str(), &event.data), ("events", &question));
        client.acknowledge(&event, arguments).await;
    };
    let (answer, ()) = tokio::join!(calling, answering);
    answer.unwrap()
}

/// Arguments of an acknowledgement, and what the caller gets: the first one, or null.
pub(super) fn acknowledgements() -> [(Value, Value); 5] {
    [
        (json!([{"sum": 5}]), json!({"sum": 5})),
        (json!([[1, 2]]), json!([1, 2])),
        (json!(["x", "y"]), json!("x")),
        (json!([null]), Value::Null),
        (json!([]), Value::Null),
    ]
}
