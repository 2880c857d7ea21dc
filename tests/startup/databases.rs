//! Databases of other versions, of others, and broken ones.

use std::path::Path;
use std::process::Command;

use keelson_persistence_kit::REVISION;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::support::{Postgres, Running, keelson, run};

/// A database that Keelson made, then changed by a statement of SQLite's shell.
fn changed(statement: &str) -> TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let mut command = keelson(folder.path(), &[]);
    command.args(["config", "reset", "ENABLE_SIGNUP"]);
    assert_eq!(run(command).code, Some(0));
    sql(&folder.path().join("webui.db"), statement);
    folder
}

fn sql(file: &Path, statement: &str) {
    // Back to one file, so that a hash of it says everything.
    let script = format!("{statement}; PRAGMA wal_checkpoint(TRUNCATE); PRAGMA journal_mode = DELETE;");
    let program = "import sqlite3, sys; db = sqlite3.connect(sys.argv[1], isolation_level=None); \
                   [db.execute(one).fetchall() for one in sys.argv[2].split(';') if one.strip()]";
    let done = Command::new("python3")
        .args(["-c", program])
        .arg(file)
        .arg(script)
        .status()
        .expect("python3 runs");
    assert!(done.success());
}

/// Starts on a folder, and asserts the refusal and that no byte of the database changed.
fn refused(folder: &Path, words: &[&str]) {
    let file = folder.join("webui.db");
    let before = std::fs::read(&file).expect("a database");
    run(keelson(folder, &[])).refused(words);
    assert!(
        before == std::fs::read(&file).expect("a database"),
        "the file was changed"
    );
    let others: Vec<_> = std::fs::read_dir(folder)
        .expect("a folder")
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
        .filter(|name| name != "webui.db" && !name.starts_with('.'))
        .collect();
    assert!(others.is_empty(), "left behind: {others:?}");
}

#[test]
fn an_older_revision() {
    let folder = changed("UPDATE alembic_version SET version_num = '9f0c9cd09105'");
    refused(
        folder.path(),
        &[
            "9f0c9cd09105",
            "older Open WebUI",
            REVISION,
            "start Open WebUI 0.6.43 on it once",
        ],
    );
}

#[test]
fn a_newer_or_unknown_revision() {
    let folder = changed("UPDATE alembic_version SET version_num = 'ffffffffffff'");
    refused(
        folder.path(),
        &["ffffffffffff", "does not know", "use a newer Keelson"],
    );
}

#[test]
fn several_revisions_at_once() {
    let folder = changed("INSERT INTO alembic_version VALUES ('ffffffffffff')");
    refused(folder.path(), &["2 revisions", "ffffffffffff", "backup"]);
}

#[test]
fn a_missing_revision() {
    let folder = changed("DELETE FROM alembic_version");
    refused(folder.path(), &["alembic_version is empty", "backup"]);
    let folder = changed("DROP TABLE alembic_version");
    refused(
        folder.path(),
        &["no alembic_version", "not a database of Open WebUI"],
    );
}

#[test]
fn a_missing_table() {
    let folder = changed("DROP TABLE chat_file");
    refused(folder.path(), &["missing tables: chat_file"]);
}

#[test]
fn a_file_that_is_not_a_database_and_a_corrupt_one() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("webui.db");
    std::fs::write(&file, "this is a letter and no database at all, ".repeat(500)).expect("a file");
    refused(
        folder.path(),
        &["webui.db", "not a database", "Restore it from a backup"],
    );

    let folder = changed("SELECT 1");
    let file = folder.path().join("webui.db");
    let whole = std::fs::read(&file).expect("a database");
    std::fs::write(&file, &whole[..whole.len() / 2]).expect("a file");
    refused(
        folder.path(),
        &["webui.db", "malformed", "Restore it from a backup"],
    );
}

