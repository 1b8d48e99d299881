//! Whether a packed lockfile is a part of the source's.

use std::collections::{BTreeMap, BTreeSet};

use super::lockfile::{Lockfile, Package};
use super::read::{ManifestError, SourceText};
use super::{MAX_UNEXPLAINED, compare::shown};

/// A name, version, source or checksum is shown with at most so many bytes.
const MAX_SHOWN_BYTES: usize = 160;

/// A packed lockfile beside the source's.
#[derive(Debug, Clone, Copy)]
pub struct PackedLock<'a> {
    /// `Cargo.lock` in the package.
    pub packed: &'a str,
    /// `Cargo.lock` of the source: the workspace's, which lies beside the manifest of its root; absent where there is none.
    pub source: Option<&'a str>,
    /// The name of the package.
    pub name: &'a str,
    /// The version of the package.
    pub version: &'a str,
}

/// How a packed lockfile relates to the source's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LockComparison {
    /// The answer; [`LockVerdict::Differs`] exactly where `differing` has entries.
    pub verdict: LockVerdict,
    /// What the source does not say, sorted, at most [`MAX_UNEXPLAINED`] entries.
    pub differing: Vec<LockDifference>,
    /// Packages that are the workspace's own in the source and come from a registry in the package, sorted. That what
    /// the registry has is what the source has is not shown by the lockfiles: each is a package of its own to examine.
    pub from_registry: Vec<LockedPackage>,
    /// How many packages the packed lockfile has, the package itself not counted.
    pub packages: usize,
}

/// The answer to whether a packed lockfile follows from the source's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum LockVerdict {
    /// Both have the same packages.
    Equal,
    /// All packages are in the source's, which has others besides.
    Subset,
    /// Something is not in the source's.
    Differs,
    /// The source has no lockfile: nothing is known of where the versions come from.
    NoSource,
}

/// A package as a lockfile pins it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct LockedPackage {
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: String,
    /// Where it comes from, such as `registry+https://github.com/rust-lang/crates.io-index`.
    pub source: Option<String>,
    /// The checksum of its archive.
    pub checksum: Option<String>,
}

/// One difference between two lockfiles.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct LockDifference {
    /// Name and version of the package that the packed lockfile has.
    pub package: String,
    /// What is different about it.
    pub mismatch: LockMismatch,
    /// What the package's lockfile says.
    pub packed: Option<String>,
    /// What the source's lockfile says.
    pub expected: Option<String>,
}

/// What is different about a package.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum LockMismatch {
    /// The source's lockfile has no package of this name and version.
    NotInSource,
    /// It comes from another place.
    Source,
    /// Its checksum is another, or is on one side only.
    Checksum,
    /// It depends on a package that it does not depend on in the source's lockfile.
    Dependency,
    /// It is taken from a path, which nothing in a package but the package itself can be.
    Path,
    /// The lockfile does not have the package itself, or says that it is replaced or patched, which cargo takes out.
    Foreign,
}

/// Gives how a packed lockfile relates to the source's, for the caller to judge.
///
/// Every package other than the one that is packed has to be in the source's lockfile with the same version, source,
/// checksum and, as far as they are listed, dependencies. Fewer packages and fewer dependencies are what cargo makes of a
/// workspace's lockfile for one member. The version of the format does not count.
///
/// # Errors
/// A text that is larger than [`MAX_LOCKFILE_BYTES`](super::MAX_LOCKFILE_BYTES), that is not TOML, or that is not a
/// lockfile: unknown keys, a package twice, a dependency on a package that is not there.
///
/// Source: The Cargo Book, "cargo package" ("Cargo.lock is always included", "a new lock file is generated"); the `cargo`
/// crate's `build_lock` and `core::resolver::encode`.
pub fn unexplained_lock(lock: &PackedLock<'_>) -> Result<LockComparison, ManifestError> {
    let packed = Lockfile::read(SourceText::PackedLockfile, lock.packed)?;
    let source = lock.source.map(|text| Lockfile::read(SourceText::SourceLockfile, text)).transpose()?;
    let own = packed.find(lock.name, lock.version, "");
    let packages = packed.packages.len() - usize::from(own.is_some());
    let mut differing = Vec::new();
    if own.is_none() {
        let package = format!("{} {}", lock.name, lock.version);
        differing.push(difference(&package, LockMismatch::Foreign, None, None));
    }
    for package in packed.packages.iter().filter(|package| package.is_replaced) {
        differing.push(difference(&package.label(), LockMismatch::Foreign, Some("replace"), None));
    }
    if packed.has_patches {
        let package = format!("{} {}", lock.name, lock.version);
        differing.push(difference(&package, LockMismatch::Foreign, Some("patch"), None));
    }
    let mut from_registry = Vec::new();
    let mut covers_all = false;
    if let Some(source) = &source {
        let matched = match_packages(&packed, source, own, &mut differing, &mut from_registry);
        compare_edges(&packed, source, &matched, &mut differing);
        covers_all = matched.values().collect::<BTreeSet<_>>().len() == source.packages.len();
    }
    differing.sort();
    differing.dedup();
    differing.truncate(MAX_UNEXPLAINED);
    from_registry.sort();
    let verdict = match (differing.is_empty(), &source) {
        (false, _) => LockVerdict::Differs,
        (true, None) => LockVerdict::NoSource,
        (true, Some(_)) if covers_all => LockVerdict::Equal,
        (true, Some(_)) => LockVerdict::Subset,
    };
    Ok(LockComparison { verdict, differing, from_registry, packages })
}

