//! Cargo.lock, versions 1 to 4, read in linear time.
//!
//! The `cargo-lock` crate looks every dependency up by walking all packages, and in version 1 every checksum by parsing
//! all keys: a lockfile within the bounds that is written to be slow holds it for hours. The tests ask it the same
//! questions on real lockfiles. plimsoll-artifacts has a reader of its own, which refuses where this one goes on: see there.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::{CRATES_IO, manifest::is_name};
use crate::{
    component::{Origin, Source},
    options::Limits,
};

/// The newest version of the format that is known.
pub(crate) const NEWEST: u64 = 4;

/// One entry.
#[derive(Clone, Debug)]
pub(crate) struct Package {
    pub name: String,
    pub version: String,
    /// The source as written.
    pub source: Option<String>,
    pub origin: Origin,
    pub checksum: Option<String>,
    /// Indices of what it depends on, sorted.
    pub dependencies: Vec<usize>,
}

impl Package {
    /// Where it comes from, and the address that says so; `member` where it is one of the workspace.
    pub(super) fn taken_from(&self, member: bool) -> (Source, Option<String>) {
        match &self.origin {
            Origin::Folder if member => (Source::Workspace, None),
            Origin::Folder => (Source::Path, None),
            Origin::Public(_) => (Source::Registry, Some("https://crates.io".to_owned())),
            Origin::Registry(url) => (Source::Registry, Some(url.clone())),
            Origin::Git { url, .. } => (Source::Git, Some(url.clone())),
        }
    }
}

/// What a lockfile says.
#[derive(Clone, Debug)]
pub(crate) struct Lock {
    pub version: u64,
    /// Sorted by name, version, source.
    pub packages: Vec<Package>,
    /// Patches that nothing uses.
    pub unused: Vec<Package>,
    /// Entries that were not understood, in one clause each, sorted.
    pub faults: Vec<String>,
}

/// A lockfile of the tree that was understood.
pub(crate) struct LockFile<'a> {
    pub path: &'a str,
    pub blob: &'a str,
    pub class: &'a str,
    pub bytes: &'a [u8],
    pub lock: Lock,
}

/// Why a lockfile was not understood.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum LockError {
    #[error("it is of version {0}; this version of plimsoll reads 1 to {NEWEST}")]
    Future(u64),
    #[error("{0}")]
    Malformed(String),
    #[error("{0}")]
    Limit(String),
}

#[derive(Deserialize)]
struct Raw {
    version: Option<u64>,
    #[serde(default)]
    package: Vec<RawPackage>,
    root: Option<RawPackage>,
    #[serde(default)]
    patch: RawPatch,
    #[serde(default)]
    metadata: BTreeMap<String, String>,
}

#[derive(Default, Deserialize)]
struct RawPatch {
    #[serde(default)]
    unused: Vec<RawPackage>,
}

#[derive(Deserialize)]
struct RawPackage {
    name: String,
    version: String,
    source: Option<String>,
    checksum: Option<String>,
    #[serde(default)]
    dependencies: Vec<String>,
    replace: Option<String>,
}

impl Lock {
    /// Reads a lockfile.
    pub(crate) fn parse(bytes: &[u8], limits: &Limits) -> Result<Self, LockError> {
        if bytes.len() > limits.lockfile_bytes {
            return Err(LockError::Limit(format!("it is larger than {} bytes", limits.lockfile_bytes)));
        }
        let text = std::str::from_utf8(bytes).map_err(|_| LockError::Malformed("it is not UTF-8".to_owned()))?;
        let raw: Raw = match toml::from_str(text) {
            Ok(raw) => raw,
            Err(error) => return Err(not_understood(text, &error)),
        };
        let version = match raw.version {
            Some(version) if version > NEWEST => return Err(LockError::Future(version)),
            Some(0) => return Err(LockError::Malformed("it says version 0".to_owned())),
            Some(version) => version,
            None if raw.metadata.keys().any(|key| key.starts_with("checksum ")) => 1,
            None => 2,
        };
        let raw_packages: Vec<RawPackage> = raw.package.into_iter().chain(raw.root).collect();
        if raw_packages.len().saturating_add(raw.patch.unused.len()) > limits.packages {
            return Err(LockError::Limit(format!("it lists more than {} packages", limits.packages)));
        }
        let edges: usize = raw_packages.iter().map(|package| package.dependencies.len()).sum();
        if edges > limits.edges {
            return Err(LockError::Limit(format!("it lists more than {} dependencies", limits.edges)));
        }
        let unused = raw.patch.unused.into_iter().filter_map(unused).collect();
        Ok(Self { unused, ..build(version, raw_packages, &raw.metadata) })
    }

