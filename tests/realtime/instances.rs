//! Several instances with clients each, which share presence and a fan-out.

use std::time::{Duration, Instant};

use futures_util::StreamExt;
use keelson_domain::auth::AuthMethod;
use keelson_domain::realtime::{Audience, CallError, Dispatch, Dispatches, Fanout, Presence, ReplyTo};
use keelson_domain::user::Role;
use serde_json::json;
use serde_json::value::to_raw_value;

use super::client::{Client, acknowledgements, call_and_acknowledge};
use super::server::{Instances, SocketServer, eventually};

const LONG: Duration = Duration::from_secs(60);

/// Two instances with the users ann and bob.
async fn two() -> (Instances, SocketServer, SocketServer) {
    let instances = Instances::new().await;
    let (a, b) = (instances.start("a").await, instances.start("b").await);
    a.tokens.add_user("ann", Role::User);
    a.tokens.add_user("bob", Role::User);
    (instances, a, b)
}

fn emit(room: Option<&str>, number: u64, skip: &[&Client]) -> Dispatch {
    Dispatch::Emit {
        room: room.map(str::to_owned),
        event: "events".to_owned(),
        data: to_raw_value(&json!({ "number": number })).unwrap(),
        skip: skip.iter().map(|client| client.id.clone()).collect(),
        reply: None,
    }
}

async fn assert_receives(client: &mut Client, number: u64) {
    assert_eq!(client.next().await.data, json!({ "number": number }));
}

#[tokio::test]
async fn a_users_clients_receive_events_on_every_instance_and_others_do_not() {
    let (instances, a, b) = two().await;
    let c = instances.start("c").await;
    let ann = "ann".into();
    let mut ann_clients = Vec::new();
    for server in [&a, &b, &c] {
        ann_clients.push(Client::signed_in(server, "ann").await);
    }
    let mut bob_client = Client::signed_in(&b, "bob").await;
    a.emit_number(&ann, 1).await;
    b.emit_number(&ann, 2).await;
    // Events of different instances arrive in any order.
    for client in &mut ann_clients {
        let mut received = [client.next().await.data, client.next().await.data];
        received.sort_by_key(|data| data["number"].as_u64());
        assert_eq!(received, [json!({"number": 1}), json!({"number": 2})]);
        client.assert_receives_nothing().await;
    }
    bob_client.assert_receives_nothing().await;
}

