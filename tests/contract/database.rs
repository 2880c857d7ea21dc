//! The ports that a database answers, on every backend.
//!
//! A port of the database is a line in [`SUITES`]: its suite runs on a SQLite file, on SQLite in memory and on
//! PostgreSQL, each time on a database of its own.

use std::panic::AssertUnwindSafe;
use std::path::Path;
use std::sync::Arc;

use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use keelson::build::Shared;
use keelson_application::Ports;
use keelson_domain::access::{Grant, Right, Scope};
use keelson_domain::group::GroupId;
use keelson_domain::shared::Clock;
use keelson_memory::realtime::EventRecorder;
use keelson_memory::shared::SystemClock;
use keelson_persistence_kit::{Database, DatabaseUrl, PoolOptions};
use secrecy::SecretString;
use tempfile::TempDir;

use super::conversations::Stores;
use super::{
    accounts, answer_checkpoints, api_key_repository, channel_membership, channel_repository, chat_lists,
    chat_messages, chat_repository, chat_shares, feedback_repository, file_repository, folder_repository,
    function_repository, group_membership, group_repository, knowledge_repository, memory_repository,
    model_lists, model_repository, note_heads, note_repository, prompt_repository, settings_store,
    storage_health, tag_repository, tool_repository, user_activity, user_repository,
};
use crate::support::{Postgres, configuration};

/// A suite: what every adapter of one port must do, on a database that nothing is in.
type Suite = for<'a> fn(&'a TestDatabase) -> BoxFuture<'a, ()>;

/// The suites of the ports that a database answers, by the names of their files.
pub(crate) const SUITES: &[(&str, Suite)] = &[
    ("accounts", |on| {
        Box::pin(accounts::suite(&*on.ports.auth.accounts, on))
    }),
    ("api_key_repository", |on| {
        Box::pin(api_key_repository::suite(&*on.ports.auth.api_keys, on))
    }),
    ("channel_membership", |on| {
        Box::pin(channel_membership::suite(&*on.ports.channel.membership, on))
    }),
    ("channel_repository", |on| {
        Box::pin(channel_repository::suite(&*on.ports.channel.repository, on))
    }),
    ("answer_checkpoints", |on| {
        Box::pin(answer_checkpoints::suite(&on.ports.chat))
    }),
    ("chat_lists", |on| {
        Box::pin(async { chat_lists::suite(&Stores::of(&on.ports)).await })
    }),
    ("chat_messages", |on| {
        Box::pin(async { chat_messages::suite(&Stores::of(&on.ports)).await })
    }),
    ("chat_repository", |on| {
        Box::pin(async { chat_repository::suite(&Stores::of(&on.ports)).await })
    }),
    ("chat_shares", |on| {
        Box::pin(async { chat_shares::suite(&Stores::of(&on.ports)).await })
    }),
    ("feedback_repository", |on| {
        Box::pin(feedback_repository::suite(&*on.ports.evaluation.feedback, on))
    }),
    ("file_repository", |on| {
        Box::pin(file_repository::suite(&*on.ports.file.repository, on))
    }),
    ("folder_repository", |on| {
        Box::pin(async { folder_repository::suite(&Stores::of(&on.ports)).await })
    }),
    ("function_repository", |on| {
        Box::pin(function_repository::suite(&*on.ports.function.repository, on))
    }),
    ("group_repository", |on| {
        Box::pin(group_repository::suite(&*on.ports.group.repository, on))
    }),
    ("group_membership", |on| {
        Box::pin(group_membership::suite(&*on.ports.group.membership, on))
    }),
    ("knowledge_repository", |on| {
        Box::pin(knowledge_repository::suite(&*on.ports.knowledge.repository, on))
    }),
    ("memory_repository", |on| {
        Box::pin(memory_repository::suite(&*on.ports.memory.repository, on))
    }),
    ("model_lists", |on| {
        Box::pin(model_lists::suite(&*on.ports.model.lists, on))
    }),
    ("model_repository", |on| {
        Box::pin(model_repository::suite(&*on.ports.model.repository, on))
    }),
    ("note_heads", |on| {
        Box::pin(note_heads::suite(&*on.ports.note.heads, on))
    }),
    ("note_repository", |on| {
        Box::pin(note_repository::suite(&*on.ports.note.repository, on))
    }),
    ("prompt_repository", |on| {
        Box::pin(prompt_repository::suite(&*on.ports.prompt.repository, on))
    }),
    ("settings_store", |on| {
        Box::pin(settings_store::suite(&*on.ports.config.store))
    }),
    ("storage_health", |on| {
        Box::pin(storage_health::suite(&*on.ports.system.storage_health))
    }),
    ("tag_repository", |on| {
        Box::pin(async { tag_repository::suite(&Stores::of(&on.ports)).await })
    }),
    ("tool_repository", |on| {
        Box::pin(tool_repository::suite(&*on.ports.tool.repository, on))
    }),
    ("user_activity", |on| {
        Box::pin(user_activity::suite(&*on.ports.user.activity, on))
    }),
    ("user_repository", |on| {
        Box::pin(user_repository::suite(&*on.ports.user.repository, on))
    }),
];