    /// The packages of this name.
    pub(crate) fn named<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Package> {
        let start = self.packages.partition_point(|package| package.name.as_str() < name);
        self.packages.iter().skip(start).take_while(move |package| package.name == name)
    }

    /// The index of the package with this name, version and source as written.
    pub(crate) fn find(&self, name: &str, version: &str, source: Option<&str>) -> Option<usize> {
        self.packages
            .binary_search_by(|package| {
                (package.name.as_str(), package.version.as_str(), package.source.as_deref())
                    .cmp(&(name, version, source))
            })
            .ok()
    }
}

/// A version that is not known may look different altogether: its number is what the reader needs to hear.
fn not_understood(text: &str, error: &toml::de::Error) -> LockError {
    #[derive(Deserialize)]
    struct Version {
        version: u64,
    }
    match toml::from_str::<Version>(text) {
        Ok(Version { version }) if version > NEWEST => LockError::Future(version),
        _ => LockError::Malformed(format!("it is not a Cargo.lock: {}", plimsoll_model::one_line(error.message()))),
    }
}

fn build(version: u64, raw: Vec<RawPackage>, metadata: &BTreeMap<String, String>) -> Lock {
    let mut faults = Vec::new();
    let checksums = checksums(metadata);
    let mut read: Vec<(Package, Vec<String>)> = Vec::with_capacity(raw.len());
    for package in raw {
        let shown = plimsoll_model::excerpt(&package.name, 80);
        if !is_name(&package.name) || semver::Version::parse(&package.version).is_err() {
            faults.push(format!("an entry named \"{shown}\" has no valid name and version"));
            continue;
        }
        let origin = match &package.source {
            None => Origin::Folder,
            Some(source) => origin(source).unwrap_or_else(|| {
                faults.push(format!("{shown} {} comes from a source of an unknown kind", package.version));
                Origin::Registry(public(source))
            }),
        };
        let pinned = |revision: &String| !revision.is_empty() && revision.bytes().all(|byte| byte.is_ascii_hexdigit());
        if matches!(&origin, Origin::Git { revision, .. } if !revision.as_ref().is_some_and(pinned)) {
            faults.push(format!("{shown} {} comes from git and is not pinned to a revision", package.version));
        }
        let stated = package.checksum.clone().or_else(|| {
            let key = (package.name.as_str(), package.version.as_str(), package.source.as_deref().unwrap_or_default());
            checksums.get(&key).map(|checksum| (*checksum).to_owned())
        });
        let checksum = stated.as_ref().map(|checksum| checksum.to_ascii_lowercase());
        let checksum = checksum.filter(|checksum| plimsoll_model::is_hex(checksum, 64));
        if stated.is_some() && checksum.is_none() {
            faults.push(format!("{shown} {} has a checksum that is not a SHA-256", package.version));
        }
        let dependencies = package.dependencies.into_iter().chain(package.replace).collect();
        read.push((
            Package {
                name: package.name,
                version: package.version,
                source: package.source,
                origin,
                checksum,
                dependencies: Vec::new(),
            },
            dependencies,
        ));
    }
    read.sort_by(|(left, _), (right, _)| key(left).cmp(&key(right)));
    let mut packages: Vec<Package> = Vec::with_capacity(read.len());
    let mut wanted: Vec<Vec<String>> = Vec::with_capacity(read.len());
    for (package, dependencies) in read {
        match (packages.last_mut(), wanted.last_mut()) {
            (Some(last), Some(last_wanted)) if key(last) == key(&package) => {
                faults.push(format!("{} {} is listed twice", package.name, package.version));
                // Of two checksums none is the right one.
                if last.checksum != package.checksum {
                    last.checksum = None;
                }
                last_wanted.extend(dependencies);
            }
            _ => {
                packages.push(package);
                wanted.push(dependencies);
            }
        }
    }
    link(&mut packages, &wanted, &mut faults);
    faults.sort();
    faults.dedup();
    Lock { version, packages, unused: Vec::new(), faults }
}

