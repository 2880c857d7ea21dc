//! Tables of people and groups.

use super::{NONE, Table};

pub(super) const USER: Table = Table {
    name: "user",
    clean: "DELETE FROM \"user\" WHERE id LIKE 'row-%'",
    insert: "INSERT INTO \"user\" (id, name, email, role, profile_image_url, created_at, updated_at, last_active_at)
             VALUES ('{row}', 'A user', '{row}@example.test', 'user', '/user.png', 9000000000, 1, 1)",
    placing: &["created_at"],
    lists: &[
        "/api/v1/users/?page=1",
        "/api/v1/users/?query=user&order_by=name&direction=asc",
        "/api/v1/users/all",
        "/api/v1/users/search?query=user",
        "/api/v1/groups/",
        "/api/v1/models/list",
    ],
    reads: &[
        "/api/v1/users/{row}",
        "/api/v1/users/{row}/groups",
        "/api/v1/users/{row}/active",
    ],
    changes: &[
        ("POST", "/api/v1/users/{row}/update",
         r#"{"role": "user", "name": "New", "email": "{row}@example.test", "profile_image_url": "/user.png"}"#),
        ("DELETE", "/api/v1/users/{row}", ""),
    ],
    ..NONE
};

pub(super) const GROUP: Table = Table {
    name: "group",
    clean: "DELETE FROM \"group\"",
    insert: "INSERT INTO \"group\" (id, user_id, name, description, created_at, updated_at)
             VALUES ('{row}', '{ben}', 'A group', '', 1, 1);
             INSERT INTO group_member (id, group_id, user_id) VALUES ('{row}', '{row}', '{ben}')",
    placing: &["user_id"],
    lists: &[
        "/api/v1/groups/",
        "/api/v1/groups/?share=true",
        "/api/v1/users/groups",
        "/api/v1/users/permissions",
    ],
    reads: &["/api/v1/groups/id/{row}", "/api/v1/groups/id/{row}/export"],
    changes: &[
        (
            "POST",
            "/api/v1/groups/id/{row}/update",
            r#"{"name": "New", "description": ""}"#,
        ),
        (
            "POST",
            "/api/v1/groups/id/{row}/users/remove",
            r#"{"user_ids": ["nobody"]}"#,
        ),
        ("DELETE", "/api/v1/groups/id/{row}/delete", ""),
    ],
    ..NONE
};
