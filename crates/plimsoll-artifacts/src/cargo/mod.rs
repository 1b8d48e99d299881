//! Whether the manifest and the lockfile in a `.crate` follow from the source they are said to be made from.
//!
//! Cargo rewrites `Cargo.toml` when it packs, so the packed manifest equals no file of the source. What is built from a
//! package is what the rewritten one says: here the rewriting is derived again from the source's manifests by cargo's
//! rules, and every value that is not what the rules give is named. There is no benefit of the doubt: what no rule
//! explains is unexplained.
//!
//! Two eras of cargo are known, and one of them has to explain the whole manifest: up to 1.79 targets are left for cargo
//! to find, from 1.80 on they are written out and nothing is left to find. Comments, the order of keys and the way
//! values are written do not count.

mod compare;
mod dependencies;
mod lock;
mod lockfile;
mod package;
mod paths;
mod profile;
mod read;
mod targets;
mod workspace;

use std::collections::BTreeSet;

use toml::{Table, Value};

pub use lock::{LockComparison, LockDifference, LockMismatch, LockVerdict, PackedLock, unexplained_lock};
pub use read::{MAX_LOCKFILE_BYTES, MAX_MANIFEST_BYTES, ManifestError, SourceText};

use dependencies::Kind;
use workspace::Workspace;

/// As many unexplained values are named at most; a manifest with more is as unexplained as one with this many.
pub const MAX_UNEXPLAINED: usize = 256;

/// A packed manifest beside what it was made from.
///
/// `files` states what is in the package, and rules that look for files (a `build.rs`, a `src/bin/tool.rs`, a README)
/// look here, since cargo drops what it did not pack. That each of these files is in the source too is another question,
/// for whoever compares the files: a `build.rs` that only the package has is found there and not here.
#[derive(Debug, Clone, Copy)]
pub struct PackedManifest<'a> {
    /// `Cargo.toml` in the package.
    pub packed: &'a str,
    /// The `Cargo.toml` of the package in the source tree.
    pub original: &'a str,
    /// The `Cargo.toml` of the workspace's root in the source tree, where that is another file than `original`. It is given
    /// for a member alone: which resolver a package is built with depends on it.
    pub workspace: Option<&'a str>,
    /// All paths in the package, relative to its folder, with `/` between their parts.
    pub files: &'a BTreeSet<String>,
}

/// One value of a packed manifest that does not follow from the source.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Unexplained {
    /// Where it stands, as a dotted key: `dependencies.foo.version`, `bin.tool.path`, `target."cfg(unix)".dependencies.x`.
    pub key: String,
    /// The value in the package, as TOML on one line and cut to a readable length; absent where the package has none.
    pub packed: Option<String>,
    /// The value that follows from the source, written the same way. For a value that could not be derived it is what
    /// the source says, such as `{ workspace = true }`.
    pub expected: Option<String>,
    /// Why it is not explained.
    pub reason: Reason,
}

/// Why a value of a packed manifest is not explained.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Reason {
    /// It is not what cargo's rules make of the source.
    Differs,
    /// The source inherits it from a workspace whose manifest is not at hand or does not have it.
    NotInherited,
    /// The source uses a feature of unstable cargo, for which no rule is known here.
    Unstable,
    /// The source names a registry; which index that name stands for is in a configuration that is not in the source.
    RegistryName,
}

/// How cargo treated the targets of a package: the one difference between its versions that runs through all of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Era {
    /// Up to 1.79: targets and build script stand as in the source, the rest is found from the files.
    Found,
    /// From 1.80: every target is written out, and nothing is left to be found.
    WrittenOut,
}

/// What cannot be derived, with what the source says in its place.
#[derive(Debug)]
struct Refusal {
    path: Vec<String>,
    says: Option<Value>,
    reason: Reason,
}

/// What the rules look at.
struct Sources<'a> {
    original: &'a Table,
    packed: &'a Table,
    workspace: Workspace<'a>,
    files: &'a BTreeSet<String>,
    era: Era,
}

