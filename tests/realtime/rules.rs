use keelson_application::realtime::RealtimeError;
use keelson_domain::auth::AuthMethod;
use keelson_domain::realtime::{Audience, Presence};
use keelson_domain::shared::{Clock, Timestamp};
use keelson_domain::user::Role;
use serde_json::{Value, json};

use super::client::Client;
use super::server::{SocketServer, caller, eventually};

fn typing(channel: &str) -> Value {
    json!({
        "channel_id": channel, "message_id": null,
        "data": {"type": "typing", "data": {"typing": true, "smuggled": "x"}, "more": "y"},
    })
}

#[tokio::test]
async fn typing_reaches_the_channel_with_public_fields_only() {
    let server = SocketServer::start().await;
    let ann = server.tokens.add_user("ann", Role::Admin);
    let bob = server.tokens.add_user("bob", Role::User);
    server.tokens.add_user("cat", Role::User);
    server.channels.add(&ann, &"talk".into());
    server.channels.add(&bob, &"talk".into());
    let mut ann_client = Client::signed_in(&server, "ann").await;
    let mut bob_client = Client::signed_in(&server, "bob").await;
    let mut cat_client = Client::signed_in(&server, "cat").await;
    ann_client.emit("events:channel", typing("talk")).await;
    let event = bob_client.next().await;
    assert_eq!(event.event, "events:channel");
    let expected = json!({
        "channel_id": "talk", "message_id": null,
        "data": {"type": "typing", "data": {"typing": true}},
        "user": {"id": "ann", "name": "ANN", "role": "admin"},
    });
    assert_eq!(event.data, expected);
    assert_eq!(ann_client.next().await.data, expected);
    cat_client.call("events:channel", typing("talk")).await;
    bob_client.assert_receives_nothing().await;
    cat_client.assert_receives_nothing().await;
}

#[tokio::test]
async fn a_former_member_cannot_send_although_still_in_the_room() {
    let server = SocketServer::start().await;
    let ann = server.tokens.add_user("ann", Role::User);
    let bob = server.tokens.add_user("bob", Role::User);
    server.channels.add(&ann, &"talk".into());
    server.channels.add(&bob, &"talk".into());
    let mut ann_client = Client::signed_in(&server, "ann").await;
    let mut bob_client = Client::signed_in(&server, "bob").await;
    server.channels.remove(&ann, &"talk".into());
    ann_client.call("events:channel", typing("talk")).await;
    bob_client.assert_receives_nothing().await;
}

#[tokio::test]
async fn reading_is_stored_for_members() {
    let server = SocketServer::start().await;
    let ann = server.tokens.add_user("ann", Role::User);
    server.channels.add(&ann, &"talk".into());
    let mut client = Client::signed_in(&server, "ann").await;
    for channel in ["talk", "other"] {
        let read = json!({"channel_id": channel, "data": {"type": "last_read_at"}});
        client.call("events:channel", read).await;
    }
    assert_eq!(
        server.channels.read_at(&ann, &"talk".into()),
        Some(server.clock.now())
    );
    assert_eq!(server.channels.read_at(&ann, &"other".into()), None);
}

#[tokio::test]
async fn new_channels_are_joined_on_request() {
    let server = SocketServer::start().await;
    let ann = server.tokens.add_user("ann", Role::User);
    let mut client = Client::signed_in(&server, "ann").await;
    server.channels.add(&ann, &"new".into());
    client
        .call("join-channels", json!({"auth": {"token": "ann-token"}}))
        .await;
    let room = Audience::Room("channel:new".to_owned());
    server.bus.emit(&room, "events:channel", &json!(1)).await;
    assert_eq!(client.next().await.data, json!(1));
}

#[tokio::test]
async fn note_events_reach_those_who_may_read_the_note() {
    let server = SocketServer::start().await;
    let ann = server.tokens.add_user("ann", Role::User);
    server.tokens.add_user("bob", Role::User);
    server.tokens.add_user("root", Role::Admin);
    server.notes.add(&"n".into(), &[ann]);
    let mut clients = Vec::new();
    for name in ["ann", "bob", "root"] {
        let mut client = Client::signed_in(&server, name).await;
        let data = json!({"auth": {"token": format!("{name}-token")}, "note_id": "n"});
        client.call("join-note", data).await;
        clients.push(client);
    }
    server
        .bus
        .emit(&Audience::Room("note:n".to_owned()), "note-events", &json!(1))
        .await;
    assert_eq!(clients[0].next().await.data, json!(1));
    clients[1].assert_receives_nothing().await;
    assert_eq!(clients[2].next().await.data, json!(1));
}

