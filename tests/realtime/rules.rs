use keelson_application::realtime::RealtimeError;
use keelson_domain::auth::AuthMethod;
use keelson_domain::realtime::{Audience, Presence};
use keelson_domain::shared::{Clock, Timestamp};
use keelson_domain::user::Role;
use serde_json::{Value, json};

use super::client::Page;
use super::house::{House, caller, eventually};

fn typing(channel: &str) -> Value {
    json!({
        "channel_id": channel, "message_id": null,
        "data": {"type": "typing", "data": {"typing": true, "smuggled": "x"}, "more": "y"},
    })
}

#[tokio::test]
async fn typing_is_heard_in_the_channel_with_public_fields_only() {
    let house = House::open().await;
    let ann = house.door.admit("ann", Role::Admin);
    let bob = house.door.admit("bob", Role::User);
    house.door.admit("cat", Role::User);
    house.channels.add(&ann, &"talk".into());
    house.channels.add(&bob, &"talk".into());
    let mut anns = Page::of(&house, "ann").await;
    let mut bobs = Page::of(&house, "bob").await;
    let mut cats = Page::of(&house, "cat").await;
    anns.emit("events:channel", typing("talk")).await;
    let heard = bobs.next().await;
    assert_eq!(heard.event, "events:channel");
    let expected = json!({
        "channel_id": "talk", "message_id": null,
        "data": {"type": "typing", "data": {"typing": true}},
        "user": {"id": "ann", "name": "ANN", "role": "admin"},
    });
    assert_eq!(heard.data, expected);
    assert_eq!(anns.next().await.data, expected);
    cats.call("events:channel", typing("talk")).await;
    bobs.hears_nothing().await;
    cats.hears_nothing().await;
}

#[tokio::test]
async fn a_former_member_says_nothing_although_still_in_the_room() {
    let house = House::open().await;
    let ann = house.door.admit("ann", Role::User);
    let bob = house.door.admit("bob", Role::User);
    house.channels.add(&ann, &"talk".into());
    house.channels.add(&bob, &"talk".into());
    let mut anns = Page::of(&house, "ann").await;
    let mut bobs = Page::of(&house, "bob").await;
    house.channels.remove(&ann, &"talk".into());
    anns.call("events:channel", typing("talk")).await;
    bobs.hears_nothing().await;
}

#[tokio::test]
async fn reading_is_stored_for_members() {
    let house = House::open().await;
    let ann = house.door.admit("ann", Role::User);
    house.channels.add(&ann, &"talk".into());
    let mut page = Page::of(&house, "ann").await;
    for channel in ["talk", "other"] {
        let read = json!({"channel_id": channel, "data": {"type": "last_read_at"}});
        page.call("events:channel", read).await;
    }
    assert_eq!(
        house.channels.read_at(&ann, &"talk".into()),
        Some(house.clock.now())
    );
    assert_eq!(house.channels.read_at(&ann, &"other".into()), None);
}

#[tokio::test]
async fn new_channels_are_joined_on_request() {
    let house = House::open().await;
    let ann = house.door.admit("ann", Role::User);
    let mut page = Page::of(&house, "ann").await;
    house.channels.add(&ann, &"new".into());
    page.call("join-channels", json!({"auth": {"token": "ann-token"}}))
        .await;
    let room = Audience::Room("channel:new".to_owned());
    house.bus.emit(&room, "events:channel", &json!(1)).await;
    assert_eq!(page.next().await.data, json!(1));
}

#[tokio::test]
async fn notes_are_followed_by_those_who_may_read_them() {
    let house = House::open().await;
    let ann = house.door.admit("ann", Role::User);
    house.door.admit("bob", Role::User);
    house.door.admit("root", Role::Admin);
    house.notes.add(&"n".into(), &[ann]);
    let mut pages = Vec::new();
    for name in ["ann", "bob", "root"] {
        let mut page = Page::of(&house, name).await;
        let data = json!({"auth": {"token": format!("{name}-token")}, "note_id": "n"});
        page.call("join-note", data).await;
        pages.push(page);
    }
    house
        .bus
        .emit(&Audience::Room("note:n".to_owned()), "note-events", &json!(1))
        .await;
    assert_eq!(pages[0].next().await.data, json!(1));
    pages[1].hears_nothing().await;
    assert_eq!(pages[2].next().await.data, json!(1));
}

