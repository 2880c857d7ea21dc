use serde_json::{Map, Value};

use super::SettingsChange;

/// Applies changes in order to a stored tree; every store does it with this, inside its transaction.
pub fn apply_changes(mut tree: Value, changes: &[SettingsChange]) -> Value {
    for change in changes {
        match change {
            SettingsChange::Set { path, value } => set(&mut tree, path, value.clone()),
            SettingsChange::Unset { path } => unset(&mut tree, path),
            SettingsChange::Replace { tree: new } => tree = new.clone(),
        }
    }
    tree
}

fn object(node: &mut Value) -> &mut Map<String, Value> {
    if !node.is_object() {
        *node = Value::Object(Map::new());
    }
    match node {
        Value::Object(fields) => fields,
        _ => unreachable!("made an object above"),
    }
}

fn set(node: &mut Value, path: &str, value: Value) {
    match path.split_once('.') {
        Some((name, rest)) => set(object(node).entry(name).or_insert(Value::Null), rest, value),
        None => {
            object(node).insert(path.to_owned(), value);
        }
    }
}

fn unset(node: &mut Value, path: &str) {
    let Value::Object(fields) = node else { return };
    match path.split_once('.') {
        Some((name, rest)) => {
            if let Some(next) = fields.get_mut(name) {
                unset(next, rest);
            }
        }
        None => {
            fields.shift_remove(path);
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn sets_unsets_and_replaces() {
        let set = |path: &str, value: Value| SettingsChange::Set {
            path: path.into(),
            value,
        };
        let tree = apply_changes(
            json!({"ui": 1, "a": {"b": 1, "c": 2}}),
            &[
                set("ui.enable", json!(true)),
                set("x", json!([1])),
                SettingsChange::Unset { path: "a.b".into() },
                SettingsChange::Unset {
                    path: "no.such".into(),
                },
            ],
        );
        assert_eq!(tree, json!({"ui": {"enable": true}, "a": {"c": 2}, "x": [1]}));
        assert_eq!(
            apply_changes(tree, &[SettingsChange::Replace { tree: json!({}) }]),
            json!({})
        );
    }
}