/// A patch that nothing uses; nothing where its source is of an unknown kind.
fn unused(raw: RawPackage) -> Option<Package> {
    let origin = match &raw.source {
        None => Origin::Folder,
        Some(source) => origin(source)?,
    };
    let RawPackage { name, version, source, .. } = raw;
    Some(Package { name, version, source, origin, checksum: None, dependencies: Vec::new() })
}

fn key(package: &Package) -> (&str, &str, Option<&str>) {
    (&package.name, &package.version, package.source.as_deref())
}

fn link(packages: &mut [Package], wanted: &[Vec<String>], faults: &mut Vec<String>) {
    let mut linked: Vec<Vec<usize>> = Vec::with_capacity(packages.len());
    for (package, dependencies) in packages.iter().zip(wanted) {
        let mut found = Vec::with_capacity(dependencies.len());
        for dependency in dependencies {
            let candidates = candidates(packages, dependency);
            if candidates.is_empty() {
                let shown = plimsoll_model::excerpt(dependency, 80);
                faults.push(format!("{} depends on \"{shown}\", which is not listed", package.name));
            }
            found.extend(candidates);
        }
        found.sort_unstable();
        found.dedup();
        linked.push(found);
    }
    for (package, dependencies) in packages.iter_mut().zip(linked) {
        package.dependencies = dependencies;
    }
}

/// The packages that `NAME`, `NAME VERSION` or `NAME VERSION (SOURCE)` can mean. Cargo writes as much as is needed to
/// mean one; where a file is ambiguous all of them count.
fn candidates(packages: &[Package], dependency: &str) -> Vec<usize> {
    // More versions of one name than any lockfile has; the bound keeps an ambiguous file linear.
    const MAX_CANDIDATES: usize = 64;
    let mut parts = dependency.splitn(3, ' ');
    let name = parts.next().unwrap_or_default();
    let version = parts.next();
    let source = parts.next().and_then(|source| source.strip_prefix('(')?.strip_suffix(')'));
    let start = packages.partition_point(|package| {
        (package.name.as_str(), package.version.as_str()) < (name, version.unwrap_or_default())
    });
    let rest = packages.iter().enumerate().skip(start);
    rest.take_while(|(_, package)| package.name == name && version.is_none_or(|version| version == package.version))
        .filter(|(_, package)| source.is_none_or(|source| package.source.as_deref() == Some(source)))
        .map(|(index, _)| index)
        .take(MAX_CANDIDATES)
        .collect()
}

/// The checksums of version 1, which stand apart: `checksum NAME VERSION (SOURCE)`.
fn checksums(metadata: &BTreeMap<String, String>) -> BTreeMap<(&str, &str, &str), &str> {
    metadata
        .iter()
        .filter(|(_, value)| *value != "<none>")
        .filter_map(|(key, value)| {
            let mut parts = key.strip_prefix("checksum ")?.splitn(3, ' ');
            let name = parts.next()?;
            let version = parts.next()?;
            let source = parts.next()?.strip_prefix('(')?.strip_suffix(')')?;
            Some(((name, version, source), value.as_str()))
        })
        .collect()
}

