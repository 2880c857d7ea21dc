use std::time::Duration;

use keelson_domain::realtime::Presence;
use keelson_domain::user::Role;
use keelson_sockets::{Options, Transport};
use serde_json::{Value, json};

use super::house::{House, eventually, http};

/// Between the packets of one polling answer.
const SEPARATOR: char = '\u{1e}';

struct Poller<'h> {
    client: reqwest::Client,
    house: &'h House,
    sid: String,
}

impl<'h> Poller<'h> {
    async fn open(house: &'h House) -> Self {
        let client = http();
        let url = house.url("EIO=4&transport=polling");
        let open = client.get(url).send().await.unwrap().text().await.unwrap();
        let open: Value = serde_json::from_str(open.strip_prefix('0').unwrap()).unwrap();
        assert_eq!(open["upgrades"], json!([]));
        let sid = open["sid"].as_str().unwrap().to_owned();
        Self { client, house, sid }
    }

    fn url(&self) -> String {
        self.house
            .url(&format!("EIO=4&transport=polling&sid={}", self.sid))
    }

    async fn send(&self, packet: String) {
        let answer = self.client.post(self.url()).body(packet).send().await.unwrap();
        assert_eq!(answer.text().await.unwrap(), "ok");
    }

    async fn poll(&self) -> Vec<String> {
        let answer = self.client.get(self.url()).send().await.unwrap();
        let text = answer.text().await.unwrap();
        text.split(SEPARATOR).map(str::to_owned).collect()
    }

    /// The server lets this session go on no more, and does not tell the client to stay away.
    async fn is_refused(&self) {
        loop {
            let answer = self.client.get(self.url()).send().await.unwrap();
            if answer.status() == reqwest::StatusCode::BAD_REQUEST {
                return;
            }
            // What was sent before.
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
async fn a_polling_page_joins_hears_and_goes() {
    let house = House::with(Options {
        transport: Transport::Polling,
        ..Options::default()
    })
    .await;
    let ann = house.door.admit("ann", Role::User);
    let page = Poller::open(&house).await;
    page.send("40{}".to_owned()).await;
    page.until("40").await;
    let join = json!(["user-join", {"auth": {"token": "ann-token"}}]);
    page.send(format!("421{join}")).await;
    assert_eq!(page.until("431").await, r#"[{"id":"ann","name":"ANN"}]"#);
    for number in 0..3 {
        house.tell(&ann, number).await;
    }
    let packets = page.poll().await;
    let events: Vec<_> = packets.iter().filter(|packet| packet.starts_with("42")).collect();
    assert_eq!(
        events,
        [
            r#"42["events",{"number":0}]"#,
            r#"42["events",{"number":1}]"#,
            r#"42["events",{"number":2}]"#
        ]
    );
    house.bus.disconnect(&ann).await;
    eventually("ann is gone", async || {
        !house.presence.is_online(&ann).await.unwrap()
    })
    .await;
    house.tell(&ann, 3).await;
    page.is_refused().await;
}

#[tokio::test]
async fn a_waiting_poll_is_refused_when_the_page_is_cut_off() {
    let house = House::with(Options {
        transport: Transport::Polling,
        ..Options::default()
    })
    .await;
    let ann = house.door.admit("ann", Role::User);
    let page = Poller::open(&house).await;
    page.send(r#"40{"token":"ann-token"}"#.to_owned()).await;
    page.until("40").await;
    eventually("ann is online", async || {
        house.presence.is_online(&ann).await.unwrap()
    })
    .await;
    let cut = async {
        tokio::time::sleep(Duration::from_millis(100)).await;
        house.bus.disconnect(&ann).await;
    };
    tokio::join!(page.is_refused(), cut);
}

#[tokio::test]
async fn a_session_of_another_instance_is_told_what_it_needs() {
    let polling = || Options {
        transport: Transport::Polling,
        ..Options::default()
    };
    let (first, second) = (House::with(polling()).await, House::with(polling()).await);
    let page = Poller::open(&first).await;
    // The balancer sends the next request elsewhere.
    let query = format!("EIO=4&transport=polling&sid={}", page.sid);
    for request in [
        page.client.get(second.url(&query)),
        page.client.post(second.url(&query)).body("40{}"),
        page.client.get(second.url("EIO=4&transport=polling&sid=no!id")),
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
    // The first instance has it still.
    page.send("40{}".to_owned()).await;
    page.until("40").await;
}
