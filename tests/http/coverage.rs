//! No operation without a test here: each operation of the document is called by a test of this folder, under a path
//! that is written out at the call: `app.get(&format!("/api/v1/chats/{id}"), …)`.

use std::collections::BTreeSet;
use std::path::Path;

use poem::http::Method;
use regex::Regex;

use crate::support::{Operation, operations};

/// Operations that no test of this folder calls, with the reason.
const UNTESTED: &[(&str, &str)] = &[];

/// A call in a test: its method, and its path with `{}` where something is filled in.
type Call = (Method, String);

/// The calls in the tests of this folder.
fn calls() -> BTreeSet<(String, String)> {
    let helper =
        Regex::new(r#"(?s)\.(get|post|delete)\(\s*&?(?:format!\(\s*)?"(/[^"?]*)"#).expect("a pattern");
    let plain = Regex::new(r#"(?s)Method::(\w+),\s*&?(?:format!\(\s*)?"(/[^"?]*)"#).expect("a pattern");
    let mut calls = BTreeSet::new();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("http");
    for entry in std::fs::read_dir(folder).expect("the tests") {
        let path = entry.expect("an entry").path();
        if path.extension().is_some_and(|extension| extension == "rs") {
            let text = std::fs::read_to_string(path).expect("a source");
            for found in helper.captures_iter(&text).chain(plain.captures_iter(&text)) {
                calls.insert((found[1].to_uppercase(), found[2].to_owned()));
            }
        }
    }
    calls
}

/// Whether a call is one of an operation. What is filled into a path stands for a name in it only, so that
/// `/chats/{id}` is no call of `/chats/list`; a fixed part may stand for a name.
fn is_call_of(operation: &Operation, (method, path): &Call) -> bool {
    let mut parts = operation.path.trim_end_matches('/').split('/');
    let mut called = path.trim_end_matches('/').split('/');
    operation.method == *method
        && loop {
            match (parts.next(), called.next()) {
                (None, None) => break true,
                // A path below a path.
                (Some("*path" | "{path}"), Some(_)) => break true,
                (Some(part), Some(called)) if part == called || part.starts_with(['{', '*']) => {}
                _ => break false,
            }
        }
}

#[test]
fn every_operation_is_called_by_a_test() {
    let calls: Vec<Call> = calls()
        .into_iter()
        .filter_map(|(method, path)| Some((method.parse().ok()?, path)))
        .collect();
    assert!(calls.len() > 100, "the calls were found");
    let known: Vec<String> = UNTESTED.iter().map(|(name, _)| (*name).to_owned()).collect();
    let operations = operations();
    // A path without names is its own: it must not pass for one that has a name in its place.
    let fixed: BTreeSet<String> = operations
        .iter()
        .filter(|operation| operation.names().is_empty())
        .map(ToString::to_string)
        .collect();
    let untested: Vec<String> = operations
        .iter()
        .filter(|operation| {
            !calls.iter().any(|call| {
                let own = format!("{} {}", call.0, call.1);
                let others = fixed.contains(&own) || fixed.contains(&format!("{own}/"));
                is_call_of(operation, call) && (operation.names().is_empty() || !others)
            })
        })
        .map(ToString::to_string)
        .collect();
    assert_eq!(untested, known, "operations without a test");
}