/// Where a source as written leads; `None` for a kind that cargo does not write.
pub(crate) fn origin(source: &str) -> Option<Origin> {
    const INDEX: &str = "https://github.com/rust-lang/crates.io-index";
    const SPARSE: &str = "https://index.crates.io";
    let (kind, url) = source.split_once('+')?;
    match kind {
        "registry" if canonical(url) == INDEX => Some(Origin::Public(CRATES_IO)),
        "sparse" if canonical(url) == SPARSE => Some(Origin::Public(CRATES_IO)),
        "registry" => Some(Origin::Registry(public(url))),
        // A sparse index is told apart from a git one by this prefix, also in package URLs.
        "sparse" => Some(Origin::Registry(format!("sparse+{}", public(url)))),
        "git" => {
            let (url, revision) = url.split_once('#').map_or((url, None), |(url, revision)| (url, Some(revision)));
            let url = url.split_once('?').map_or(url, |(url, _)| url);
            Some(Origin::Git { url: public(url), revision: revision.map(str::to_owned) })
        }
        "path" => Some(Origin::Folder),
        _ => None,
    }
}

/// The address by which cargo tells two repositories or indexes apart: a slash or `.git` at the end makes no other, and
/// neither do the case of a host and, at GitHub, that of the path.
///
/// Source: cargo's `CanonicalUrl`.
pub(crate) fn canonical(url: &str) -> String {
    let url = without_user(url.trim(), false);
    let url = url.trim_end_matches('/');
    let url = url.strip_suffix(".git").unwrap_or(url);
    let Some((scheme, rest)) = url.split_once("://") else { return url.to_owned() };
    let (host, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
    let host = host.to_ascii_lowercase();
    if host == "github.com" {
        return format!("https://{host}{}", path.to_ascii_lowercase());
    }
    format!("{}://{host}{path}", scheme.to_ascii_lowercase())
}

/// An address as it may be published: in one line, without what may be a secret.
fn public(url: &str) -> String {
    without_user(url, true)
}

/// An address without user, password, query and fragment. With `keep_git` the user `git` of an SSH address stays: every
/// host that offers repositories so has it, and without it the address leads nowhere.
fn without_user(url: &str, keep_git: bool) -> String {
    let url = plimsoll_model::one_line(url);
    let url = url.split(['?', '#']).next().unwrap_or_default();
    let Some((scheme, rest)) = url.split_once("://") else { return url.to_owned() };
    let end = rest.find('/').unwrap_or(rest.len());
    let (host, path) = rest.split_at(end);
    let (user, host) = host.rsplit_once('@').map_or((None, host), |(user, host)| (Some(user), host));
    let user = if keep_git && scheme == "ssh" && user == Some("git") { "git@" } else { "" };
    format!("{scheme}://{user}{host}{path}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_may_be_a_secret_is_cut_from_an_address() {
        for (source, expected) in [
            ("sparse+https://u:secret@reg.example/i/?key=secret", "sparse+https://reg.example/i/"),
            ("registry+https://reg.example/i#secret", "https://reg.example/i"),
            ("git+https://u:secret@g.example/x?token=secret#0123", "https://g.example/x"),
            ("git+https://git@g.example/x#0123", "https://g.example/x"),
            ("git+ssh://git@g.example/x.git#0123", "ssh://git@g.example/x.git"),
            ("git+ssh://git:secret@g.example/x.git#0123", "ssh://g.example/x.git"),
            ("git+ssh://secret@g.example/x.git#0123", "ssh://g.example/x.git"),
        ] {
            let url = match origin(source) {
                Some(Origin::Registry(url) | Origin::Git { url, .. }) => url,
                other => panic!("{source}: {other:?}"),
            };
            assert_eq!(url, expected, "{source}");
        }
        assert_eq!(canonical("ssh://git@github.com/A/b.git"), canonical("ssh://github.com/a/b"));
    }
}
