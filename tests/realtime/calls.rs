use std::time::{Duration, Instant};

use keelson_domain::realtime::CallError;
use keelson_domain::user::Role;
use serde_json::json;

use super::client::{Client, acknowledgements, call_and_acknowledge};
use super::server::SocketServer;

const LONG: Duration = Duration::from_secs(60);

#[tokio::test]
async fn a_call_returns_the_clients_answer() {
    let server = SocketServer::start().await;
    let ann = server.tokens.add_user("ann", Role::User);
    let mut client = Client::signed_in(&server, "ann").await;
    let mut other = Client::signed_in(&server, "ann").await;
    for (arguments, expected) in acknowledgements() {
        let answer = call_and_acknowledge(&*server.bus, &ann, &mut client, arguments).await;
        assert_eq!(answer, expected);
    }
    other.assert_receives_nothing().await;
}

#[tokio::test]
async fn a_call_ends_by_its_timeout_or_when_the_client_disconnects() {
    let server = SocketServer::start().await;
    let ann = server.tokens.add_user("ann", Role::User);
    let client = Client::signed_in(&server, "ann").await;
    let short = Duration::from_millis(50);
    let answer = server
        .bus
        .call(&ann, &client.id, "events", &json!(1), short)
        .await;
    assert!(matches!(answer, Err(CallError::TimedOut)), "{answer:?}");
    let id = client.id.clone();
    let started = Instant::now();
    let question = json!(1);
    let calling = server.bus.call(&ann, &id, "events", &question, LONG);
    let leaving = async {
        tokio::time::sleep(short).await;
        drop(client);
    };
    let (answer, ()) = tokio::join!(calling, leaving);
    assert!(matches!(answer, Err(CallError::Gone)), "{answer:?}");
    assert!(started.elapsed() < Duration::from_secs(5));
    let answer = server.bus.call(&ann, &id, "events", &json!(1), LONG).await;
    assert!(matches!(answer, Err(CallError::Gone)), "{answer:?}");
}

#[tokio::test]
async fn nobody_calls_another_users_client() {
    let server = SocketServer::start().await;
    let ann = server.tokens.add_user("ann", Role::User);
    server.tokens.add_user("bob", Role::User);
    let mut bob_client = Client::signed_in(&server, "bob").await;
    let mut anonymous = Client::anonymous(&server).await;
    for client in [&mut bob_client, &mut anonymous] {
        let answer = server.bus.call(&ann, &client.id, "events", &json!(1), LONG).await;
        assert!(matches!(answer, Err(CallError::Gone)), "{answer:?}");
        client.assert_receives_nothing().await;
    }
    let answer = server
        .bus
        .call(&ann, &"no id".into(), "events", &json!(1), LONG)
        .await;
    assert!(matches!(answer, Err(CallError::Gone)), "{answer:?}");
}
