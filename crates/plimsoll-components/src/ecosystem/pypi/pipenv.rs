//! Pipfile and Pipfile.lock.
//!
//! Source: Pipenv docs, "Pipfile & Pipfile.lock".

use std::collections::HashMap;

use plimsoll_model::{excerpt, tree_path};
use serde_json::{Map, Value};

use super::{
    REGISTRY,
    entries::{self, Entries},
    names::{is_name, normal},
    sources,
};
use crate::{
    component::Origin,
    ecosystem::locked::{
        graph::{Graph, LockError, Package, Usage, Want},
        manifest::{Manifest, Sibling},
    },
    options::Limits,
    tree_file::SourceFile,
};

pub(super) const FORMAT: &str = "Pipfile.lock";
const VERSIONS: &str = "6";

/// Tables of a Pipfile that list no packages.
const SETTINGS: [&str; 5] = ["source", "requires", "scripts", "pipfile", "pipenv"];

/// Reads a Pipfile.
pub(super) fn manifest(file: &SourceFile) -> Result<Manifest, String> {
    let table = super::pyproject::parse(&file.bytes)?;
    let mut manifest = Manifest::of(file);
    for (section, list) in table.iter().filter(|(section, _)| !SETTINGS.contains(&section.as_str())) {
        let usage = if section == "dev-packages" { Usage::Dev } else { Usage::Normal };
        let list = list.as_table().ok_or_else(|| format!("{} is no table", excerpt(section, 80)))?;
        for (name, value) in list {
            if !is_name(name) {
                return Err(format!("{} has \"{}\", which is no name", excerpt(section, 80), excerpt(name, 80)));
            }
            let name = normal(name);
            let (requirement, optional) = match value {
                toml::Value::String(version) => (version.clone(), false),
                toml::Value::Table(one) if one.contains_key("path") => {
                    let path = entries::text(one, "path").map(ToOwned::to_owned);
                    manifest.siblings.push(Sibling { name, usage, path });
                    continue;
                }
                toml::Value::Table(one) => {
                    let conditions = ["markers", "sys_platform", "os_name", "platform_system", "python_version"];
                    let optional = conditions.iter().any(|key| one.contains_key(*key));
                    (entries::text(one, "version").unwrap_or("@").to_owned(), optional)
                }
                _ => return Err(format!("{} has an entry of an unknown kind", excerpt(section, 80))),
            };
            manifest.wants.push(Want { name, requirement, usage, optional });
        }
    }
    Ok(manifest)
}

/// Reads a Pipfile.lock.
pub(super) fn read(file: &SourceFile, limits: &Limits) -> Result<Graph, LockError> {
    let malformed = |reason: &str| LockError::Malformed(reason.to_owned());
    let Value::Object(root) = plimsoll_model::parse_strict(&file.bytes).map_err(LockError::Malformed)? else {
        return Err(malformed("it is no JSON object"));
    };
    let meta = root.get("_meta").and_then(Value::as_object).ok_or_else(|| malformed("it has no _meta"))?;
    let version = match meta.get("pipfile-spec").and_then(Value::as_u64) {
        Some(version) if version <= 6 => version.to_string(),
        Some(version) => return Err(LockError::Future(version.to_string(), VERSIONS)),
        None => return Err(malformed("it says no version of its format")),
    };
    let sections: Vec<(&String, &Value)> = root.iter().filter(|(name, _)| *name != "_meta").collect();
    let count: usize = sections.iter().filter_map(|(_, section)| section.as_object()).map(Map::len).sum();
    if count > limits.packages {
        return Err(LockError::Limit(format!("it lists more than {} packages", limits.packages)));
    }
    let indexes = Indexes::of(meta);
    let folder = tree_path::folder(&file.path);
    let mut all = Entries::default();
    for (name, section) in sections {
        let section = section.as_object().ok_or_else(|| malformed("a section of it is no list of packages"))?;
        let usage = if name == "develop" { Usage::Dev } else { Usage::Normal };
        for (name, entry) in section {
            let package = entry.as_object().ok_or_else(|| "is no list of members".to_owned());
            match package.and_then(|entry| package_of(name, entry, folder, &indexes)) {
                Ok(package) => drop(all.add(Package { usage: Some(usage), ..package })),
                Err(reason) => all.fault(name, &reason),
            }
        }
    }
    let hash = meta.get("hash").and_then(|hash| hash.get("sha256")).and_then(Value::as_str);
    let graph = all.asked_by_name();
    Ok(Graph { format: FORMAT, version, has_edges: false, written_for: hash.map(ToOwned::to_owned), ..graph })
}

/// Indexes by the names that a lockfile has for them, and the one that counts where none is named.
struct Indexes<'a> {
    by_name: HashMap<&'a str, Option<Origin>>,
    first: Option<Origin>,
}

impl<'a> Indexes<'a> {
    fn of(meta: &'a Map<String, Value>) -> Self {
        let mut indexes = Self { by_name: HashMap::new(), first: None };
        for (number, source) in meta.get("sources").and_then(Value::as_array).into_iter().flatten().enumerate() {
            let text = |name: &str| source.get(name).and_then(Value::as_str);
            let origin = text("url").and_then(sources::index);
            if number == 0 {
                indexes.first.clone_from(&origin);
            }
            indexes.by_name.insert(text("name").unwrap_or_default(), origin);
        }
        if indexes.by_name.is_empty() {
            indexes.first = Some(Origin::Public(REGISTRY));
        }
        indexes
    }

    fn origin(&self, name: Option<&str>) -> Option<Origin> {
        match name {
            Some(name) => self.by_name.get(name).cloned()?,
            None => self.first.clone(),
        }
    }
}

fn package_of(name: &str, entry: &Map<String, Value>, folder: &str, indexes: &Indexes<'_>) -> Result<Package, String> {
    let text = |name: &str| entry.get(name).and_then(Value::as_str);
    let unknown = || "comes from a source of an unknown kind".to_owned();
    let texts = entry.get("hashes").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str);
    let hashes = entries::hashes(texts)?;
    if let Some(path) = text("path") {
        let place = tree_path::join(folder, path);
        let own = entries::own(name, "", place.as_deref())?;
        return Ok(Package { own: place.is_some(), ..own });
    }
    // A version is there beside git and addresses as well, where it is known.
    let version = match text("version") {
        None => "",
        Some(version) => version
            .strip_prefix("==")
            .map(|version| version.trim_start_matches('=').trim())
            .ok_or("is not pinned to a version")?,
    };
    if let Some(address) = text("git") {
        return entries::package(name, version, sources::git(address, text("ref")).ok_or_else(unknown)?, hashes);
    }
    if let Some(address) = text("file").or_else(|| text("uri")) {
        return entries::package(name, version, sources::archive(address).unwrap_or(Origin::Folder), hashes);
    }
    entries::package(name, version, indexes.origin(text("index")).ok_or_else(unknown)?, hashes)
}
