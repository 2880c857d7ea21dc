use std::time::Duration;

use keelson_domain::realtime::Presence;
use keelson_domain::user::Role;
use keelson_sockets::{Options, Transport};
use serde_json::{Value, json};

use super::server::{SocketServer, eventually, http};

/// Between the packets of one polling answer.
const SEPARATOR: char = '\u{1e}';

struct PollingClient<'s> {
    http: reqwest::Client,
    server: &'s SocketServer,
    sid: String,
}

impl<'s> PollingClient<'s> {
    async fn open(server: &'s SocketServer) -> Self {
        let http = http();
        let url = server.url("EIO=4&transport=polling");
        let open = http.get(url).send().await.unwrap().text().await.unwrap();
        let open: Value = serde_json::from_str(open.strip_prefix('0').unwrap()).unwrap();
        assert_eq!(open["upgrades"], json!([]));
        let sid = open["sid"].as_str().unwrap().to_owned();
        Self { http, server, sid }
    }

    fn url(&self) -> String {
        self.server
            .url(&format!("EIO=4&transport=polling&sid={}", self.sid))
    }

    async fn send(&self, packet: String) {
        let answer = self.http.post(self.url()).body(packet).send().await.unwrap();
        assert_eq!(answer.text().await.unwrap(), "ok");
    }

    async fn poll(&self) -> Vec<String> {
        let answer = self.http.get(self.url()).send().await.unwrap();
        let text = answer.text().await.unwrap();
        text.split(SEPARATOR).map(str::to_owned).collect()
    }

    /// Waits until the server refuses this session; it may not send a disconnect packet.
    async fn wait_until_refused(&self) {
        loop {
            let answer = self.http.get(self.url()).send().await.unwrap();
            if answer.status() == reqwest::StatusCode::BAD_REQUEST {
                return;
            }
            // Sent before the session ended.
            let packets = answer.text().await.unwrap();
            assert!(
                !packets.split(SEPARATOR).any(|packet| packet == "41"),
                "{packets}"
            );
        }
    }

    /// Polls until a packet that starts so; what stands after that.
    async fn until(&self, prefix: &str) -> String {
        for _ in 0..20 {
            for packet in self.poll().await {
                if packet == "2" {
                    self.send("3".to_owned()).await;
                }
                if let Some(rest) = packet.strip_prefix(prefix) {
                    return rest.to_owned();
                }
            }
        }
        panic!("never polled {prefix}");
    }
}

#[tokio::test]
async fn a_polling_client_joins_receives_and_is_disconnected() {
    let server = SocketServer::start_with(Options {
        transport: Transport::Polling,
        ..Options::default()
    })
    .await;
    let ann = server.tokens.add_user("ann", Role::User);
    let client = PollingClient::open(&server).await;
    client.send("40{}".to_owned()).await;
    client.until("40").await;
    let join = json!(["user-join", {"auth": {"token": "ann-token"}}]);
    client.send(format!("421{join}")).await;
    assert_eq!(client.until("431").await, r#"[{"id":"ann","name":"ANN"}]"#);
    for number in 0..3 {
        server.emit_number(&ann, number).await;
    }
    let packets = client.poll().await;
    let events: Vec<_> = packets.iter().filter(|packet| packet.starts_with("42")).collect();
    assert_eq!(
        events,
        [
            r#"42["events",{"number":0}]"#,
            r#"42["events",{"number":1}]"#,
            r#"42["events",{"number":2}]"#
        ]
    );
    server.bus.disconnect(&ann).await;
    eventually("ann is offline", async || {
        !server.presence.is_online(&ann).await.unwrap()
    })
    .await;
    server.emit_number(&ann, 3).await;
    client.wait_until_refused().await;
}

#[tokio::test]
async fn the_name_of_a_socket_continues_no_session() {
    let server = SocketServer::start_with(Options {
        transport: Transport::Polling,
        ..Options::default()
    })
    .await;
    server.tokens.add_user("ann", Role::User);
    let client = PollingClient::open(&server).await;
    client.send(r#"40{"token":"ann-token"}"#.to_owned()).await;
    let connected: Value = serde_json::from_str(&client.until("40").await).unwrap();
    // What requests name as `session_id`, and others may know.
    let socket = connected["sid"].as_str().unwrap();
    assert_ne!(socket, client.sid);
    for query in [
        format!("EIO=4&transport=polling&sid={socket}"),
        format!("EIO=4&transport=polling&sid={socket}&sid={}", client.sid),
        format!("EIO=4&transport=websocket&sid={socket}"),
        format!("EIO=4&transport=polling&sid={}", client.sid.to_uppercase()),
        "EIO=4&transport=polling&sid=".to_owned(),
    ] {
        let answer = http().get(server.url(&query)).send().await.unwrap();
        assert_eq!(answer.status(), reqwest::StatusCode::BAD_REQUEST, "{query}");
    }
    // The client itself goes on.
    client.send("2".to_owned()).await;
}

#[tokio::test]
async fn a_waiting_poll_is_refused_when_the_client_is_disconnected() {
    let server = SocketServer::start_with(Options {
        transport: Transport::Polling,
        ..Options::default()
    })
    .await;
    let ann = server.tokens.add_user("ann", Role::User);
    let client = PollingClient::open(&server).await;
    client.send(r#"40{"token":"ann-token"}"#.to_owned()).await;
    client.until("40").await;
    eventually("ann is online", async || {
        server.presence.is_online(&ann).await.unwrap()
    })
    .await;
    let disconnecting = async {
        tokio::time::sleep(Duration::from_millis(100)).await;
        server.bus.disconnect(&ann).await;
    };
    tokio::join!(client.wait_until_refused(), disconnecting);
}

#[tokio::test]
async fn a_session_of_another_instance_is_refused_with_the_reason() {
    let polling = || Options {
        transport: Transport::Polling,
        ..Options::default()
    };
    let (first, second) = (
        SocketServer::start_with(polling()).await,
        SocketServer::start_with(polling()).await,
    );
    let client = PollingClient::open(&first).await;
    // A load balancer sends the next request to another instance.
    let query = format!("EIO=4&transport=polling&sid={}", client.sid);
    for request in [
        client.http.get(second.url(&query)),
        client.http.post(second.url(&query)).body("40{}"),
        client.http.get(second.url("EIO=4&transport=polling&sid=no!id")),
    ] {
        let answer = request.send().await.unwrap();
        assert_eq!(answer.status(), reqwest::StatusCode::BAD_REQUEST);
        assert_eq!(answer.headers()["content-type"], "application/json");
        let answer: Value = serde_json::from_str(&answer.text().await.unwrap()).unwrap();
        assert_eq!(answer["code"], json!(1));
        let message = answer["message"].as_str().unwrap();
        assert!(message.starts_with("Session ID unknown"), "{message}");
        assert!(
            message.contains("sticky sessions") && message.contains("websockets"),
            "{message}"
        );
    }
    // The first instance still has it.
    client.send("40{}".to_owned()).await;
    client.until("40").await;
}
