//! What the compiler passes over in silence: sources that no `mod` line names, and migrations with one version.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use regex::Regex;

use super::{root, sources};

/// Files whose modules lie beside them.
const ROOTS: &[&str] = &["mod.rs", "lib.rs", "main.rs", "suite.rs"];

/// Files that cargo names.
const ENTRIES: &[&str] = &["lib.rs", "main.rs", "build.rs", "suite.rs", "binary.rs"];

/// Where the modules that a source names may lie.
fn named(source: &Path) -> Vec<PathBuf> {
    let text = std::fs::read_to_string(source).expect("a source");
    let attribute = Regex::new(r#"^\s*#\[path = "([^"]+)"\]"#).expect("a pattern");
    let module = Regex::new(r"^\s*(?:pub(?:\([^)]*\))? )?mod (\w+)( \{|;)").expect("a pattern");
    let folder = source.parent().expect("a folder");
    let mut below = if has_name(source, ROOTS) {
        folder.to_owned()
    } else {
        source.with_extension("")
    };
    let top = below.clone();
    let (mut path, mut found) = (None, Vec::new());
    for line in text.lines() {
        if let Some(written) = attribute.captures(line) {
            path = Some(folder.join(&written[1]));
        } else if let Some(parts) = module.captures(line) {
            if &parts[2] == " {" {
                below.push(&parts[1]);
            } else if let Some(path) = path.take() {
                found.push(path);
            } else {
                found.push(below.join(format!("{}.rs", &parts[1])));
                found.push(below.join(&parts[1]).join("mod.rs"));
            }
        } else if line == "}" {
            // The end of an item of the file, and so of an inline module.
            below.clone_from(&top);
        }
    }
    found
}

fn has_name(path: &Path, names: &[&str]) -> bool {
    path.file_name()
        .is_some_and(|name| names.iter().any(|known| name == *known))
}

#[test]
fn every_source_is_named_by_a_mod_line() {
    let all = sources(&["domain", "application", "adapters", "bootstrap", "tests"]);
    let named: Vec<PathBuf> = all
        .iter()
        .flat_map(|source| named(source))
        .filter_map(|path| path.canonicalize().ok())
        .collect();
    let unnamed: Vec<_> = all
        .iter()
        .filter(|source| {
            let is_example = source.parent().is_some_and(|folder| folder.ends_with("examples"));
            let is_named = source.canonicalize().is_ok_and(|path| named.contains(&path));
            !is_named && !is_example && !has_name(source, ENTRIES)
        })
        .collect();
    assert!(all.len() > 300, "the sources were found");
    assert!(
        unnamed.is_empty(),
        "no `mod` line names these, so they are not compiled: {unnamed:#?}"
    );
}

#[test]
fn every_migration_has_a_version_of_its_own_on_both_databases() {
    let mut versions: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for backend in ["sqlite", "postgres"] {
        let folder = root().join("migrations").join(backend);
        let mut seen: BTreeMap<String, String> = BTreeMap::new();
        for entry in std::fs::read_dir(&folder).expect("the migrations") {
            let name = entry
                .expect("an entry")
                .file_name()
                .to_string_lossy()
                .into_owned();
            // What diesel takes for the version: all before the first underscore, without dashes.
            let version = name.split('_').next().unwrap_or_default().replace('-', "");
            assert_eq!(
                seen.insert(version, name.clone()),
                None,
                "{backend}: {name} is not the only one"
            );
            versions.entry(name).or_default().push(backend.to_owned());
        }
    }
    let lone: Vec<_> = versions
        .iter()
        .filter(|(_, backends)| backends.len() < 2)
        .collect();
    assert!(lone.is_empty(), "not on both databases: {lone:?}");
}
