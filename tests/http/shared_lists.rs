//! Lists of what people share: prompts, tools, functions, knowledge, files, memories, notes and channels.

use poem::http::{Method, StatusCode};
use pretty_assertions::assert_eq;
use serde_json::{Value, json};

use crate::rooms::{
    Lists,
    RequiredRole::{Admin, User},
    Roles,
};
use crate::support::{TestApp, assert_wire};

inventory::submit! {
    Roles(&[
        ("GET", "/api/v1/functions/list", Admin),
        ("*", "/api/v1/functions/*", User),
        ("*", "/api/v1/tools/*", User),
        ("*", "/api/v1/prompts/*", User),
        ("*", "/api/v1/knowledge/*", User),
        ("*", "/api/v1/files/*", User),
        ("*", "/api/v1/memories/*", User),
        ("*", "/api/v1/notes/*", User),
        ("*", "/api/v1/channels/*", User),
    ])
}

inventory::submit! {
    Lists {
        paths: &[
            "/api/v1/channels/",
            "/api/v1/channels/list",
            "/api/v1/knowledge/",
            "/api/v1/prompts/",
            "/api/v1/prompts/list",
            "/api/v1/tools/",
            "/api/v1/functions/",
            "/api/v1/notes/",
        ],
        rows: "INSERT INTO channel (id, user_id, name, type, created_at, updated_at) VALUES ('c{n}', 'u{n}', '', 'dm', 1, 1);
        INSERT INTO channel_member (id, channel_id, user_id, is_active, joined_at)
        VALUES ('1-{n}', 'c{n}', '{owner}', TRUE, 1), ('2-{n}', 'c{n}', 'u{n}', TRUE, 1);
        INSERT INTO knowledge (id, user_id, name, access_control, created_at, updated_at) VALUES ('k{n}', 'u{n}', 'k', '{}', 1, 1);
        INSERT INTO note (id, user_id, title, access_control, created_at, updated_at) VALUES ('n{n}', '{owner}', 'n', '{}', 1, 1);
        INSERT INTO prompt (id, command, user_id, title, content, timestamp, access_control)
        VALUES ({n}, '/p{n}', 'u{n}', 'p', '', 1, '{}')",
    }
}

/// Who asks in these tests: the admin; a user, who owns everything; another, who is named among the readers of some.
struct People {
    ada: String,
    ben: String,
    cleo: String,
    /// Ben's id.
    owner: String,
    /// What lets cleo read, and change nothing.
    readable: Value,
}

async fn people(app: &TestApp) -> People {
    let ada = app.sign_up("ada").await;
    let (ben, cleo) = (app.add_user(&ada, "ben").await, app.add_user(&ada, "cleo").await);
    let owner = app.id_of(&ben).await;
    let readable = json!({"read": {"user_ids": [app.id_of(&cleo).await], "group_ids": []}});
    People {
        ada,
        ben,
        cleo,
        owner,
        readable,
    }
}

fn count(list: &Value) -> usize {
    list.as_array().unwrap().len()
}

#[tokio::test]
async fn prompts() {
    let app = TestApp::start().await;
    let People {
        ada,
        ben,
        cleo,
        owner,
        readable,
    } = people(&app).await;
    app.sql(&format!(
        "INSERT INTO prompt (id, command, user_id, title, content, timestamp, access_control) VALUES
         (1, '/private', '{owner}', 'P', 'text', 10, '{{}}'), (2, '/shared', '{owner}', 'S', 'text', 20, '{readable}')"
    ))
    .await;
    assert_wire(
        &app.get("/api/v1/prompts/", &ben).await,
        json!([
            {
                "command": "/shared", "user_id": "<uuid>", "title": "S", "content": "text", "timestamp": 20,
                "access_control": {"read": {"user_ids": ["<uuid>"], "group_ids": []}},
            },
            {
                "command": "/private", "user_id": "<uuid>", "title": "P", "content": "text", "timestamp": 10,
                "access_control": {},
            },
        ]),
    );
    assert_wire(
        &app.get("/api/v1/prompts/list", &ben).await,
        json!([
            {
                "command": "/shared", "user_id": "<uuid>", "title": "S", "content": "text", "timestamp": 20,
                "access_control": {"read": {"user_ids": ["<uuid>"], "group_ids": []}},
                "user": {"id": "<uuid>", "name": "ben", "role": "user", "email": "ben@example.test"},
            },
            {
                "command": "/private", "user_id": "<uuid>", "title": "P", "content": "text", "timestamp": 10,
                "access_control": {},
                "user": {"id": "<uuid>", "name": "ben", "role": "user", "email": "ben@example.test"},
            },
        ]),
    );
    assert_eq!(count(&app.get("/api/v1/prompts/", &cleo).await), 1);
    assert_eq!(count(&app.get("/api/v1/prompts/list", &cleo).await), 0);
    assert_eq!(count(&app.get("/api/v1/prompts/", &ada).await), 2);
    app.close().await;
}

