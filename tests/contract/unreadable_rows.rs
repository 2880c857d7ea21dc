//! Rows that hold what they should not: a read leaves out what cannot be read, and on the safe side; writing goes on.

use keelson_domain::access::Scope;
use keelson_domain::chat::{ChatChange, ChatSet, MessageId};
use keelson_domain::function::FunctionKind;
use keelson_domain::shared::{StoreError, Timestamp};
use keelson_domain::user::Role;
use keelson_persistence_kit::{Database, DatabaseUrl, PoolOptions};
use pretty_assertions::assert_eq;
use secrecy::SecretString;
use serde_json::{Map, Value, json};

use crate::support::Postgres;

/// What every backend lets in: JSON kept as text, and words of a closed set.
async fn text_columns_are_on_the_safe_side(database: &Database) {
    database
        .run_script(
            "INSERT INTO model (id, user_id, name, params, meta, created_at, updated_at, is_active) VALUES \
                 ('m1', 'u', 'M', '{oops', '[]', 1, 1, true); \
             INSERT INTO tool (id, user_id, name, content, specs, meta, created_at, updated_at) VALUES \
                 ('t1', 'u', 'T', '', 'oops', 'oops', 1, 1); \
             INSERT INTO function (id, user_id, name, type, content, meta, created_at, updated_at, is_active, is_global) \
                 VALUES ('f1', 'u', 'F', 'oops', '', 'oops', 1, 1, true, true);",
        )
        .await
        .unwrap();
    let shared = keelson_persistence_workspace::ports(database);
    let model = shared.model.repository.find(&"m1".into()).await.unwrap().unwrap();
    assert_eq!((model.params, model.meta), (Map::new(), Map::new()));
    let tools = shared.tool.repository.list(&Scope::All).await.unwrap();
    assert_eq!((&tools[0].specs, &tools[0].meta), (&json!([]), &json!({})));
    let functions = shared.function.repository.list().await.unwrap();
    assert_eq!(
        (functions[0].kind, functions[0].is_active),
        (FunctionKind::Action, false)
    );
    let users = keelson_persistence_identity::ports(database).user.repository;
    for role in [
        "oops",
        "",
        "ADMIN",
        "admin ",
        "Admin",
        "root",
        "administrator",
        "user,admin",
    ] {
        database
            .run_script(&format!(
                "DELETE FROM \"user\"; INSERT INTO \"user\" (id, name, email, role, profile_image_url, created_at, \
                 updated_at, last_active_at) VALUES ('u1', 'U', 'u@example.test', '{role}', '', 1, 1, 1);"
            ))
            .await
            .unwrap();
        let user = users.find(&"u1".into()).await.unwrap().unwrap();
        assert_eq!(user.role, Role::Pending, "{role:?} may do the least");
    }
}

/// A chat that is no object, or none that can be read, counts as an empty one: also for what is written into it.
async fn chats_are_written_to(database: &Database, values: &[&str]) {
    let stored = keelson_persistence_conversations::ports(database);
    let (owner, id, message) = ("u".into(), "c1".into(), MessageId::new("m1"));
    for value in values {
        let value = value.replace('\'', "''");
        database
            .run_script(&format!(
                "DELETE FROM chat; INSERT INTO chat (id, user_id, title, archived, created_at, updated_at, chat, meta) \
                 VALUES ('c1', 'u', 'C', false, 1, 1, '{value}', '{value}');"
            ))
            .await
            .unwrap();
        let found = stored.chat.repository.find(&id).await.unwrap().unwrap();
        assert_eq!((found.body, found.meta), (Map::new(), Map::new()), "{value}");
        assert_eq!(
            stored.chat.messages.message(&owner, &id, &message).await.unwrap(),
            None
        );
        let fields = Map::from_iter([("content".to_owned(), json!("said"))]);
        let merged = stored
            .chat
            .messages
            .merge_message(&owner, &id, &message, &fields, true, 2)
            .await;
        assert!(merged.unwrap(), "{value}");
        let said = stored.chat.messages.message(&owner, &id, &message).await.unwrap();
        assert_eq!(said, Some(Value::Object(fields)), "{value}");
        database
            .run_script(&format!("UPDATE chat SET chat = '{value}'"))
            .await
            .unwrap();
        assert!(
            stored
                .chat
                .messages
                .set_title(&owner, &id, "new", 3)
                .await
                .unwrap(),
            "{value}"
        );
        let titled = stored.chat.repository.find(&id).await.unwrap().unwrap();
        assert_eq!(Value::Object(titled.body), json!({"title": "new"}), "{value}");
        assert!(
            stored
                .chat
                .messages
                .set_tags(&owner, &id, &["a".to_owned()])
                .await
                .unwrap()
        );
        database
            .run_script(&format!("UPDATE chat SET chat = '{value}', meta = '{value}'"))
            .await
            .unwrap();
        let change = ChatChange {
            body: Some(Map::from_iter([("k".to_owned(), json!("v"))])),
            ..ChatChange::default()
        };
        let changed = stored
            .chat
            .repository
            .update(&owner, &id, &change, Timestamp::from_seconds(4))
            .await;
        assert_eq!(
            Value::Object(changed.unwrap().unwrap().body),
            json!({"k": "v"}),
            "{value}"
        );
        assert_eq!(
            stored
                .chat
                .repository
                .load(&ChatSet::Everyone)
                .await
                .unwrap()
                .len(),
            1
        );
    }
}

