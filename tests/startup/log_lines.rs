//! What the log says of servers that others run.

use std::process::{Command, Stdio};

use reqwest::Client;
use serde_json::{Value, json};

use crate::support::{RedisServer, Running, keelson, run};

#[test]
fn a_required_redis_is_waited_for_aloud() {
    let folder = tempfile::tempdir().expect("a folder");
    // Nobody listens on the discard port of the loopback.
    let ended = run(keelson(
        folder.path(),
        &[
            ("REDIS_URL", "redis://ann:hunter2@127.0.0.1:9/3"),
            ("KEELSON_REDIS_REQUIRED", "true"),
        ],
    ));
    ended.refused(&["KEELSON_REDIS_REQUIRED", "127.0.0.1:9/3", "Connection refused"]);
    let tries: Vec<&str> = ended
        .err
        .lines()
        .filter(|line| line.contains("trying again"))
        .collect();
    assert!(tries.len() > 3, "each try is a line: {}", ended.err);
    for line in tries {
        assert!(
            line.contains("127.0.0.1:9/3") && line.contains("Connection refused"),
            "{line}"
        );
    }
}

/// A start that fails at once, after a line of the log; its output as it comes.
fn said(through: &[&str]) -> String {
    let folder = tempfile::tempdir().expect("a folder");
    let mut command = Command::new(through[0]);
    command
        .args(&through[1..])
        .env_clear()
        .env("PATH", std::env::var_os("PATH").unwrap_or_default())
        .env("TERM", "xterm")
        .env("DATA_DIR", folder.path())
        .env("DATABASE_URL", "sqlite:////nowhere/x.db?timeout=5")
        .env("HOST", "127.0.0.1")
        .env("PORT", "0");
    let out = command.stdin(Stdio::null()).output().expect("it runs");
    String::from_utf8_lossy(&[out.stdout, out.stderr].concat()).into_owned()
}

#[test]
fn colours_are_for_terminals() {
    let binary = crate::support::binary().display().to_string();
    let plain = said(&[&binary, "serve"]);
    assert!(
        plain.contains("passed over") && !plain.contains('\u{1b}'),
        "{plain:?}"
    );
    let coloured = said(&["script", "-qec", &format!("{binary} serve"), "/dev/null"]);
    assert!(
        coloured.contains("passed over") && coloured.contains("\u{1b}["),
        "{coloured:?}"
    );
}

async fn post(url: &str, token: &str, body: Value) -> Value {
    let asked = Client::new()
        .post(url)
        .bearer_auth(token)
        .json(&body)
        .send()
        .await;
    let text = asked.expect("an answer").text().await.expect("a body");
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{url}: {error}: {text}"))
}

async fn sign_up(server: &Running) -> String {
    let account = json!({"name": "Ada", "email": "ada@example.test", "password": "a password"});
    let signed_up = post(&format!("{}/api/v1/auths/signup", server.url), "", account).await;
    signed_up["token"].as_str().expect("a token").to_owned()
}

