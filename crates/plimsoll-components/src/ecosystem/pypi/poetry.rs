//! poetry.lock.
//!
//! Source: Poetry, `poetry.packages.locker`.

use std::collections::HashMap;

use plimsoll_model::{excerpt, tree_path};
use toml::{Table, Value};

use super::{
    REGISTRY,
    entries::{self, EdgesLeft, Entries, below, is_major, tables, text, texts},
    names::normal,
    sources,
};
use crate::{
    component::Origin,
    ecosystem::locked::graph::{Graph, LockError, Package, Usage},
    options::Limits,
    tree_file::SourceFile,
};

pub(super) const FORMAT: &str = "poetry.lock";
const VERSIONS: &str = "1 and 2";

/// The version of lockfiles that say none.
const FIRST: &str = "1.0";

/// Reads one.
pub(super) fn read(file: &SourceFile, limits: &Limits) -> Result<Graph, LockError> {
    let root = entries::table(file)?;
    let metadata =
        below(&root, "metadata").ok_or_else(|| LockError::Malformed("it says no version of its format".to_owned()))?;
    let version = text(metadata, "lock-version").unwrap_or(FIRST);
    if !is_major(version, &[1, 2]) {
        return Err(LockError::Future(excerpt(version, 20), VERSIONS));
    }
    let listed = entries::packages(&root, "package", limits)?;
    let folder = tree_path::folder(&file.path);
    let files = files(metadata);
    let mut count: HashMap<String, usize> = HashMap::new();
    for entry in &listed {
        *count.entry(normal(text(entry, "name").unwrap_or_default())).or_default() += 1;
    }
    let mut all = Entries::default();
    let mut places = Vec::with_capacity(listed.len());
    for entry in &listed {
        let name = text(entry, "name").unwrap_or_default();
        let key = normal(name);
        let is_only = count.get(&key) == Some(&1);
        let older = files.get(&key).map(Vec::as_slice).unwrap_or_default();
        match package(entry, folder, older, is_only) {
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
        for (name, value) in below(entry, "dependencies").into_iter().flatten() {
            let found = all.of_name(&normal(name)).to_vec();
            left.take(found.len().max(1))?;
            // What no system needs that the lockfile is for is not locked.
            if found.is_empty() && !may_lack(value) {
                let what = excerpt(name, 80);
                all.fault(text(entry, "name").unwrap_or_default(), &format!("asks for {what}, which it does not hold"));
            }
            all.depend(from, &found, Usage::Normal);
        }
    }
    let written_for = text(metadata, "content-hash").map(ToOwned::to_owned);
    let graph = all.asked_by_name();
    Ok(Graph { format: FORMAT, version: excerpt(version, 20), has_edges: true, written_for, ..graph })
}

/// Names of archives with digests, by package, as lockfiles of version 1 have them.
fn files(metadata: &Table) -> HashMap<String, Vec<(&str, &str)>> {
    let mut all: HashMap<String, Vec<(&str, &str)>> = HashMap::new();
    for (name, list) in below(metadata, "files").into_iter().flatten() {
        let list = list.as_array().into_iter().flatten().filter_map(Value::as_table);
        let of_one = |one| Some((text(one, "file").unwrap_or_default(), text(one, "hash")?));
        all.entry(normal(name)).or_default().extend(list.filter_map(of_one));
    }
    all
}

fn may_lack(value: &Value) -> bool {
    let of_one = |value: &Value| {
        value
            .as_table()
            .is_some_and(|one| one.contains_key("markers") || one.get("optional") == Some(&Value::Boolean(true)))
    };
    match value {
        Value::Array(several) => several.iter().all(of_one),
        one => of_one(one),
    }
}

fn package(entry: &Table, folder: &str, older: &[(&str, &str)], is_only: bool) -> Result<Package, String> {
    let name = text(entry, "name").unwrap_or_default();
    let version = text(entry, "version").unwrap_or_default();
    let mut digests: Vec<&str> = tables(entry, "files").filter_map(|one| text(one, "hash")).collect();
    if digests.is_empty() {
        // Of several versions of one package the archives are in one list.
        let is_own = |file: &str| is_only || [".", "-"].iter().any(|end| file.contains(&format!("-{version}{end}")));
        digests.extend(older.iter().filter(|(file, _)| is_own(file)).map(|(_, hash)| *hash));
    }
    let hashes = entries::hashes(digests.into_iter())?;
    let Some(source) = below(entry, "source") else {
        let package = entries::package(name, version, Origin::Public(REGISTRY), hashes)?;
        return Ok(Package { usage: usage(entry), ..package });
    };
    let address = text(source, "url").unwrap_or_default();
    let origin = match text(source, "type") {
        Some("legacy") => sources::index(address),
        Some("git") => sources::git(address, text(source, "resolved_reference")),
        Some("url") => sources::archive(address),
        Some("file") => Some(Origin::Folder),
        Some("directory") => {
            let place = tree_path::join(folder, address);
            let own = entries::own(name, version, place.as_deref())?;
            return Ok(Package { own: place.is_some(), usage: usage(entry), ..own });
        }
        _ => None,
    };
    let package = entries::package(name, version, origin.ok_or("comes from a source of an unknown kind")?, hashes)?;
    Ok(Package { usage: usage(entry), ..package })
}

/// For which groups it is locked: all but one are of those who work on it.
fn usage(entry: &Table) -> Option<Usage> {
    let mut groups = texts(entry, "groups").chain(text(entry, "category")).peekable();
    groups.peek()?;
    Some(if groups.any(|group| group == "main") { Usage::Normal } else { Usage::Dev })
}
