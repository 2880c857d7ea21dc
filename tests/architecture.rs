//! The ring rule, held against the real dependency graph and the real sources.
//!
//! `make check-arch` runs this module. The bans are read from `deny.toml`, the rings' own lists stand here: a new
//! dependency of the inner rings is a line in this file, and so a decision that a reviewer sees.

mod modules;
mod patterns;
mod readme;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use cargo_metadata::{DependencyKind, Metadata, MetadataCommand, PackageId};

/// All that the domain may reach, directly or not: data structures, derives, nothing that does input or output.
const DOMAIN_CLOSURE: &[&str] = &[
    "async-trait",
    "bytes",
    "cfg-if",
    "equivalent",
    "foldhash",
    "futures-core",
    "hashbrown",
    "indexmap",
    "itoa",
    "memchr",
    "proc-macro2",
    "quote",
    "ryu",
    "secrecy",
    "serde",
    "serde_core",
    "serde_derive",
    "serde_json",
    "syn",
    "thiserror",
    "thiserror-impl",
    "unicode-ident",
    "uuid",
    "zeroize",
    "zeroize_derive",
    "zmij",
    // uuid's `v4`, which other crates switch on; the domain itself may not call it (domain/clippy.toml).
    "getrandom",
    "libc",
    "rand_core",
];

/// What the use cases may name. tokio and tokio-util are here for their channels, timers and cancellation tokens.
const APPLICATION_DIRECT: &[&str] = &[
    "arc-swap",
    "async-trait",
    "bytes",
    "chrono",
    "chrono-tz",
    "futures-util",
    "indexmap",
    "keelson-domain",
    "memchr",
    "moka",
    "regex",
    "secrecy",
    "serde",
    "serde_json",
    "sha2",
    "thiserror",
    "tokio",
    "tokio-util",
    "tracing",
    "url",
    "uuid",
];

/// Adapters that work for the core and so know the domain only; the ways in (http, sockets) also call use cases.
const OUTBOUND: &[&str] = &[
    "keelson-egress",
    "keelson-identity",
    "keelson-memory",
    "keelson-persistence-conversations",
    "keelson-persistence-identity",
    "keelson-persistence-kit",
    "keelson-persistence-platform",
    "keelson-persistence-workspace",
    "keelson-providers",
    "keelson-redis",
    "keelson-storage",
    "keelson-telemetry",
];

/// Files longer than this are split.
const LONGEST_FILE: usize = 500;

/// The dependency graph of this machine's target.
struct Graph {
    metadata: Metadata,
    names: BTreeMap<PackageId, String>,
}

impl Graph {
    fn load() -> Self {
        let target = format!("{}-unknown-linux-gnu", std::env::consts::ARCH);
        let metadata = MetadataCommand::new()
            .manifest_path(root().join("Cargo.toml"))
            .other_options(["--filter-platform".to_owned(), target, "--locked".to_owned()])
            .exec()
            .expect("cargo metadata answers");
        let names = metadata
            .packages
            .iter()
            .map(|package| (package.id.clone(), package.name.to_string()))
            .collect();
        Self { metadata, names }
    }

    /// What a package uses outside its tests and build scripts.
    fn uses(&self, id: &PackageId) -> Vec<PackageId> {
        let resolve = self.metadata.resolve.as_ref().expect("a resolved graph");
        let node = resolve
            .nodes
            .iter()
            .find(|node| node.id == *id)
            .expect("every package has a node");
        node.deps
            .iter()
            .filter(|dep| {
                dep.dep_kinds
                    .iter()
                    .any(|info| info.kind == DependencyKind::Normal)
            })
            .map(|dep| dep.pkg.clone())
            .collect()
    }

    fn member(&self, name: &str) -> Option<PackageId> {
        self.metadata
            .workspace_members
            .iter()
            .find(|id| self.names[*id] == name)
            .cloned()
    }

    fn direct(&self, name: &str) -> BTreeSet<&str> {
        let id = self
            .member(name)
            .unwrap_or_else(|| panic!("{name} is in the workspace"));
        self.uses(&id).iter().map(|id| self.names[id].as_str()).collect()
    }

    fn closure(&self, name: &str) -> BTreeSet<&str> {
        let mut open = vec![
            self.member(name)
                .unwrap_or_else(|| panic!("{name} is in the workspace")),
        ];
        let mut seen = BTreeSet::new();
        while let Some(id) = open.pop() {
            for used in self.uses(&id) {
                if seen.insert(self.names[&used].as_str()) {
                    open.push(used);
                }
            }
        }
        seen
    }

    /// Who uses a package directly, whatever for.
    fn users_of(&self, name: &str) -> BTreeSet<&str> {
        let resolve = self.metadata.resolve.as_ref().expect("a resolved graph");
        resolve
            .nodes
            .iter()
            .filter(|node| node.deps.iter().any(|dep| self.names[&dep.pkg] == name))
            .map(|node| self.names[&node.id].as_str())
            .collect()
    }

    fn versions_of(&self, name: &str) -> usize {
        self.names.values().filter(|found| *found == name).count()
    }
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn surplus<'a>(found: &BTreeSet<&'a str>, allowed: &[&str]) -> Vec<&'a str> {
    found
        .iter()
        .filter(|name| !allowed.contains(name))
        .copied()
        .collect()
}