/// A database that nothing is in yet, and an application's ports over it.
pub(crate) struct TestDatabase {
    pub(crate) ports: Ports,
    database: Database,
    _folder: TempDir,
}

impl TestDatabase {
    async fn open(url: &DatabaseUrl, folder: TempDir) -> Self {
        let database = Database::open(url, &PoolOptions::default())
            .await
            .expect("the database opens");
        Self::over(database, folder)
    }

    fn over(database: Database, folder: TempDir) -> Self {
        Self {
            ports: ports(&database, folder.path()),
            database,
            _folder: folder,
        }
    }

    async fn sqlite_file() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("a.db");
        let ignored = Vec::new();
        Self::open(&DatabaseUrl::Sqlite { path, ignored }, folder).await
    }

    async fn sqlite_in_memory() -> Self {
        let database = Database::in_memory().await.expect("the database opens");
        Self::over(database, tempfile::tempdir().expect("a folder"))
    }

    async fn postgres(server: &Postgres, name: &str) -> Self {
        assert!(server.sql("postgres", &format!("CREATE DATABASE {name}")));
        let url = DatabaseUrl::parse(&SecretString::from(server.url_of(name)), None).expect("an address");
        Self::open(&url, tempfile::tempdir().expect("a folder")).await
    }

    /// Runs statements that every backend reads alike: what ports cannot write, and data as others left it.
    pub(super) async fn run(&self, statements: &str) {
        let done = self.database.run_script(statements).await;
        done.unwrap_or_else(|error| panic!("{error:?} in {statements}"));
    }

    /// Puts accounts into the table `user`, each named like its id; they have no credentials.
    pub(super) async fn add_users(&self, ids: &[&str]) {
        for (at, id) in ids.iter().enumerate() {
            self.run(&format!(
                "INSERT INTO \"user\" (id, name, email, role, profile_image_url, created_at, updated_at, last_active_at)
                 VALUES ('{id}', '{id}', '{id}@example.test', 'user', '', {at}, {at}, {at})"
            ))
            .await;
        }
    }

    /// Puts a group with members into the tables.
    pub(super) async fn add_group(&self, id: &str, members: &[&str]) {
        self.run(&format!(
            "INSERT INTO \"group\" (id, user_id, name, description, created_at, updated_at)
             VALUES ('{id}', 'admin', '{id}', '', 1, 1)"
        ))
        .await;
        for member in members {
            self.run(&format!(
                "INSERT INTO group_member (id, group_id, user_id) VALUES ('{id}-{member}', '{id}', '{member}')"
            ))
            .await;
        }
    }
}

/// An application's ports over a database; nothing is shared with other instances.
fn ports(database: &Database, folder: &Path) -> Ports {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let configuration = configuration(folder, &[]);
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let events = Arc::new(EventRecorder::default());
    keelson::build::ports(&configuration, database, events, Shared::alone(&clock), clock).expect("ports")
}

/// Runs every suite, and says at the end which ones failed.
async fn run_all(open: impl AsyncFn(&'static str) -> TestDatabase) {
    let mut failed = Vec::new();
    for (name, suite) in SUITES {
        let on = open(name).await;
        if AssertUnwindSafe(suite(&on)).catch_unwind().await.is_err() {
            failed.push(*name);
        }
    }
    assert!(
        failed.is_empty(),
        "these ports do not keep what they promise: {failed:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn sqlite_file() {
    run_all(async |_| TestDatabase::sqlite_file().await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn sqlite_in_memory() {
    run_all(async |_| TestDatabase::sqlite_in_memory().await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn postgres() {
    let server = Postgres::start();
    run_all(async |name| TestDatabase::postgres(&server, name).await).await;
}

/// The scope in which a user who is in these groups may read.
pub(super) fn readable(user: &str, groups: &[&str], includes_unset: bool) -> Scope {
    granted(user, groups, Right::Read, includes_unset)
}

/// The scope in which a user who is in these groups has a right.
pub(super) fn granted(user: &str, groups: &[&str], right: Right, includes_unset: bool) -> Scope {
    Scope::Granted(Grant {
        user: user.into(),
        groups: groups.iter().map(|group| GroupId::from(*group)).collect(),
        right,
        includes_unset,
    })
}
