//! Rows that hold what they should not: each read says which table, column and row, and nothing of what is in it.

use keelson_domain::access::{OwnerScope, Scope};
use keelson_domain::chat::ChatSet;
use keelson_domain::shared::StoreError;
use keelson_persistence_conversations::Repositories as Conversations;
use keelson_persistence_identity::Repositories as Identity;
use keelson_persistence_kit::{Database, DatabaseUrl, PoolOptions};
use keelson_persistence_platform::Repositories as Platform;
use keelson_persistence_workspace::Repositories as Workspace;
use pretty_assertions::assert_eq;
use secrecy::SecretString;

use crate::support::Postgres;

/// The row that an error names, and nothing that the row holds.
#[track_caller]
fn assert_names<T: std::fmt::Debug>(read: Result<T, StoreError>, place: &str) {
    let error = read.expect_err(place).to_string();
    assert!(
        error.starts_with(&format!("bad data in {place}: ")) && !error.contains("oops"),
        "{place}: {error}"
    );
}

/// What every backend lets in: JSON kept as text, and words of a closed set.
async fn text_columns_are_checked(database: &Database) {
    database
        .run_script(
            "INSERT INTO model (id, user_id, name, params, meta, created_at, updated_at, is_active) VALUES \
                 ('m1', 'u', 'M', '{oops', '{}', 1, 1, true); \
             INSERT INTO tool (id, user_id, name, content, specs, meta, created_at, updated_at) VALUES \
                 ('t1', 'u', 'T', '', 'oops', '{}', 1, 1); \
             INSERT INTO function (id, user_id, name, type, content, meta, created_at, updated_at, is_active, is_global) \
                 VALUES ('f1', 'u', 'F', 'oops', '', '{}', 1, 1, true, true); \
             INSERT INTO \"user\" (id, name, email, role, profile_image_url, created_at, updated_at, last_active_at) \
                 VALUES ('u1', 'U', 'u@example.test', 'oops', '', 1, 1, 1);",
        )
        .await
        .unwrap();
    let shared = Workspace::new(database);
    assert_names(shared.models.all().await, "model.params of row m1");
    assert_names(shared.models.find(&"m1".into()).await, "model.params of row m1");
    assert_names(shared.tools.list(&Scope::All).await, "tool.specs of row t1");
    assert_names(shared.functions.list().await, "function.type of row f1");
    let users = Identity::new(database).users;
    assert_names(users.find(&"u1".into()).await, "user.role of row u1");

    database
        .run_script(
            "UPDATE model SET params = '{}', meta = '[]'; UPDATE tool SET specs = '[]', meta = 'oops'; \
             UPDATE function SET type = 'pipe', meta = 'oops';",
        )
        .await
        .unwrap();
    assert_names(shared.models.all().await, "model.meta of row m1");
    assert_names(shared.tools.list(&Scope::All).await, "tool.meta of row t1");
    assert_names(shared.functions.list().await, "function.meta of row f1");
}

/// A chat's columns must be objects, which no backend checks.
async fn chats_hold_objects(database: &Database) {
    database
        .run_script(
            "INSERT INTO chat (id, user_id, title, archived, created_at, updated_at, chat, meta) VALUES \
                 ('c1', 'u', 'C', false, 1, 1, '[1]', '{}'), ('c2', 'u', 'C', false, 1, 1, '{}', '\"oops\"');",
        )
        .await
        .unwrap();
    let stored = Conversations::new(database);
    let (owner, c1, c2) = ("u".into(), "c1".into(), "c2".into());
    assert_names(stored.chats.find(&c1).await, "chat.chat of row c1");
    assert_names(stored.chats.find(&c2).await, "chat.meta of row c2");
    let tags = ["a".to_owned()];
    assert_names(
        stored.chat_messages.set_tags(&owner, &c2, &tags).await,
        "chat.meta of row c2",
    );
    assert_names(
        stored.chat_shares.share(&owner, &c1, &"s".into()).await,
        "chat.chat of row c1",
    );
    assert_eq!(
        stored.chats.find(&"s".into()).await.unwrap(),
        None,
        "nothing was copied"
    );
    assert_eq!(
        stored.tags.list(&owner).await.unwrap(),
        [],
        "the transaction was rolled back"
    );
}

