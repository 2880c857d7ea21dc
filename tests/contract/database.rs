//! The ports that a database answers, on every backend.
//!
//! A port's file submits its [`Suite`], which runs on a SQLite file, on SQLite in memory and on
//! PostgreSQL, each time on a database of its own.

use std::panic::AssertUnwindSafe;
use std::path::Path;
use std::sync::Arc;

use futures_util::FutureExt;
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

use crate::rooms::{Suite, suites};
use crate::support::{Postgres, configuration};

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
    for Suite { name, run } in suites() {
        let on = open(name).await;
        if AssertUnwindSafe(run(&on)).catch_unwind().await.is_err() {
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
