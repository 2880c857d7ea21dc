//! Clients that read too slowly or not at all.

use std::time::{Duration, Instant};

use keelson_domain::realtime::{Audience, Presence};
use keelson_domain::user::Role;
use keelson_sockets::Options;
use serde_json::json;

use super::client::Client;
use super::server::{SocketServer, eventually};

/// A client that stops reading delays nobody, is disconnected, and leaves its rooms.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_client_that_does_not_read_is_disconnected_and_delays_nobody() {
    let server = SocketServer::start_with(Options {
        ping_timeout: Duration::from_secs(1),
        ..Options::default()
    })
    .await;
    let ann = server.tokens.add_user("ann", Role::User);
    let stalled = Client::signed_in(&server, "ann").await;
    let mut reading = Client::signed_in(&server, "ann").await;
    let data = json!({"text": "x".repeat(64 * 1024)});
    let audience = Audience::User(ann.clone());
    let started = Instant::now();
    // More than any socket buffer holds.
    for _ in 0..500 {
        let emitted = Instant::now();
        server.bus.emit(&audience, "events", &data).await;
        assert!(emitted.elapsed() < Duration::from_millis(200), "an emit waited");
        assert_eq!(reading.next().await.data, data);
    }
    assert!(started.elapsed() < Duration::from_secs(20));
    eventually("the stalled client is disconnected", async || {
        server.presence.sockets_of(&ann).await.unwrap() == [reading.id.clone()]
    })
    .await;
    server.emit_number(&ann, 1).await;
    assert_eq!(reading.next().await.data, json!({"number": 1}));
    drop(stalled);
}

/// A client that lags thousands of events behind is disconnected at once, before any time-out.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_client_too_far_behind_is_disconnected() {
    let server = SocketServer::start().await;
    let ann = server.tokens.add_user("ann", Role::User);
    let stalled = Client::signed_in(&server, "ann").await;
    let data = json!({"text": "x".repeat(4 * 1024)});
    let audience = Audience::User(ann.clone());
    for _ in 0..20_000 {
        server.bus.emit(&audience, "events", &data).await;
    }
    eventually("the client is disconnected", async || {
        !server.presence.is_online(&ann).await.unwrap()
    })
    .await;
    drop(stalled);
}
