use std::collections::HashSet;

use poem_openapi::OpenApi;
use poem_openapi::registry::MetaOperation;

use super::Description;
use crate::rooms;
use crate::services::Services;

fn operations_of<A: OpenApi>(_api: fn(&Services) -> A) -> Vec<(String, MetaOperation)> {
    let paths = Description::<A>::meta().into_iter().flat_map(|api| api.paths);
    paths
        .flat_map(|path| {
            let label =
                move |operation: MetaOperation| (format!("{} {}", operation.method, path.path), operation);
            path.operations.into_iter().map(label)
        })
        .collect()
}

fn operations() -> Vec<(String, MetaOperation)> {
    operations_of(rooms)
}

/// Operations whose rooms are not yet described.
fn described() -> Vec<(String, MetaOperation)> {
    let mut operations = operations();
    operations.retain(|(_, operation)| operation.operation_id.is_some());
    operations
}

#[test]
fn every_operation_is_written_once() {
    let mut seen = HashSet::new();
    for (label, _) in operations() {
        assert!(seen.insert(label.clone()), "{label} is there twice");
    }
}

#[test]
fn every_id_is_the_tag_and_a_verb() {
    let mut seen = HashSet::new();
    for (label, operation) in described() {
        let id = operation.operation_id.expect("an id");
        let [tag] = operation.tags.as_slice() else {
            panic!("{label} has not one tag, but {:?}", operation.tags);
        };
        let verb = id.strip_prefix(tag).and_then(|rest| rest.strip_prefix('_'));
        let is_word = |verb: &str| {
            !verb.is_empty()
                && verb
                    .chars()
                    .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
        };
        assert!(verb.is_some_and(is_word), "{label}: {id} is not {tag}_<verb>");
        assert!(seen.insert(id), "{label}: {id} is used twice");
    }
}

#[test]
fn every_operation_says_what_it_does_takes_and_refuses() {
    for (label, operation) in described() {
        let summary = operation.summary.unwrap_or_default();
        assert!(summary.len() > 5, "{label} has no summary");
        for parameter in &operation.params {
            assert!(
                parameter
                    .description
                    .as_ref()
                    .is_some_and(|text| !text.is_empty()),
                "{label}: the parameter {} is not described",
                parameter.name
            );
        }
        let statuses: Vec<u16> = operation
            .responses
            .responses
            .iter()
            .filter_map(|answer| answer.status)
            .collect();
        let distinct: HashSet<u16> = statuses.iter().copied().collect();
        assert_eq!(
            statuses.len(),
            distinct.len(),
            "{label} declares a status twice: {statuses:?}"
        );
        assert!(
            statuses.iter().any(|status| (400..500).contains(status)),
            "{label} declares no refusal"
        );
    }
}

#[test]
fn every_parameter_of_a_path_is_declared() {
    for (label, operation) in operations() {
        for name in label.split('/').filter_map(|segment| segment.strip_prefix('{')) {
            let name = name.trim_end_matches('}');
            assert!(
                operation.params.iter().any(|known| known.name == name),
                "{label}: {name} is not declared"
            );
        }
        assert!(!label.contains(['*', ':']), "{label} is no template");
    }
}

#[test]
fn what_is_built_is_not_in_the_table_of_the_unbuilt() {
    let unbuilt: HashSet<String> = super::unbuilt::entries()
        .map(|(method, path)| format!("{method} {path}"))
        .collect();
    assert!(!unbuilt.is_empty());
    for (label, _) in operations() {
        assert!(
            !unbuilt.contains(&label),
            "{label} is built: run scripts/unbuilt.sh"
        );
    }
}
