//! What the README says is missing is missing, and the other way round.

use std::collections::BTreeSet;
use std::path::Path;

/// Words of the README, and where the operations are that it says are missing.
const MISSING: &[(&str, &[&str])] = &[
    ("retrieval", &["/api/v1/retrieval"]),
    ("knowledge", &["/api/v1/knowledge"]),
    ("files", &["/api/v1/files"]),
    ("memories", &["/api/v1/memories"]),
    ("tools", &["/api/v1/tools", "/api/v1/configs/tool_servers"]),
    ("functions", &["/api/v1/functions"]),
    ("pipelines", &["/api/v1/pipelines"]),
    ("prompts", &["/api/v1/prompts"]),
    ("image generation", &["/api/v1/images"]),
    ("speech", &["/api/v1/audio"]),
    ("channels", &["/api/v1/channels"]),
    ("notes", &["/api/v1/notes"]),
    ("OAuth", &["/oauth", "/api/v1/configs/oauth"]),
    ("Ollama", &["/ollama"]),
    ("running code", &["/api/v1/utils"]),
];

fn read(path: &str) -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    std::fs::read_to_string(root.join(path)).expect("a file")
}

#[test]
fn what_the_readme_calls_missing_is() {
    let readme = read("README.md");
    let (_, section) = readme
        .split_once("## What is not there yet")
        .expect("the section");
    let (section, _) = section.split_once("\n## ").expect("another section behind it");
    let words: Vec<&str> = section.split_whitespace().collect();
    let section = words.join(" ");
    let unbuilt = read("adapters/http/src/openapi/unbuilt.tsv");
    let unbuilt: BTreeSet<&str> = unbuilt
        .lines()
        .filter_map(|line| line.split('\t').nth(1))
        .collect();
    assert!(!unbuilt.is_empty(), "nothing is missing: the section goes");
    for (word, prefixes) in MISSING {
        let is_missing = unbuilt
            .iter()
            .any(|path| prefixes.iter().any(|prefix| path.starts_with(prefix)));
        assert!(
            is_missing,
            "all of {word} is built: take it out of the README, and of this list"
        );
        assert!(
            section.contains(word),
            "the README does not say that {word} is missing: {section}"
        );
    }
    let all: Vec<&str> = MISSING
        .iter()
        .flat_map(|(_, prefixes)| prefixes.iter().copied())
        .collect();
    for path in &unbuilt {
        let is_named = all.iter().any(|prefix| path.starts_with(prefix));
        assert!(is_named, "{path} is missing, and the README has no word for it");
    }
}
