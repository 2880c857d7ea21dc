//! Tables of what people set up and share.

use super::{NONE, Table};

pub(super) const MODEL: Table = Table {
    name: "model",
    clean: "DELETE FROM model",
    insert: "INSERT INTO model (id, user_id, base_model_id, name, meta, params, is_active, created_at, updated_at, access_control)
             VALUES ('{row}', '{ben}', 'keelson-demo', 'A model', '{}', '{}', TRUE, 1, 1, '{}')",
    placing: &["user_id", "base_model_id", "is_active", "created_at", "updated_at"],
    lists: &[
        "/api/models",
        "/api/models?refresh=true",
        "/api/models/base",
        "/api/v1/models/list",
        "/api/v1/models/list?query=model&order_by=name&direction=asc",
        "/api/v1/models/list?tag=x",
        "/api/v1/models/list?view_option=created",
        "/api/v1/models/base",
        "/api/v1/models/export",
        "/api/v1/models/tags",
    ],
    reads: &["/api/v1/models/model?id={row}"],
    changes: &[
        ("POST", "/api/v1/models/model/toggle?id={row}", ""),
        ("POST", "/api/v1/models/model/update",
         r#"{"id": "{row}", "base_model_id": "keelson-demo", "name": "New", "meta": {}, "params": {}}"#),
        ("POST", "/api/v1/models/model/delete", r#"{"id": "{row}"}"#),
    ],
    public: Some("/api/v1/models/list"),
    ..NONE
};

pub(super) const TOOL: Table = Table {
    name: "tool",
    clean: "DELETE FROM tool",
    insert:
        "INSERT INTO tool (id, user_id, name, content, specs, meta, created_at, updated_at, access_control)
             VALUES ('{row}', '{ben}', 'A tool', '', '[]', '{}', 1, 1, '{}')",
    placing: &["user_id"],
    lists: &["/api/v1/tools/", "/api/v1/tools/list"],
    public: Some("/api/v1/tools/"),
    ..NONE
};

pub(super) const FUNCTION: Table = Table {
    name: "function",
    clean: "DELETE FROM function",
    insert: "INSERT INTO function (id, user_id, name, type, content, meta, is_active, is_global, created_at, updated_at)
             VALUES ('{row}', '{ben}', 'A function', 'filter', '', '{}', TRUE, FALSE, 1, 1)",
    lists: &["/api/v1/functions/", "/api/v1/functions/list", "/api/models?refresh=true"],
    ..NONE
};

pub(super) const PROMPT: Table = Table {
    name: "prompt",
    clean: "DELETE FROM prompt",
    insert: "INSERT INTO prompt (id, command, user_id, title, content, timestamp, access_control)
             VALUES ({n}, '/{row}', '{ben}', 'A prompt', '', 1, '{}')",
    is_row: "id = {n}",
    placing: &["user_id", "command"],
    lists: &["/api/v1/prompts/", "/api/v1/prompts/list"],
    public: Some("/api/v1/prompts/"),
    ..NONE
};

pub(super) const KNOWLEDGE: Table = Table {
    name: "knowledge",
    clean: "DELETE FROM knowledge",
    insert: "INSERT INTO knowledge (id, user_id, name, description, created_at, updated_at, access_control)
             VALUES ('{row}', '{ben}', 'Knowledge', '', 1, 1, '{}')",
    placing: &["user_id", "updated_at"],
    lists: &["/api/v1/knowledge/"],
    public: Some("/api/v1/knowledge/"),
    ..NONE
};

pub(super) const FILE: Table = Table {
    name: "file",
    clean: "DELETE FROM file",
    insert: "INSERT INTO file (id, user_id, filename, created_at, updated_at) VALUES ('{row}', '{ben}', 'a.txt', 1, 1)",
    placing: &["user_id"],
    lists: &["/api/v1/files/", "/api/v1/files/?content=false"],
    ..NONE
};

pub(super) const NOTE: Table = Table {
    name: "note",
    clean: "DELETE FROM note",
    insert: "INSERT INTO note (id, user_id, title, created_at, updated_at, access_control)
             VALUES ('{row}', '{ben}', 'A note', 1, 1, '{}')",
    placing: &["user_id", "updated_at"],
    lists: &["/api/v1/notes/", "/api/v1/notes/?page=1"],
    public: Some("/api/v1/notes/"),
    ..NONE
};

pub(super) const CHANNEL: Table = Table {
    name: "channel",
    clean: "DELETE FROM channel",
    insert: "INSERT INTO channel (id, user_id, name, created_at, updated_at, access_control)
             VALUES ('{row}', '{ben}', 'a channel', 1, 1, '{}')",
    placing: &["user_id", "type", "archived_at", "deleted_at"],
    lists: &["/api/v1/channels/", "/api/v1/channels/list"],
    public: Some("/api/v1/channels/"),
    ..NONE
};

pub(super) const MEMBER: Table = Table {
    name: "channel_member",
    clean: "DELETE FROM channel_member; DELETE FROM channel",
    insert: "INSERT INTO channel (id, user_id, name, type, created_at, updated_at)
             VALUES ('{row}', '{ben}', 'a channel', 'group', 1, 1);
             INSERT INTO channel_member (id, channel_id, user_id, is_active, is_channel_muted, is_channel_pinned, joined_at)
             VALUES ('{row}', '{row}', '{ben}', TRUE, FALSE, FALSE, 1)",
    placing: &["channel_id", "user_id", "is_active"],
    lists: &["/api/v1/channels/", "/api/v1/channels/list"],
    ..NONE
};

pub(super) const MESSAGE: Table = Table {
    name: "message",
    clean: "DELETE FROM message; DELETE FROM channel",
    insert: "INSERT INTO channel (id, user_id, name, created_at, updated_at) VALUES ('{row}', '{ben}', 'a channel', 1, 1);
             INSERT INTO message (id, user_id, channel_id, content, created_at, updated_at, is_pinned)
             VALUES ('{row}', '{ben}', '{row}', 'text', 1, 1, FALSE)",
    lists: &["/api/v1/channels/"],
    ..NONE
};
