//! The settings of Dependabot for all manifests of the tree that it reads.
//!
//! Source: GitHub, "Dependabot options reference".

use std::collections::{BTreeMap, BTreeSet};

use plimsoll_snapshot::Snapshot;

use super::{Change, Found};
use crate::{PathClass, PathClasses, collectors::policies};

const PATH: &str = ".github/dependabot.yml";
/// Folders that are named for one ecosystem.
const MOST: usize = 20;

pub(super) fn changes(snapshot: &Snapshot) -> Found {
    let all = || snapshot.entries().iter();
    if let Some(entry) = all().find(|entry| {
        policies::document_type(entry) == Some("dependency-update") || entry.path.eq_ignore_ascii_case(PATH)
    }) {
        return Err(format!("{} is there: add what it leaves out", plimsoll_model::one_line(&entry.path)));
    }
    if !all().any(|entry| entry.path.starts_with(".github/")) {
        return Err("no folder .github shows that the project is on GitHub, where Dependabot runs".to_owned());
    }
    let classes = PathClasses::stated();
    let is_own = |path: &str| matches!(classes.of(path), PathClass::Shipped | PathClass::Tool);
    let mut speaks = BTreeSet::new();
    let mut folders: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    for entry in all().filter(|entry| entry.is_file() && is_own(&entry.path)) {
        for (name, below) in policies::updatable(entry.name()) {
            folders.entry(name).or_default().insert(format!("/{}", entry.folder()));
            if below {
                speaks.insert(name);
            }
        }
    }
    for name in speaks {
        if let Some(all) = folders.get_mut(name) {
            *all = tops(all);
        }
    }
    if all().any(|entry| entry.path.starts_with(".github/workflows/")) {
        folders.entry("github-actions").or_default().insert("/".to_owned());
    }
    if folders.is_empty() {
        return Err("no manifest was found that Dependabot reads".to_owned());
    }
    let many: Vec<&str> = folders.iter().filter(|(_, all)| all.len() > MOST).map(|(name, _)| *name).collect();
    let left = (!many.is_empty()).then(|| format!("the first {MOST} folders are named for {}", many.join(", ")));
    let mut text = "version: 2\nupdates:\n".to_owned();
    for (name, all) in folders {
        text.push_str(&format!("  - package-ecosystem: {name}\n    directories:\n"));
        for folder in all.iter().take(MOST) {
            // A string of JSON is one of YAML, whatever a folder is called. A text has one.
            let quoted = serde_json::Value::from(folder.as_str());
            text.push_str(&format!("      - {quoted}\n"));
        }
        text.push_str("    schedule:\n      interval: weekly\n");
    }
    Ok((vec![Change::New { path: PATH.to_owned(), text }], left))
}

/// The folders that lie below none of the others: the manifest above speaks for its members.
fn tops(all: &BTreeSet<String>) -> BTreeSet<String> {
    let is_below = |one: &str, other: &str| {
        one.strip_prefix(other).is_some_and(|rest| rest.starts_with('/') || other == "/" && !rest.is_empty())
    };
    all.iter().filter(|one| !all.iter().any(|other| is_below(one, other))).cloned().collect()
}
