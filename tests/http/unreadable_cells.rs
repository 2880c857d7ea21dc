//! Cells that hold what they should not: a row is shown without them, and all others beside it. The columns come from the
//! schema, so that none is forgotten.

use std::collections::BTreeSet;

use poem::http::{Method, StatusCode};
use pretty_assertions::assert_eq;
use regex::Regex;
use serde_json::{Value, json};

use crate::support::{Postgres, TestApp};

/// The schema of both backends.
const SCHEMA: &str = include_str!("../../adapters/persistence/kit/src/schema.rs");

/// Text columns that hold JSON, or one of a few words.
const KEPT_AS_TEXT: &[(&str, &str)] = &[
    ("channel", "type"),
    ("function", "meta"),
    ("function", "type"),
    ("function", "valves"),
    ("model", "meta"),
    ("model", "params"),
    ("tool", "meta"),
    ("tool", "specs"),
    ("tool", "valves"),
    ("user", "role"),
];

/// Tables with such columns that no list reads, with the reason.
const NOT_LISTED: &[(&str, &str)] = &[
    (
        "api_key",
        "keys are found by themselves; no JSON of theirs is read",
    ),
    (
        "channel_member",
        "memberships are found by their ids; no JSON of theirs is read",
    ),
    (
        "config",
        "nothing may stand in for the settings: tests/contract/unreadable_rows.rs",
    ),
    ("feedback", "the room is to come"),
    ("message", "the room is to come"),
];

/// The paths that read a table, and whether cleo, whom nothing was shared with, reads them too.
const LISTS: &[(&str, &[&str])] = &[
    (
        "user",
        &[
            "/api/v1/users/?page=1",
            "/api/v1/users/all",
            "/api/v1/users/search?query=row",
            "/api/v1/users/bad",
            "/api/v1/groups/",
            "/api/v1/models/list",
        ],
    ),
    (
        "group",
        &[
            "/api/v1/groups/",
            "/api/v1/groups/id/bad",
            "/api/v1/users/bad/groups",
            "/api/v1/users/groups",
        ],
    ),
    (
        "chat",
        &[
            "/api/v1/chats/?page=1",
            "/api/v1/chats/list",
            "/api/v1/chats/all",
            "/api/v1/chats/all/db",
            "/api/v1/chats/all/archived",
            "/api/v1/chats/all/tags",
            "/api/v1/chats/search?text=row",
            "/api/v1/chats/search?text=tag:none",
            "/api/v1/chats/search?text=tag:t1",
            "/api/v1/chats/stats/usage",
            "/api/v1/chats/folder/good",
            "/api/v1/chats/folder/good/list",
            "/api/v1/chats/bad",
            "/api/v1/chats/bad/tags",
        ],
    ),
    (
        "folder",
        &[
            "/api/v1/folders/",
            "/api/v1/folders/bad",
            "/api/v1/chats/search?text=folder:x",
        ],
    ),
    ("tag", &["/api/v1/chats/all/tags"]),
    (
        "model",
        &[
            "/api/models",
            "/api/models/base",
            "/api/v1/models/list",
            "/api/v1/models/list?tag=x",
            "/api/v1/models/base",
            "/api/v1/models/export",
            "/api/v1/models/tags",
            "/api/v1/models/model?id=bad",
        ],
    ),
    ("tool", &["/api/v1/tools/", "/api/v1/tools/list"]),
    ("function", &["/api/v1/functions/", "/api/v1/functions/list"]),
    ("prompt", &["/api/v1/prompts/", "/api/v1/prompts/list"]),
    ("knowledge", &["/api/v1/knowledge/"]),
    ("file", &["/api/v1/files/", "/api/v1/files/?content=false"]),
    ("note", &["/api/v1/notes/", "/api/v1/notes/?page=1"]),
    ("channel", &["/api/v1/channels/", "/api/v1/channels/list"]),
];