#[tokio::test]
async fn tools() {
    let app = TestApp::start().await;
    let People {
        ada,
        ben,
        cleo,
        owner,
        readable,
    } = people(&app).await;
    app.sql(&format!(
        r#"INSERT INTO tool (id, user_id, name, content, specs, meta, access_control, valves, created_at, updated_at) VALUES
         ('private', '{owner}', 'P', 'class UserValves:', '[]', '{{}}', '{{}}', '{{"key": "secret"}}', 1, 10),
         ('shared', '{owner}', 'S', 'source', '[{{"name": "f"}}]', '{{"description": "d"}}', '{readable}', NULL, 2, 20)"#
    ))
    .await;
    assert_wire(
        &app.get("/api/v1/tools/", &ben).await,
        json!([
            {
                "id": "shared", "user_id": "<uuid>", "name": "S", "meta": {"description": "d"},
                "access_control": {"read": {"user_ids": ["<uuid>"], "group_ids": []}}, "updated_at": 20,
                "created_at": 2,
                "user": {"id": "<uuid>", "name": "ben", "role": "user", "email": "ben@example.test"},
                "content": "source", "specs": [{"name": "f"}], "has_user_valves": false,
            },
            {
                "id": "private", "user_id": "<uuid>", "name": "P", "meta": {}, "access_control": {},
                "updated_at": 10, "created_at": 1,
                "user": {"id": "<uuid>", "name": "ben", "role": "user", "email": "ben@example.test"},
                "content": "class UserValves:", "specs": [], "has_user_valves": true,
            },
        ]),
    );
    assert_wire(
        &app.get("/api/v1/tools/list", &ben).await,
        json!([
            {
                "id": "shared", "user_id": "<uuid>", "name": "S", "meta": {"description": "d"},
                "access_control": {"read": {"user_ids": ["<uuid>"], "group_ids": []}}, "updated_at": 20,
                "created_at": 2,
                "user": {"id": "<uuid>", "name": "ben", "role": "user", "email": "ben@example.test"},
            },
            {
                "id": "private", "user_id": "<uuid>", "name": "P", "meta": {}, "access_control": {},
                "updated_at": 10, "created_at": 1,
                "user": {"id": "<uuid>", "name": "ben", "role": "user", "email": "ben@example.test"},
            },
        ]),
    );
    assert_eq!(count(&app.get("/api/v1/tools/", &cleo).await), 1);
    assert_eq!(count(&app.get("/api/v1/tools/list", &cleo).await), 0);
    assert_eq!(count(&app.get("/api/v1/tools/list", &ada).await), 2);
    app.close().await;
}