/// SQLite keeps JSON as text, whatever it is.
async fn json_columns_are_checked(database: &Database) {
    database
        .run_script(
            "DELETE FROM \"user\"; DELETE FROM chat; DELETE FROM model; DELETE FROM tool; \
             INSERT INTO chat (id, user_id, title, archived, created_at, updated_at, chat, meta) VALUES \
                 ('c3', 'u', 'C', false, 1, 1, '{oops', '{}'); \
             INSERT INTO folder (id, user_id, name, is_expanded, created_at, updated_at, data) VALUES \
                 ('d1', 'u', 'D', true, 1, 1, '{oops'); \
             INSERT INTO tag (id, name, user_id, meta) VALUES ('g1', 'G', 'u', '{oops'); \
             INSERT INTO \"user\" (id, name, email, role, profile_image_url, created_at, updated_at, last_active_at, \
                 settings) VALUES ('u2', 'U', 'u@example.test', 'user', '', 1, 1, 1, '{oops'); \
             INSERT INTO \"group\" (id, permissions) VALUES ('p1', '{oops'); \
             INSERT INTO model (id, user_id, name, params, meta, created_at, updated_at, is_active, access_control) VALUES \
                 ('m2', 'u', 'M', '{}', '{}', 1, 1, true, '{oops'); \
             INSERT INTO tool (id, user_id, name, content, specs, meta, created_at, updated_at, access_control) VALUES \
                 ('t2', 'u', 'T', '', '[]', '{}', 1, 1, '{oops'); \
             INSERT INTO prompt (command, user_id, title, content, timestamp, access_control) VALUES \
                 ('/p', 'u', 'P', '', 1, '{oops'); \
             INSERT INTO knowledge (id, user_id, name, created_at, meta) VALUES ('k1', 'u', 'K', 1, '{oops'); \
             INSERT INTO file (id, user_id, filename, created_at, data) VALUES ('i1', 'u', 'I', 1, '{oops'); \
             INSERT INTO note (id, user_id, data) VALUES ('n1', 'u', '{oops'); \
             INSERT INTO channel (id, user_id, access_control) VALUES ('h1', 'u', '{oops'); \
             INSERT INTO feedback (id, user_id, created_at, updated_at, data) VALUES ('e1', 'u', 1, 2, '{oops'); \
             INSERT INTO feedback (id, user_id, created_at, updated_at, snapshot) VALUES ('e2', 'u', 1, 1, '{oops'); \
             INSERT INTO config (id, data, version) VALUES (7, '{oops', 1);",
        )
        .await
        .unwrap();
    let owner = "u".into();
    let stored = Conversations::new(database);
    let all = ChatSet::Of("u".into());
    assert_names(stored.chats.load(&all).await, "chat.chat of row c3");
    assert_names(stored.folders.list(&owner).await, "folder.data of row d1");
    assert_names(stored.tags.list(&owner).await, "tag.meta of row g1");
    let people = Identity::new(database);
    assert_names(people.users.find(&"u2".into()).await, "user.settings of row u2");
    assert_names(people.groups.list().await, "group.permissions of row p1");
    let shared = Workspace::new(database);
    assert_names(shared.models.all().await, "model.access_control of row m2");
    assert_names(
        shared.tools.list(&Scope::All).await,
        "tool.access_control of row t2",
    );
    assert_names(
        shared.prompts.list(&Scope::All).await,
        "prompt.access_control of row /p",
    );
    assert_names(
        shared.knowledge.page(&Scope::All, 0, 30).await,
        "knowledge.meta of row k1",
    );
    assert_names(
        shared.files.list(&OwnerScope::Everyone, true).await,
        "file.data of row i1",
    );
    assert_names(
        shared.notes.list(&Scope::All, 0, None).await,
        "note.data of row n1",
    );
    assert_names(shared.channels.all().await, "channel.access_control of row h1");
    let everyone = OwnerScope::Everyone;
    assert_names(shared.feedback.list(&everyone).await, "feedback.data of row e1");
    assert_names(
        shared.feedback.find(&everyone, &"e2".into()).await,
        "feedback.snapshot of row e2",
    );
    let settings = Platform::new(database).settings;
    assert_names(settings.load().await, "config.data of row 7");
    assert_names(settings.change(&[]).await, "config.data of row 7");
}

#[tokio::test]
async fn sqlite() {
    let database = Database::in_memory().await.unwrap();
    text_columns_are_checked(&database).await;
    chats_hold_objects(&database).await;
    json_columns_are_checked(&database).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn postgres() {
    let server = Postgres::start();
    let url = DatabaseUrl::parse(&SecretString::from(server.url()), None).unwrap();
    let database = Database::open(&url, &PoolOptions::default()).await.unwrap();
    text_columns_are_checked(&database).await;
    chats_hold_objects(&database).await;
}
