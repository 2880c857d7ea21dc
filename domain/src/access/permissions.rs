use serde_json::{Map, Value};

use super::Permission;

/// What an account may do: the default permissions, widened by those of its groups (any group grants).
#[derive(Debug, Clone, PartialEq)]
pub struct Permissions(Value);

impl Permissions {
    /// From the defaults and the permissions of the account's groups.
    pub fn new(defaults: &Value, groups: impl IntoIterator<Item = Value>) -> Self {
        let mut merged = defaults.clone();
        for group in groups {
            widen(&mut merged, &group);
        }
        Self(merged)
    }

    /// Whether a permission is granted; one that the stored tree lacks is not.
    pub fn allow(&self, permission: Permission) -> bool {
        permission
            .path()
            .split('.')
            .try_fold(&self.0, |node, name| node.get(name))
            .and_then(Value::as_bool)
            .unwrap_or(false)
    }

    /// The whole tree, as clients see it.
    pub fn as_json(&self) -> &Value {
        &self.0
    }
}

fn widen(into: &mut Value, from: &Value) {
    let Value::Object(from) = from else { return };
    if !into.is_object() {
        *into = Value::Object(Map::new());
    }
    let Value::Object(into) = into else { return };
    for (name, value) in from {
        match into.get_mut(name) {
            Some(known) if value.is_object() => widen(known, value),
            Some(Value::Bool(known)) => *known |= value.as_bool().unwrap_or(false),
            Some(_) => {}
            None => {
                into.insert(name.clone(), value.clone());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn any_group_grants() {
        let defaults = json!({"chat": {"delete": true, "share": false, "edit": {}}});
        let groups = [
            json!({"chat": {"share": true, "delete": false}}),
            json!({"features": {"notes": true}}),
        ];
        let permissions = Permissions::new(&defaults, groups);
        for granted in [
            Permission::ChatDelete,
            Permission::ChatShare,
            Permission::FeaturesNotes,
        ] {
            assert!(permissions.allow(granted), "{}", granted.path());
        }
        for missing in [
            Permission::ChatEdit,
            Permission::ChatExport,
            Permission::WorkspaceTools,
        ] {
            assert!(!permissions.allow(missing), "{}", missing.path());
        }
    }
}