#[tokio::test]
async fn functions() {
    let app = TestApp::start().await;
    let People { ada, ben, owner, .. } = people(&app).await;
    app.sql(&format!(
        r#"INSERT INTO function (id, user_id, name, type, content, meta, valves, is_active, is_global, created_at, updated_at)
         VALUES ('f', '{owner}', 'F', 'filter', 'source', '{{"description": "d"}}', '{{"key": "secret"}}', TRUE, FALSE, 1, 10),
         ('g', 'nobody', 'G', 'pipe', 'source', '{{}}', NULL, FALSE, FALSE, 2, 10)"#
    ))
    .await;
    assert_wire(
        &app.get("/api/v1/functions/", &ben).await,
        json!([
            {
                "id": "f", "user_id": "<uuid>", "type": "filter", "name": "F", "meta": {"description": "d"},
                "is_active": true, "is_global": false, "updated_at": 10, "created_at": 1,
            },
            {
                "id": "g", "user_id": "nobody", "type": "pipe", "name": "G", "meta": {}, "is_active": false,
                "is_global": false, "updated_at": 10, "created_at": 2,
            },
        ]),
    );
    assert_wire(
        &app.get("/api/v1/functions/list", &ada).await,
        json!([
            {
                "id": "f", "user_id": "<uuid>", "type": "filter", "name": "F", "meta": {"description": "d"},
                "is_active": true, "is_global": false, "updated_at": 10, "created_at": 1, "content": "source",
                "user": {
                    "id": "<uuid>", "email": "ben@example.test", "username": null, "role": "user", "name": "ben",
                    "profile_image_url": "/user.png", "profile_banner_image_url": null, "bio": null, "gender": null,
                    "date_of_birth": null, "timezone": null, "presence_state": null, "status_emoji": null,
                    "status_message": null, "status_expires_at": null, "info": null, "settings": null,
                    "oauth": null, "last_active_at": "<seconds>", "updated_at": "<seconds>",
                    "created_at": "<seconds>",
                },
            },
            {
                "id": "g", "user_id": "nobody", "type": "pipe", "name": "G", "meta": {}, "is_active": false,
                "is_global": false, "updated_at": 10, "created_at": 2, "content": "source", "user": null,
            },
        ]),
    );
    let answer = app
        .ask(Method::GET, "/api/v1/functions/list", Some(&ben), None)
        .await;
    assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "it shows sources");
    app.close().await;
}

#[tokio::test]
async fn knowledge() {
    let app = TestApp::start().await;
    let People {
        ada,
        ben,
        cleo,
        owner,
        readable,
    } = people(&app).await;
    app.sql(&format!(
        "INSERT INTO knowledge (id, user_id, name, description, meta, access_control, created_at, updated_at) VALUES
         ('private', '{owner}', 'P', 'd', NULL, '{{}}', 1, 10), ('shared', '{owner}', 'S', NULL, NULL, '{readable}', 2, 20)"
    ))
    .await;
    assert_wire(
        &app.get("/api/v1/knowledge/", &ben).await,
        json!({
            "items": [
                {
                    "id": "shared", "user_id": "<uuid>", "name": "S", "description": null, "meta": null,
                    "access_control": {"read": {"user_ids": ["<uuid>"], "group_ids": []}}, "created_at": 2,
                    "updated_at": 20,
                    "user": {"id": "<uuid>", "name": "ben", "role": "user", "email": "ben@example.test"},
                    "write_access": true,
                },
                {
                    "id": "private", "user_id": "<uuid>", "name": "P", "description": "d", "meta": null,
                    "access_control": {}, "created_at": 1, "updated_at": 10,
                    "user": {"id": "<uuid>", "name": "ben", "role": "user", "email": "ben@example.test"},
                    "write_access": true,
                },
            ],
            "total": 2,
        }),
    );
    assert_wire(
        &app.get("/api/v1/knowledge/", &cleo).await,
        json!({
            "items": [
                {
                    "id": "shared", "user_id": "<uuid>", "name": "S", "description": null, "meta": null,
                    "access_control": {"read": {"user_ids": ["<uuid>"], "group_ids": []}}, "created_at": 2,
                    "updated_at": 20,
                    "user": {"id": "<uuid>", "name": "ben", "role": "user", "email": "ben@example.test"},
                    "write_access": false,
                },
            ],
            "total": 1,
        }),
    );
    assert_wire(
        &app.get("/api/v1/knowledge/?page=2", &ada).await,
        json!({"items": [], "total": 2}),
    );
    app.close().await;
}

