//! What no source outside the tests may hold, whatever compiles.
//!
//! Each count may only fall: whoever lowers one lowers its constant, and 0 stays 0.

use std::path::Path;

use regex::Regex;

use super::{root, sources};

/// Functions defined inside `macro_rules!`, out of rustfmt's, clippy's and an editor's reach.
const FUNCTIONS_IN_MACROS: usize = 0;

/// `Json<Value>` in the HTTP adapter: an answer that generated clients know nothing of.
const UNTYPED_ANSWERS: usize = 0;

/// Comparisons with a role outside the modules named `access`, which alone decide who may do what.
const ROLE_TESTS: usize = 0;

/// Every match of `pattern` in the sources that `wanted` chooses, as `file:line`.
fn places(wanted: impl Fn(&str) -> bool, find: impl Fn(&str) -> Vec<usize>) -> Vec<String> {
    let root = root();
    let mut found = Vec::new();
    let mut seen = 0;
    for path in sources(&["domain", "application", "adapters", "bootstrap"]) {
        let name = path
            .strip_prefix(&root)
            .unwrap_or(&path)
            .to_string_lossy()
            .into_owned();
        if is_test(Path::new(&name)) || !wanted(&name) {
            continue;
        }
        seen += 1;
        let text = std::fs::read_to_string(&path).expect("a source");
        for offset in find(&text) {
            let line = text[..offset].matches('\n').count() + 1;
            found.push(format!("{name}:{line}"));
        }
    }
    assert!(seen > 20, "the sources were found");
    found
}

fn is_test(path: &Path) -> bool {
    path.file_name().is_some_and(|name| name == "tests.rs")
        || path.components().any(|part| part.as_os_str() == "tests")
}

fn matches_of(pattern: &str) -> impl Fn(&str) -> Vec<usize> {
    let pattern = Regex::new(pattern).expect("a pattern");
    move |text| pattern.find_iter(text).map(|found| found.start()).collect()
}

/// The functions in each `macro_rules!` of a source.
fn functions_in_macros(text: &str) -> Vec<usize> {
    let function = matches_of(r"\bfn\s+\$?\w+");
    let mut found = Vec::new();
    for start in matches_of(r"macro_rules!\s*\w+\s*\{")(text) {
        let body = start + text[start..].find('{').unwrap_or(0);
        let mut depth = 0_usize;
        let end = text[body..].find(|letter| {
            match letter {
                '{' => depth += 1,
                '}' => depth -= 1,
                _ => {}
            }
            depth == 0
        });
        let body = &text[body..end.map_or(text.len(), |end| body + end)];
        let offset = body.as_ptr() as usize - text.as_ptr() as usize;
        found.extend(function(body).into_iter().map(|at| offset + at));
    }
    found
}

fn assert_at_most(limit: usize, found: &[String], what: &str) {
    assert!(
        found.len() <= limit,
        "{} {what}, at most {limit} allowed:\n{}",
        found.len(),
        found.join("\n")
    );
}

#[test]
fn no_function_is_written_inside_a_macro() {
    assert_at_most(
        FUNCTIONS_IN_MACROS,
        &places(|_| true, functions_in_macros),
        "functions inside macro_rules!",
    );
}

#[test]
fn every_answer_has_a_type() {
    let found = places(
        |name| name.starts_with("adapters/http/"),
        matches_of(r"\bJson<(?:serde_json::)?Value>"),
    );
    assert_at_most(UNTYPED_ANSWERS, &found, "answers of any JSON");
}

#[test]
fn only_access_asks_for_a_role() {
    let found = places(
        |name| !name.contains("access"),
        matches_of(r"[!=]=\s*(?:\w+::)*Role::Admin|\bRole::Admin\s*[!=]=|\bis_admin\(\)"),
    );
    assert_at_most(ROLE_TESTS, &found, "role tests outside access");
}

#[test]
fn the_search_finds_what_it_is_for() {
    let source =
        "macro_rules! room {\n ($n:ident) => { fn $n() { { } } pub async fn list() {} }\n}\nfn free() {}";
    assert_eq!(functions_in_macros(source).len(), 2);
}