#[test]
fn a_postgresql_database_of_another_version() {
    let server = Postgres::start();
    let folder = tempfile::tempdir().expect("a folder");
    let url = server.url();
    let start = || run(keelson(folder.path(), &[("DATABASE_URL", &url)]));
    assert!(server.sql("keelson", "CREATE TABLE letters (text text)"));
    start().refused(&["no alembic_version", "nothing was changed"]);
    let make = "CREATE TABLE alembic_version (version_num varchar(32)); INSERT INTO alembic_version VALUES ('38d63c18f30f')";
    assert!(server.sql("keelson", make));
    start().refused(&["38d63c18f30f", "older Open WebUI"]);
    assert!(server.sql("keelson", "INSERT INTO alembic_version VALUES ('ffffffffffff')"));
    start().refused(&["2 revisions"]);
    let untouched =
        "DO $$ BEGIN ASSERT (SELECT count(*) FROM pg_tables WHERE schemaname = 'public') = 2; END $$";
    assert!(server.sql("keelson", untouched), "tables were made");
}

#[tokio::test]
async fn a_new_file_is_for_its_owner_alone() {
    use std::os::unix::fs::PermissionsExt;
    let mode = |path: &Path| {
        std::fs::metadata(path)
            .map(|data| data.permissions().mode() & 0o777)
            .ok()
    };
    // The mode of a file that is there, and what it is when the server has opened it.
    for (before, expected) in [
        (None, 0o600),
        (Some(0o600), 0o600),
        (Some(0o640), 0o640),
        (Some(0o644), 0o644),
    ] {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("webui.db");
        if let Some(mode) = before {
            std::fs::write(&file, b"").expect("a file");
            std::fs::set_permissions(&file, std::fs::Permissions::from_mode(mode)).expect("its mode");
        }
        let app = crate::support::TestApp::in_folder(folder, &[]).await;
        app.sign_up("ada").await;
        let beside = ["webui.db-wal", "webui.db-shm"].map(|name| mode(&file.with_file_name(name)));
        assert_eq!(mode(&file), Some(expected), "{before:?}");
        assert_eq!(beside, [Some(expected); 2], "{before:?}");
        app.close().await;
    }
}

/// Bytes 18 and 19 of a SQLite file: 2 for a log that is written ahead, 1 for a journal to roll back by.
#[tokio::test(flavor = "multi_thread")]
async fn sqlite_keeps_the_journal_that_the_operator_wants() {
    let folder = tempfile::tempdir().expect("a folder");
    for (wanted, form) in [
        ("", 2),
        ("false", 1),
        ("False", 1),
        ("true", 2),
        ("false", 1),
        ("", 2),
    ] {
        let variables = [("DATABASE_ENABLE_SQLITE_WAL", wanted)];
        let server = Running::start(keelson(folder.path(), &variables));
        let client = reqwest::Client::new();
        let path = |path: &str| format!("{}{path}", server.url);
        // Readers and writers at once get along with either.
        let account = json!({"email": "ada@example.test", "password": "a password", "name": "Ada"});
        client
            .post(path("/api/v1/auths/signup"))
            .json(&account)
            .send()
            .await
            .expect("an answer");
        let signed_in = client
            .post(path("/api/v1/auths/signin"))
            .json(&account)
            .send()
            .await;
        let signed_in: Value = signed_in.expect("an answer").json().await.expect("JSON");
        let token = signed_in["token"].as_str().expect("a token");
        let many = (0..12).map(|number| {
            let (client, path) = (&client, &path);
            async move {
                let chat = json!({"chat": {"title": format!("Chat {number}"), "messages": []}});
                let made = client
                    .post(path("/api/v1/chats/new"))
                    .bearer_auth(token)
                    .json(&chat)
                    .send()
                    .await;
                let listed = client.get(path("/api/v1/chats/")).bearer_auth(token).send().await;
                (
                    made.expect("an answer").status(),
                    listed.expect("an answer").status(),
                )
            }
        });
        for (made, listed) in futures_util::future::join_all(many).await {
            assert!(
                made.is_success() && listed.is_success(),
                "{wanted:?}: {made} {listed}"
            );
        }
        server.stop();
        let file = std::fs::read(folder.path().join("webui.db")).expect("a database");
        assert_eq!((file[18], file[19]), (form, form), "{wanted:?}");
    }
}
