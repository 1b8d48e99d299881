//! A crate: what cargo makes while packing, and what it copies from elsewhere in the repository.

use std::collections::{BTreeMap, BTreeSet};

use crate::{
    Package, PackagedFile,
    cargo::{LockVerdict, MAX_LOCKFILE_BYTES, PackedLock, PackedManifest, Unexplained, unexplained, unexplained_lock},
};
use toml::{Table, Value};

use super::{
    claim::VCS_INFO,
    judge::{Judged, against},
    tree::{LARGEST_MANIFEST, SourceFiles, join, within},
    types::Claim,
};

const MANIFEST: &str = "Cargo.toml";
const ORIGINAL: &str = "Cargo.toml.orig";
const LOCKFILE: &str = "Cargo.lock";
/// Unexplained values that are named of one file.
const MOST_VALUES: usize = 3;

/// A crate beside the tree.
pub(super) struct CrateRules<'a> {
    package: &'a Package,
    tree: SourceFiles<'a>,
    claim: &'a Result<Claim, String>,
    /// The package's folder in the tree.
    pub(super) folder: String,
    original: Result<Option<String>, String>,
    /// The manifest of the workspace's root where that is another one: its path and text.
    workspace: Result<Option<(String, String)>, String>,
    /// Files that cargo copies to the top from outside of the folder, with where they are.
    outside: BTreeMap<String, String>,
}

impl<'a> CrateRules<'a> {
    /// Finds the package in the tree; `None` where no manifest there has its name.
    pub(super) fn new(package: &'a Package, tree: SourceFiles<'a>, claim: &'a Result<Claim, String>) -> Option<Self> {
        let stated = claim.as_ref().ok().and_then(|claim| claim.path.clone());
        let original = package.get(ORIGINAL).or_else(|| package.get(MANIFEST)).map(|file| file.bytes);
        let folder = stated.or_else(|| {
            tree.folder_of(MANIFEST, original, |text| {
                text.parse::<Table>().is_ok_and(|table| name(&table) == Some(package.name()))
            })
        })?;
        let original = tree.text(&within(&folder, MANIFEST), LARGEST_MANIFEST);
        let mut rules = Self { package, tree, claim, folder, original, workspace: Ok(None), outside: BTreeMap::new() };
        if let Ok(Some(text)) = &rules.original
            && let Ok(table) = text.parse::<Table>()
        {
            rules.workspace = root_of(tree, &rules.folder, &table);
            rules.outside = rules.copied(&table);
        }
        Some(rules)
    }

    /// Judges what cargo makes itself; `None` for what it takes from the tree.
    pub(super) fn made(&self, file: &PackagedFile<'_>) -> Option<Judged> {
        match file.path {
            VCS_INFO => Some(match self.claim {
                Ok(_) => Judged::generated("cargo's note of the commit"),
                Err(reason) => Judged::differs(reason),
            }),
            MANIFEST => Some(self.manifest(file)),
            ORIGINAL => Some(against(self.tree, file, &[within(&self.folder, MANIFEST)])),
            LOCKFILE => Some(self.lockfile(file)),
            _ => None,
        }
    }

    /// Gives where a file may be in the tree.
    pub(super) fn sources(&self, path: &str) -> Vec<String> {
        let mut sources = vec![within(&self.folder, path)];
        sources.extend(self.outside.get(path).cloned());
        sources
    }

    fn manifest(&self, file: &PackagedFile<'_>) -> Judged {
        let source = within(&self.folder, MANIFEST);
        let original = match &self.original {
            Ok(Some(original)) => original,
            Ok(None) => return Judged::differs("the tree has no manifest of this package"),
            Err(reason) => return Judged::unknown(reason),
        };
        let workspace = match &self.workspace {
            Ok(workspace) => workspace.as_ref().map(|(_, text)| text.as_str()),
            Err(reason) => return Judged::unknown(format!("its workspace: {reason}")).from(source),
        };
        let Ok(packed) = std::str::from_utf8(file.bytes) else { return Judged::differs("not UTF-8").from(source) };
        let files: BTreeSet<String> = self.package.files().map(|file| file.path.to_owned()).collect();
        let judged = match unexplained(&PackedManifest { packed, original, workspace, files: &files }) {
            Ok(left) if left.is_empty() => Judged::generated("follows from the tree's manifest"),
            Ok(left) => Judged::differs(named(&left)),
            Err(error) => Judged::differs(error.to_string()),
        };
        judged.from(source)
    }

