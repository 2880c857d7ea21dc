//! PostgreSQL as companies run it: sockets, passwords, and servers that are stopped and started.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use keelson_persistence_kit::{Database, DatabaseUrl, PoolOptions};
use secrecy::SecretString;
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

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_restarts_under_load_costs_nobody_more_than_one_error() {
    let mut server = Postgres::start();
    let database = open(&server.url(), &PoolOptions::default()).await;
    let askers: Vec<Arc<Asker>> = (0..8).map(|_| Arc::default()).collect();
    for signal in ["INT", "QUIT"] {
        let stop = CancellationToken::new();
        let running: Vec<_> = askers
            .iter()
            .map(|asker| {
                let (asker, database, stop) = (asker.clone(), database.clone(), stop.clone());
                tokio::spawn(async move { asker.ask(&database, &stop).await })
            })
            .collect();
        for asker in &askers {
            asker.answered_again().await;
        }
        server.stop(signal);
        // Long enough that everybody found it gone.
        tokio::time::sleep(Duration::from_millis(700)).await;
        server.start_again();
        for asker in &askers {
            asker.answered_again().await;
        }
        stop.cancel();
        for one in running {
            one.await.expect("it ended");
        }
        for asker in &askers {
            let errors = asker.errors.swap(0, Ordering::Relaxed);
            assert!(errors <= 1, "{errors} errors of one asker after {signal}");
        }
    }
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
    // How many of our connections are open, and of how many sessions they were over time.
    let open_now = |count: usize| {
        let ours = "usename = 'keelson' AND application_name = 'keelson-pool'";
        format!("DO $$ BEGIN ASSERT (SELECT count(*) FROM pg_stat_activity WHERE {ours}) = {count}; END $$")
    };
    let url = format!("{}?application_name=keelson-pool", server.url());
    for (kept, limit, at_once, left) in [(2, 4, 4, 4), (0, 100, 6, 1)] {
        let options = PoolOptions {
            kept,
            limit,
            ..PoolOptions::default()
        };
        let database = open(&url, &options).await;
        let many = (0..at_once * 2).map(|_| database.run_script("SELECT pg_sleep(0.2)"));
        for done in futures_util::future::join_all(many).await {
            done.expect("answered");
        }
        // Idle ones are closed when the next one is asked for.
        database.run_script("SELECT 1").await.expect("answered");
        eventually("the idle connections are those kept", || async {
            server.sql("keelson", &open_now(left))
        })
        .await;
        drop(database);
        eventually("all are closed", || async { server.sql("keelson", &open_now(0)) }).await;
    }
}