#[tokio::test]
async fn models_count_as_used_for_three_seconds_and_only_by_signed_in_pages() {
    let house = House::open().await;
    house.door.admit("ann", Role::User);
    let mut page = Page::of(&house, "ann").await;
    let mut stranger = Page::stranger(&house).await;
    page.call("usage", json!({"model": "small"})).await;
    page.call("usage", json!({"model": 7})).await;
    page.call("usage", json!({"model": "x".repeat(10_000)})).await;
    stranger.call("usage", json!({"model": "strange"})).await;
    assert_eq!(house.presence.models_in_use().await.unwrap(), ["small"]);
    house.clock.advance_seconds(3);
    assert_eq!(house.presence.models_in_use().await.unwrap(), ["small"]);
    house.clock.advance_seconds(1);
    assert!(house.presence.models_in_use().await.unwrap().is_empty());
    page.call("usage", json!({"model": "small"})).await;
    drop(page);
    eventually("usage ends with the page", async || {
        house.presence.models_in_use().await.unwrap().is_empty()
    })
    .await;
}

#[tokio::test]
async fn heartbeats_are_written_down_but_not_each_one() {
    let house = House::open().await;
    let ann = house.door.admit("ann", Role::User);
    house.activity.add(&ann, Timestamp::from_seconds(0));
    let mut page = Page::of(&house, "ann").await;
    page.call("heartbeat", json!({})).await;
    assert_eq!(house.activity.last_seen(&ann).unwrap().seconds(), 1_000_000);
    house.clock.advance_seconds(9);
    page.call("heartbeat", json!({})).await;
    assert_eq!(house.activity.last_seen(&ann).unwrap().seconds(), 1_000_000);
    house.clock.advance_seconds(1);
    page.call("heartbeat", json!({})).await;
    assert_eq!(house.activity.last_seen(&ann).unwrap().seconds(), 1_000_010);
}

#[tokio::test]
async fn usage_counts_people_of_the_last_three_minutes() {
    let house = House::open().await;
    for (name, ago) in [("now", 0), ("just", 180), ("long", 181)] {
        house
            .activity
            .add(&name.into(), house.clock.now().plus_seconds(-ago));
    }
    let user = std::sync::Arc::new(super::house::user("ann", Role::User));
    let method = AuthMethod::Token;
    let usage = house.realtime.usage(&caller(user, method)).await.unwrap();
    assert_eq!(usage.user_count, 2);
}

#[tokio::test]
async fn usage_may_be_for_admins_only() {
    let house = House::private().await;
    let ask = async |role| {
        let user = std::sync::Arc::new(super::house::user("ann", role));
        let method = AuthMethod::Token;
        house.realtime.usage(&caller(user, method)).await
    };
    assert!(matches!(ask(Role::User).await, Err(RealtimeError::AdminsOnly)));
    assert!(ask(Role::Admin).await.is_ok());
}

#[tokio::test]
async fn a_change_of_role_hangs_up_and_the_next_page_gets_the_new_rights() {
    let house = House::open().await;
    let ann = house.door.admit("ann", Role::User);
    house.channels.add(&ann, &"talk".into());
    let mut page = Page::of(&house, "ann").await;
    house.door.admit("ann", Role::Pending);
    house.bus.disconnect(&ann).await;
    house.tell(&ann, 1).await;
    page.is_hung_up().await;
    eventually("ann is gone", async || {
        !house.presence.is_online(&ann).await.unwrap()
    })
    .await;
    let mut again = Page::of(&house, "ann").await;
    house
        .bus
        .emit(
            &Audience::Room("channel:talk".to_owned()),
            "events:channel",
            &json!(1),
        )
        .await;
    house.tell(&ann, 2).await;
    assert_eq!(again.next().await.data, json!({"number": 2}));
}

#[tokio::test]
async fn a_revoked_token_neither_joins_again_nor_stays() {
    let house = House::open().await;
    let ann = house.door.admit("ann", Role::User);
    let mut page = Page::of(&house, "ann").await;
    house.door.revoke("ann-token");
    let mut again = Page::connect(&house, json!({"token": "ann-token"})).await;
    let data = json!({"auth": {"token": "ann-token"}});
    assert_eq!(again.call("user-join", data).await, json!([]));
    house.tell(&ann, 1).await;
    again.hears_nothing().await;
    page.emit("heartbeat", json!({})).await;
    assert_eq!(page.next().await.data, json!({"number": 1}));
    page.is_hung_up().await;
}
