//! The least that an operation asks of its caller.

use poem::http::StatusCode;

use crate::support::{Operation, TestApp, operations};

/// Who at least may call an operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum RequiredRole {
    /// Anybody.
    Nobody,
    /// An account, also one that waits for approval.
    Pending,
    /// A user.
    User,
    /// An admin.
    Admin,
}

use RequiredRole::{Admin, Nobody, Pending, User};

/// The first line whose method and path fit counts; `*` fits every method, a path that ends with `*` every path below.
/// Paths without a `*` are exact. A new room is a line here.
const TABLE: &[(&str, &str, RequiredRole)] = &[
    // Before anybody is signed in.
    ("GET", "/health", Nobody),
    ("GET", "/health/db", Nobody),
    ("GET", "/ready", Nobody),
    ("GET", "/api/config", Nobody),
    ("GET", "/api/version", Nobody),
    ("GET", "/api/changelog", Nobody),
    ("GET", "/manifest.json", Nobody),
    ("GET", "/opensearch.xml", Nobody),
    ("POST", "/api/v1/auths/signin", Nobody),
    ("POST", "/api/v1/auths/signup", Nobody),
    ("POST", "/api/v1/auths/ldap", Nobody),
    ("GET", "/api/v1/auths/signout", Nobody),
    ("GET", "/oauth/clients/*", User),
    ("GET", "/oauth/*", Nobody),
    ("*", "/ollama", Nobody),
    ("GET", "/ollama/api/version", Nobody),
    // One's own account.
    ("GET", "/api/v1/auths/", Pending),
    ("GET", "/api/v1/auths/api_key", Pending),
    ("DELETE", "/api/v1/auths/api_key", Pending),
    ("POST", "/api/v1/auths/api_key", User),
    ("*", "/api/v1/auths/update/*", User),
    ("GET", "/api/v1/auths/admin/details", User),
    ("*", "/api/v1/auths/*", Admin),
    // Accounts and groups.
    ("GET", "/api/v1/users/groups", User),
    ("GET", "/api/v1/users/permissions", User),
    ("GET", "/api/v1/users/search", User),
    ("*", "/api/v1/users/user/*", User),
    ("GET", "/api/v1/users/{user_id}", User),
    ("GET", "/api/v1/users/{user_id}/active", User),
    ("GET", "/api/v1/users/{user_id}/profile/image", User),
    ("*", "/api/v1/users/*", Admin),
    ("GET", "/api/v1/groups/", User),
    ("*", "/api/v1/groups/*", Admin),
    // Conversations.
    ("GET", "/api/v1/chats/all/db", Admin),
    ("GET", "/api/v1/chats/list/user/{user_id}", Admin),
    ("*", "/api/v1/chats/*", User),
    ("*", "/api/v1/folders/*", User),
    ("*", "/api/chat/*", User),
    ("*", "/api/v1/chat/*", User),
    ("*", "/api/tasks*", User),
    ("POST", "/api/v1/tasks/config/update", Admin),
    ("*", "/api/v1/tasks/*", User),
    ("GET", "/api/usage", User),
    // Models and providers.
    ("GET", "/api/models/base", Admin),
    ("GET", "/api/models", User),
    ("GET", "/api/v1/models", User),
    ("GET", "/api/v1/models/base", Admin),
    ("POST", "/api/v1/models/sync", Admin),
    ("DELETE", "/api/v1/models/delete/all", Admin),
    ("*", "/api/v1/models/*", User),
    ("POST", "/api/embeddings", User),
    ("POST", "/api/v1/embeddings", User),
    ("*", "/openai/config*", Admin),
    ("POST", "/openai/verify", Admin),
    ("*", "/openai/*", User),
    ("*", "/ollama/config*", Admin),
    // What people share.
    ("GET", "/api/v1/functions/list", Admin),
    ("*", "/api/v1/functions/*", User),
    ("*", "/api/v1/tools/*", User),
    ("*", "/api/v1/prompts/*", User),
    ("*", "/api/v1/knowledge/*", User),
    ("*", "/api/v1/files/*", User),
    ("*", "/api/v1/memories/*", User),
    ("*", "/api/v1/notes/*", User),
    ("*", "/api/v1/channels/*", User),
    // The server.
    ("GET", "/api/v1/configs/banners", User),
    ("*", "/api/v1/configs/*", Admin),
    ("*", "/api/v1/evaluations/config", Admin),
    ("*", "/api/v1/evaluations/feedbacks/all*", Admin),
    ("*", "/api/v1/evaluations/feedbacks/list", Admin),
    ("*", "/api/v1/evaluations/feedback*", User),
    ("*", "/api/v1/pipelines/*", Admin),
    ("*", "/api/v1/images/config", Admin),
    ("*", "/api/v1/retrieval/*", Admin),
    ("*", "/api/webhook", Admin),
    ("GET", "/api/version/updates", User),
    ("GET", "/cache/*", User),
];

fn least(operation: &Operation) -> Option<RequiredRole> {
    let fits = |pattern: &str| match pattern.strip_suffix('*') {
        Some(start) => operation.path.starts_with(start),
        None => operation.path == pattern,
    };
    TABLE
        .iter()
        .find(|(method, path, _)| (*method == "*" || *method == operation.method.as_str()) && fits(path))
        .map(|(_, _, least)| *least)
}

#[test]
fn every_operation_has_a_required_role() {
    let without: Vec<String> = operations()
        .iter()
        .filter(|operation| least(operation).is_none())
        .map(ToString::to_string)
        .collect();
    assert!(without.is_empty(), "say in the table who may call {without:#?}");
}

#[tokio::test]
async fn callers_below_the_required_role_are_refused() {
    let app = TestApp::start().await;
    let ada = app.sign_up("ada").await;
    let user = app.add_user(&ada, "ben").await;
    let pending = app.add_account(&ada, "pending", "pending").await;
    let mut wrong = Vec::new();
    for operation in operations() {
        let path = operation.path_with(|_| "none".to_owned());
        for (name, token, turned_away) in [
            ("nobody", None, &[Pending, User, Admin][..]),
            ("a pending account", Some(&pending), &[User, Admin]),
            ("a user", Some(&user), &[Admin]),
        ] {
            let asked = least(&operation).is_some_and(|least| turned_away.contains(&least));
            if !asked {
                continue;
            }
            let token = token.map(String::as_str);
            let answer = app
                .ask(operation.method.clone(), &path, token, operation.sample_body())
                .await;
            if ![StatusCode::UNAUTHORIZED, StatusCode::FORBIDDEN].contains(&answer.status) {
                wrong.push(format!("{operation} answers {name} {}", answer.status));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    app.close().await;
}