#[tokio::test]
async fn models_count_as_used_for_three_seconds_and_only_by_signed_in_clients() {
    let server = SocketServer::start().await;
    server.tokens.add_user("ann", Role::User);
    let mut client = Client::signed_in(&server, "ann").await;
    let mut anonymous = Client::anonymous(&server).await;
    client.call("usage", json!({"model": "small"})).await;
    client.call("usage", json!({"model": 7})).await;
    client.call("usage", json!({"model": "x".repeat(10_000)})).await;
    anonymous.call("usage", json!({"model": "strange"})).await;
    assert_eq!(server.presence.models_in_use().await.unwrap(), ["small"]);
    server.clock.advance_seconds(3);
    assert_eq!(server.presence.models_in_use().await.unwrap(), ["small"]);
    server.clock.advance_seconds(1);
    assert!(server.presence.models_in_use().await.unwrap().is_empty());
    client.call("usage", json!({"model": "small"})).await;
    drop(client);
    eventually("usage ends with the connection", async || {
        server.presence.models_in_use().await.unwrap().is_empty()
    })
    .await;
}

#[tokio::test]
async fn heartbeats_are_stored_but_not_each_one() {
    let server = SocketServer::start().await;
    let ann = server.tokens.add_user("ann", Role::User);
    server.activity.add(&ann, Timestamp::from_seconds(0));
    let mut client = Client::signed_in(&server, "ann").await;
    client.call("heartbeat", json!({})).await;
    assert_eq!(server.activity.last_seen(&ann).unwrap().seconds(), 1_000_000);
    server.clock.advance_seconds(9);
    client.call("heartbeat", json!({})).await;
    assert_eq!(server.activity.last_seen(&ann).unwrap().seconds(), 1_000_000);
    server.clock.advance_seconds(1);
    client.call("heartbeat", json!({})).await;
    assert_eq!(server.activity.last_seen(&ann).unwrap().seconds(), 1_000_010);
}

#[tokio::test]
async fn usage_counts_people_of_the_last_three_minutes() {
    let server = SocketServer::start().await;
    for (name, ago) in [("now", 0), ("just", 180), ("long", 181)] {
        server
            .activity
            .add(&name.into(), server.clock.now().plus_seconds(-ago));
    }
    let user = std::sync::Arc::new(super::server::user("ann", Role::User));
    let method = AuthMethod::Token;
    let usage = server.realtime.usage(&caller(user, method)).await.unwrap();
    assert_eq!(usage.user_count, 2);
}

#[tokio::test]
async fn usage_may_be_for_admins_only() {
    let server = SocketServer::start_with_private_user_count().await;
    let ask = async |role| {
        let user = std::sync::Arc::new(super::server::user("ann", role));
        let method = AuthMethod::Token;
        server.realtime.usage(&caller(user, method)).await
    };
    assert!(matches!(ask(Role::User).await, Err(RealtimeError::AdminsOnly)));
    assert!(ask(Role::Admin).await.is_ok());
}

#[tokio::test]
async fn a_change_of_role_disconnects_and_the_next_connection_gets_the_new_rights() {
    let server = SocketServer::start().await;
    let ann = server.tokens.add_user("ann", Role::User);
    server.channels.add(&ann, &"talk".into());
    let mut client = Client::signed_in(&server, "ann").await;
    server.tokens.add_user("ann", Role::Pending);
    server.bus.disconnect(&ann).await;
    server.emit_number(&ann, 1).await;
    client.wait_for_disconnect().await;
    eventually("ann is offline", async || {
        !server.presence.is_online(&ann).await.unwrap()
    })
    .await;
    let mut again = Client::signed_in(&server, "ann").await;
    server
        .bus
        .emit(
            &Audience::Room("channel:talk".to_owned()),
            "events:channel",
            &json!(1),
        )
        .await;
    server.emit_number(&ann, 2).await;
    assert_eq!(again.next().await.data, json!({"number": 2}));
}

#[tokio::test]
async fn a_revoked_token_neither_joins_again_nor_stays() {
    let server = SocketServer::start().await;
    let ann = server.tokens.add_user("ann", Role::User);
    let mut client = Client::signed_in(&server, "ann").await;
    server.tokens.revoke("ann-token");
    let mut again = Client::connect(&server, json!({"token": "ann-token"})).await;
    let data = json!({"auth": {"token": "ann-token"}});
    assert_eq!(again.call("user-join", data).await, json!([]));
    server.emit_number(&ann, 1).await;
    again.assert_receives_nothing().await;
    client.emit("heartbeat", json!({})).await;
    assert_eq!(client.next().await.data, json!({"number": 1}));
    client.wait_for_disconnect().await;
}
