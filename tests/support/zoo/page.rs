use std::time::Duration;

use poem::Request;
use poem::http::{Method, StatusCode};
use serde_json::{Value, json};

use crate::support::TestApp;

/// Between the packets of one polling answer.
const SEPARATOR: char = '\u{1e}';

/// How long a page waits for the end of an answer.
const TIMEOUT: Duration = Duration::from_secs(20);

/// A page that hears of its user's answers by polling; the app must run with `ENABLE_WEBSOCKET_SUPPORT=false`.
pub(crate) struct Page<'a> {
    app: &'a TestApp,
    sid: String,
}

/// What a page showed of one answer.
#[derive(Debug)]
pub(crate) struct Shown {
    /// The text after each event, as the stock page assembles it.
    pub(crate) texts: Vec<String>,
    /// The error, if there was one.
    pub(crate) error: Value,
    /// The usage, if it was told.
    pub(crate) usage: Value,
}

async fn send(app: &TestApp, method: Method, sid: &str, packet: String) -> String {
    let uri = format!("/ws/socket.io/?EIO=4&transport=polling{sid}");
    let request = Request::builder().method(method).uri_str(uri).body(packet);
    let response = app.send(request).await;
    let status = response.status();
    let text = response.into_body().into_string().await.expect("a text");
    assert_eq!(status, StatusCode::OK, "{text}");
    text
}

impl<'a> Page<'a> {
    pub(crate) async fn open(app: &'a TestApp, token: &str) -> Self {
        let open = send(app, Method::GET, "", String::new()).await;
        let open: Value =
            serde_json::from_str(open.strip_prefix('0').expect("an open packet")).expect("JSON");
        let page = Self {
            app,
            sid: format!("&sid={}", open["sid"].as_str().expect("an id")),
        };
        let auth = json!({"token": token});
        page.send(format!("40{auth}")).await;
        while !page.poll().await.iter().any(|packet| packet.starts_with("40")) {}
        let join = json!(["user-join", {"auth": auth}]);
        page.send(format!("421{join}")).await;
        while !page.poll().await.iter().any(|packet| packet.starts_with("431")) {}
        page
    }

    /// Ends the connection.
    pub(crate) async fn close(self) {
        self.send("1".to_owned()).await;
    }

    async fn send(&self, packet: String) {
        send(self.app, Method::POST, &self.sid, packet).await;
    }

    async fn poll(&self) -> Vec<String> {
        let text = send(self.app, Method::GET, &self.sid, String::new()).await;
        let packets: Vec<String> = text.split(SEPARATOR).map(str::to_owned).collect();
        if packets.iter().any(|packet| packet == "2") {
            self.send("3".to_owned()).await;
        }
        packets
    }

    /// Shows events until the answer of a chat ends.
    pub(crate) async fn show(&self, chat: &str) -> Shown {
        let mut shown = Shown {
            texts: vec![String::new()],
            error: Value::Null,
            usage: Value::Null,
        };
        let ended = async {
            loop {
                for packet in self.poll().await {
                    let event: Value = packet
                        .strip_prefix("42")
                        .and_then(|event| serde_json::from_str(event).ok())
                        .unwrap_or_default();
                    if event[0] == "events" && event[1]["chat_id"] == chat && shown.add(&event[1]["data"]) {
                        return;
                    }
                }
            }
        };
        tokio::time::timeout(TIMEOUT, ended)
            .await
            .expect("the answer ends");
        shown
    }
}

impl Shown {
    /// Adds an event; answers whether it is the last one.
    fn add(&mut self, event: &Value) -> bool {
        let data = &event["data"];
        match event["type"].as_str() {
            Some("chat:message:error") => {
                self.error = data["error"].clone();
                true
            }
            Some("chat:completion") => {
                let choice = &data["choices"][0];
                let piece = choice["message"]["content"]
                    .as_str()
                    .or_else(|| choice["delta"]["content"].as_str());
                let text = self.texts.last().cloned().unwrap_or_default() + piece.unwrap_or_default();
                self.texts
                    .push(data["content"].as_str().map_or(text, str::to_owned));
                if data["usage"].is_object() {
                    self.usage = data["usage"].clone();
                }
                data["done"] == true
            }
            _ => false,
        }
    }
}