/// What can be read is kept when a message is merged in.
async fn odd_chats_keep_what_they_hold(database: &Database) {
    let stored = keelson_persistence_conversations::ports(database);
    let (owner, id) = ("u".into(), "c1".into());
    for kept in [
        r#""x \ud83d""#,
        "1e400",
        "-1e400",
        r#""\ud83d\ude00\ude00""#,
        r#"{"\ude00k": [1]}"#,
    ] {
        let chat = format!(
            r#"{{"k": "kept", "odd": {kept}, "history": {{"messages": {{"a": {{"content": {kept}}}}}}}}}"#
        );
        database
            .run_script(&format!(
                "DELETE FROM chat; INSERT INTO chat (id, user_id, title, archived, created_at, updated_at, chat, meta) \
                 VALUES ('c1', 'u', 'C', false, 1, 1, '{chat}', '{{}}');"
            ))
            .await
            .unwrap();
        let before = stored.chat.repository.find(&id).await.unwrap().unwrap().body;
        assert_eq!(before["k"], json!("kept"));
        let fields = Map::from_iter([("content".to_owned(), json!("said"))]);
        let merged = stored
            .chat
            .messages
            .merge_message(&owner, &id, &MessageId::new("m1"), &fields, false, 2)
            .await;
        assert!(merged.unwrap(), "{kept}");
        let after = stored.chat.repository.find(&id).await.unwrap().unwrap().body;
        assert_eq!(after["k"], before["k"], "{kept}");
        assert_eq!(after["odd"], before["odd"], "{kept}");
        assert_eq!(
            after["history"]["messages"],
            json!({"a": before["history"]["messages"]["a"], "m1": {"content": "said"}}),
            "{kept}"
        );
    }
}

/// Nothing stands in for the settings: with the defaults a closed server would be open.
async fn settings_are_read_or_refused(database: &Database, readable: &[&str], unreadable: &[&str]) {
    let settings = keelson_persistence_platform::settings_store(database);
    let store = async |value: &str| {
        database
            .run_script(&format!(
                "DELETE FROM config; INSERT INTO config (id, data, version, created_at) VALUES (7, '{value}', 1, \
                 CURRENT_TIMESTAMP)"
            ))
            .await
            .unwrap();
    };
    for value in readable {
        store(value).await;
        let tree = settings
            .load()
            .await
            .unwrap_or_else(|error| panic!("{value}: {error}"))
            .tree;
        assert_eq!(tree["ui"]["name"], json!("kept"), "{value}");
    }
    for value in unreadable {
        store(value).await;
        for refused in [settings.load().await, settings.change(&[]).await] {
            let error: StoreError = refused.expect_err(value);
            let said = error.to_string();
            assert!(
                said.starts_with("bad data in config.data of row 7: ") && !said.contains("oops"),
                "{value}: {said}"
            );
        }
    }
}

const ODD_SETTINGS: &[&str] = &[
    r#"{"ui": {"name": "kept", "x": 1e400}}"#,
    r#"{"ui": {"name": "kept\ud83d"}}"#,
    r#"{"ui": {"name": "kept"}, "\ude00": [-1e999]}"#,
];

#[tokio::test]
async fn sqlite() {
    let database = Database::in_memory().await.unwrap();
    text_columns_are_on_the_safe_side(&database).await;
    let deep = "[".repeat(5_000);
    chats_are_written_to(
        &database,
        &[
            "", "{oops", "{\"a\":", "NaN", "[1]", "\"x\"", "5", "true", "{'a': 1}", &deep,
        ],
    )
    .await;
    odd_chats_keep_what_they_hold(&database).await;
    settings_are_read_or_refused(
        &database,
        &[
            ODD_SETTINGS,
            &[
                "{\"ui\": {\"name\": \"kept\", \"x\": [NaN, Infinity]}}",
                "\u{feff}{\"ui\": {\"name\": \"kept\"}}",
            ],
        ]
        .concat(),
        &["", "{oops", "NaN", "[1]", "\"oops\"", "5", "true", "1e400"],
    )
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn postgres() {
    let server = Postgres::start();
    let url = DatabaseUrl::parse(&SecretString::from(server.url()), None).unwrap();
    let database = Database::open(&url, &PoolOptions::default()).await.unwrap();
    text_columns_are_on_the_safe_side(&database).await;
    chats_are_written_to(
        &database,
        &["[1]", "\"x\"", "5", "true", "1e400", "[]", "\"\\ud83d\"", "[{}]"],
    )
    .await;
    odd_chats_keep_what_they_hold(&database).await;
    settings_are_read_or_refused(
        &database,
        ODD_SETTINGS,
        &["[1]", "\"oops\"", "5", "true", "1e400"],
    )
    .await;
}
