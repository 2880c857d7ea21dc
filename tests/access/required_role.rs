//! The least that an operation asks of its caller.

use poem::http::StatusCode;

use crate::rooms::RequiredRole::{self, Admin, Pending, User};
use crate::rooms::roles;
use crate::support::{Operation, TestApp, operations};

/// How exactly a method and a path fit an operation; none if they do not.
fn exactness(operation: &Operation, method: &str, path: &str) -> Option<(bool, usize, bool)> {
    if method != "*" && method != operation.method.as_str() {
        return None;
    }
    let (start, is_exact) = match path.strip_suffix('*') {
        Some(start) => (start, false),
        None => (path, true),
    };
    let fits = if is_exact {
        operation.path == start
    } else {
        operation.path.starts_with(start)
    };
    fits.then_some((is_exact, start.len(), method != "*"))
}

fn least(operation: &Operation) -> Option<RequiredRole> {
    roles()
        .filter_map(|(method, path, least)| Some((exactness(operation, method, path)?, *least)))
        .max_by_key(|(exactness, _)| *exactness)
        .map(|(_, least)| least)
}

#[test]
fn every_operation_has_a_required_role() {
    let without: Vec<String> = operations()
        .iter()
        .filter(|operation| least(operation).is_none())
        .map(ToString::to_string)
        .collect();
    assert!(without.is_empty(), "submit the roles of {without:#?}");
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
