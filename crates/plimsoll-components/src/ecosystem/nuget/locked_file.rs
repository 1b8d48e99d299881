//! What `NuGet` has resolved, in whichever file it is kept.

use std::collections::BTreeMap;

use plimsoll_model::excerpt;
use serde_json::{Map, Value};

use super::{ASSETS, CONFIG, LOCK, msbuild, names};
use crate::{
    ecosystem::locked::graph::LockError,
    hash::{Algorithm, Hash},
};

/// One file that was understood.
#[derive(Clone, Debug, Default)]
pub(super) struct LockedFile {
    pub format: &'static str,
    pub version: String,
    pub targets: Vec<Target>,
    /// Sources from which it was resolved, where it says.
    pub sources: Option<Vec<String>>,
    pub faults: Vec<String>,
}

/// What is built for one framework, or what differs there for one runtime.
#[derive(Clone, Debug, Default)]
pub(super) struct Target {
    pub framework: String,
    pub entries: Vec<Entry>,
}

#[derive(Clone, Debug, Default)]
pub(super) struct Entry {
    pub id: String,
    pub version: String,
    pub kind: Kind,
    /// What was asked for, by the project itself.
    pub requested: Option<String>,
    pub hash: Option<Hash>,
    pub needs: Vec<String>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Kind {
    /// The project asks for it.
    Direct,
    #[default]
    Transitive,
    /// A project of the tree.
    Project,
}

impl Target {
    /// The framework without the runtime.
    pub fn base(&self) -> &str {
        self.framework.split('/').next().unwrap_or_default()
    }
}

impl LockedFile {
    /// The frameworks that it was resolved for, each once.
    pub fn frameworks(&self) -> Vec<&str> {
        let mut all: Vec<&str> = self.targets.iter().map(Target::base).collect();
        all.sort_unstable();
        all.dedup();
        all
    }

    /// Its entries with the keys of their ids.
    pub fn entries(&self) -> impl Iterator<Item = &Entry> {
        self.targets.iter().flat_map(|target| &target.entries)
    }
}

fn malformed(reason: &str) -> LockError {
    LockError::Malformed(reason.to_owned())
}

fn object<'a>(value: Option<&'a Value>, what: &str) -> Result<&'a Map<String, Value>, LockError> {
    value.and_then(Value::as_object).ok_or_else(|| malformed(&format!("it has no {what}")))
}

fn json(bytes: &[u8]) -> Result<Value, LockError> {
    plimsoll_model::parse_strict(bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes))
        .map_err(|error| malformed(&error))
}

fn version_of(value: &Value, known: &[u64], told: &'static str) -> Result<String, LockError> {
    let version = value.get("version").ok_or_else(|| malformed("it has no version"))?;
    match version.as_u64() {
        Some(version) if known.contains(&version) => Ok(version.to_string()),
        _ => Err(LockError::Future(excerpt(&version.to_string(), 20), told)),
    }
}

/// The names that something needs.
fn needs(value: &Value) -> Result<Vec<String>, ()> {
    match value.get("dependencies") {
        None | Some(Value::Null) => Ok(Vec::new()),
        Some(Value::Object(all)) => Ok(all.keys().cloned().collect()),
        Some(_) => Err(()),
    }
}

/// What is wrong with a package, as what follows its id in a sentence.
fn wrong(id: &str, version: &str) -> Option<String> {
    if !names::is_id(id) {
        return Some("is no id of a package".to_owned());
    }
    (!names::is_version(version)).then(|| format!("has no valid version: {}", excerpt(version, 80)))
}

/// Reads packages.lock.json.
///
/// Source: `NuGet.Client`, `PackagesLockFileFormat`.
pub(super) fn lock(bytes: &[u8]) -> Result<LockedFile, LockError> {
    let value = json(bytes)?;
    let version = version_of(&value, &[1, 2], "1 and 2")?;
    let mut file = LockedFile { format: LOCK, version, ..LockedFile::default() };
    for (framework, entries) in object(value.get("dependencies"), "dependencies")? {
        let mut target = Target { framework: framework.clone(), ..Target::default() };
        for (id, entry) in object(Some(entries), "packages for a framework")? {
            match lock_entry(id, entry) {
                Ok(entry) => target.entries.push(entry),
                Err(reason) => file.faults.push(format!("{} {reason}", excerpt(id, 80))),
            }
        }
        file.targets.push(target);
    }
    Ok(file)
}

fn lock_entry(id: &str, value: &Value) -> Result<Entry, String> {
    let text = |name: &str| value.get(name).and_then(Value::as_str);
    let kind = match text("type") {
        Some("Direct") => Kind::Direct,
        Some("Transitive" | "CentralTransitive") => Kind::Transitive,
        Some("Project") => Kind::Project,
        other => return Err(format!("is of an unknown kind: {}", excerpt(other.unwrap_or("none"), 40))),
    };
    let needs = needs(value).map_err(|()| "has dependencies that are no list of names")?;
    let entry = Entry { id: id.to_owned(), kind, needs, ..Entry::default() };
    if kind == Kind::Project {
        return Ok(entry);
    }
    let version = text("resolved").unwrap_or_default().to_owned();
    if let Some(reason) = wrong(id, &version) {
        return Err(reason);
    }
    let hash = match value.get("contentHash") {
        None => None,
        Some(hash) => {
            let hash = hash.as_str().and_then(|text| Hash::of_base64(Algorithm::NugetContent, text));
            Some(hash.ok_or("has a content hash that is none")?)
        }
    };
    Ok(Entry { version, hash, requested: text("requested").map(ToOwned::to_owned), ..entry })
}

