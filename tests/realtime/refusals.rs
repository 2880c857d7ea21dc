use keelson_sockets::{Options, Origins, Transport};
use reqwest::StatusCode;
use serde_json::Value;

use super::server::{SocketServer, http};

async fn get(server: &SocketServer, query: &str, headers: &[(&str, &str)]) -> (StatusCode, Value) {
    let client = http();
    let mut request = client.get(server.url(query));
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let response = request.send().await.unwrap();
    let status = response.status();
    (
        status,
        serde_json::from_str(&response.text().await.unwrap()).unwrap_or_default(),
    )
}

const WEBSOCKET: [(&str, &str); 4] = [
    ("connection", "keep-alive, Upgrade"),
    ("upgrade", "websocket"),
    ("sec-websocket-version", "13"),
    ("sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ=="),
];

#[tokio::test]
async fn a_websocket_needs_its_headers() {
    let server = SocketServer::start().await;
    let query = "EIO=4&transport=websocket";
    let (status, body) = get(&server, query, &[]).await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
    assert!(body["detail"].is_string(), "{body}");
    for missing in 0..WEBSOCKET.len() {
        let mut headers = WEBSOCKET.to_vec();
        headers.remove(missing);
        assert_eq!(
            get(&server, query, &headers).await.0,
            StatusCode::BAD_REQUEST,
            "{missing}"
        );
    }
    assert_eq!(
        get(&server, query, &WEBSOCKET).await.0,
        StatusCode::SWITCHING_PROTOCOLS
    );
    let resumed = format!("{query}&sid=AAAAAAAAAAAAAAAA");
    assert_eq!(
        get(&server, &resumed, &WEBSOCKET).await.0,
        StatusCode::BAD_REQUEST
    );
}

#[tokio::test]
async fn each_transport_is_refused_where_the_other_is_on() {
    let server = SocketServer::start().await;
    assert_eq!(
        get(&server, "EIO=4&transport=polling", &[]).await.0,
        StatusCode::BAD_REQUEST
    );
    assert_eq!(get(&server, "", &[]).await.0, StatusCode::BAD_REQUEST);
    let server = SocketServer::start_with(Options {
        transport: Transport::Polling,
        ..Options::default()
    })
    .await;
    let query = "EIO=4&transport=websocket";
    assert_eq!(get(&server, query, &WEBSOCKET).await.0, StatusCode::BAD_REQUEST);
    assert_eq!(
        get(&server, "EIO=4&transport=polling", &[]).await.0,
        StatusCode::OK
    );
}

#[tokio::test]
async fn other_origins_are_refused_unless_listed() {
    let server = SocketServer::start_with(Options {
        origins: Origins::Listed(vec!["https://ours.example".to_owned()]),
        ..Options::default()
    })
    .await;
    let from = async |origin| {
        let headers = [WEBSOCKET.as_slice(), &[("origin", origin)]].concat();
        get(&server, "EIO=4&transport=websocket", &headers).await.0
    };
    assert_eq!(from("https://theirs.example").await, StatusCode::BAD_REQUEST);
    assert_eq!(
        from("https://ours.example").await,
        StatusCode::SWITCHING_PROTOCOLS
    );
    let own = format!("http://{}", server.address);
    assert_eq!(from(&own).await, StatusCode::SWITCHING_PROTOCOLS);
}
