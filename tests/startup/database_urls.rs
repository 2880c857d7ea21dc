//! Addresses of databases that cannot be used. No password is ever shown (`refused` looks for `hunter2`).

use crate::support::{Postgres, keelson, run};

fn refused(variables: &[(&str, &str)], words: &[&str]) {
    let folder = tempfile::tempdir().expect("a folder");
    run(keelson(folder.path(), variables)).refused(words);
    assert!(
        !folder.path().join("webui.db").exists(),
        "another database was made"
    );
}

#[test]
fn invalid_database_urls() {
    for (url, words) in [
        (
            "mysql://u:hunter2@db/x",
            ["scheme is not known", "postgresql://user"],
        ),
        ("hunter2", ["no scheme", "sqlite:///"]),
        ("postgresql://u:hunter2@d&b/x", ["host", "postgresql://user"]),
        (
            "postgresql://u:hunter2@db/x?nothing=1",
            ["unknown option \"nothing\"", "postgresql://user"],
        ),
        ("postgresql://u:hunter2@db:port/x", ["port", "postgresql://user"]),
        ("postgresql://u:hunter2@db:99999/x", ["port", "postgresql://user"]),
        ("sqlite://", ["names no file", "sqlite:///"]),
        ("sqlite:///", ["names no file", "sqlite:///"]),
        ("sqlite:///:memory:", ["memory", "name a file"]),
        ("sqlite+sqlcipher:///x.db", ["sqlcipher", "not supported"]),
        (
            "postgresql://u:hunter2@db/x?sslmode=full",
            ["sslmode is none of", "require, verify-ca, verify-full"],
        ),
    ] {
        let mut all = vec!["DATABASE_URL is not valid"];
        all.extend(words);
        refused(&[("DATABASE_URL", url)], &all);
    }
    refused(
        &[
            ("DATABASE_TYPE", "postgresql"),
            ("DATABASE_USER", "u"),
            ("DATABASE_PASSWORD", "hunter2"),
        ],
        &["DATABASE_HOST is not valid", "must be set"],
    );
    refused(
        &[
            ("DATABASE_SCHEMA", "a-b"),
            ("DATABASE_URL", "postgresql://u:hunter2@db/x"),
        ],
        &["DATABASE_SCHEMA is not valid", "letters, digits and underscores"],
    );
}

#[test]
fn a_sqlite_file_in_a_missing_folder() {
    refused(
        &[("DATABASE_URL", "sqlite:////nowhere/at/all/webui.db")],
        &["/nowhere/at/all/webui.db", "DATABASE_URL"],
    );
}

#[test]
fn servers_that_reject_the_connection() {
    // Nobody listens on the discard port of the loopback.
    refused(
        &[("DATABASE_URL", "postgresql://u:hunter2@127.0.0.1:9/x")],
        &["127.0.0.1:9/x", "Connection refused", "DATABASE_URL"],
    );
    // A password with raw characters shows nothing of itself as the host.
    for password in [
        "a#hunter2",
        "a@hunter2",
        "a/hunter2",
        "a?hunter2",
        "hunter2%",
        "a@hunter2/b",
    ] {
        let url = format!("postgresql://u:{password}@127.0.0.1:9/x");
        refused(
            &[("DATABASE_URL", &url)],
            &["127.0.0.1:9/x", "Connection refused"],
        );
    }
    refused(
        &[("DATABASE_URL", "postgresql://u:hunter2@/x?host=/nowhere")],
        &["/nowhere:5432/x", "No such file"],
    );
    refused(
        &[
            ("DATABASE_URL", "postgresql://"),
            ("PGHOST", "127.0.0.1"),
            ("PGPORT", "9"),
            ("PGDATABASE", "x"),
        ],
        &["127.0.0.1:9/x", "Connection refused"],
    );
    refused(
        &[("DATABASE_URL", "postgresql://db/x"), ("PGSSLMODE", "full")],
        &["PGSSLMODE is not valid", "verify-full"],
    );
    refused(
        &[("DATABASE_URL", "postgresql://u:hunter2@no-such-host.invalid/x")],
        &["no-such-host.invalid:5432/x", "lookup", "DATABASE_URL"],
    );
    let server = Postgres::start();
    let port = server.port();
    let missing = format!("postgresql://keelson:hunter2@127.0.0.1:{port}/nothing");
    refused(
        &[("DATABASE_URL", &missing)],
        &["\"nothing\" does not exist", "DATABASE_URL"],
    );
    let stranger = format!("postgresql://stranger:hunter2@127.0.0.1:{port}/keelson");
    refused(&[("DATABASE_URL", &stranger)], &["\"stranger\" does not exist"]);
    assert!(server.sql("keelson", "CREATE ROLE ada LOGIN PASSWORD 'right'"));
    server.ask_passwords();
    let wrong = format!("postgresql://ada:hunter2@127.0.0.1:{port}/keelson");
    refused(
        &[("DATABASE_URL", &wrong)],
        &["password authentication failed for user \"ada\""],
    );
}

#[test]
fn an_unresponsive_server() {
    let silent = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let url = format!(
        "postgresql://u:hunter2@{}/x",
        silent.local_addr().expect("an address")
    );
    refused(
        &[("DATABASE_URL", &url), ("DATABASE_POOL_TIMEOUT", "1")],
        &["no answer in 1 s"],
    );
}
