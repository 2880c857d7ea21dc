use std::time::Duration;

use keelson_domain::auth::AuthMethod;
use keelson_domain::realtime::{Audience, Presence};
use keelson_domain::user::Role;
use serde_json::json;

use super::client::Client;
use super::server::{SocketServer, eventually};

#[tokio::test]
async fn joining_is_acknowledged_with_id_and_name() {
    let server = SocketServer::start().await;
    server.tokens.add_user("ann", Role::User);
    let mut client = Client::anonymous(&server).await;
    let joined = client
        .call("user-join", json!({"auth": {"token": "ann-token"}}))
        .await;
    assert_eq!(joined, json!([{"id": "ann", "name": "ANN"}]));
}

#[tokio::test]
async fn a_client_with_a_bad_token_connects_but_receives_nothing() {
    let server = SocketServer::start().await;
    let ann = server.tokens.add_user("ann", Role::User);
    server.tokens.add("sk-key", "ann", Role::User, AuthMethod::ApiKey);
    for auth in [
        json!({}),
        json!({"token": "wrong"}),
        json!({"token": 7}),
        json!({"token": "sk-key"}),
    ] {
        let mut client = Client::connect(&server, auth.clone()).await;
        for data in [json!({}), json!({"auth": auth}), json!(null), json!("x")] {
            assert_eq!(client.call("user-join", data).await, json!([]));
        }
        client.call("join-channels", json!({"auth": auth})).await;
        client.call("heartbeat", json!({})).await;
        server.emit_number(&ann, 1).await;
        client.assert_receives_nothing().await;
        assert_eq!(server.presence.user_of(&client.id).await.unwrap(), None);
    }
}

#[tokio::test]
async fn a_token_at_connect_is_enough_to_receive_events() {
    let server = SocketServer::start().await;
    let ann = server.tokens.add_user("ann", Role::User);
    let mut client = Client::connect(&server, json!({"token": "ann-token"})).await;
    eventually("ann is online", async || {
        server.presence.is_online(&ann).await.unwrap()
    })
    .await;
    server.emit_number(&ann, 1).await;
    assert_eq!(client.next().await.data, json!({"number": 1}));
}

#[tokio::test]
async fn nobody_receives_events_for_others() {
    let server = SocketServer::start().await;
    let ann = server.tokens.add_user("ann", Role::User);
    let bob = server.tokens.add_user("bob", Role::Admin);
    let mut ann_client = Client::signed_in(&server, "ann").await;
    let mut second_ann_client = Client::signed_in(&server, "ann").await;
    let mut bob_client = Client::signed_in(&server, "bob").await;
    server.emit_number(&ann, 1).await;
    server
        .bus
        .emit(
            &Audience::Socket(ann_client.id.clone()),
            "events",
            &json!({"number": 2}),
        )
        .await;
    server.emit_number(&bob, 3).await;
    assert_eq!(ann_client.next().await.data, json!({"number": 1}));
    assert_eq!(ann_client.next().await.data, json!({"number": 2}));
    assert_eq!(second_ann_client.next().await.data, json!({"number": 1}));
    assert_eq!(bob_client.next().await.data, json!({"number": 3}));
    ann_client.assert_receives_nothing().await;
    second_ann_client.assert_receives_nothing().await;
    bob_client.assert_receives_nothing().await;
}

#[tokio::test]
async fn a_client_that_signs_in_as_another_user_receives_nothing_of_the_former() {
    let server = SocketServer::start().await;
    let ann = server.tokens.add_user("ann", Role::User);
    let bob = server.tokens.add_user("bob", Role::User);
    server.channels.add(&ann, &"ann_client".into());
    let mut client = Client::signed_in(&server, "ann").await;
    client
        .call("user-join", json!({"auth": {"token": "bob-token"}}))
        .await;
    server.emit_number(&ann, 1).await;
    server
        .bus
        .emit(
            &Audience::Room("channel:ann_client".to_owned()),
            "events:channel",
            &json!({}),
        )
        .await;
    server.emit_number(&bob, 2).await;
    assert_eq!(client.next().await.data, json!({"number": 2}));
    client.assert_receives_nothing().await;
    assert!(!server.presence.is_online(&ann).await.unwrap());
}

#[tokio::test]
async fn the_bus_adds_a_users_clients_to_rooms_and_removes_them() {
    let server = SocketServer::start().await;
    let ann = server.tokens.add_user("ann", Role::User);
    server.tokens.add_user("bob", Role::User);
    let mut ann_client = Client::signed_in(&server, "ann").await;
    let mut bob_client = Client::signed_in(&server, "bob").await;
    let room = Audience::Room("channel:new".to_owned());
    server.bus.join(&ann, "channel:new").await;
    server
        .bus
        .emit(&room, "events:channel", &json!({"number": 1}))
        .await;
    server.bus.leave(&ann, "channel:new").await;
    server
        .bus
        .emit(&room, "events:channel", &json!({"number": 2}))
        .await;
    assert_eq!(ann_client.next().await.data, json!({"number": 1}));
    ann_client.assert_receives_nothing().await;
    bob_client.assert_receives_nothing().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_thousand_events_arrive_in_order() {
    let server = SocketServer::start().await;
    let ann = server.tokens.add_user("ann", Role::User);
    let mut client = Client::signed_in(&server, "ann").await;
    for number in 0..1_000 {
        server.emit_number(&ann, number).await;
    }
    for number in 0..1_000 {
        assert_eq!(client.next().await.data, json!({"number": number}));
    }
}

#[tokio::test]
async fn presence_ends_with_the_connection() {
    let server = SocketServer::start().await;
    let ann = server.tokens.add_user("ann", Role::User);
    let first = Client::signed_in(&server, "ann").await;
    let second = Client::signed_in(&server, "ann").await;
    assert_eq!(
        server.presence.user_of(&first.id).await.unwrap(),
        Some(ann.clone())
    );
    assert_eq!(server.presence.sockets_of(&ann).await.unwrap().len(), 2);
    first.close().await;
    eventually("one client is left", async || {
        server.presence.sockets_of(&ann).await.unwrap() == [second.id.clone()]
    })
    .await;
    drop(second);
    eventually("ann is offline", async || {
        !server.presence.is_online(&ann).await.unwrap()
    })
    .await;
}

#[tokio::test]
async fn closing_the_server_disconnects() {
    let server = SocketServer::start().await;
    server.tokens.add_user("ann", Role::User);
    let mut client = Client::signed_in(&server, "ann").await;
    let closing = tokio::time::timeout(Duration::from_secs(4), server.sockets.close());
    let (closed, ()) = tokio::join!(closing, client.wait_for_disconnect());
    closed.unwrap();
}