/// Asks as the page does: the answer comes as a task.
async fn ask_as_page(server: &Running, token: &str, model: &str) {
    let question = json!({
        "model": model, "messages": [{"role": "user", "content": "Hello"}], "stream": true,
        "chat_id": "local:page", "id": "a1", "session_id": "a page",
    });
    let started = post(&format!("{}/api/chat/completions", server.url), token, question).await;
    assert!(started["task_id"].is_string(), "{started}");
    loop {
        let tasks = Client::new()
            .get(format!("{}/api/tasks", server.url))
            .bearer_auth(token)
            .send()
            .await
            .expect("an answer");
        let tasks: Value = serde_json::from_str(&tasks.text().await.expect("a body")).expect("JSON");
        if tasks["tasks"].as_array().is_some_and(Vec::is_empty) {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failing_provider_is_named_once_with_its_address_and_cause() {
    let folder = tempfile::tempdir().expect("a folder");
    let server = Running::start(keelson(folder.path(), &[]));
    let token = sign_up(&server).await;
    let connections = |url: &str, options: Value| {
        json!({
            "ENABLE_OPENAI_API": true, "OPENAI_API_BASE_URLS": [url], "OPENAI_API_KEYS": ["sk-hunter2"],
            "OPENAI_API_CONFIGS": {"0": options},
        })
    };
    let update = format!("{}/openai/config/update", server.url);
    let limited = connections(
        "http://u:hunter2@127.0.0.1:9/v1?k=hunter2",
        json!({"model_ids": ["m"]}),
    );
    post(&update, &token, limited).await;
    for _ in 0..2 {
        ask_as_page(&server, &token, "m").await;
        let question = json!({"model": "m", "messages": [{"role": "user", "content": "Hello"}]});
        post(&format!("{}/api/chat/completions", server.url), &token, question).await;
    }
    // Another address, whose list of models is asked for.
    post(&update, &token, connections("http://127.0.0.1:9/v2", json!({}))).await;
    for _ in 0..3 {
        let listed = Client::new()
            .get(format!("{}/api/models?refresh=true", server.url))
            .bearer_auth(&token)
            .send()
            .await
            .expect("an answer");
        assert!(listed.status().is_success());
    }
    let log = server.stop();
    for address in ["http://127.0.0.1:9/v1", "http://127.0.0.1:9/v2"] {
        let lines: Vec<&String> = log
            .iter()
            .filter(|line| line.contains("a provider failed") && line.contains(&format!("\"{address}\"")))
            .collect();
        assert_eq!(lines.len(), 1, "{address}: {log:#?}");
        assert!(
            lines[0].contains("Connection refused") && lines[0].contains("WARN"),
            "{lines:?}"
        );
    }
    assert!(!log.iter().any(|line| line.contains("hunter2")), "{log:#?}");
    assert!(
        !log.iter().any(|line| line.contains("background work failed")),
        "{log:#?}"
    );
}

/// What is published on a channel, as `redis-cli` prints it.
struct Subscriber(std::process::Child);

impl Subscriber {
    fn start(redis: &RedisServer, channel: &str) -> Self {
        let cli = Command::new("redis-cli")
            .args(["-p", &redis.port().to_string(), "SUBSCRIBE", channel])
            .stdout(Stdio::piped())
            .spawn()
            .expect("redis-cli runs");
        let subscriber = Self(cli);
        while redis.command(&["PUBSUB", "NUMSUB", channel]).ends_with('0') {
            std::thread::sleep(std::time::Duration::from_millis(10));
        }
        subscriber
    }

    fn stop(mut self) -> String {
        let _ = self.0.kill();
        let mut text = String::new();
        let mut pipe = self.0.stdout.take().expect("a pipe");
        std::io::Read::read_to_string(&mut pipe, &mut text).expect("text");
        let _ = self.0.wait();
        text
    }
}

/// Other programs listen to what python-socketio's Redis manager publishes, also where Keelson runs alone.
#[tokio::test(flavor = "multi_thread")]
async fn an_instance_that_is_alone_publishes_its_events() {
    let redis = RedisServer::start(&[]);
    let folder = tempfile::tempdir().expect("a folder");
    let url = format!("redis://127.0.0.1:{}", redis.port());
    let server = Running::start(keelson(folder.path(), &[("REDIS_URL", &url)]));
    let subscriber = Subscriber::start(&redis, "socketio");
    let token = sign_up(&server).await;
    ask_as_page(&server, &token, "keelson-demo").await;
    let channels = redis.command(&["PUBSUB", "NUMSUB", "open-webui:tasks:commands"]);
    assert!(channels.ends_with('1'), "it is the only instance: {channels}");
    server.stop();
    let heard = subscriber.stop();
    let events: Vec<Value> = heard
        .lines()
        .filter_map(|line| serde_json::from_str(line).ok())
        .collect();
    let of_user = |event: &&Value| {
        event["room"]
            .as_str()
            .is_some_and(|room| room.starts_with("user:"))
    };
    let events: Vec<&Value> = events.iter().filter(of_user).collect();
    assert!(events.len() > 1, "{heard}");
    for event in &events {
        assert_eq!(
            (&event["method"], &event["event"], &event["namespace"]),
            (&json!("emit"), &json!("events"), &json!("/"))
        );
        assert!(event["host_id"].is_string(), "{event}");
    }
    let is_last = |event: &&&Value| event["data"][0]["data"]["data"]["done"] == json!(true);
    assert!(events.iter().any(|event| is_last(&event)), "{heard}");
}