    fn lockfile(&self, file: &PackagedFile<'_>) -> Judged {
        let root = match &self.workspace {
            Ok(Some((path, _))) => path.rsplit_once('/').map_or("", |(folder, _)| folder),
            _ => self.folder.as_str(),
        };
        let path = within(root, LOCKFILE);
        let same = against(self.tree, file, std::slice::from_ref(&path));
        if same.class == super::FileClass::Same {
            return same;
        }
        let source = match self.tree.text(&path, MAX_LOCKFILE_BYTES as u64) {
            Ok(source) => source,
            Err(reason) => return Judged::unknown(reason),
        };
        let Ok(packed) = std::str::from_utf8(file.bytes) else { return Judged::differs("not UTF-8").from(path) };
        let (name, version) = (self.package.name(), self.package.version());
        let compared = match unexplained_lock(&PackedLock { packed, source: source.as_deref(), name, version }) {
            Ok(compared) => compared,
            Err(error) => return Judged::differs(error.to_string()).from(path),
        };
        match compared.verdict {
            LockVerdict::Equal | LockVerdict::Subset => {
                let own = compared.from_registry.len();
                let beside = match own {
                    0 => String::new(),
                    _ => format!("; {own} packages of the workspace are taken from the registry in it"),
                };
                Judged::generated(format!("a part of the tree's lockfile{beside}")).from(path)
            }
            LockVerdict::NoSource => self.unlocked(packed, compared.packages),
            _ => {
                let first = compared.differing.iter().take(MOST_VALUES);
                let first: Vec<String> = first.map(|one| one.package.clone()).collect();
                let more = compared.differing.len() - first.len();
                let more = if more == 0 { String::new() } else { format!(" and {more} more") };
                Judged::differs(format!("not as the tree's lockfile has it: {}{more}", first.join(", "))).from(path)
            }
        }
    }

    /// A lockfile of which the tree knows nothing. It is of no effect for a library: cargo reads that of the workspace that
    /// uses it. A program can be installed with it (`cargo install --locked`), so there it is not explained.
    fn unlocked(&self, packed: &str, packages: usize) -> Judged {
        if packages == 0 {
            return Judged::generated("it locks nothing but the package itself");
        }
        let is_registry = |source: &str| source.starts_with("registry+") || source.starts_with("sparse+");
        let Ok(table) = packed.parse::<Table>() else {
            return Judged::unknown("the lockfile in the package is no TOML");
        };
        let locked = table.get("package").and_then(Value::as_array).into_iter().flatten();
        let sources = locked.filter_map(|package| package.get("source").and_then(Value::as_str));
        if sources.clone().any(|source| !is_registry(source)) {
            return Judged::differs(
                "the tree has no lockfile, and this one takes packages from elsewhere than a registry",
            );
        }
        let manifest = self.package.get(MANIFEST).map(|file| file.bytes).unwrap_or_default();
        let manifest = std::str::from_utf8(manifest).ok().and_then(|text| text.parse::<Table>().ok());
        let has_programs = manifest.is_none_or(|manifest| manifest.contains_key("bin"))
            || self.package.files().any(|file| file.path == "src/main.rs" || file.path.starts_with("src/bin/"));
        if has_programs {
            return Judged::unknown(
                "the tree has no lockfile to compare it with, and `cargo install --locked` would follow it",
            );
        }
        Judged::generated("the tree has no lockfile; this one is of no effect for those who use the library")
    }

