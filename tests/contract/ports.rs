//! No port without a contract: each has a suite here, and the suite runs on each of its adapters.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use regex::Regex;

use crate::rooms::suites;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// The sources below a folder.
fn sources(folder: &str) -> Vec<String> {
    let mut open = vec![root().join(folder)];
    let mut texts = Vec::new();
    while let Some(dir) = open.pop() {
        for entry in std::fs::read_dir(&dir).unwrap_or_else(|error| panic!("{}: {error}", dir.display())) {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let text = std::fs::read_to_string(&path).expect("a source");
                // What unit tests stand in with is no adapter.
                let end = text.find("#[cfg(test)]").unwrap_or(text.len());
                texts.push(text[..end].to_owned());
            }
        }
    }
    texts
}

/// What the first group of a pattern finds in sources.
fn found(texts: &[String], pattern: &str) -> BTreeSet<String> {
    let pattern = Regex::new(pattern).expect("a pattern");
    let all = texts.iter().flat_map(|text| pattern.captures_iter(text));
    all.map(|found| found[1].to_owned()).collect()
}

fn snake_case(name: &str) -> String {
    let mut snake = String::new();
    for letter in name.chars() {
        if letter.is_uppercase() && !snake.is_empty() {
            snake.push('_');
        }
        snake.extend(letter.to_lowercase());
    }
    snake
}

/// The traits of the domain that the application is given adapters of.
fn ports() -> BTreeSet<String> {
    let traits = found(&sources("domain/src"), r"(?m)^pub trait (\w+)");
    let mut used = found(&sources("application/src"), r"\bdyn (\w+)");
    // Locks and the fan-out are used between adapters; bootstrap alone hands them over.
    used.extend(found(&sources("bootstrap/src"), r"\bdyn (\w+)"));
    used.extend(found(&sources("adapters/redis/src"), r"\bdyn (\w+)"));
    traits.intersection(&used).cloned().collect()
}

/// The types that are adapters of a port, among these sources.
fn adapters(port: &str, texts: &[String]) -> BTreeSet<String> {
    found(
        texts,
        &format!(r"\bimpl(?:<[^>]*>)? {port} for (?:\w+::)*\$?(\w+)"),
    )
}

#[test]
fn every_port_has_a_suite_that_runs_on_each_adapter() {
    let ports = ports();
    assert!(ports.len() >= 43, "the ports were found: {ports:?}");
    let persistence = sources("adapters/persistence");
    let redis = sources("adapters/redis/src");
    let others: Vec<String> = [
        "egress",
        "identity",
        "memory",
        "providers",
        "sockets",
        "telemetry",
    ]
    .iter()
    .flat_map(|name| sources(&format!("adapters/{name}/src")))
    .collect();
    let contract = root().join("tests/contract");
    let on_redis = std::fs::read_to_string(contract.join("redis.rs")).expect("redis.rs");
    let mut missing = Vec::new();
    for port in &ports {
        let name = snake_case(port);
        let Ok(suite) = std::fs::read_to_string(contract.join(format!("{name}.rs"))) else {
            missing.push(format!("{port}: there is no tests/contract/{name}.rs"));
            continue;
        };
        if !adapters(port, &persistence).is_empty() && !suites().iter().any(|suite| suite.name == name) {
            missing.push(format!(
                "{port}: the database answers it, and no suite of this name is submitted"
            ));
        }
        if !adapters(port, &redis).is_empty() && !on_redis.contains(&format!("{name}::suite")) {
            missing.push(format!(
                "{port}: Redis answers it, and redis.rs does not run its suite"
            ));
        }
        for adapter in adapters(port, &others) {
            if !suite.contains(&adapter) && !runs_elsewhere(&adapter) {
                missing.push(format!("{port}: its suite does not run on {adapter}"));
            }
        }
    }
    assert!(missing.is_empty(), "{missing:#?}");
}

/// Adapters that a suite reaches by another name than their own.
fn runs_elsewhere(adapter: &str) -> bool {
    // Private to its crate: `Sockets::bus` hands it out.
    adapter == "SocketBus"
        // `MemoryHub` makes them.
        || adapter == "MemoryFanout"
        // Repositories that stand in for the database in tests of other ports, by hand-made entries.
        || ["MemoryChannels", "MemoryNotes", "MemoryActivity"].contains(&adapter)
}

#[test]
fn suites_of_the_database_are_each_named_once() {
    let names: BTreeSet<&str> = suites().iter().map(|suite| suite.name).collect();
    assert_eq!(names.len(), suites().len());
}