/// Reads project.assets.json.
///
/// Source: `NuGet.Client`, `LockFileFormat`.
pub(super) fn assets(bytes: &[u8]) -> Result<LockedFile, LockError> {
    let value = json(bytes)?;
    let version = version_of(&value, &[2, 3], "2 and 3")?;
    let mut file = LockedFile { format: ASSETS, version, ..LockedFile::default() };
    let libraries = object(value.get("libraries"), "libraries")?;
    let direct = asked(&value);
    for (framework, entries) in object(value.get("targets"), "targets")? {
        let mut target = Target { framework: framework.clone(), ..Target::default() };
        for (name, entry) in object(Some(entries), "packages for a framework")? {
            match asset(name, entry, libraries) {
                Ok(mut entry) => {
                    let asked = direct.get(&names::key(&entry.id));
                    if entry.kind == Kind::Transitive
                        && let Some(asked) = asked
                    {
                        entry.kind = Kind::Direct;
                        entry.requested.clone_from(asked);
                    }
                    target.entries.push(entry);
                }
                Err(reason) => file.faults.push(format!("{} {reason}", excerpt(name, 80))),
            }
        }
        file.targets.push(target);
    }
    let sources = value.pointer("/project/restore/sources").and_then(Value::as_object);
    file.sources = sources.filter(|sources| !sources.is_empty()).map(|all| all.keys().cloned().collect());
    Ok(file)
}

/// What the project asked for in any of its frameworks, by key: the range where it is the same in all.
fn asked(value: &Value) -> BTreeMap<String, Option<String>> {
    let mut all: BTreeMap<String, Option<String>> = BTreeMap::new();
    let frameworks = value.pointer("/project/frameworks").and_then(Value::as_object);
    let lists = frameworks.into_iter().flat_map(Map::values).filter_map(|one| one.get("dependencies")?.as_object());
    for (id, asked) in lists.flatten() {
        let version = asked.get("version").or(Some(asked)).and_then(Value::as_str).map(ToOwned::to_owned);
        let known = all.entry(names::key(id));
        known
            .and_modify(|known| *known = known.take().filter(|known| Some(known) == version.as_ref()))
            .or_insert(version.clone());
    }
    all
}

fn asset(name: &str, value: &Value, libraries: &Map<String, Value>) -> Result<Entry, String> {
    let (id, version) = name.split_once('/').ok_or("is no id with a version")?;
    let kind = match value.get("type").and_then(Value::as_str) {
        Some("package") => Kind::Transitive,
        Some("project" | "externalProject") => Kind::Project,
        other => return Err(format!("is of an unknown kind: {}", excerpt(other.unwrap_or("none"), 40))),
    };
    let needs = needs(value).map_err(|()| "has dependencies that are no list of names")?;
    let entry = Entry { id: id.to_owned(), version: version.to_owned(), kind, needs, ..Entry::default() };
    if kind == Kind::Project {
        return Ok(entry);
    }
    if let Some(reason) = wrong(id, version) {
        return Err(reason);
    }
    let library = libraries.get(name).ok_or("is in no library of it")?;
    let hash = match library.get("sha512") {
        None => None,
        Some(hash) => {
            let hash = hash.as_str().and_then(|text| Hash::of_base64(Algorithm::NugetContent, text));
            Some(hash.ok_or("has a digest that is none")?)
        }
    };
    Ok(Entry { hash, ..entry })
}

/// Reads packages.config, which lists all that is fetched.
///
/// Source: `NuGet` documentation, "packages.config reference".
pub(super) fn config(bytes: &[u8]) -> Result<LockedFile, LockError> {
    let text = std::str::from_utf8(bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes));
    let text = text.map_err(|_| malformed("it is not UTF-8"))?;
    let document = msbuild::parse(text).map_err(|reason| malformed(&reason))?;
    let root = document.root_element();
    if root.tag_name().name() != "packages" {
        return Err(malformed("it has no list of packages"));
    }
    let mut file = LockedFile { format: CONFIG, ..LockedFile::default() };
    let mut target = Target::default();
    for entry in root.children().filter(roxmltree::Node::is_element) {
        let (id, version) = (entry.attribute("id").unwrap_or_default(), entry.attribute("version").unwrap_or_default());
        let name = entry.tag_name().name();
        let reason = if name == "package" {
            wrong(id, version)
        } else {
            Some(format!("is {}, not a package", excerpt(name, 40)))
        };
        match reason {
            Some(reason) => file.faults.push(format!("the entry {} {reason}", excerpt(id, 80))),
            None => target.entries.push(Entry {
                id: id.to_owned(),
                version: version.to_owned(),
                kind: Kind::Direct,
                ..Entry::default()
            }),
        }
    }
    file.targets.push(target);
    Ok(file)
}
