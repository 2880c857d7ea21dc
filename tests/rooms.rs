//! What a room's tests tell the tests of all rooms. Each is submitted beside the tests that know it
//! (`inventory::submit!`), so that a new room changes no table here.

use futures_util::future::BoxFuture;
use serde_json::Value;

use crate::contract::TestDatabase;
use crate::support::TestApp;

/// What every adapter of one port of the database must do, on a database that nothing is in.
pub(crate) struct Suite {
    /// The name of its file.
    pub(crate) name: &'static str,
    pub(crate) run: for<'a> fn(&'a TestDatabase) -> BoxFuture<'a, ()>,
}

inventory::collect!(Suite);

/// Every suite.
pub(crate) fn suites() -> Vec<&'static Suite> {
    inventory::iter::<Suite>().collect()
}

/// Who at least may call an operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum RequiredRole {
    /// Anybody.
    Nobody,
    /// An account, also one that waits for approval.
    Pending,
    /// A user.
    User,
    /// An admin.
    Admin,
}

/// Who at least may call operations, by method (`*` is every method) and path (one that ends with `*` is every path
/// below). The most exact one counts.
pub(crate) struct Roles(pub(crate) &'static [(&'static str, &'static str, RequiredRole)]);

inventory::collect!(Roles);

/// All required roles.
pub(crate) fn roles() -> impl Iterator<Item = &'static (&'static str, &'static str, RequiredRole)> {
    inventory::iter::<Roles>().flat_map(|roles| roles.0)
}

/// Lists, and documents with something in them for each of many rows.
pub(crate) struct Lists {
    /// Where they are read.
    pub(crate) paths: &'static [&'static str],
    /// Statements that add the row of a number: `{n}` is the number, `{owner}` the reader's id. There are users
    /// `u{n}`, each in the groups `g{n}` and `all`, as the owner is.
    pub(crate) rows: &'static str,
}

inventory::collect!(Lists);

/// The lists of all rooms, by their first path.
pub(crate) fn lists() -> Vec<&'static Lists> {
    let mut all: Vec<_> = inventory::iter::<Lists>().collect();
    all.sort_by_key(|lists| lists.paths.first());
    all
}

/// Whose objects are made, and who helps.
pub(crate) struct Making<'a> {
    pub(crate) app: &'a TestApp,
    /// An admin's token.
    pub(crate) admin: &'a str,
    /// The token of the user whose they are.
    pub(crate) owner: &'a str,
}

/// An object that paths name.
pub(crate) struct Named {
    /// How those paths begin.
    pub(crate) below: &'static str,
    /// Its name in them.
    pub(crate) name: &'static str,
    pub(crate) id: String,
}

/// The id in a document.
///
/// # Panics
/// Without one.
pub(crate) fn id_in(document: &Value) -> String {
    document["id"].as_str().expect("an id").to_owned()
}

/// Objects of one user, to which nobody else has a right.
pub(crate) struct Objects {
    pub(crate) make: for<'a> fn(&'a Making<'a>) -> BoxFuture<'a, Vec<Named>>,
    /// Where their owner sees them.
    pub(crate) seen_at: &'static [&'static str],
}

inventory::collect!(Objects);

/// The objects of all rooms.
pub(crate) fn objects() -> impl Iterator<Item = &'static Objects> {
    inventory::iter::<Objects>()
}
