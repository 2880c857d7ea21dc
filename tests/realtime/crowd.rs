//! Many pages, slow pages, dead pages.

use std::time::{Duration, Instant};

use keelson_domain::realtime::{Audience, Presence};
use keelson_domain::user::Role;
use keelson_sockets::Options;
use serde_json::json;

use super::client::Page;
use super::house::{House, eventually};

/// A page that stops reading delays nobody, loses its connection, and leaves its rooms.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_page_that_does_not_read_is_cut_off_and_nobody_else_notices() {
    let house = House::with(Options {
        ping_timeout: Duration::from_secs(1),
        ..Options::default()
    })
    .await;
    let ann = house.door.admit("ann", Role::User);
    let asleep = Page::of(&house, "ann").await;
    let mut awake = Page::of(&house, "ann").await;
    let data = json!({"text": "x".repeat(64 * 1024)});
    let audience = Audience::User(ann.clone());
    let started = Instant::now();
    // More than any socket buffer holds.
    for _ in 0..500 {
        let emitted = Instant::now();
        house.bus.emit(&audience, "events", &data).await;
        assert!(emitted.elapsed() < Duration::from_millis(200), "an emit waited");
        assert_eq!(awake.next().await.data, data);
    }
    assert!(started.elapsed() < Duration::from_secs(20));
    eventually("the sleeping page is gone", async || {
        house.presence.sockets_of(&ann).await.unwrap() == [awake.id.clone()]
    })
    .await;
    house.tell(&ann, 1).await;
    assert_eq!(awake.next().await.data, json!({"number": 1}));
    drop(asleep);
}

/// Whoever lags thousands of events behind is cut off at once, before any time-out.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_page_too_far_behind_is_cut_off() {
    let house = House::open().await;
    let ann = house.door.admit("ann", Role::User);
    let asleep = Page::of(&house, "ann").await;
    let data = json!({"text": "x".repeat(4 * 1024)});
    let audience = Audience::User(ann.clone());
    for _ in 0..20_000 {
        house.bus.emit(&audience, "events", &data).await;
    }
    eventually("the page is gone", async || {
        !house.presence.is_online(&ann).await.unwrap()
    })
    .await;
    drop(asleep);
}
