//! An object of each kind that paths name, all of one user.

use serde_json::Value;

use crate::rooms::{self, Making, Named};
use crate::support::{Operation, TestApp};

/// Names in paths that are no objects of anybody: places of connections, and things of which there are none here.
const NOBODYS: &[(&str, &str)] = &[
    ("url_idx", "0"),
    ("action_id", "none"),
    ("provider", "none"),
    ("client_id", "none"),
    ("path", "none"),
];

/// Everything that a user has in this test.
pub(super) struct Objects(Vec<Named>);

impl Objects {
    /// Makes them for the user that a token is of.
    pub(super) async fn create(app: &TestApp, admin: &str, owner: &str) -> Self {
        let mut all = Vec::new();
        for objects in rooms::objects() {
            all.extend((objects.make)(&Making { app, admin, owner }).await);
        }
        Self(all)
    }

    /// What stands for a name in a path.
    fn known(&self, path: &str, name: &str) -> Option<String> {
        let nobodys = NOBODYS.iter().find(|(known, _)| *known == name);
        let named = self
            .0
            .iter()
            .filter(|it| it.name == name && path.starts_with(it.below));
        named
            .max_by_key(|it| it.below.len())
            .map(|it| it.id.clone())
            .or_else(|| nobodys.map(|(_, value)| (*value).to_owned()))
    }

    /// The path of an operation with the ids of these objects; none for a room that is not known here.
    pub(super) fn path(&self, operation: &Operation) -> Option<String> {
        let known = |name: &str| self.known(&operation.path, name);
        let all_known = operation.names().iter().all(|name| known(name).is_some());
        all_known.then(|| operation.path_with(|name| known(name).unwrap_or_default()))
    }

    /// A path with the ids of these objects.
    pub(super) fn fill(&self, path: &str) -> String {
        let mut filled = path.to_owned();
        for named in &self.0 {
            let name = format!("{{{}}}", named.name);
            if filled.contains(&name) {
                filled = filled.replace(&name, &self.known(path, named.name).unwrap_or_default());
            }
        }
        assert!(
            !filled.contains('{'),
            "{path}: an object of that name is submitted"
        );
        filled
    }

    /// What their owner sees of them.
    pub(super) async fn seen_by(&self, app: &TestApp, owner: &str) -> Vec<(String, Value)> {
        let mut seen = Vec::new();
        for path in rooms::objects().flat_map(|objects| objects.seen_at) {
            let path = self.fill(path);
            let answer = app.get(&path, owner).await;
            seen.push((path, answer));
        }
        seen
    }
}
