//! pdm.lock.
//!
//! Source: PDM, `pdm.formats` and `pdm.project.lockfile`; docs, "Lock file".

use std::collections::HashMap;

use plimsoll_model::{excerpt, tree_path};
use toml::{Table, Value};

use super::{
    REGISTRY,
    entries::{self, EdgesLeft, Entries, below, is_major, tables, text, texts},
    names::Requirement,
    sources,
};
use crate::{
    component::Origin,
    ecosystem::locked::graph::{Graph, LockError, Package, Usage},
    options::Limits,
    tree_file::SourceFile,
};

pub(super) const FORMAT: &str = "pdm.lock";
const VERSIONS: &str = "2 to 4";

/// Reads one. `index` is what its manifest names as the place that packages come from, where that is not the public registry.
pub(super) fn read(file: &SourceFile, index: Option<&Origin>, limits: &Limits) -> Result<Graph, LockError> {
    let root = entries::table(file)?;
    let metadata =
        below(&root, "metadata").ok_or_else(|| LockError::Malformed("it says no version of its format".to_owned()))?;
    let version = text(metadata, "lock_version")
        .ok_or_else(|| LockError::Malformed("it says no version of its format".to_owned()))?;
    if !is_major(version, &[2, 3, 4]) {
        return Err(LockError::Future(excerpt(version, 20), VERSIONS));
    }
    let listed = entries::packages(&root, "package", limits)?;
    let folder = tree_path::folder(&file.path);
    let older = files(metadata);
    let mut all = Entries::default();
    let mut places = Vec::with_capacity(listed.len());
    for entry in &listed {
        let name = text(entry, "name").unwrap_or_default();
        match package(entry, folder, &older, index) {
            Ok(package) => places.push(Some(all.add(package))),
            Err(reason) => {
                places.push(None);
                all.fault(name, &reason);
            }
        }
    }
    let mut left = EdgesLeft::of(limits);
    for (entry, place) in listed.iter().zip(places) {
        let Some(from) = place else { continue };
        let name = text(entry, "name").unwrap_or_default();
        for line in texts(entry, "dependencies") {
            let Some(one) = Requirement::of(line) else {
                all.fault(name, &format!("asks for \"{}\", which is no requirement", excerpt(line, 80)));
                continue;
            };
            let found = all.of_name(&one.name).to_vec();
            left.take(found.len().max(1))?;
            // What no system needs that the lockfile is for is not locked.
            if found.is_empty() && one.marker.is_none() {
                all.fault(name, &format!("asks for {}, which it does not hold", excerpt(&one.name, 80)));
            }
            all.depend(from, &found, Usage::Normal);
        }
    }
    let written_for =
        text(metadata, "content_hash").map(|hash| hash.strip_prefix("sha256:").unwrap_or(hash).to_owned());
    let graph = all.asked_by_name();
    Ok(Graph { format: FORMAT, version: excerpt(version, 20), has_edges: true, written_for, ..graph })
}

/// Digests by `NAME VERSION`, as older lockfiles have them.
fn files(metadata: &Table) -> HashMap<&str, Vec<&str>> {
    let mut all: HashMap<&str, Vec<&str>> = HashMap::new();
    for (key, list) in below(metadata, "files").into_iter().flatten() {
        let list = list.as_array().into_iter().flatten().filter_map(Value::as_table);
        all.entry(key).or_default().extend(list.filter_map(|one| text(one, "hash")));
    }
    all
}

fn package(
    entry: &Table,
    folder: &str,
    older: &HashMap<&str, Vec<&str>>,
    index: Option<&Origin>,
) -> Result<Package, String> {
    let name = text(entry, "name").unwrap_or_default();
    let version = text(entry, "version").unwrap_or_default();
    let mut digests: Vec<&str> = tables(entry, "files").filter_map(|one| text(one, "hash")).collect();
    digests.extend(older.get(format!("{name} {version}").as_str()).into_iter().flatten());
    let hashes = entries::hashes(digests.into_iter())?;
    let origin = if let Some(address) = text(entry, "git") {
        sources::git(address, text(entry, "revision")).ok_or("comes from git without an address")?
    } else if let Some(address) = text(entry, "url") {
        sources::archive(address).ok_or("comes from a source of an unknown kind")?
    } else if let Some(path) = text(entry, "path") {
        let place = tree_path::join(folder, path);
        let own = entries::own(name, version, place.as_deref())?;
        return Ok(Package { own: place.is_some(), usage: usage(entry), ..own });
    } else if ["hg", "svn", "bzr"].iter().any(|kind| entry.contains_key(*kind)) {
        return Err("comes from a source of an unknown kind".to_owned());
    } else if let Some(address) = tables(entry, "files").find_map(|one| text(one, "url")) {
        sources::archive(address).ok_or("comes from a source of an unknown kind")?
    } else {
        index.cloned().unwrap_or(Origin::Public(REGISTRY))
    };
    Ok(Package { usage: usage(entry), ..entries::package(name, version, origin, hashes)? })
}

/// It is needed to run where it is in the group that every user gets. Of the others it is not known here which are for whom.
fn usage(entry: &Table) -> Option<Usage> {
    texts(entry, "groups").any(|group| group == "default").then_some(Usage::Normal)
}
