//! Lists ask the database a fixed number of questions, however much they show.

use crate::support::{TestApp, statements_of};

/// The paths of lists, and of documents with something in them for each of many rows.
const PATHS: &[&str] = &[
    "/api/models",
    "/api/models/base",
    "/api/v1/models/base",
    "/api/v1/models/list",
    "/api/v1/models/export",
    "/api/v1/models/tags",
    "/api/v1/users/?page=1",
    "/api/v1/users/search?query=user",
    "/api/v1/groups/id/all/export",
    "/api/v1/channels/",
    "/api/v1/knowledge/",
    "/api/v1/prompts/",
    "/api/v1/prompts/list",
    "/api/v1/tools/",
    "/api/v1/functions/",
    "/api/v1/users/all",
    "/api/v1/users/u1",
    "/api/v1/users/u1/groups",
    "/api/v1/groups/",
    "/api/v1/folders/",
    "/api/v1/channels/list",
    "/api/v1/notes/",
    "/api/v1/evaluations/feedbacks/user",
    "/api/v1/evaluations/feedbacks/all",
    "/api/v1/evaluations/feedbacks/all/ids",
    "/api/v1/evaluations/feedbacks/all/export",
    "/api/v1/evaluations/feedbacks/list?order_by=username",
    "/api/v1/chats/?page=1",
    "/api/v1/chats/all/tags",
    "/api/v1/chats/search?text=tag:t1",
    "/api/config",
];

/// The statements that it takes to answer each path on a server that just started, with so many rows of everything.
async fn statements_with(rows: usize) -> Vec<Vec<String>> {
    let app = TestApp::with(&[("ENABLE_CHANNELS", "true")]).await;
    let ada = app.sign_up("ada").await;
    app.sql(
        "INSERT INTO \"group\" (id, user_id, name, description, created_at, updated_at) VALUES ('all', 'x', 'all', '', 1, 1)",
    )
    .await;
    add(&app, &ada, rows).await;
    let mut all = Vec::new();
    for path in PATHS {
        let (_, mut statements) = statements_of(app.get(path, &ada)).await;
        // Written in the background, now and then.
        statements.retain(|statement| {
            !statement.contains("SET \"last_active_at\"") && !statement.contains("SET `last_active_at`")
        });
        all.push(statements);
    }
    app.close().await;
    all
}

/// Adds to everything that lists show: accounts with groups, presets of their own, folders, direct channels.
async fn add(app: &TestApp, admin: &str, rows: usize) {
    let owner = app.id_of(admin).await;
    for n in 0..rows {
        app.sql(&format!(
            "INSERT INTO \"user\" (id, name, email, role, profile_image_url, created_at, updated_at, last_active_at)
             VALUES ('u{n}', 'user {n}', 'u{n}@example.test', 'user', '/user.png', {n}, 1, 1);
             INSERT INTO \"group\" (id, user_id, name, description, created_at, updated_at) VALUES ('g{n}', '{owner}', 'g{n}', '', 1, 1);
             INSERT INTO group_member (id, group_id, user_id) VALUES ('1-{n}', 'g{n}', 'u{n}'), ('2-{n}', 'g{n}', '{owner}'),
             ('3-{n}', 'all', 'u{n}');
             INSERT INTO model (id, user_id, base_model_id, name, meta, params, access_control, is_active, created_at, updated_at)
             VALUES ('m{n}', 'u{n}', 'keelson-demo', 'm{n}', '{{}}', '{{}}', '{{}}', TRUE, 1, 1);
             INSERT INTO channel (id, user_id, name, type, created_at, updated_at) VALUES ('c{n}', 'u{n}', '', 'dm', 1, 1);
             INSERT INTO channel_member (id, channel_id, user_id, is_active, joined_at) VALUES ('1-{n}', 'c{n}', '{owner}', TRUE, 1),
             ('2-{n}', 'c{n}', 'u{n}', TRUE, 1);
             INSERT INTO folder (id, user_id, name, is_expanded, created_at, updated_at) VALUES ('f{n}', '{owner}', 'f{n}', FALSE, 1, 1);
             INSERT INTO knowledge (id, user_id, name, access_control, created_at, updated_at) VALUES ('k{n}', 'u{n}', 'k', '{{}}', 1, 1);
             INSERT INTO note (id, user_id, title, access_control, created_at, updated_at) VALUES ('n{n}', '{owner}', 'n', '{{}}', 1, 1);
             INSERT INTO prompt (id, command, user_id, title, content, timestamp, access_control)
             VALUES ({n}, '/p{n}', 'u{n}', 'p', '', 1, '{{}}');
             INSERT INTO feedback (id, user_id, version, type, created_at, updated_at) VALUES ('u{n}', 'u{n}', 0, 'rating', 1, 1),
             ('a{n}', '{owner}', 0, 'rating', 1, 1);
             INSERT INTO chat (id, user_id, title, archived, created_at, updated_at, chat, meta)
             VALUES ('h{n}', '{owner}', 't', FALSE, 1, 1, '{{}}', '{{\"tags\": [\"t{n}\"]}}');
             INSERT INTO tag (id, name, user_id) VALUES ('t{n}', 't{n}', '{owner}');",
        ))
        .await;
    }
}

#[tokio::test]
async fn lists_use_a_constant_number_of_statements() {
    let (few, many) = (statements_with(3).await, statements_with(20).await);
    let more: Vec<_> = PATHS
        .iter()
        .zip(few.iter().zip(&many))
        .filter(|(_, (few, many))| few.len() != many.len())
        .map(|(path, (few, many))| format!("{path}: {} and {}: {:#?}", few.len(), many.len(), many.last()))
        .collect();
    assert!(
        more.is_empty(),
        "with 3 and with 20 rows, and the last statement: {more:#?}"
    );
    assert!(
        few.iter().any(|statements| !statements.is_empty()),
        "statements were recorded"
    );
}
