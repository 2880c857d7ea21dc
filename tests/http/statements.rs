//! Lists ask the database a fixed number of questions, however much they show.

use crate::rooms::lists;
use crate::support::{TestApp, statements_of};

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
    for path in paths() {
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

/// The paths of all lists.
fn paths() -> Vec<&'static str> {
    lists().iter().flat_map(|lists| lists.paths).copied().collect()
}

/// Adds accounts with groups, and to everything that lists show.
async fn add(app: &TestApp, admin: &str, rows: usize) {
    let owner = app.id_of(admin).await;
    for n in 0..rows {
        app.sql(&format!(
            "INSERT INTO \"user\" (id, name, email, role, profile_image_url, created_at, updated_at, last_active_at)
             VALUES ('u{n}', 'user {n}', 'u{n}@example.test', 'user', '/user.png', {n}, 1, 1);
             INSERT INTO \"group\" (id, user_id, name, description, created_at, updated_at) VALUES ('g{n}', '{owner}', 'g{n}', '', 1, 1);
             INSERT INTO group_member (id, group_id, user_id) VALUES ('1-{n}', 'g{n}', 'u{n}'), ('2-{n}', 'g{n}', '{owner}'),
             ('3-{n}', 'all', 'u{n}');",
        ))
        .await;
        for lists in lists() {
            app.sql(
                &lists
                    .rows
                    .replace("{n}", &n.to_string())
                    .replace("{owner}", &owner),
            )
            .await;
        }
    }
}

#[tokio::test]
async fn lists_use_a_constant_number_of_statements() {
    let (few, many) = (statements_with(3).await, statements_with(20).await);
    let more: Vec<_> = paths()
        .into_iter()
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