    /// The files that cargo copies in from outside of the package's folder.
    ///
    /// Source: The Cargo Book, "The readme field" and "The license and license-file fields"; cargo's `ops::cargo_package`,
    /// which packs them under their bare name unless the folder has a file of that name.
    fn copied(&self, manifest: &Table) -> BTreeMap<String, String> {
        let mut copied = BTreeMap::new();
        let package = manifest.get("package").or_else(|| manifest.get("project"));
        let root = self.workspace.as_ref().ok().and_then(Option::as_ref);
        for key in ["readme", "license-file"] {
            let Some(value) = package.and_then(|package| package.get(key)) else { continue };
            let (folder, path) = if value.get("workspace").and_then(Value::as_bool) == Some(true) {
                let Some((root, text)) = root else { continue };
                let table = text.parse::<Table>().unwrap_or_default();
                let shared = table.get("workspace").and_then(|table| table.get("package"));
                let shared = shared.and_then(|shared| shared.get(key)).and_then(Value::as_str);
                let folder = root.rsplit_once('/').map_or("", |(folder, _)| folder);
                (folder.to_owned(), shared.map(ToOwned::to_owned))
            } else {
                (self.folder.clone(), value.as_str().map(ToOwned::to_owned))
            };
            if let Some(place) = path.and_then(|path| join(&folder, &path))
                && let Some(name) = place.rsplit('/').next().filter(|name| !name.is_empty())
            {
                copied.insert(name.to_owned(), place.clone());
            }
        }
        copied
    }
}

fn name(manifest: &Table) -> Option<&str> {
    manifest.get("package").or_else(|| manifest.get("project"))?.get("name")?.as_str()
}

/// Finds the manifest of the workspace that a package belongs to, where that is another one than its own.
///
/// Source: The Cargo Book, "Workspaces", "The workspace section" and "The package.workspace field".
fn root_of(tree: SourceFiles<'_>, folder: &str, manifest: &Table) -> Result<Option<(String, String)>, String> {
    if manifest.contains_key("workspace") {
        return Ok(None);
    }
    let package = manifest.get("package").or_else(|| manifest.get("project"));
    if let Some(stated) = package.and_then(|package| package.get("workspace")).and_then(Value::as_str) {
        let path = join(folder, stated).map(|root| within(&root, MANIFEST)).ok_or("it lies outside of the tree")?;
        return Ok(tree.text(&path, LARGEST_MANIFEST)?.map(|text| (path, text)));
    }
    let mut above = folder;
    while !above.is_empty() {
        above = above.rsplit_once('/').map_or("", |(above, _)| above);
        let path = within(above, MANIFEST);
        let Some(text) = tree.text(&path, LARGEST_MANIFEST)? else { continue };
        let table: Table = text.parse().map_err(|_| format!("{path} is not TOML"))?;
        let Some(workspace) = table.get("workspace") else { continue };
        let below = |key: &str| {
            let listed = workspace.get(key).and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str);
            let mut places = listed.filter_map(|place| join(above, place));
            places.any(|place| folder == place || folder.strip_prefix(&place).is_some_and(|rest| rest.starts_with('/')))
        };
        let is_excluded = below("exclude") && !below("members");
        return Ok((!is_excluded).then_some((path, text)));
    }
    Ok(None)
}

fn named(left: &[Unexplained]) -> String {
    let first: Vec<String> = left
        .iter()
        .take(MOST_VALUES)
        .map(|one| match (&one.packed, &one.expected) {
            (Some(packed), Some(expected)) => format!("{} is {packed}, and {expected} follows from the tree", one.key),
            (Some(packed), None) => format!("{} = {packed} is not in the tree", one.key),
            (None, Some(expected)) => format!("{} = {expected} of the tree is missing", one.key),
            (None, None) => one.key.clone(),
        })
        .collect();
    let more = left.len() - first.len();
    format!("{}{}", first.join("; "), if more == 0 { String::new() } else { format!("; and {more} more") })
}