#[tokio::test]
async fn files() {
    let app = TestApp::start().await;
    let People {
        ada,
        ben,
        cleo,
        owner,
        ..
    } = people(&app).await;
    app.sql(&format!(
        r#"INSERT INTO file (id, user_id, filename, hash, path, data, meta, created_at, updated_at) VALUES
         ('f', '{owner}', 'a.txt', 'h', '/data/f', '{{"content": "text", "status": "completed"}}', '{{"size": 4}}', 1, 2)"#
    ))
    .await;
    assert_wire(
        &app.get("/api/v1/files/", &ben).await,
        json!([
            {
                "id": "f", "user_id": "<uuid>", "hash": "h", "filename": "a.txt",
                "data": {"content": "text", "status": "completed"}, "meta": {"size": 4}, "created_at": 1,
                "updated_at": 2,
            },
        ]),
    );
    let brief = app.get("/api/v1/files/?content=false", &ben).await;
    assert_wire(&brief[0]["data"], json!({"status": "completed"}));
    assert_wire(&app.get("/api/v1/files/", &cleo).await, json!([]));
    assert_eq!(count(&app.get("/api/v1/files/", &ada).await), 1);
    app.close().await;
}

#[tokio::test]
async fn memories() {
    let app = TestApp::start().await;
    let People { ada, ben, owner, .. } = people(&app).await;
    app.sql(&format!(
        "INSERT INTO memory (id, user_id, content, created_at, updated_at) VALUES ('m', '{owner}', 'likes tea', 1, 2)"
    ))
    .await;
    assert_wire(
        &app.get("/api/v1/memories/", &ben).await,
        json!([{"id": "m", "user_id": "<uuid>", "content": "likes tea", "updated_at": 2, "created_at": 1}]),
    );
    assert_wire(&app.get("/api/v1/memories/", &ada).await, json!([]));
    app.close().await;
}

#[tokio::test]
async fn notes() {
    let app = TestApp::start().await;
    let People {
        ada,
        ben,
        cleo,
        owner,
        readable,
    } = people(&app).await;
    app.sql(&format!(
        r#"INSERT INTO note (id, user_id, title, data, access_control, created_at, updated_at) VALUES
         ('private', '{owner}', 'P', '{{"content": {{"md": "text"}}}}', '{{}}', 1, 10),
         ('shared', '{owner}', 'S', NULL, '{readable}', 2, 20), ('old', '{owner}', 'O', NULL, NULL, 3, 5)"#
    ))
    .await;
    assert_wire(
        &app.get("/api/v1/notes/", &ben).await,
        json!([
            {
                "id": "shared", "title": "S", "data": null, "updated_at": 20, "created_at": 2,
                "user": {"id": "<uuid>", "name": "ben", "role": "user", "email": "ben@example.test"},
            },
            {
                "id": "private", "title": "P", "data": {"content": {"md": "text"}}, "updated_at": 10,
                "created_at": 1,
                "user": {"id": "<uuid>", "name": "ben", "role": "user", "email": "ben@example.test"},
            },
            {
                "id": "old", "title": "O", "data": null, "updated_at": 5, "created_at": 3,
                "user": {"id": "<uuid>", "name": "ben", "role": "user", "email": "ben@example.test"},
            },
        ]),
    );
    assert_wire(
        &app.get("/api/v1/notes/", &cleo).await,
        json!([
            {
                "id": "shared", "title": "S", "data": null, "updated_at": 20, "created_at": 2,
                "user": {"id": "<uuid>", "name": "ben", "role": "user", "email": "ben@example.test"},
            },
        ]),
    );
    assert_wire(&app.get("/api/v1/notes/?page=2", &ben).await, json!([]));
    assert_eq!(
        count(&app.get("/api/v1/notes/", &ada).await),
        0,
        "an admin reads no private notes"
    );
    let mut permissions = app.get("/api/v1/users/default/permissions", &ada).await;
    permissions["features"]["notes"] = json!(false);
    app.post("/api/v1/users/default/permissions", &ada, permissions)
        .await;
    app.refuses(
        (Method::GET, "/api/v1/notes/"),
        &ben,
        None,
        (401, "You are not allowed to use this feature."),
    )
    .await;
    app.close().await;
}

