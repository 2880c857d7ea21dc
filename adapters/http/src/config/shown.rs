//! Settings by the names that the wire gives them.

use keelson_domain::config::{Setting, Snapshot, table};
use serde_json::{Map, Value};

/// The setting of a name.
fn setting(name: &str) -> Option<&'static Setting> {
    table::ALL.iter().find(|setting| setting.state_key == Some(name))
}

/// Settings as they are in force, under their names.
pub(crate) fn named(settings: &Snapshot, names: &[&str]) -> Map<String, Value> {
    let known = names.iter().filter_map(|name| Some((*name, setting(name)?)));
    known
        .map(|(name, setting)| (name.to_owned(), settings.get(setting).clone()))
        .collect()
}

#[cfg(test)]
pub(crate) fn unknown<'n>(names: &[&'n str]) -> Vec<&'n str> {
    names
        .iter()
        .copied()
        .filter(|name| setting(name).is_none())
        .collect()
}
