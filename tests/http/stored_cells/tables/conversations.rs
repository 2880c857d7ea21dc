//! Tables of chats, and of what people keep beside them.

use super::{NONE, Table};

pub(super) const CHAT: Table = Table {
    name: "chat",
    clean: "DELETE FROM chat; DELETE FROM tag",
    insert:
        "INSERT INTO chat (id, user_id, title, archived, folder_id, created_at, updated_at, chat, meta) VALUES
             ('{row}', '{ben}', 'A chat', FALSE, NULL, 1, 1, '{\"models\": []}', '{\"tags\": [\"t1\"]}'),
             ('{row}-filed', '{ben}', 'A chat', FALSE, 'inbox', 1, 1, '{}', '{}'),
             ('{row}-old', '{ben}', 'A chat', TRUE, NULL, 1, 1, '{}', '{}')",
    keys: &["id", "share_id"],
    placing: &[
        "user_id",
        "archived",
        "pinned",
        "folder_id",
        "created_at",
        "updated_at",
    ],
    lists: &[
        "/api/v1/chats/?page=1",
        "/api/v1/chats/list?include_pinned=true&include_folders=true",
        "/api/v1/chats/pinned",
        "/api/v1/chats/archived",
        "/api/v1/chats/archived?query=chat&order_by=title&direction=asc",
        "/api/v1/chats/all",
        "/api/v1/chats/all/db",
        "/api/v1/chats/all/archived",
        "/api/v1/chats/all/tags",
        "/api/v1/chats/search?text=chat",
        "/api/v1/chats/search?text=tag:none",
        "/api/v1/chats/search?text=tag:t1",
        "/api/v1/chats/search?text=pinned:true%20x",
        "/api/v1/chats/stats/usage",
        "/api/v1/chats/folder/inbox",
        "/api/v1/chats/folder/inbox/list",
        "/api/v1/chats/list/user/{ben}",
    ],
    reads: &[
        "/api/v1/chats/{row}",
        "/api/v1/chats/{row}/tags",
        "/api/v1/chats/{row}/pinned",
    ],
    changes: &[
        (
            "POST",
            "/api/v1/chats/{row}",
            r#"{"chat": {"title": "New", "models": ["m"]}}"#,
        ),
        ("POST", "/api/v1/chats/{row}/tags", r#"{"name": "new"}"#),
        ("POST", "/api/v1/chats/{row}/clone", r#"{"title": "Copy"}"#),
        ("POST", "/api/v1/chats/{row}/share", ""),
        ("DELETE", "/api/v1/chats/{row}", ""),
    ],
    ..NONE
};

pub(super) const ANSWER: Table = Table {
    name: "keelson_answer",
    clean: "DELETE FROM keelson_answer; DELETE FROM chat",
    insert: "INSERT INTO chat (id, user_id, title, archived, created_at, updated_at, chat, meta)
             VALUES ('{row}', '{ben}', 'A chat', FALSE, 1, 1, '{}', '{}');
             INSERT INTO keelson_answer (chat_id, message_id, user_id, fields, saved_at)
             VALUES ('{row}', 'm1', '{ben}', '{\"content\": \"text\"}', 9000000000000000000)",
    is_row: "chat_id = '{row}'",
    keys: &["chat_id", "message_id"],
    lists: &["/api/v1/chats/all", "/api/v1/chats/all/db"],
    reads: &["/api/v1/chats/{row}"],
    ..NONE
};

pub(super) const FOLDER: Table = Table {
    name: "folder",
    clean: "DELETE FROM folder WHERE id LIKE 'row-%'",
    insert: "INSERT INTO folder (id, user_id, name, is_expanded, created_at, updated_at)
             VALUES ('{row}', '{ben}', 'A folder {n}', FALSE, 1, 1)",
    placing: &["user_id"],
    lists: &["/api/v1/folders/", "/api/v1/chats/search?text=folder:inbox"],
    reads: &[
        "/api/v1/folders/{row}",
        "/api/v1/chats/folder/{row}",
        "/api/v1/chats/folder/{row}/list",
    ],
    changes: &[
        (
            "POST",
            "/api/v1/folders/{row}/update",
            r#"{"name": "New {n}", "data": {"a": 1}}"#,
        ),
        (
            "POST",
            "/api/v1/folders/{row}/update/expanded",
            r#"{"is_expanded": true}"#,
        ),
        ("DELETE", "/api/v1/folders/{row}", ""),
    ],
    ..NONE
};

pub(super) const TAG: Table = Table {
    name: "tag",
    clean: "DELETE FROM tag",
    insert: "INSERT INTO tag (id, name, user_id) VALUES ('{row}', 'a tag', '{ben}')",
    placing: &["user_id"],
    lists: &["/api/v1/chats/all/tags"],
    ..NONE
};

pub(super) const MEMORY: Table = Table {
    name: "memory",
    clean: "DELETE FROM memory",
    insert: "INSERT INTO memory (id, user_id, content, created_at, updated_at) VALUES ('{row}', '{ben}', 'text', 1, 1)",
    placing: &["user_id"],
    lists: &["/api/v1/memories/"],
    ..NONE
};

pub(super) const FEEDBACK: Table = Table {
    name: "feedback",
    clean: "DELETE FROM feedback",
    insert: "INSERT INTO feedback (id, user_id, version, type, data, meta, created_at, updated_at)
             VALUES ('{row}', '{ben}', 0, 'rating', '{\"rating\": 1, \"model_id\": \"m\"}', '{}', 1, 1)",
    placing: &["user_id", "created_at", "updated_at"],
    lists: &[
        "/api/v1/evaluations/feedbacks/all",
        "/api/v1/evaluations/feedbacks/all/export",
        "/api/v1/evaluations/feedbacks/all/ids",
        "/api/v1/evaluations/feedbacks/list?page=1",
        "/api/v1/evaluations/feedbacks/list?order_by=model_id&direction=desc",
        "/api/v1/evaluations/feedbacks/list?order_by=rating&direction=asc",
        "/api/v1/evaluations/feedbacks/list?order_by=username",
        "/api/v1/evaluations/feedbacks/user",
    ],
    reads: &["/api/v1/evaluations/feedback/{row}"],
    changes: &[
        (
            "POST",
            "/api/v1/evaluations/feedback/{row}",
            r#"{"type": "rating", "data": {"rating": -1}, "meta": {}}"#,
        ),
        ("DELETE", "/api/v1/evaluations/feedback/{row}", ""),
    ],
    ..NONE
};
