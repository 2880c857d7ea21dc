use std::time::Duration;

use keelson_domain::auth::AuthMethod;
use keelson_domain::realtime::{Audience, Presence};
use keelson_domain::user::Role;
use serde_json::json;

use super::client::Page;
use super::house::{House, eventually};

#[tokio::test]
async fn joining_is_acknowledged_with_id_and_name() {
    let house = House::open().await;
    house.door.admit("ann", Role::User);
    let mut page = Page::stranger(&house).await;
    let joined = page
        .call("user-join", json!({"auth": {"token": "ann-token"}}))
        .await;
    assert_eq!(joined, json!([{"id": "ann", "name": "ANN"}]));
}

#[tokio::test]
async fn a_bad_token_connects_but_hears_nothing() {
    let house = House::open().await;
    let ann = house.door.admit("ann", Role::User);
    house.door.set("sk-key", "ann", Role::User, AuthMethod::ApiKey);
    for auth in [
        json!({}),
        json!({"token": "wrong"}),
        json!({"token": 7}),
        json!({"token": "sk-key"}),
    ] {
        let mut page = Page::connect(&house, auth.clone()).await;
        for data in [json!({}), json!({"auth": auth}), json!(null), json!("x")] {
            assert_eq!(page.call("user-join", data).await, json!([]));
        }
        page.call("join-channels", json!({"auth": auth})).await;
        page.call("heartbeat", json!({})).await;
        house.tell(&ann, 1).await;
        page.hears_nothing().await;
        assert_eq!(house.presence.user_of(&page.id).await.unwrap(), None);
    }
}

#[tokio::test]
async fn a_token_at_connect_is_enough_to_hear() {
    let house = House::open().await;
    let ann = house.door.admit("ann", Role::User);
    let mut page = Page::connect(&house, json!({"token": "ann-token"})).await;
    eventually("ann is online", async || {
        house.presence.is_online(&ann).await.unwrap()
    })
    .await;
    house.tell(&ann, 1).await;
    assert_eq!(page.next().await.data, json!({"number": 1}));
}

#[tokio::test]
async fn nobody_hears_what_is_for_others() {
    let house = House::open().await;
    let ann = house.door.admit("ann", Role::User);
    let bob = house.door.admit("bob", Role::Admin);
    let mut anns = Page::of(&house, "ann").await;
    let mut anns_second = Page::of(&house, "ann").await;
    let mut bobs = Page::of(&house, "bob").await;
    house.tell(&ann, 1).await;
    house
        .bus
        .emit(
            &Audience::Socket(anns.id.clone()),
            "events",
            &json!({"number": 2}),
        )
        .await;
    house.tell(&bob, 3).await;
    assert_eq!(anns.next().await.data, json!({"number": 1}));
    assert_eq!(anns.next().await.data, json!({"number": 2}));
    assert_eq!(anns_second.next().await.data, json!({"number": 1}));
    assert_eq!(bobs.next().await.data, json!({"number": 3}));
    anns.hears_nothing().await;
    anns_second.hears_nothing().await;
    bobs.hears_nothing().await;
}

#[tokio::test]
async fn a_page_that_changes_hands_hears_its_former_user_no_more() {
    let house = House::open().await;
    let ann = house.door.admit("ann", Role::User);
    let bob = house.door.admit("bob", Role::User);
    house.channels.add(&ann, &"anns".into());
    let mut page = Page::of(&house, "ann").await;
    page.call("user-join", json!({"auth": {"token": "bob-token"}}))
        .await;
    house.tell(&ann, 1).await;
    house
        .bus
        .emit(
            &Audience::Room("channel:anns".to_owned()),
            "events:channel",
            &json!({}),
        )
        .await;
    house.tell(&bob, 2).await;
    assert_eq!(page.next().await.data, json!({"number": 2}));
    page.hears_nothing().await;
    assert!(!house.presence.is_online(&ann).await.unwrap());
}

#[tokio::test]
async fn the_bus_moves_a_users_pages_into_rooms_and_out() {
    let house = House::open().await;
    let ann = house.door.admit("ann", Role::User);
    house.door.admit("bob", Role::User);
    let mut anns = Page::of(&house, "ann").await;
    let mut bobs = Page::of(&house, "bob").await;
    let room = Audience::Room("channel:new".to_owned());
    house.bus.join(&ann, "channel:new").await;
    house
        .bus
        .emit(&room, "events:channel", &json!({"number": 1}))
        .await;
    house.bus.leave(&ann, "channel:new").await;
    house
        .bus
        .emit(&room, "events:channel", &json!({"number": 2}))
        .await;
    assert_eq!(anns.next().await.data, json!({"number": 1}));
    anns.hears_nothing().await;
    bobs.hears_nothing().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_thousand_events_arrive_in_order() {
    let house = House::open().await;
    let ann = house.door.admit("ann", Role::User);
    let mut page = Page::of(&house, "ann").await;
    for number in 0..1_000 {
        house.tell(&ann, number).await;
    }
    for number in 0..1_000 {
        assert_eq!(page.next().await.data, json!({"number": number}));
    }
}

#[tokio::test]
async fn presence_ends_with_the_page() {
    let house = House::open().await;
    let ann = house.door.admit("ann", Role::User);
    let first = Page::of(&house, "ann").await;
    let second = Page::of(&house, "ann").await;
    assert_eq!(
        house.presence.user_of(&first.id).await.unwrap(),
        Some(ann.clone())
    );
    assert_eq!(house.presence.sockets_of(&ann).await.unwrap().len(), 2);
    first.close().await;
    eventually("one page is left", async || {
        house.presence.sockets_of(&ann).await.unwrap() == [second.id.clone()]
    })
    .await;
    drop(second);
    eventually("ann is gone", async || {
        !house.presence.is_online(&ann).await.unwrap()
    })
    .await;
}

#[tokio::test]
async fn closing_the_house_hangs_up() {
    let house = House::open().await;
    house.door.admit("ann", Role::User);
    let mut page = Page::of(&house, "ann").await;
    let closing = tokio::time::timeout(Duration::from_secs(4), house.sockets.close());
    let (closed, ()) = tokio::join!(closing, page.is_hung_up());
    closed.unwrap();
}
