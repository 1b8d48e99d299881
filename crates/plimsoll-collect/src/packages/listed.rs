//! The dependency list inside a binary, against what a commit locks.

use std::collections::BTreeSet;

use plimsoll_artifacts::{DependencyList, ListedPackage, ListedSource};
use plimsoll_components::{Component, Inventory, Source};
use schemars::JsonSchema;
use serde::Serialize;

/// Whether a binary was built from the dependencies that a commit locks, by its own list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ListVerdict {
    /// All that it lists is locked by one lockfile of the commit, and what was built is a member of that workspace.
    Fits,
    /// It lists what the commit does not lock.
    Differs,
    /// It has no list.
    None,
    /// It could not be read.
    Unreadable,
    /// The commit could not be asked: it has no lockfile that can be read, or the list does not say what was built.
    Unknown,
}

impl ListVerdict {
    /// The word as it stands in facts.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Fits => "fits",
            Self::Differs => "differs",
            Self::None => "none",
            Self::Unreadable => "unreadable",
            Self::Unknown => "unknown",
        }
    }
}

/// A listed package that the commit does not lock.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct UnlockedPackage {
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: String,
    /// Where it comes from, by the list.
    pub source: String,
    /// Versions of that name that the commit locks.
    pub locked: Vec<String>,
}

/// A dependency list beside a commit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListComparison {
    /// The answer: never [`ListVerdict::None`] or [`ListVerdict::Unreadable`].
    pub verdict: ListVerdict,
    /// Why it could not be told.
    pub reason: Option<String>,
    /// Path of the lockfile that it was compared with.
    pub lockfile: Option<String>,
    /// What is not locked, sorted.
    pub unlocked: Vec<UnlockedPackage>,
}

/// The public registry of the crates that such a list is of.
const CRATES_IO: &str = "crates.io";

/// The word for where a listed package comes from.
pub fn source_of(package: &ListedPackage) -> &str {
    match &package.source {
        ListedSource::CratesIo => CRATES_IO,
        ListedSource::Git => "git",
        ListedSource::Local => "local",
        ListedSource::Registry => "registry",
        ListedSource::Other(word) => word,
        _ => "unknown",
    }
}

/// Compares a list with the lockfiles of a commit: every package of it, at its version and from its source, has to be in one
/// of them, and the package that was built has to be a member of that lockfile's workspace.
///
/// Of several lockfiles the one that fits best is told. The list is the builder's word: that it fits does not show that the
/// code is in the binary. Packages for building count as those for running do; the lockfile holds both.
///
/// Source: cargo auditable, PARSING.md.
pub fn compare_list(list: &DependencyList, inventory: &Inventory) -> ListComparison {
    let unknown = |reason: &str| ListComparison {
        verdict: ListVerdict::Unknown,
        reason: Some(reason.to_owned()),
        lockfile: None,
        unlocked: Vec::new(),
    };
    let Some(root) = list.root() else { return unknown("the list does not say which of its packages was built") };
    let lockfiles: BTreeSet<&str> =
        inventory.components.iter().filter_map(|component| component.lockfile.as_deref()).collect();
    if lockfiles.is_empty() {
        let gap = inventory.gaps.first().map(|gap| gap.reason.clone());
        return unknown(&gap.unwrap_or_else(|| "the commit has no Cargo.lock".to_owned()));
    }
    let compared = lockfiles.into_iter().map(|lockfile| {
        let locked = || inventory.components.iter().filter(|one| one.lockfile.as_deref() == Some(lockfile));
        let is_locked = |package: &ListedPackage| {
            locked().any(|component| {
                component.name == package.name
                    && component.version == package.version
                    && is_from(package, component)
                    && (!std::ptr::eq(package, root) || component.member)
            })
        };
        let mut unlocked: Vec<UnlockedPackage> = list
            .packages()
            .iter()
            .filter(|package| !is_locked(package))
            .map(|package| {
                let same = locked().filter(|component| component.name == package.name);
                let mut versions: Vec<String> = same.map(|component| component.version.clone()).collect();
                versions.dedup();
                UnlockedPackage {
                    name: package.name.clone(),
                    version: package.version.clone(),
                    source: source_of(package).to_owned(),
                    locked: versions,
                }
            })
            .collect();
        unlocked.sort();
        (unlocked.len(), lockfile, unlocked)
    });
    let Some((_, lockfile, unlocked)) = compared.min() else { return unknown("the commit has no Cargo.lock") };
    // What a lockfile that could not be read holds is not known.
    let gap = inventory.gaps.first().filter(|_| !unlocked.is_empty());
    ListComparison {
        verdict: match (unlocked.is_empty(), gap) {
            (true, _) => ListVerdict::Fits,
            (false, None) => ListVerdict::Differs,
            (false, Some(_)) => ListVerdict::Unknown,
        },
        reason: gap.map(|gap| gap.reason.clone()),
        lockfile: Some(lockfile.to_owned()),
        unlocked,
    }
}

fn is_from(package: &ListedPackage, component: &Component) -> bool {
    match &package.source {
        ListedSource::CratesIo => component.source == Source::Registry && component.is_from(CRATES_IO),
        ListedSource::Registry => component.source == Source::Registry && !component.is_from(CRATES_IO),
        ListedSource::Git => component.source == Source::Git,
        ListedSource::Local => matches!(component.source, Source::Path | Source::Workspace),
        // A word that nobody knows says nothing about where it comes from.
        _ => false,
    }
}
