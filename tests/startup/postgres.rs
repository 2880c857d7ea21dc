//! PostgreSQL as companies run it: sockets, passwords, and servers that are stopped and started.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use keelson_persistence_kit::{Database, DatabaseUrl, PoolOptions};
use secrecy::SecretString;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use crate::support::{Postgres, eventually};

async fn open(url: &str, options: &PoolOptions) -> Database {
    let url = DatabaseUrl::parse(&SecretString::from(url), None).expect("an address");
    Database::open(&url, options)
        .await
        .unwrap_or_else(|error| panic!("{error}"))
}

#[tokio::test(flavor = "multi_thread")]
async fn passwords_may_hold_any_character() {
    let server = Postgres::start();
    server.ask_passwords_after("CREATE ROLE ada LOGIN SUPERUSER PASSWORD 'p#w/o?r@d%&=:+ 1'");
    let port = server.port();
    for url in [
        format!("postgresql://ada:p#w/o?r@d%&=:+ 1@127.0.0.1:{port}/keelson"),
        format!("postgresql://ada:p%23w%2Fo%3Fr%40d%25%26%3D%3A%2B%201@127.0.0.1:{port}/keelson"),
        format!("postgresql://127.0.0.1:{port}/keelson?user=ada&password=p%23w/o?r%40d%25%26%3D:%2B+1"),
    ] {
        open(&url, &PoolOptions::default()).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn sockets_are_folders() {
    let server = Postgres::start_with(|folder| vec![format!("unix_socket_directories={}", folder.display())]);
    let folder = server.folder().display().to_string();
    let port = server.port();
    for url in [
        format!("postgresql://keelson@/keelson?host={folder}&port={port}"),
        format!("postgresql:///keelson?host={folder}&port={port}&user=keelson&sslmode=require"),
        format!(
            "postgresql://keelson@{}:{port}/keelson",
            folder.replace('/', "%2F")
        ),
    ] {
        open(&url, &PoolOptions::default()).await;
    }
}

/// Asks one after another, until told to stop; how often it was answered, and how often not.
#[derive(Default)]
struct Asker {
    answers: AtomicUsize,
    errors: AtomicUsize,
}

impl Asker {
    async fn ask(&self, database: &Database, stop: &CancellationToken) {
        while !stop.is_cancelled() {
            match database.run_script("SELECT 1").await {
                Ok(()) => self.answers.fetch_add(1, Ordering::Relaxed),
                Err(_) => self.errors.fetch_add(1, Ordering::Relaxed),
            };
        }
    }

    async fn answered_again(&self) {
        let before = self.answers.load(Ordering::Relaxed);
        eventually("it is answered", || async {
            self.answers.load(Ordering::Relaxed) >= before + 20
        })
        .await;
    }
}

/// Many who ask at once.
struct Load {
    askers: Vec<Arc<Asker>>,
    running: Vec<JoinHandle<()>>,
    stop: CancellationToken,
}

impl Load {
    fn start(database: &Database) -> Self {
        let askers: Vec<Arc<Asker>> = (0..8).map(|_| Arc::default()).collect();
        let stop = CancellationToken::new();
        let running = askers.iter().map(|asker| {
            let (asker, database, stop) = (asker.clone(), database.clone(), stop.clone());
            tokio::spawn(async move { asker.ask(&database, &stop).await })
        });
        Self {
            running: running.collect(),
            askers,
            stop,
        }
    }

    async fn all_are_answered(&self) {
        for asker in &self.askers {
            asker.answered_again().await;
        }
    }

    /// Ends it; nobody met more than one error.
    async fn end(self, after: &str) {
        self.stop.cancel();
        for one in self.running {
            one.await.expect("it ended");
        }
        for asker in self.askers {
            let errors = asker.errors.load(Ordering::Relaxed);
            assert!(errors <= 1, "{errors} errors of one asker after {after}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_restarts_under_load_costs_nobody_more_than_one_error() {
    let mut server = Postgres::start();
    let database = open(&server.url(), &PoolOptions::default()).await;
    for signal in ["INT", "QUIT", "KILL"] {
        let load = Load::start(&database);
        load.all_are_answered().await;
        server.stop(signal);
        // Long enough that everybody found it gone.
        tokio::time::sleep(Duration::from_millis(700)).await;
        server.start_again();
        load.all_are_answered().await;
        load.end(signal).await;
    }
}

/// Two servers in one address, of which one is written to at a time.
#[tokio::test(flavor = "multi_thread")]
async fn a_failover_to_another_host_costs_nobody_more_than_one_error() {
    let mut primary = Postgres::start();
    let standby = primary.standby();
    let hosts = |first: u16, second: u16| {
        format!("postgresql://keelson@127.0.0.1:{first},127.0.0.1:{second}/keelson")
    };
    let database = open(&hosts(primary.port(), standby.port()), &PoolOptions::default()).await;
    // The one that only reads stands first, and is passed over.
    open(&hosts(standby.port(), primary.port()), &PoolOptions::default()).await;
    let load = Load::start(&database);
    load.all_are_answered().await;
    primary.stop("KILL");
    tokio::time::sleep(Duration::from_millis(300)).await;
    standby.promote();
    load.all_are_answered().await;
    load.end("the failover").await;
    let written = database.run_script("CREATE TABLE written_after (id int)").await;
    written.expect("the other one is written to");
    assert!(standby.sql("keelson", "SELECT * FROM written_after"));
}

#[tokio::test(flavor = "multi_thread")]
async fn idle_connections_that_the_server_closed_cost_no_error() {
    let mut server = Postgres::start();
    let database = open(&server.url(), &PoolOptions::default()).await;
    // Several connections at once, all idle afterwards.
    let several = (0..5).map(|_| database.run_script("SELECT pg_sleep(0.2)"));
    for done in futures_util::future::join_all(several).await {
        done.expect("answered");
    }
    server.stop("INT");
    server.start_again();
    let several = (0..5).map(|_| database.run_script("SELECT pg_sleep(0.2)"));
    for done in futures_util::future::join_all(several).await {
        done.expect("answered by new connections");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn pools_keep_what_they_should() {
    let server = Postgres::start();
    // Fails unless this many of our connections are open.
    let open_now = |count: usize| {
        let ours = "usename = 'keelson' AND application_name = 'keelson-pool'";
        format!("DO $$ BEGIN ASSERT (SELECT count(*) FROM pg_stat_activity WHERE {ours}) = {count}; END $$")
    };
    let url = format!("{}?application_name=keelson-pool", server.url());
    let limits = |kept, limit| PoolOptions {
        kept,
        limit,
        ..PoolOptions::default()
    };
    for (options, at_once, most, left) in [
        // The reference's own limits: 5 are kept, 15 open at most.
        (PoolOptions::default(), 40, 15, 5),
        (PoolOptions::default(), 3, 3, 3),
        (limits(2, 4), 8, 4, 2),
        (limits(4, 4), 8, 4, 4),
        (limits(0, 100), 6, 6, 0),
        (limits(0, PoolOptions::UNLIMITED), 30, 30, 0),
    ] {
        let database = open(&url, &options).await;
        let asked =
            futures_util::future::join_all((0..at_once).map(|_| database.run_script("SELECT pg_sleep(1)")));
        let counted = eventually("as many are open as may be", || async {
            server.sql("keelson", &open_now(most))
        });
        let (answered, ()) = tokio::join!(asked, counted);
        for done in answered {
            done.expect("answered");
        }
        eventually("the idle connections are those kept", || async {
            database.run_script("SELECT 1").await.expect("answered");
            server.sql("keelson", &open_now(left))
        })
        .await;
        drop(database);
        eventually("all are closed", || async { server.sql("keelson", &open_now(0)) }).await;
    }
}
