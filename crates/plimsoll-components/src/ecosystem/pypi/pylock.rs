//! pylock.toml and pylock.NAME.toml.
//!
//! Source: Python Packaging User Guide, "pylock.toml specification" (PEP 751).

use std::collections::BTreeSet;

use plimsoll_model::{excerpt, tree_path};
use toml::{Table, Value};

use super::{
    entries::{self, Entries, below, is_major, tables, text, texts},
    sources,
};
use crate::{
    component::Origin,
    ecosystem::locked::graph::{Graph, LockError, Package, Usage},
    hash::{Algorithm, Hash},
    options::Limits,
    tree_file::SourceFile,
};

pub(super) const FORMAT: &str = "pylock.toml";
const VERSIONS: &str = "1";

/// Reads one. What a package depends on is there for people alone, so nothing is decided by it.
pub(super) fn read(file: &SourceFile, limits: &Limits) -> Result<Graph, LockError> {
    let root = entries::table(file)?;
    let version = text(&root, "lock-version")
        .ok_or_else(|| LockError::Malformed("it says no version of its format".to_owned()))?;
    if !is_major(version, &[1]) {
        return Err(LockError::Future(excerpt(version, 20), VERSIONS));
    }
    if !root.contains_key("packages") {
        return Err(LockError::Malformed("it has no list of packages".to_owned()));
    }
    let folder = tree_path::folder(&file.path);
    let default_groups: BTreeSet<&str> = texts(&root, "default-groups").collect();
    let mut all = Entries::default();
    for entry in entries::packages(&root, "packages", limits)? {
        match package(entry, folder) {
            Ok(package) => {
                let usage = text(entry, "marker").and_then(|marker| usage(marker, &default_groups));
                all.add(Package { usage, ..package });
            }
            Err(reason) => all.fault(text(entry, "name").unwrap_or_default(), &reason),
        }
    }
    let graph = all.asked_by_name();
    Ok(Graph { format: FORMAT, version: excerpt(version, 20), has_edges: false, ..graph })
}

/// A package that is installed with groups alone which nobody gets who does not ask for them is of those who work on it.
fn usage(marker: &str, default_groups: &BTreeSet<&str>) -> Option<Usage> {
    if marker.contains(" and ") || marker.contains(" not ") {
        return None;
    }
    let of_one = |part: &str| {
        let (group, list) = part.trim().trim_matches(['(', ')']).split_once(" in ")?;
        let group = group.trim().trim_matches(['\'', '"']);
        (list.trim() == "dependency_groups" && !default_groups.contains(group)).then_some(())
    };
    marker.split(" or ").all(|part| of_one(part).is_some()).then_some(Usage::Dev)
}

fn package(entry: &Table, folder: &str) -> Result<Package, String> {
    let name = text(entry, "name").unwrap_or_default();
    let version = text(entry, "version").unwrap_or_default();
    if let Some(directory) = below(entry, "directory") {
        let place = text(directory, "path").and_then(|path| tree_path::join(folder, path));
        let own = entries::own(name, version, place.as_deref())?;
        return Ok(Package { own: place.is_some(), ..own });
    }
    if let Some(vcs) = below(entry, "vcs") {
        let address = text(vcs, "url").filter(|_| text(vcs, "type") == Some("git"));
        let origin = address.and_then(|address| sources::git(address, text(vcs, "commit-id")));
        return entries::package(name, version, origin.ok_or("comes from a source of an unknown kind")?, Vec::new());
    }
    let archives: Vec<&Table> = match below(entry, "archive") {
        Some(archive) => vec![archive],
        None => below(entry, "sdist").into_iter().chain(tables(entry, "wheels")).collect(),
    };
    let mut hashes = Vec::new();
    for archive in &archives {
        for (algorithm, value) in below(archive, "hashes").into_iter().flatten() {
            hashes.extend(digest(algorithm, value)?);
        }
    }
    let first = archives.first().ok_or("says not where it comes from")?;
    let origin = match (text(entry, "index"), text(first, "url")) {
        (Some(index), _) => sources::index(index),
        (None, Some(address)) => sources::archive(address),
        (None, None) => text(first, "path").map(|_| Origin::Folder),
    };
    entries::package(name, version, origin.ok_or("comes from a source of an unknown kind")?, hashes)
}

/// A digest by the name of an algorithm in Python's `hashlib`; nothing where it is one that documents have no name for.
fn digest(algorithm: &str, value: &Value) -> Result<Option<Hash>, String> {
    let algorithm = match algorithm {
        "md5" => Algorithm::Md5,
        "sha1" => Algorithm::Sha1,
        "sha256" => Algorithm::Sha256,
        "sha384" => Algorithm::Sha384,
        "sha512" => Algorithm::Sha512,
        _ => return Ok(None),
    };
    let hash = value.as_str().and_then(|value| Hash::of_hex(algorithm, value));
    hash.map(Some).ok_or_else(|| "has a digest that is none".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_that_must_be_asked_for_are_for_those_who_work_on_it() {
        let of = |marker: &str| usage(marker, &BTreeSet::from(["base"]));
        assert_eq!(of("'dev' in dependency_groups"), Some(Usage::Dev));
        assert_eq!(of("('dev' in dependency_groups) or (\"test\" in dependency_groups)"), Some(Usage::Dev));
        for shipped in [
            "",
            "'base' in dependency_groups",
            "'x' in extras",
            "'dev' in dependency_groups or 'x' in extras",
            "'dev' not in dependency_groups",
            "'dev' in dependency_groups or python_version < '3'",
            "'dev' in dependency_groups or 'base' in dependency_groups",
        ] {
            assert_eq!(of(shipped), None, "{shipped}");
        }
    }
}