/// Gives what of a packed manifest does not follow from the source; nothing where all of it does.
///
/// The result is sorted by key and holds at most [`MAX_UNEXPLAINED`] entries. It is empty for a manifest that states the
/// source's own values in a package without `Cargo.toml.orig` and `.cargo_vcs_info.json`: cargo before 1.15 packed the
/// manifest as it stood.
///
/// # Errors
/// A text that is larger than [`MAX_MANIFEST_BYTES`] or that is not TOML.
///
/// Source: cargo's `prepare_for_publish` and the target discovery it uses, versions 0.20 to 0.98 of the `cargo` crate;
/// The Cargo Book, "The Manifest Format" and "Cargo Targets".
pub fn unexplained(manifest: &PackedManifest<'_>) -> Result<Vec<Unexplained>, ManifestError> {
    let packed = read::manifest(SourceText::PackedManifest, manifest.packed)?;
    let original = read::manifest(SourceText::OriginalManifest, manifest.original)?;
    let root = manifest.workspace.map(|text| read::manifest(SourceText::WorkspaceManifest, text)).transpose()?;
    let is_rewritten = ["Cargo.toml.orig", ".cargo_vcs_info.json"].iter().any(|file| manifest.files.contains(*file));
    if !is_rewritten && packed == original {
        return Ok(Vec::new());
    }
    let explained_by = |era| {
        let sources = Sources {
            original: &original,
            packed: &packed,
            workspace: Workspace::of(&original, root.as_ref()),
            files: manifest.files,
            era,
        };
        let (expected, refusals) = sources.derive();
        compare::differences(&packed, &expected, refusals)
    };
    // Both eras are tried, and a manifest counts as explained by one of them alone, never by a part of each.
    let (written_out, found) = (explained_by(Era::WrittenOut), explained_by(Era::Found));
    let mut result = if found.len() < written_out.len() { found } else { written_out };
    result.truncate(MAX_UNEXPLAINED);
    Ok(result)
}

impl Sources<'_> {
    /// Gives the manifest that cargo makes of the source, and what could not be derived.
    ///
    /// Where versions of cargo write the same thing in several ways, the way of the packed manifest is taken if it is one
    /// of them. Tables that are not named here (`workspace`, `patch`, `replace`, unknown ones) are what cargo leaves out.
    fn derive(&self) -> (Table, Vec<Refusal>) {
        let mut expected = Table::new();
        let mut refusals = Vec::new();
        for key in ["cargo-features", "hints"] {
            put(&mut expected, key, self.original.get(key).cloned());
        }
        let source = self.original.get("package").or_else(|| self.original.get("project")).and_then(Value::as_table);
        let Some(source) = source else {
            return (expected, refusals);
        };
        let package = self.package(source, &mut refusals);
        self.targets(source, &package, &mut expected);
        put(&mut expected, "package", Some(Value::Table(package)));

        for kind in Kind::ALL {
            let value = self.dependencies(kind, &[], self.original, &mut refusals);
            put(&mut expected, kind.key(), value.map(Value::Table));
        }
        put(&mut expected, "target", self.platforms(&mut refusals).map(Value::Table));
        let features = self.features(&expected, &refusals);
        put(&mut expected, "features", features);
        put(&mut expected, "badges", self.badges(&mut refusals));
        put(&mut expected, "lints", self.lints(&mut refusals));
        put(&mut expected, "profile", profile::profiles(self.original.get("profile"), self.packed.get("profile")));
        (expected, refusals)
    }

    /// Gives the badges; for a few versions a workspace could hold them.
    fn badges(&self, refusals: &mut Vec<Refusal>) -> Option<Value> {
        let badges = self.original.get("badges")?;
        if !workspace::inherits(badges) {
            return Some(badges.clone());
        }
        let inherited = self.workspace.package_field("badges").cloned();
        if inherited.is_none() {
            refusals.push(Refusal::not_inherited(&["badges"], badges));
        }
        inherited
    }

    /// Gives the lints, with the priority that cargo writes out for a lint that is a table.
    fn lints(&self, refusals: &mut Vec<Refusal>) -> Option<Value> {
        let lints = self.original.get("lints")?;
        let mut lints = if workspace::inherits(lints) {
            let Some(inherited) = self.workspace.lints() else {
                refusals.push(Refusal::not_inherited(&["lints"], lints));
                return None;
            };
            inherited.clone()
        } else {
            lints.clone()
        };
        let packed = |tool: &str, lint: &str| self.packed.get("lints")?.get(tool)?.get(lint)?.as_table();
        for (tool, lints) in lints.as_table_mut().into_iter().flatten() {
            for (name, lint) in lints.as_table_mut().into_iter().flatten() {
                let Some(lint) = lint.as_table_mut() else { continue };
                lint.entry("priority").or_insert(Value::Integer(0));
                // Before 1.80 a lint had no settings of its own, and they were left out as unknown.
                if self.era == Era::Found && packed(tool, name).is_some_and(|packed| !packed.contains_key("check-cfg"))
                {
                    lint.remove("check-cfg");
                }
            }
        }
        Some(lints)
    }
}

impl Refusal {
    fn new(path: &[&str], says: &Value, reason: Reason) -> Self {
        Self { path: path.iter().map(|&part| part.to_owned()).collect(), says: Some(says.clone()), reason }
    }

    fn not_inherited(path: &[&str], says: &Value) -> Self {
        Self::new(path, says, Reason::NotInherited)
    }
}

/// Puts `value` under `key` where there is one.
fn put(table: &mut Table, key: &str, value: Option<Value>) {
    if let Some(value) = value {
        table.insert(key.to_owned(), value);
    }
}

#[cfg(test)]
mod tests;
