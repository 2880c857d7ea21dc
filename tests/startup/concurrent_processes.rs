//! Many processes on one database: they start together, write together, and die in the middle.

use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use reqwest::Client;
use serde_json::{Value, json};

use crate::support::{Postgres, Running, keelson, run};

/// How many start at once.
const STARTERS: usize = 5;

/// The first column of the first row of each query, as text, one a line.
fn ask_file(folder: &Path, queries: &[&str]) -> Vec<String> {
    let program = "import sqlite3, sys; db = sqlite3.connect(sys.argv[1]); \
                   [print(db.execute(one).fetchone()[0]) for one in sys.argv[2:]]";
    let done = Command::new("python3")
        .args(["-c", program])
        .arg(folder.join("webui.db"))
        .args(queries)
        .output()
        .expect("python3 runs");
    let lines = String::from_utf8_lossy(&done.stdout);
    lines.lines().map(str::to_owned).collect()
}

const WHOLE: &[&str] = &[
    "PRAGMA integrity_check",
    "SELECT count(*) FROM alembic_version",
    "SELECT count(*) FROM migratehistory",
    "SELECT count(*) FROM __diesel_schema_migrations WHERE version = '20261123000000'",
];

fn whole(folder: &Path) {
    assert_eq!(ask_file(folder, WHOLE), ["ok", "1", "18", "1"]);
}

fn start_together(command: impl Fn() -> Command) {
    let mut servers: Vec<_> = (0..STARTERS).map(|_| Running::begin(command())).collect();
    for server in &mut servers {
        server.ready();
    }
    for server in servers {
        let lines = server.stop();
        let bad: Vec<_> = lines
            .iter()
            .filter(|line| line.contains("ERROR") || line.contains("WARN"))
            .collect();
        assert!(bad.is_empty(), "{bad:#?}");
    }
}

#[test]
fn five_processes_create_one_sqlite_file() {
    let folder = tempfile::tempdir().expect("a folder");
    start_together(|| {
        let mut command = keelson(folder.path(), &[]);
        command.env_remove("WEBUI_SECRET_KEY");
        command
    });
    whole(folder.path());
}

#[test]
fn five_processes_create_one_postgresql_schema() {
    let server = Postgres::start();
    let folder = tempfile::tempdir().expect("a folder");
    let url = server.url();
    start_together(|| keelson(folder.path(), &[("DATABASE_URL", &url)]));
    assert!(server.sql("keelson", WHOLE_POSTGRES), "not whole");
}

const WHOLE_POSTGRES: &str = "DO $$ BEGIN
    ASSERT (SELECT count(*) FROM alembic_version) = 1;
    ASSERT (SELECT count(*) FROM migratehistory) = 18;
    ASSERT (SELECT count(*) FROM __diesel_schema_migrations WHERE version = '20261123000000') = 1;
END $$";

/// Moments after the start at which a process is killed, in milliseconds: before, during and after the migration.
fn moments() -> impl Iterator<Item = u64> {
    (0..16).map(|nth| nth * nth * 2)
}

#[test]
fn a_killed_start_leaves_a_usable_sqlite_file() {
    for moment in moments() {
        let folder = tempfile::tempdir().expect("a folder");
        let server = Running::begin(keelson(folder.path(), &[]));
        std::thread::sleep(Duration::from_millis(moment));
        server.kill();
        let mut next = keelson(folder.path(), &[]);
        next.args(["config", "reset", "ENABLE_SIGNUP"]);
        let ended = run(next);
        assert_eq!(ended.code, Some(0), "killed after {moment} ms: {ended:?}");
        whole(folder.path());
    }
}

#[test]
fn a_killed_start_leaves_a_usable_postgresql_database() {
    let server = Postgres::start();
    let folder = tempfile::tempdir().expect("a folder");
    for moment in moments() {
        let name = format!("killed_after_{moment}");
        assert!(server.sql("postgres", &format!("CREATE DATABASE {name}")));
        let url = server.url_of(&name);
        let variables = [("DATABASE_URL", url.as_str())];
        let started = Running::begin(keelson(folder.path(), &variables));
        std::thread::sleep(Duration::from_millis(moment));
        started.kill();
        let mut next = keelson(folder.path(), &variables);
        next.args(["config", "reset", "ENABLE_SIGNUP"]);
        let ended = run(next);
        assert_eq!(ended.code, Some(0), "killed after {moment} ms: {ended:?}");
        assert!(
            server.sql(&name, WHOLE_POSTGRES),
            "killed after {moment} ms: not whole"
        );
    }
}

async fn post(client: &Client, url: String, token: &str, body: Value) -> Value {
    let sent = client.post(&url).bearer_auth(token).json(&body).send().await;
    let answer = sent.expect("an answer");
    let status = answer.status();
    let text = answer.text().await.expect("a body");
    assert!(status.is_success(), "{url}: {status} {text}");
    serde_json::from_str(&text).expect("JSON")
}

/// Changes a setting and makes chats until the time is over; how many of each.
async fn write_until(client: Client, url: String, token: String, end: Instant, written: Arc<[AtomicU64; 2]>) {
    while Instant::now() < end {
        let chat = json!({"chat": {"title": "Many hands", "messages": [], "text": "x".repeat(20_000)}});
        post(&client, format!("{url}/api/v1/chats/new"), &token, chat).await;
        written[0].fetch_add(1, Ordering::Relaxed);
        let banners = json!({"banners": []});
        post(&client, format!("{url}/api/v1/configs/banners"), &token, banners).await;
        written[1].fetch_add(1, Ordering::Relaxed);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn two_processes_write_to_one_sqlite_file() {
    let folder = tempfile::tempdir().expect("a folder");
    let servers = [(); 2].map(|()| Running::start(keelson(folder.path(), &[])));
    let client = Client::new();
    let account = json!({"name": "Ada", "email": "ada@example.test", "password": "a password"});
    let admin = post(
        &client,
        format!("{}/api/v1/auths/signup", servers[0].url),
        "",
        account,
    )
    .await;
    let token = admin["token"].as_str().expect("a token");
    let before: u64 = ask_file(folder.path(), &["SELECT max(version) FROM config"])[0]
        .parse()
        .expect("a version");
    let end = Instant::now() + Duration::from_secs(4);
    let written = Arc::new([AtomicU64::new(0), AtomicU64::new(0)]);
    let hands = servers.iter().flat_map(|server| [&server.url; 2]).map(|url| {
        tokio::spawn(write_until(
            client.clone(),
            url.clone(),
            token.to_owned(),
            end,
            written.clone(),
        ))
    });
    for hand in hands.collect::<Vec<_>>() {
        hand.await.expect("every write is answered");
    }
    let [first, second] = servers;
    first.kill();
    second.stop();
    let queries = [
        "PRAGMA integrity_check",
        "SELECT count(*) FROM chat",
        "SELECT max(version) FROM config",
        "SELECT count(*) FROM config",
    ];
    let (chats, changes) = (
        written[0].load(Ordering::Relaxed),
        written[1].load(Ordering::Relaxed),
    );
    assert!(chats > 20 && changes > 20, "{chats} chats, {changes} changes");
    let found = ask_file(folder.path(), &queries);
    let expected = [
        "ok".to_owned(),
        chats.to_string(),
        (before + changes).to_string(),
        "1".to_owned(),
    ];
    assert_eq!(found, expected, "nothing is lost and nothing is broken");
}
