//! The keys and values that the reference reads and writes.

use futures_util::StreamExt;
use keelson_domain::auth::TokenRevocations;
use keelson_domain::session::SessionId;
use keelson_domain::shared::Clock;
use keelson_domain::task::RunningTask;
use keelson_memory::shared::SystemClock;
use pretty_assertions::assert_eq;
use serde_json::{Map, Value, json};

use crate::support::{Instance, RedisSet, eventually, user};

#[tokio::test(flavor = "multi_thread")]
async fn keelson_writes_what_the_reference_reads() {
    let set = RedisSet::standalone();
    let redis = |command: &[&str]| set.servers[0].command(command);
    let here = Instance::start(&set, "here").await;
    let now = SystemClock.now();

    here.revocations
        .revoke("jti", Some(now.plus_seconds(100)))
        .await
        .unwrap();
    assert_eq!(redis(&["GET", "open-webui:auth:token:jti:revoked"]), "1");
    let life: i64 = redis(&["TTL", "open-webui:auth:token:jti:revoked"])
        .parse()
        .unwrap();
    assert!((98..=100).contains(&life), "{life}");
    here.revocations.revoke("for-good", None).await.unwrap();
    assert_eq!(redis(&["TTL", "open-webui:auth:token:for-good:revoked"]), "-1");

    here.feed
        .publish(&[("DEFAULT_MODELS", json!(null)), ("WEBUI_NAME", json!("é"))])
        .await
        .unwrap();
    assert_eq!(redis(&["GET", "open-webui:config:DEFAULT_MODELS"]), "null");
    assert_eq!(redis(&["--raw", "GET", "open-webui:config:WEBUI_NAME"]), "\"é\"");

    let task = RunningTask {
        id: "t1".into(),
        owner: Some("ann".into()),
        item: Some("c1".to_owned()),
    };
    here.tasks.enter(&task).await.unwrap();
    here.tasks
        .enter(&RunningTask {
            id: "t2".into(),
            item: None,
            ..task
        })
        .await
        .unwrap();
    assert_eq!(redis(&["HGET", "open-webui:tasks", "t1"]), "c1");
    assert_eq!(redis(&["HGET", "open-webui:tasks", "t2"]), "");
    assert_eq!(redis(&["SMEMBERS", "open-webui:tasks:item:c1"]), "t1");

    let data: Map<String, Value> = [("a".to_owned(), json!(1))].into_iter().collect();
    let minute = std::time::Duration::from_secs(60);
    here.sessions
        .put(&SessionId::from("s1"), &data, minute)
        .await
        .unwrap();
    assert_eq!(redis(&["GET", "open-webui:session:s1"]), r#"{"a":1}"#);
    assert_eq!(redis(&["TTL", "open-webui:session:s1"]), "60");

    let bucket = now.seconds() / 60;
    here.limiter.allow("Ann@Example.org", now).await.unwrap();
    let key = format!("open-webui:ratelimit:ann@example.org:{bucket}");
    assert_eq!(redis(&["GET", &key]), "1");
    assert_eq!(redis(&["TTL", &key]), "240");

    here.presence.enter(&"socket".into(), &user("ann")).await.unwrap();
    here.presence.use_model(&"socket".into(), "m").await.unwrap();
    eventually("the connection is written", || async {
        redis(&["HLEN", "open-webui:usage_pool"]) == "1"
    })
    .await;
    let pooled: Value =
        serde_json::from_str(&redis(&["--raw", "HGET", "open-webui:session_pool", "socket"])).unwrap();
    assert_eq!(
        pooled,
        json!({
            "id": "ann", "email": "ann@example.org", "username": null, "role": "user", "name": "Name of ann",
            "timezone": "UTC", "presence_state": null, "status_emoji": null, "status_message": null,
            "status_expires_at": null, "info": null, "settings": null, "oauth": null,
            "last_active_at": 3, "updated_at": 2, "created_at": 1
        })
    );
    let usage: Value =
        serde_json::from_str(&redis(&["--raw", "HGET", "open-webui:usage_pool", "m"])).unwrap();
    let at = usage["socket"]["updated_at"].as_i64().unwrap();
    assert!((now.seconds()..now.seconds() + 5).contains(&at), "{usage}");
    eventually("expired usage is removed under the reference's lock", || async {
        redis(&["EXISTS", "open-webui:usage_pool"]) == "0"
    })
    .await;
    assert_eq!(redis(&["GET", "open-webui:usage_cleanup_lock"]), "here");
}

#[tokio::test(flavor = "multi_thread")]
async fn shared_models_are_a_hash() {
    let set = RedisSet::standalone();
    let redis = |command: &[&str]| set.servers[0].command(command);
    let here = Instance::start(&set, "here").await;
    here.models
        .replace(&[("p.m".to_owned(), json!({"id": "p.m", "name": "é", "urlIdx": 0}))])
        .await
        .unwrap();
    let model = redis(&["--raw", "HGET", "open-webui:models", "p.m"]);
    assert_eq!(model, r#"{"id":"p.m","name":"é","urlIdx":0}"#);
}

#[tokio::test(flavor = "multi_thread")]
async fn keelson_reads_what_the_reference_writes() {
    let set = RedisSet::standalone();
    let redis = |command: &[&str]| set.servers[0].command(command);
    redis(&["SET", "open-webui:auth:token:early:revoked", "1", "EX", "100"]);
    redis(&[
        "HSET",
        "open-webui:session_pool",
        "theirs",
        r#"{"id": "bob", "name": "B", "role": "user"}"#,
    ]);
    redis(&[
        "HSET",
        "open-webui:usage_pool",
        "old",
        r#"{"x": {"updated_at": 1}}"#,
    ]);
    let here = Instance::start(&set, "here").await;
    let mut changes = here.feed.changes().await.unwrap();
    let mut stops = here.signals.stops().await.unwrap();
    assert!(
        here.revocations.is_revoked("early").await.unwrap(),
        "known from the start"
    );
    assert!(here.presence.is_online(&"bob".into()).await.unwrap());
    assert!(here.presence.models_in_use().await.unwrap().is_empty());

    let written = r#"{"id": "gpt", "name": "\u00e9", "openai": {"id": "gpt"}, "urlIdx": 0, "context": NaN}"#;
    redis(&["HSET", "open-webui:models", "gpt", written, "broken", "{"]);
    let models = here.models.all().await.unwrap();
    assert_eq!((models.len(), &models[0]["name"]), (1, &json!("é")));

    redis(&["SET", "open-webui:auth:token:late:revoked", "1", "EX", "100"]);
    let revocations = &here.revocations;
    eventually("a revocation is known", || async {
        revocations.is_revoked("late").await.unwrap()
    })
    .await;

    redis(&["SET", "open-webui:config:ENABLE_SIGNUP", "false"]);
    assert_eq!(changes.next().await, Some(Some("ENABLE_SIGNUP".to_owned())));
    redis(&["FLUSHALL"]);
    let after = tokio::time::timeout(std::time::Duration::from_secs(5), changes.next()).await;
    assert_eq!(after.unwrap(), Some(None), "everything may have changed");

    redis(&["HSET", "open-webui:tasks", "t9", "c9", "t8", ""]);
    redis(&["SADD", "open-webui:tasks:item:c9", "t9"]);
    let theirs = RunningTask {
        id: "t9".into(),
        owner: None,
        item: Some("c9".to_owned()),
    };
    assert_eq!(here.tasks.of_item("c9").await.unwrap(), [theirs]);
    assert_eq!(here.tasks.list().await.unwrap().len(), 2);
    redis(&[
        "PUBLISH",
        "open-webui:tasks:commands",
        r#"{"action": "stop", "task_id": "t1"}"#,
    ]);
    assert_eq!(stops.next().await, Some("t1".into()));
}

/// Reading must not cost a round trip: every request does it.
#[tokio::test(flavor = "multi_thread")]
async fn reading_sends_no_command() {
    let set = RedisSet::standalone();
    let here = Instance::start(&set, "here").await;
    let seen = || -> String { set.servers[0].command(&["INFO", "commandstats"]) };
    let gets = |stats: &str| {
        stats
            .lines()
            .filter(|line| line.contains("get:"))
            .map(str::to_owned)
            .collect::<Vec<_>>()
    };
    let before = gets(&seen());
    let revocations: &dyn TokenRevocations = &*here.revocations;
    for number in 0..1000 {
        assert!(!revocations.is_revoked(&number.to_string()).await.unwrap());
        assert!(!here.presence.is_online(&"ann".into()).await.unwrap());
        assert!(here.presence.user_of(&"socket".into()).await.unwrap().is_none());
    }
    assert_eq!(gets(&seen()), before);
}
