use std::collections::HashMap;

use keelson_domain::config::{Origin, Setting, Snapshot, StoredSettings, table};
use serde_json::Value;

/// What lies under the stored tree, and how far the stored tree counts.
#[derive(Debug, Clone, Default)]
pub struct Layers {
    /// Values from the environment, by the variable's name.
    pub environment: HashMap<&'static str, Value>,
    /// `ENABLE_PERSISTENT_CONFIG`: off, the database never counts.
    pub persistent: bool,
    /// `ENABLE_OAUTH_PERSISTENT_CONFIG`: on, the database counts for `oauth.*` too.
    pub oauth_persistent: bool,
}

impl Layers {
    /// Whether a stored value counts.
    fn counts(&self, setting: &Setting) -> bool {
        self.persistent && (self.oauth_persistent || !setting.path.starts_with("oauth."))
    }

    /// The value of one setting, and where it comes from.
    pub fn value(&self, setting: &Setting, tree: &Value) -> (Value, Origin) {
        if self.counts(setting)
            && let Some(stored) = at(tree, setting.path)
        {
            return (stored.clone(), Origin::Database);
        }
        self.below(setting)
    }

    /// The value that a setting has without the database.
    pub fn below(&self, setting: &Setting) -> (Value, Origin) {
        match self.environment.get(setting.env) {
            Some(value) => (value.clone(), Origin::Environment),
            None => (default(setting), Origin::Default),
        }
    }

    /// Every setting at once.
    pub fn snapshot(&self, stored: &StoredSettings) -> Snapshot {
        let values = table::ALL
            .iter()
            .map(|setting| self.value(setting, &stored.tree))
            .collect();
        Snapshot::new(stored.version, values)
    }

    /// The variables that are set, but count for nothing because the database holds another value.
    pub fn shadowed(&self, tree: &Value) -> Vec<&'static Setting> {
        table::ALL
            .iter()
            .filter(|setting| {
                let (value, origin) = self.value(setting, tree);
                origin == Origin::Database
                    && self
                        .environment
                        .get(setting.env)
                        .is_some_and(|environment| *environment != value)
            })
            .collect()
    }
}

/// The value at a dotted path. A stored `null` counts for nothing, as at a start of the reference.
fn at<'t>(tree: &'t Value, path: &str) -> Option<&'t Value> {
    path.split('.')
        .try_fold(tree, |node, name| node.as_object()?.get(name))
        .filter(|value| !value.is_null())
}

/// The default of a setting. The table is checked by a test, so that text that is no JSON cannot get here.
fn default(setting: &Setting) -> Value {
    serde_json::from_str(setting.default).unwrap_or(Value::Null)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn stored(tree: Value) -> StoredSettings {
        StoredSettings { version: 3, tree }
    }

    #[test]
    fn every_default_is_json_of_its_kind() {
        for setting in table::ALL {
            let value: Value = serde_json::from_str(setting.default).expect(setting.env);
            crate::config::check(setting, &value).expect(setting.env);
        }
        assert_eq!(table::ALL.len(), 320);
    }

    #[test]
    fn the_database_wins_over_the_environment_and_that_over_the_default() {
        let mut layers = Layers {
            persistent: true,
            ..Layers::default()
        };
        let tree = stored(json!({"ui": {"enable_signup": false}, "oauth": {"oidc": {"client_id": "db"}}}));
        layers.environment.insert("ENABLE_SIGNUP", json!(true));
        layers.environment.insert("ENABLE_CHANNELS", json!(true));
        let snapshot = layers.snapshot(&tree);
        assert_eq!(
            (
                snapshot.bool(&table::ENABLE_SIGNUP),
                snapshot.origin(&table::ENABLE_SIGNUP)
            ),
            (false, Origin::Database)
        );
        assert_eq!(snapshot.origin(&table::ENABLE_CHANNELS), Origin::Environment);
        assert_eq!(snapshot.origin(&table::ENABLE_NOTES), Origin::Default);
        assert_eq!(snapshot.text(&table::OAUTH_CLIENT_ID), "");
        assert_eq!(
            layers
                .shadowed(&tree.tree)
                .iter()
                .map(|s| s.env)
                .collect::<Vec<_>>(),
            ["ENABLE_SIGNUP"]
        );

        let cleared = stored(json!({"ui": {"enable_signup": null}}));
        assert_eq!(
            layers.snapshot(&cleared).origin(&table::ENABLE_SIGNUP),
            Origin::Environment
        );

        layers.oauth_persistent = true;
        assert_eq!(layers.snapshot(&tree).text(&table::OAUTH_CLIENT_ID), "db");
        layers.persistent = false;
        assert!(layers.snapshot(&tree).bool(&table::ENABLE_SIGNUP));
    }
}
