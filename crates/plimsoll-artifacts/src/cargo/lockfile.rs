//! A `Cargo.lock` as packages and the edges between them.
//!
//! There is a second reader, in plimsoll-components, and the two differ on purpose. That one lists what there is, so it takes
//! what it understands and reports the rest. This one proves that two files are one, so that anything it does not know, a
//! member of an entry among it, is a refusal: it could be what makes the difference.

use std::collections::{BTreeMap, BTreeSet};

use toml::{Table, Value};

use super::read::{self, MAX_LOCKFILE_BYTES, ManifestError, SourceText};

/// What a lockfile and an entry of it may hold; anything else is of no cargo that is known here.
const TOP: [&str; 5] = ["version", "package", "root", "metadata", "patch"];
const ENTRY: [&str; 6] = ["name", "version", "source", "checksum", "dependencies", "replace"];

/// Name, version and source without its revision, which is empty for a package of the workspace.
type Key = (String, String, String);

/// One package of a lockfile.
#[derive(Debug)]
pub(super) struct Package {
    pub(super) name: String,
    pub(super) version: String,
    pub(super) source: Option<String>,
    pub(super) checksum: Option<String>,
    pub(super) is_replaced: bool,
    /// The packages that it depends on, by their place in the list.
    pub(super) dependencies: BTreeSet<usize>,
}

impl Package {
    /// Name and version, as cargo's messages show them.
    pub(super) fn label(&self) -> String {
        format!("{} {}", self.name, self.version)
    }

    fn key(&self) -> Key {
        let source = self.source.as_deref().unwrap_or_default();
        (self.name.clone(), self.version.clone(), without_revision(source).to_owned())
    }
}

/// A lockfile: its packages, each of them found by name, version and source.
#[derive(Debug)]
pub(super) struct Lockfile {
    pub(super) packages: Vec<Package>,
    by_key: BTreeMap<Key, usize>,
    /// Patches stand in it that were not used.
    pub(super) has_patches: bool,
}

impl Lockfile {
    /// Reads a lockfile of any version.
    ///
    /// Refused are keys that cargo does not write, a package that appears twice, and a dependency on a package that is
    /// not in the file or that could be several of them.
    pub(super) fn read(text: SourceText, content: &str) -> Result<Self, ManifestError> {
        let refused = |reason: String| ManifestError::NotLockfile { text, reason: super::compare::shown(&reason, 200) };
        let table = read::table(text, content, MAX_LOCKFILE_BYTES)?;
        if let Some(key) = table.keys().find(|key| !TOP.contains(&key.as_str())) {
            return Err(refused(format!("the key {key} is unknown")));
        }
        let listed = match table.get("package") {
            None => &[],
            Some(Value::Array(packages)) => packages.as_slice(),
            Some(_) => return Err(refused("package is not a list".to_owned())),
        };
        // The first version had the package at the root apart from the others.
        let entries = table.get("root").into_iter().chain(listed).map(Value::as_table).collect::<Option<Vec<_>>>();
        let entries = entries.ok_or_else(|| refused("a package is not a table".to_owned()))?;
        let checksums = table.get("metadata").and_then(Value::as_table);
        let mut packages = Vec::with_capacity(entries.len());
        let mut by_key = BTreeMap::new();
        for entry in &entries {
            let package = package(entry, checksums).map_err(refused)?;
            if by_key.insert(package.key(), packages.len()).is_some() {
                return Err(refused(format!("{} is listed twice", package.label())));
            }
            packages.push(package);
        }
        let mut lockfile = Self { packages, by_key, has_patches: table.contains_key("patch") };
        for (index, entry) in entries.iter().enumerate() {
            let dependencies = lockfile.edges(entry).map_err(refused)?;
            if let Some(package) = lockfile.packages.get_mut(index) {
                package.dependencies = dependencies;
            }
        }
        Ok(lockfile)
    }

    /// Gives the package with this name, version and source.
    pub(super) fn find(&self, name: &str, version: &str, source: &str) -> Option<usize> {
        self.by_key.get(&(name.to_owned(), version.to_owned(), without_revision(source).to_owned())).copied()
    }

    /// Gives the package of the workspace with this name, in whichever version.
    pub(super) fn own(&self, name: &str) -> Option<usize> {
        let from = (name.to_owned(), String::new(), String::new());
        let named = self.by_key.range(from..).take_while(|((found, _, _), _)| found == name);
        named.filter(|((_, _, source), _)| source.is_empty()).map(|(_, &index)| index).next()
    }

    /// Gives a package with this name and version, from whichever source.
    pub(super) fn find_anywhere(&self, name: &str, version: &str) -> Option<&Package> {
        let from = (name.to_owned(), version.to_owned(), String::new());
        let ((found, at, _), &index) = self.by_key.range(from..).next()?;
        (found == name && at == version).then(|| self.packages.get(index)).flatten()
    }

    fn edges(&self, entry: &Table) -> Result<BTreeSet<usize>, String> {
        let listed = match entry.get("dependencies") {
            None => return Ok(BTreeSet::new()),
            Some(Value::Array(listed)) => listed,
            Some(_) => return Err("dependencies is not a list".to_owned()),
        };
        listed
            .iter()
            .map(|dependency| {
                let text = dependency.as_str().ok_or("a dependency is not a string")?;
                self.resolve(text).ok_or_else(|| format!("the dependency {text} is not one of its packages"))
            })
            .collect()
    }

    /// Gives the one package that `name`, `name version` or `name version (source)` stands for.
    fn resolve(&self, dependency: &str) -> Option<usize> {
        let mut parts = dependency.splitn(3, ' ');
        let (name, version, source) = (parts.next()?, parts.next(), parts.next());
        if let (Some(version), Some(source)) = (version, source) {
            return self.find(name, version, source.strip_prefix('(')?.strip_suffix(')')?);
        }
        let from = (name.to_owned(), version.unwrap_or_default().to_owned(), String::new());
        let mut candidates = self
            .by_key
            .range(from..)
            .take_while(|((found, at, _), _)| found == name && version.is_none_or(|version| at == version));
        let first = candidates.next().map(|(_, &index)| index);
        // Of a package of the workspace and one of a registry the short form means the first: only its source is empty.
        candidates.next().map_or(first, |_| {
            let version = version?;
            self.find(name, version, "")
        })
    }
}

fn package(entry: &Table, checksums: Option<&Table>) -> Result<Package, String> {
    if let Some(key) = entry.keys().find(|key| !ENTRY.contains(&key.as_str())) {
        return Err(format!("the key {key} of a package is unknown"));
    }
    let text = |key: &str| match entry.get(key) {
        None => Ok(None),
        Some(Value::String(text)) => Ok(Some(text.clone())),
        Some(_) => Err(format!("{key} of a package is not a string")),
    };
    let name = text("name")?.ok_or("a package has no name")?;
    let version = text("version")?.ok_or_else(|| format!("{name} has no version"))?;
    let source = text("source")?;
    // Up to the first two versions of the format the checksums stood apart, under a key made of the package's identity.
    let apart = || {
        let key = format!("checksum {name} {version} ({})", source.as_deref()?);
        checksums?.get(&key)?.as_str().filter(|checksum| *checksum != "<none>").map(str::to_owned)
    };
    let checksum = text("checksum")?.or_else(apart);
    let is_replaced = entry.contains_key("replace");
    Ok(Package { name, version, source, checksum, is_replaced, dependencies: BTreeSet::new() })
}

fn without_revision(source: &str) -> &str {
    source.split_once('#').map_or(source, |(source, _)| source)
}