/// Gives for each packed package the source's package that it is, and names those that are none.
fn match_packages(
    packed: &Lockfile,
    source: &Lockfile,
    own: Option<usize>,
    differing: &mut Vec<LockDifference>,
    from_registry: &mut Vec<LockedPackage>,
) -> BTreeMap<usize, usize> {
    let mut matched = BTreeMap::new();
    for (index, package) in packed.packages.iter().enumerate() {
        let Package { name, version, .. } = package;
        let mut differs = |mismatch, here: Option<&str>, there: Option<&str>| {
            differing.push(difference(&package.label(), mismatch, here, there));
        };
        if own == Some(index) {
            // A release is packed with its new version, and the lockfile of the source may still have the last one.
            match source.own(name) {
                Some(found) => drop(matched.insert(index, found)),
                None => differs(LockMismatch::NotInSource, None, None),
            }
            continue;
        }
        let Some(origin) = package.source.as_deref() else {
            differs(LockMismatch::Path, None, None);
            continue;
        };
        let same = source.find(name, version, origin).and_then(|found| Some((found, source.packages.get(found)?)));
        if let Some((found, same)) = same {
            matched.insert(index, found);
            // The revision of a git source is not what it is found by.
            if package.source != same.source {
                differs(LockMismatch::Source, Some(origin), same.source.as_deref());
            } else if package.checksum != same.checksum {
                differs(LockMismatch::Checksum, package.checksum.as_deref(), same.checksum.as_deref());
            }
        } else if let Some(found) = source.find(name, version, "") {
            matched.insert(index, found);
            if origin.starts_with("registry+") || origin.starts_with("sparse+") {
                from_registry.push(LockedPackage {
                    name: cut(name),
                    version: cut(version),
                    source: package.source.as_deref().map(cut),
                    checksum: package.checksum.as_deref().map(cut),
                });
            } else {
                differs(LockMismatch::Source, Some(origin), None);
            }
        } else if let Some(other) = source.find_anywhere(name, version) {
            differs(LockMismatch::Source, Some(origin), other.source.as_deref());
        } else {
            differs(LockMismatch::NotInSource, Some(origin), None);
        }
    }
    matched
}

/// Names the dependencies that a packed package has and the source's does not; those on a package that is not the
/// source's are left out, since the package itself is named.
fn compare_edges(
    packed: &Lockfile,
    source: &Lockfile,
    matched: &BTreeMap<usize, usize>,
    differing: &mut Vec<LockDifference>,
) {
    for (index, found) in matched {
        let (Some(package), Some(same)) = (packed.packages.get(*index), source.packages.get(*found)) else { continue };
        for edge in &package.dependencies {
            let target = packed.packages.get(*edge).map(Package::label);
            if matched.get(edge).is_some_and(|there| !same.dependencies.contains(there)) {
                differing.push(difference(&package.label(), LockMismatch::Dependency, target.as_deref(), None));
            }
        }
    }
}

fn difference(package: &str, mismatch: LockMismatch, packed: Option<&str>, expected: Option<&str>) -> LockDifference {
    LockDifference { package: cut(package), mismatch, packed: packed.map(cut), expected: expected.map(cut) }
}

fn cut(text: &str) -> String {
    shown(text, MAX_SHOWN_BYTES)
}