#[tokio::test]
async fn channels() {
    let app = TestApp::with(&[("ENABLE_CHANNELS", "true")]).await;
    let People {
        ada,
        ben,
        cleo,
        owner,
        ..
    } = people(&app).await;
    let other = app.id_of(&cleo).await;
    app.sql(&format!(
        "INSERT INTO channel (id, user_id, name, type, access_control, created_at, updated_at) VALUES
         ('open', '{owner}', 'open', NULL, NULL, 1, 2), ('closed', '{owner}', 'closed', NULL, '{{}}', 2, 2),
         ('dm', '{owner}', '', 'dm', NULL, 3, 2);
         INSERT INTO channel_member (id, channel_id, user_id, is_active, joined_at, last_read_at) VALUES
         ('1', 'dm', '{owner}', TRUE, 1, NULL), ('2', 'dm', '{other}', TRUE, 2, 5);
         INSERT INTO message (id, user_id, channel_id, content, created_at) VALUES ('m', '{owner}', 'dm', 'hi', 7);"
    ))
    .await;
    assert_wire(
        &app.get("/api/v1/channels/", &cleo).await,
        json!([
            {
                "id": "open", "user_id": "<uuid>", "type": null, "name": "open", "description": null,
                "is_private": null, "data": null, "meta": null, "access_control": null, "created_at": 1,
                "updated_at": 2, "updated_by": null, "archived_at": null, "archived_by": null, "deleted_at": null,
                "deleted_by": null, "user_ids": null, "users": null, "last_message_at": null, "unread_count": 0,
            },
            {
                "id": "dm", "user_id": "<uuid>", "type": "dm", "name": "", "description": null, "is_private": null,
                "data": null, "meta": null, "access_control": null, "created_at": 3, "updated_at": 2,
                "updated_by": null, "archived_at": null, "archived_by": null, "deleted_at": null,
                "deleted_by": null, "user_ids": ["<uuid>", "<uuid>"],
                "users": [
                    {
                        "id": "<uuid>", "name": "ben", "is_active": true, "status_emoji": null,
                        "status_message": null, "status_expires_at": null,
                    },
                    {
                        "id": "<uuid>", "name": "cleo", "is_active": true, "status_emoji": null,
                        "status_message": null, "status_expires_at": null,
                    },
                ],
                "last_message_at": 7, "unread_count": 1,
            },
        ]),
    );
    assert_wire(
        &app.get("/api/v1/channels/list", &cleo).await,
        json!([
            {
                "id": "open", "user_id": "<uuid>", "type": null, "name": "open", "description": null,
                "is_private": null, "data": null, "meta": null, "access_control": null, "created_at": 1,
                "updated_at": 2, "updated_by": null, "archived_at": null, "archived_by": null, "deleted_at": null,
                "deleted_by": null,
            },
            {
                "id": "dm", "user_id": "<uuid>", "type": "dm", "name": "", "description": null, "is_private": null,
                "data": null, "meta": null, "access_control": null, "created_at": 3, "updated_at": 2,
                "updated_by": null, "archived_at": null, "archived_by": null, "deleted_at": null,
                "deleted_by": null,
            },
        ]),
    );
    assert_eq!(count(&app.get("/api/v1/channels/list", &ada).await), 3);
    assert_eq!(count(&app.get("/api/v1/channels/", &ben).await), 3);
    app.close().await;
}

#[tokio::test]
async fn channels_require_the_setting() {
    let app = TestApp::start().await;
    let ada = app.sign_up("ada").await;
    app.refuses(
        (Method::GET, "/api/v1/channels/"),
        &ada,
        None,
        (403, "Channels are not enabled."),
    )
    .await;
    app.refuses(
        (Method::GET, "/api/v1/channels/list"),
        &ada,
        None,
        (403, "Channels are not enabled."),
    )
    .await;
    app.close().await;
}
