//! The table of settings against the contract's (`data/settings.tsv`, a copy of the kit's `contract/config.tsv`).

use keelson_domain::config::{Kind, table};
use serde_json::Value;

#[test]
fn every_setting_matches_the_contract() {
    let text = include_str!("data/settings.tsv");
    let rows: Vec<Vec<&str>> = text
        .lines()
        .skip(1)
        .map(|line| line.split('\t').collect())
        .collect();
    assert_eq!(rows.len(), table::ALL.len());
    for (row, setting) in rows.iter().zip(table::ALL) {
        let [state_key, env, path, kind, default] = row[..] else {
            panic!("five columns: {row:?}");
        };
        let ours = (
            setting.state_key.unwrap_or_default(),
            setting.env,
            setting.path,
            setting.kind,
        );
        assert_eq!(ours, (state_key, env, path, kind_of(kind)));
        let value: Value = serde_json::from_str(setting.default).expect(env);
        if default.starts_with("\"<own default") {
            // Ours to write: but of the kind that it has there.
            assert_eq!(value.is_array(), setting.kind == Kind::List, "{env}");
        } else {
            assert_eq!(value, serde_json::from_str::<Value>(default).expect(env), "{env}");
        }
    }
}

fn kind_of(name: &str) -> Kind {
    match name {
        "bool" => Kind::Bool,
        "str" => Kind::Text,
        "int" => Kind::Int,
        "float" => Kind::Float,
        "list" => Kind::List,
        "dict" => Kind::Object,
        "NoneType" => Kind::Nullable,
        other => panic!("an unknown kind {other}"),
    }
}
