//! A server that is paused (SIGSTOP) keeps its connections and answers nothing.

use std::time::{Duration, Instant};

use keelson_domain::session::SessionId;
use keelson_domain::shared::{Clock, InstanceId};
use keelson_domain::task::RunningTask;
use keelson_memory::shared::SystemClock;
use pretty_assertions::assert_eq;
use serde_json::{Map, json};

use super::propagation::Subscriptions;
use crate::contract::fanout::emit;
use crate::support::{Instance, RedisSet, eventually, user};

fn task(id: &str) -> RunningTask {
    RunningTask {
        id: id.into(),
        owner: Some("ann".into()),
        item: Some("c1".to_owned()),
    }
}

/// Uses every port once.
async fn use_all(instance: &Instance, mark: &str) {
    let minute = Duration::from_secs(60);
    let data: Map<_, _> = [("mark".to_owned(), json!(mark))].into_iter().collect();
    instance.revocations.revoke(mark, None).await.unwrap();
    assert!(instance.revocations.is_revoked(mark).await.unwrap());
    instance
        .feed
        .publish(&[("WEBUI_NAME", json!(mark))])
        .await
        .unwrap();
    instance.tasks.enter(&task(mark)).await.unwrap();
    assert!(instance.tasks.find(&mark.into()).await.unwrap().is_some());
    assert!(!instance.tasks.list().await.unwrap().is_empty());
    instance.signals.stop(&mark.into()).await.unwrap();
    instance.fanout.send(emit(None, "1", &[], None));
    instance.presence.enter(&mark.into(), &user("ann")).await.unwrap();
    instance.presence.use_model(&mark.into(), "m").await.unwrap();
    assert_eq!(instance.presence.models_in_use().await.unwrap(), ["m"]);
    let session = SessionId::from(mark);
    instance.sessions.put(&session, &data, minute).await.unwrap();
    assert_eq!(instance.sessions.get(&session).await.unwrap(), Some(data));
    assert!(instance.limiter.allow(mark, SystemClock.now()).await.unwrap());
    let holder = InstanceId::from("here");
    assert!(instance.locks.acquire(mark, &holder, minute).await.unwrap());
}

#[tokio::test(flavor = "multi_thread")]
async fn every_port_answers_at_once_while_redis_is_paused_and_is_synchronized_afterwards() {
    let set = RedisSet::standalone();
    let (here, there) = (
        Instance::start(&set, "here").await,
        Instance::start(&set, "there").await,
    );
    use_all(&here, "before").await;
    let mut subscriptions = Subscriptions::open(&there).await;

    set.servers[0].pause();
    let first = Instant::now();
    here.tasks.list().await.unwrap();
    assert!(
        first.elapsed() < Duration::from_millis(1200),
        "{:?}",
        first.elapsed()
    );
    eventually("every breaker is open", || async {
        here.redis.health().iter().all(|component| !component.is_up)
    })
    .await;
    let all = Instant::now();
    use_all(&here, "during").await;
    assert!(all.elapsed() < Duration::from_millis(100), "{:?}", all.elapsed());
    here.tasks.remove(&"before".into()).await.unwrap();
    here.presence.exit(&"before".into()).await.unwrap();
    // Longer than the client's time-out of silent connections.
    tokio::time::sleep(Duration::from_secs(4)).await;
    set.servers[0].resume();

    let back = Instant::now();
    eventually("both are back", || async { here.is_up() && there.is_up() }).await;
    println!("back {:?} after the server went on", back.elapsed());
    assert!(there.revocations.is_revoked("during").await.unwrap());
    assert_eq!(
        set.servers[0].command(&["GET", "open-webui:config:WEBUI_NAME"]),
        "\"during\""
    );
    assert_eq!(
        there.tasks.find(&"during".into()).await.unwrap(),
        Some(task("during"))
    );
    assert_eq!(
        there.tasks.find(&"before".into()).await.unwrap(),
        None,
        "a removal during the pause is not lost"
    );
    eventually("connections are known", || async {
        there.presence.user_of(&"during".into()).await.unwrap() == Some("ann".into())
            && there.presence.user_of(&"before".into()).await.unwrap().is_none()
    })
    .await;
    let session = there.sessions.get(&SessionId::from("during")).await.unwrap();
    assert_eq!(session.unwrap()["mark"], json!("during"));
    subscriptions.assert_propagation(&here, &there, "after").await;
}