/// The lists that show what everyone may read.
const PUBLIC: &[(&str, &str)] = &[
    ("model", "/api/v1/models/list"),
    ("tool", "/api/v1/tools/"),
    ("prompt", "/api/v1/prompts/"),
    ("knowledge", "/api/v1/knowledge/"),
    ("channel", "/api/v1/channels/"),
    ("note", "/api/v1/notes/"),
];

/// The columns of a kind in the schema: table and column.
fn columns(kind: &str) -> BTreeSet<(String, String)> {
    let head = Regex::new(r"^    (\w+) \([\w, ]+\) \{$").expect("a pattern");
    let renamed = Regex::new(r#"sql_name = "(\w+)""#).expect("a pattern");
    let column = Regex::new(r"^        (\w+) -> (?:Nullable<)?(\w+)>?,$").expect("a pattern");
    let (mut table, mut name, mut found) = (String::new(), None, BTreeSet::new());
    for line in SCHEMA.lines() {
        if let Some(head) = head.captures(line) {
            head[1].clone_into(&mut table);
        } else if let Some(renamed) = renamed.captures(line) {
            name = Some(renamed[1].to_owned());
        } else if let Some(column) = column.captures(line) {
            let name = name.take().unwrap_or_else(|| column[1].to_owned());
            if &column[2] == kind {
                found.insert((table.clone(), name));
            }
        }
    }
    found
}

fn nested(levels: usize) -> String {
    format!("{}{}", "[".repeat(levels), "]".repeat(levels))
}

/// What PostgreSQL lets into a column of the type `json`.
fn odd_json() -> Vec<String> {
    let deep = nested(300);
    [
        r#"{"title":"odd","history":{"messages":{"a":{"id":"a","role":"user","content":"x \ud83d"}}}}"#,
        r#"{"tags":["\ude00"],"read":{"user_ids":["\ud83d"]}}"#,
        r#"{"a":1e400,"history":{"messages":{"a":{"content":-1e400}}}}"#,
        r#"{"a":1e400000,"b":1e-400000,"c":"1e400000","d":"\\ud83d\u0000"}"#,
        r#"{"history":{"messages":[1,"x",null,{"content":5}]},"messages":{"a":1},"tags":{"a":1}}"#,
        r#"{"history":7,"tags":"t1","read":"x","models":5,"params":[1],"meta":[],"ui":[]}"#,
        r#"{"tags":[null,1,{"name":7},["x"]],"read":{"user_ids":"x","group_ids":{"a":1}}}"#,
        &deep,
        "1e400",
        "[1]",
        r#""text""#,
        "5",
        "true",
        "null",
    ]
    .map(str::to_owned)
    .into()
}

/// What is no JSON, which SQLite lets into any column, and every backend into text.
fn no_json() -> Vec<String> {
    let deep = nested(200);
    let too_deep = nested(5_000);
    [
        "",
        " ",
        "{oops",
        r#"{"title":"cut off","history":{"mess"#,
        "NaN",
        "-Infinity",
        r#"{"a":NaN,"history":{"messages":{"a":{"content":"x","n":Infinity}}}}"#,
        "{'a': None}",
        "\u{feff}{}",
        "undefined",
        "[1,]",
        &deep,
        &too_deep,
    ]
    .map(str::to_owned)
    .into()
}

fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

/// Two rows in every table, `good` and `bad`; all are ben's.
async fn fill(app: &TestApp, ben: &str) {
    for row in ["good", "bad"] {
        app.sql(&format!(
            "INSERT INTO \"user\" (id, name, email, role, profile_image_url, created_at, updated_at, last_active_at)
             VALUES ('{row}', '{row} row', '{row}@example.test', 'user', '/user.png', 9, 1, 1);
             INSERT INTO \"group\" (id, user_id, name, description, created_at, updated_at) VALUES ('{row}', '{ben}', '{row} row', '', 1, 1)"
        ))
        .await;
    }
    for (at, row) in ["good", "bad"].into_iter().enumerate() {
        app.sql(&format!(
            "INSERT INTO group_member (id, group_id, user_id) VALUES ('{row}-1', '{row}', '{ben}'), ('{row}-2', 'good', '{row}'),
             ('{row}-3', 'bad', '{row}');
             INSERT INTO folder (id, user_id, name, is_expanded, created_at, updated_at) VALUES ('{row}', '{ben}', '{row} row', FALSE, 1, 1);
             INSERT INTO tag (id, name, user_id) VALUES ('{row}', '{row} row', '{ben}');
             INSERT INTO chat (id, user_id, title, archived, folder_id, created_at, updated_at, chat, meta)
             VALUES ('{row}', '{ben}', '{row} row', FALSE, NULL, 1, 1, '{{\"models\": []}}', '{{\"tags\": [\"{row}\"]}}'),
             ('{row}-filed', '{ben}', '{row} row', FALSE, 'good', 1, 1, '{{}}', '{{}}'),
             ('{row}-old', '{ben}', '{row} row', TRUE, NULL, 1, 1, '{{}}', '{{}}');
             INSERT INTO model (id, user_id, base_model_id, name, meta, params, is_active, created_at, updated_at)
             VALUES ('{row}', '{ben}', 'keelson-demo', '{row} row', '{{}}', '{{}}', TRUE, 1, 1);
             INSERT INTO tool (id, user_id, name, content, specs, meta, created_at, updated_at)
             VALUES ('{row}', '{ben}', '{row} row', '', '[]', '{{}}', 1, 1);
             INSERT INTO function (id, user_id, name, type, content, meta, is_active, is_global, created_at, updated_at)
             VALUES ('{row}', '{ben}', '{row} row', 'filter', '', '{{}}', TRUE, FALSE, 1, 1);
             INSERT INTO prompt (id, command, user_id, title, content, timestamp) VALUES ({at}, '/{row}', '{ben}', '{row} row', '', 1);
             INSERT INTO knowledge (id, user_id, name, created_at, updated_at) VALUES ('{row}', '{ben}', '{row} row', 1, 1);
             INSERT INTO file (id, user_id, filename, created_at, updated_at) VALUES ('{row}', '{ben}', '{row} row', 1, 1);
             INSERT INTO note (id, user_id, title, created_at, updated_at) VALUES ('{row}', '{ben}', '{row} row', 1, 1);
             INSERT INTO channel (id, user_id, name, created_at, updated_at) VALUES ('{row}', '{ben}', '{row} row', 1, 1);"
        ))
        .await;
    }
}

/// The column that names a table's rows.
fn key(table: &str) -> (&'static str, &'static str) {
    match table {
        "prompt" => ("command", "/bad"),
        _ => ("id", "bad"),
    }
}

struct Cells {
    app: TestApp,
    ada: String,
    ben: String,
    cleo: String,
}

impl Cells {
    async fn start(variables: &[(&str, &str)]) -> Self {
        let mut all = vec![
            ("ENABLE_CHANNELS", "true"),
            ("USER_PERMISSIONS_CHAT_DELETE", "true"),
        ];
        all.extend_from_slice(variables);
        let app = TestApp::with(&all).await;
        let ada = app.sign_up("ada").await;
        let ben = app.add_user(&ada, "ben").await;
        let cleo = app.add_user(&ada, "cleo").await;
        fill(&app, &app.id_of(&ben).await).await;
        let cells = Self { app, ada, ben, cleo };
        for (table, _) in LISTS {
            cells.reads(table, "what is right").await;
        }
        cells
    }

    async fn set(&self, table: &str, column: &str, value: &str) {
        let (key, bad) = key(table);
        self.app
            .sql(&format!(
                "UPDATE \"{table}\" SET \"{column}\" = {value} WHERE {key} LIKE '{bad}%'"
            ))
            .await;
    }

    /// The old value of a cell, as SQL.
    async fn restore(&self, table: &str, column: &str) {
        let value = match (table, column) {
            ("user", "role") => "'user'",
            ("function", "type") => "'filter'",
            ("tool", "specs") => "'[]'",
            ("chat", _) | ("model" | "tool" | "function", "meta") | ("model", "params") => "'{}'",
            _ => "NULL",
        };
        self.set(table, column, value).await;
    }

    /// Every path that reads a table answers, with the rows that are right.
    async fn reads(&self, table: &str, what: &str) {
        let (_, paths) = LISTS
            .iter()
            .find(|(listed, _)| *listed == table)
            .expect("a listed table");
        for path in *paths {
            let token = match () {
                () if path.ends_with("/chats/all/db") || table == "user" || table == "group" => &self.ada,
                () if path.contains("/models/")
                    || path.contains("functions")
                    || path.contains("/channels/list") =>
                {
                    &self.ada
                }
                () => &self.ben,
            };
            let answer = self.app.ask(Method::GET, path, Some(token), None).await;
            assert_eq!(
                answer.status,
                StatusCode::OK,
                "{path} with {what}: {}",
                answer.body
            );
            let shown = answer.body.to_string();
            let is_of_bad = path.contains("bad") || path.contains("?text=") || path.contains("?tag=");
            let shows_no_rows = [
                "/users/groups",
                "/models/base",
                "/models/tags",
                "/functions/list",
                "/all/archived",
            ];
            if !is_of_bad && !shows_no_rows.iter().any(|part| path.contains(part)) {
                assert!(
                    shown.contains("good"),
                    "{path} with {what} lacks the other row: {shown}"
                );
            }
        }
    }

    /// Who was not let in stays out, whatever the rules look like.
    async fn stays_closed(&self, table: &str, what: &str) {
        let Some((_, path)) = PUBLIC.iter().find(|(listed, _)| *listed == table) else {
            return;
        };
        let shown = self.app.get(path, &self.cleo).await.to_string();
        assert!(!shown.contains("bad row"), "{path} with {what} is open: {shown}");
    }

    /// A chat that cannot be read is shown, changed and deleted.
    async fn chat_is_usable(&self, column: &str, value: &str) {
        let what = format!("chat.{column} = {value:.60}");
        let shown = self.app.get("/api/v1/chats/bad", &self.ben).await;
        assert_eq!(shown["id"], "bad", "{what}");
        let body = json!({"chat": {"title": "again", "models": ["m"]}});
        let changed = self.app.post("/api/v1/chats/bad", &self.ben, body).await;
        assert_eq!(changed["chat"]["models"], json!(["m"]), "{what}");
        self.set("chat", column, value).await;
        self.app
            .post("/api/v1/chats/bad/tags", &self.ben, json!({"name": "new"}))
            .await;
        self.set("chat", column, value).await;
        assert_eq!(
            self.app.delete("/api/v1/chats/bad", &self.ben).await,
            json!(true),
            "{what}"
        );
        let gone = self
            .app
            .ask(Method::GET, "/api/v1/chats/bad", Some(&self.ben), None)
            .await;
        assert_eq!(gone.status, StatusCode::UNAUTHORIZED, "{what}");
        let ben = self.app.id_of(&self.ben).await;
        self.app
            .sql(&format!(
                "INSERT INTO chat (id, user_id, title, archived, created_at, updated_at, chat, meta)
                 VALUES ('bad', '{ben}', 'bad row', FALSE, 1, 1, '{{}}', '{{}}')"
            ))
            .await;
    }

    /// Puts values into cells of one column after another.
    async fn tries(&self, columns: &[(String, String)], values: &[String]) {
        for (table, column) in columns {
            for value in values {
                let what = format!("{table}.{column} = {value:.60}");
                self.set(table, column, &quoted(value)).await;
                self.reads(table, &what).await;
                if column == "access_control" && value != "null" {
                    self.stays_closed(table, &what).await;
                }
                if table == "chat" {
                    self.chat_is_usable(column, &quoted(value)).await;
                }
            }
            self.restore(table, column).await;
        }
    }
}

/// The columns of a kind that lists read.
fn listed(kind: &str) -> Vec<(String, String)> {
    let all = columns(kind).into_iter();
    all.filter(|(table, _)| LISTS.iter().any(|(listed, _)| listed == table))
        .collect()
}

fn kept_as_text() -> Vec<(String, String)> {
    let pair = |(table, column): &(&str, &str)| ((*table).to_owned(), (*column).to_owned());
    KEPT_AS_TEXT.iter().map(pair).collect()
}

#[test]
fn every_table_with_such_columns_is_listed_or_excused() {
    let all = columns("Json");
    assert!(all.len() > 30, "the columns were found: {all:?}");
    for (table, column) in all.iter().chain(&columns("Date")) {
        let is_listed = LISTS.iter().any(|(listed, _)| listed == table);
        let is_excused = NOT_LISTED.iter().any(|(excused, _)| excused == table) || table.starts_with("oauth");
        assert!(
            is_listed || is_excused,
            "{table}.{column} is in no list of these tests"
        );
    }
    let texts = columns("Text");
    for (table, column) in kept_as_text() {
        assert!(
            texts.contains(&(table.clone(), column.clone())),
            "{table}.{column} is no text"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn sqlite() {
    let cells = Cells::start(&[]).await;
    let all: Vec<String> = no_json().into_iter().chain(odd_json()).collect();
    cells.tries(&listed("Json"), &all).await;
    cells.tries(&kept_as_text(), &all).await;
    let days = [
        "",
        "yesterday",
        "2000-02-31",
        "0",
        "NaN",
        "20000101",
        "2000-1-1-1",
        "-",
    ]
    .map(str::to_owned);
    cells.tries(&listed("Date"), &days).await;
    for (table, column) in listed("Json") {
        cells
            .set(&table, &column, "CAST(X'7B2261223A22FF80' AS TEXT)")
            .await;
        cells.reads(&table, "broken UTF-8").await;
        cells.set(&table, &column, "X'FF00'").await;
        cells.reads(&table, "a blob").await;
        cells.restore(&table, &column).await;
    }
    cells.app.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn postgres() {
    let server = Postgres::start();
    let cells = Cells::start(&[("DATABASE_URL", &server.url())]).await;
    cells.tries(&listed("Json"), &odd_json()).await;
    let texts: Vec<String> = no_json().into_iter().chain(odd_json()).collect();
    cells.tries(&kept_as_text(), &texts).await;
    cells
        .tries(&listed("Date"), &["infinity", "-infinity"].map(str::to_owned))
        .await;
    cells.app.close().await;
}

#[tokio::test]
async fn members_of_a_group_that_cannot_be_read_sign_in() {
    let app = TestApp::start().await;
    let ada = app.sign_up("ada").await;
    let ben = app.add_user(&ada, "ben").await;
    let id = app.id_of(&ben).await;
    for value in [
        "",
        "{oops",
        "NaN",
        "[1]",
        "5",
        "\"x\"",
        "{\"chat\":[]}",
        "{\"chat\":{\"delete\":NaN}}",
    ] {
        app.sql(&format!(
            "DELETE FROM group_member; DELETE FROM \"group\"; INSERT INTO \"group\" (id, user_id, name, description,
             permissions, created_at, updated_at) VALUES ('g', '{id}', 'g', '', '{value}', 1, 1);
             INSERT INTO group_member (id, group_id, user_id) VALUES ('1', 'g', '{id}')"
        ))
        .await;
        let body = json!({"email": "ben@example.test", "password": "a password"});
        let answer = app
            .ask(Method::POST, "/api/v1/auths/signin", None, Some(body))
            .await;
        assert_eq!(answer.status, StatusCode::OK, "{value}: {}", answer.body);
        let allowed = &answer.body["permissions"]["workspace"]["models"];
        assert_eq!(allowed, &Value::Bool(false), "{value}: nothing is granted by it");
    }
    app.close().await;
}