#[test]
fn the_domain_reaches_nothing_that_does_io() {
    let graph = Graph::load();
    let surplus = surplus(&graph.closure("keelson-domain"), DOMAIN_CLOSURE);
    assert!(surplus.is_empty(), "not on the domain's list: {surplus:?}");
}

#[test]
fn the_application_names_only_the_domain_and_its_list() {
    let graph = Graph::load();
    let surplus = surplus(&graph.direct("keelson-application"), APPLICATION_DIRECT);
    assert!(surplus.is_empty(), "not on the application's list: {surplus:?}");
}

#[test]
fn adapters_never_import_each_other() {
    let graph = Graph::load();
    let ways_in = ["keelson-http", "keelson-sockets"];
    for name in ways_in.iter().chain(OUTBOUND) {
        if graph.member(name).is_none() {
            continue;
        }
        let mut allowed = vec!["keelson-domain"];
        if ways_in.contains(name) {
            allowed.push("keelson-application");
        }
        if name.starts_with("keelson-persistence-") {
            allowed.push("keelson-persistence-kit");
        }
        let ours: BTreeSet<&str> = graph
            .direct(name)
            .into_iter()
            .filter(|used| used.starts_with("keelson"))
            .collect();
        let surplus = surplus(&ours, &allowed);
        assert!(surplus.is_empty(), "{name} imports {surplus:?}");
    }
}

#[test]
fn every_crate_has_its_ring() {
    let graph = Graph::load();
    let mut known: BTreeSet<&str> = [
        "keelson",
        "keelson-application",
        "keelson-domain",
        "keelson-http",
        "keelson-sockets",
        "keelson-load",
        "keelson-tests",
    ]
    .into();
    known.extend(OUTBOUND);
    for id in &graph.metadata.workspace_members {
        let name = graph.names[id].as_str();
        assert!(
            known.contains(name),
            "{name}: say in tests/architecture.rs which ring it is in"
        );
    }
}

#[test]
fn the_bans_of_deny_toml_hold() {
    let text = std::fs::read_to_string(root().join("deny.toml")).expect("deny.toml");
    let deny: toml::Table = text.parse().expect("deny.toml is TOML");
    let bans = deny["bans"]["deny"].as_array().expect("a list of bans");
    assert!(bans.len() > 10, "the bans were read");
    let graph = Graph::load();
    for ban in bans {
        let name = ban["name"].as_str().expect("a ban names a crate");
        if ban.get("deny-multiple-versions").is_some() {
            assert!(graph.versions_of(name) <= 1, "more than one version of {name}");
            continue;
        }
        let wrappers: Vec<&str> = ban
            .get("wrappers")
            .and_then(toml::Value::as_array)
            .map(|list| list.iter().filter_map(toml::Value::as_str).collect())
            .unwrap_or_default();
        let surplus = surplus(&graph.users_of(name), &wrappers);
        assert!(
            surplus.is_empty(),
            "{name} is used by {surplus:?}, allowed are {wrappers:?}"
        );
    }
}

/// The Rust sources below folders of the workspace.
fn sources(folders: &[&str]) -> Vec<PathBuf> {
    let mut open: Vec<PathBuf> = folders.iter().map(|folder| root().join(folder)).collect();
    let mut found = Vec::new();
    while let Some(folder) = open.pop() {
        for entry in std::fs::read_dir(&folder).expect("a folder of sources") {
            let path = entry.expect("an entry").path();
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            if path.is_dir() {
                if !matches!(name.as_ref(), "target" | "node_modules") {
                    open.push(path);
                }
            } else if name.ends_with(".rs") {
                found.push(path);
            }
        }
    }
    assert!(found.len() > 20, "the sources were found");
    found
}

#[test]
fn sources_stay_short() {
    let mut long = Vec::new();
    for path in sources(&["domain", "application", "adapters", "bootstrap", "tests"]) {
        let lines = std::fs::read_to_string(&path).expect("a source").lines().count();
        if lines > LONGEST_FILE && !path.ends_with("schema.rs") {
            long.push(format!("{}: {lines} lines", path.display()));
        }
    }
    assert!(
        long.is_empty(),
        "split at {LONGEST_FILE} lines:\n{}",
        long.join("\n")
    );
}

#[test]
fn every_dependency_of_the_workspace_is_used_by_a_crate() {
    let listed = manifest(&root().join("Cargo.toml"));
    let listed = listed["workspace"]["dependencies"].as_table().expect("a table");
    let graph = Graph::load();
    let mut used = BTreeSet::new();
    for package in graph.metadata.workspace_packages() {
        let member = manifest(package.manifest_path.as_std_path());
        for kind in ["dependencies", "dev-dependencies", "build-dependencies"] {
            used.extend(
                member
                    .get(kind)
                    .and_then(toml::Value::as_table)
                    .into_iter()
                    .flat_map(toml::Table::keys)
                    .cloned(),
            );
        }
    }
    let unused: Vec<_> = listed.keys().filter(|name| !used.contains(*name)).collect();
    assert!(
        unused.is_empty(),
        "in [workspace.dependencies], and in no crate: {unused:?}"
    );
}

fn manifest(path: &Path) -> toml::Table {
    let text = std::fs::read_to_string(path).expect("a manifest");
    text.parse().expect("a manifest is TOML")
}