#[tokio::test]
async fn one_client_is_reached_on_any_instance_and_no_other() {
    let (instances, a, b) = two().await;
    let mut near = Client::signed_in(&a, "ann").await;
    let mut far = Client::signed_in(&b, "ann").await;
    let mut dispatches = instances.fanout("observer").receive().await.unwrap();
    for (client, number) in [(&near, 1), (&far, 2)] {
        let to = Audience::Socket(client.id.clone());
        a.bus.emit(&to, "events", &json!({ "number": number })).await;
    }
    assert_receives(&mut near, 1).await;
    assert_receives(&mut far, 2).await;
    near.assert_receives_nothing().await;
    far.assert_receives_nothing().await;
    // An event for a local client is not sent to other instances at all.
    let dispatch = dispatches.next().await.unwrap();
    assert!(matches!(dispatch, Dispatch::Emit { room: Some(room), .. } if room == far.id.as_str()));
    assert_no_dispatch(&mut dispatches).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_thousand_events_arrive_in_order_on_both() {
    let (_instances, a, b) = two().await;
    let mut near = Client::signed_in(&a, "ann").await;
    let mut far = Client::signed_in(&b, "ann").await;
    for number in 0..1_000 {
        a.emit_number(&"ann".into(), number).await;
    }
    for number in 0..1_000 {
        assert_receives(&mut near, number).await;
        assert_receives(&mut far, number).await;
    }
}

#[tokio::test]
async fn dispatches_of_others_are_carried_out() {
    let (instances, a, _b) = two().await;
    let other = instances.fanout("python");
    let mut first = Client::signed_in(&a, "ann").await;
    let mut second = Client::signed_in(&a, "ann").await;
    let mut bob_client = Client::signed_in(&a, "bob").await;
    // Skipped clients receive nothing, also in the room of their own id; no room means everybody.
    other.send(emit(Some("user:ann"), 1, &[&first]));
    other.send(emit(Some(first.id.as_str()), 2, &[]));
    other.send(emit(Some(first.id.as_str()), 3, &[&first]));
    other.send(emit(None, 4, &[&second, &bob_client]));
    assert_receives(&mut first, 2).await;
    assert_receives(&mut first, 4).await;
    assert_receives(&mut second, 1).await;
    second.assert_receives_nothing().await;
    bob_client.assert_receives_nothing().await;
    // Rooms are entered, left and closed.
    for client in [&first, &bob_client] {
        other.send(Dispatch::Enter {
            socket: client.id.clone(),
            room: "note:n".to_owned(),
        });
    }
    other.send(emit(Some("note:n"), 5, &[]));
    other.send(Dispatch::Leave {
        socket: first.id.clone(),
        room: "note:n".to_owned(),
    });
    other.send(emit(Some("note:n"), 6, &[]));
    other.send(Dispatch::Close {
        room: "note:n".to_owned(),
    });
    other.send(emit(Some("note:n"), 7, &[]));
    other.send(emit(Some("user:ann"), 8, &[]));
    for number in [5, 8] {
        assert_receives(&mut first, number).await;
    }
    for number in [5, 6] {
        assert_receives(&mut bob_client, number).await;
    }
    first.assert_receives_nothing().await;
    bob_client.assert_receives_nothing().await;
    other.send(Dispatch::Disconnect {
        socket: first.id.clone(),
    });
    first.wait_for_disconnect().await;
    assert_receives(&mut second, 8).await;
}

#[tokio::test]
async fn a_call_is_answered_from_another_instance() {
    let (_instances, a, b) = two().await;
    let mut client = Client::signed_in(&b, "ann").await;
    for (arguments, expected) in acknowledgements() {
        let answer = call_and_acknowledge(&*a.bus, &"ann".into(), &mut client, arguments).await;
        assert_eq!(answer, expected);
    }
}

#[tokio::test]
async fn a_remote_call_ends_by_its_timeout_or_when_the_client_disconnects() {
    let (_instances, a, b) = two().await;
    let client = Client::signed_in(&b, "ann").await;
    let (ann, id, question) = ("ann".into(), client.id.clone(), json!(1));
    let short = Duration::from_millis(50);
    let answer = a.bus.call(&ann, &id, "events", &question, short).await;
    assert!(matches!(answer, Err(CallError::TimedOut)), "{answer:?}");
    let started = Instant::now();
    let calling = a.bus.call(&ann, &id, "events", &question, LONG);
    let leaving = async {
        tokio::time::sleep(short).await;
        drop(client);
    };
    let (answer, ()) = tokio::join!(calling, leaving);
    assert!(matches!(answer, Err(CallError::Gone)), "{answer:?}");
    assert!(started.elapsed() < Duration::from_secs(10));
}

#[tokio::test]
async fn nobody_calls_another_users_client_on_another_instance() {
    let (instances, a, b) = two().await;
    let mut bob_client = Client::signed_in(&b, "bob").await;
    let mut anonymous = Client::anonymous(&b).await;
    let mut dispatches = instances.fanout("observer").receive().await.unwrap();
    for id in [bob_client.id.clone(), anonymous.id.clone(), "no id".into()] {
        let answer = a.bus.call(&"ann".into(), &id, "events", &json!(1), LONG).await;
        assert!(matches!(answer, Err(CallError::Gone)), "{answer:?}");
    }
    bob_client.assert_receives_nothing().await;
    anonymous.assert_receives_nothing().await;
    assert_no_dispatch(&mut dispatches).await;
}

/// A reply counts only under the calling instance's name, and for the client that was called.
#[tokio::test]
async fn replies_to_other_instances_and_of_other_clients_are_ignored() {
    let (instances, a, b) = two().await;
    let mut client = Client::signed_in(&b, "ann").await;
    let other = instances.fanout("other");
    let mut dispatches = other.receive().await.unwrap();
    let (ann, id, question) = ("ann".into(), client.id.clone(), json!(1));
    let calling = a.bus.call(&ann, &id, "events", &question, LONG);
    let answering = async {
        let Dispatch::Emit { reply: Some(to), .. } = dispatches.next().await.unwrap() else {
            panic!("a call asks for a reply");
        };
        assert_eq!((to.instance.as_str(), to.room.as_str()), ("a", id.as_str()));
        let wrong = [
            ReplyTo {
                instance: "b".into(),
                ..to.clone()
            },
            ReplyTo {
                room: "elsewhere".to_owned(),
                ..to.clone()
            },
            ReplyTo {
                call: to.call + 1,
                ..to
            },
        ];
        for to in wrong {
            other.send(Dispatch::Reply {
                to,
                args: vec![json!("wrong")],
            });
        }
        let event = client.next().await;
        client.acknowledge(&event, json!(["right"])).await;
    };
    let (answer, ()) = tokio::join!(calling, answering);
    assert_eq!(answer.unwrap(), json!("right"));
}

#[tokio::test]
async fn rooms_are_joined_and_left_on_every_instance() {
    let (_instances, a, b) = two().await;
    let mut near = Client::signed_in(&a, "ann").await;
    let mut far = Client::signed_in(&b, "ann").await;
    let mut bob_client = Client::signed_in(&b, "bob").await;
    let room = Audience::Room("channel:new".to_owned());
    // One after the other from one instance, so that they keep their order.
    a.bus.join(&"ann".into(), "channel:new").await;
    a.bus.emit(&room, "events:channel", &json!({"number": 1})).await;
    a.bus.leave(&"ann".into(), "channel:new").await;
    a.bus.emit(&room, "events:channel", &json!({"number": 2})).await;
    a.emit_number(&"ann".into(), 3).await;
    for client in [&mut near, &mut far] {
        assert_receives(client, 1).await;
        assert_receives(client, 3).await;
    }
    bob_client.assert_receives_nothing().await;
}

#[tokio::test]
async fn a_disconnect_reaches_every_instance_and_clients_may_reconnect() {
    let (_instances, a, b) = two().await;
    let mut near = Client::signed_in(&a, "ann").await;
    let mut far = Client::signed_in(&b, "ann").await;
    let mut bob_client = Client::signed_in(&b, "bob").await;
    let ann = "ann".into();
    a.bus.disconnect(&ann).await;
    near.wait_for_disconnect().await;
    far.wait_for_disconnect().await;
    eventually("ann is offline", async || {
        !a.presence.is_online(&ann).await.unwrap()
    })
    .await;
    let mut again = Client::signed_in(&b, "ann").await;
    a.emit_number(&ann, 1).await;
    assert_receives(&mut again, 1).await;
    b.emit_number(&"bob".into(), 2).await;
    assert_receives(&mut bob_client, 2).await;
}

#[tokio::test]
async fn a_token_that_is_signed_out_ends_its_connections_on_every_instance_and_no_others() {
    let (_instances, a, b) = two().await;
    for server in [&a, &b] {
        server
            .tokens
            .add("ann-other", "ann", Role::User, AuthMethod::Token);
    }
    let mut near = Client::signed_in(&a, "ann").await;
    let mut far = Client::signed_in(&b, "ann").await;
    let mut other = Client::connect(&b, json!({"token": "ann-other"})).await;
    let mut bob = Client::signed_in(&a, "bob").await;
    eventually("the other token is known", async || {
        b.presence.sockets_of(&"ann".into()).await.unwrap().len() == 3
    })
    .await;
    a.bus.disconnect_token("ann-token").await;
    near.wait_for_disconnect().await;
    far.wait_for_disconnect().await;
    a.emit_number(&"ann".into(), 1).await;
    assert_receives(&mut other, 1).await;
    a.emit_number(&"bob".into(), 2).await;
    assert_receives(&mut bob, 2).await;
}

#[tokio::test]
async fn a_lost_connection_between_instances_affects_no_local_client_and_is_restored() {
    let (instances, a, b) = two().await;
    let mut near = Client::signed_in(&a, "ann").await;
    let mut far = Client::signed_in(&b, "ann").await;
    instances.disconnect().await;
    a.emit_number(&"ann".into(), 1).await;
    assert_receives(&mut near, 1).await;
    assert_receives(&mut far, 1).await;
    assert_eq!((a.sockets.count(), b.sockets.count()), (1, 1));
}

async fn assert_no_dispatch(dispatches: &mut Dispatches) {
    let more = tokio::time::timeout(Duration::from_millis(150), dispatches.next()).await;
    assert!(more.is_err(), "{more:?}");
}
