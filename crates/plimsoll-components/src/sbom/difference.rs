//! Two lists of components next to each other: what one has and the other does not.

use std::collections::{BTreeMap, BTreeSet};

use packageurl::PackageUrl;
use serde::Serialize;

use super::{
    document::{Document, Listed},
    published::canonical,
};
use crate::{component::Component, inventory::Inventory};

/// Components by package and version.
#[derive(Clone, Debug, Default)]
pub struct ComponentSet {
    packages: BTreeMap<String, BTreeMap<String, Entry>>,
}

#[derive(Clone, Debug, Default)]
struct Entry {
    /// Digests by algorithm.
    hashes: BTreeMap<String, BTreeSet<String>>,
    /// Does its absence on the other side mean something? What a document is about, what is the repository's own and what does
    /// not ship may be listed or not.
    counts: bool,
}

/// A package in different versions.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct OtherVersion {
    /// The package URL without version, or the name.
    pub package: String,
    /// Versions of the first that the second does not have.
    pub here: Vec<String>,
    /// Versions of the second that the first does not have.
    pub there: Vec<String>,
}

/// One package and version with different digests.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct OtherHash {
    /// The component.
    pub component: String,
    /// Of which algorithm.
    pub algorithm: String,
    /// Digests in the first.
    pub here: Vec<String>,
    /// Digests in the second.
    pub there: Vec<String>,
}

/// How two lists differ.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Difference {
    /// Components of the first that count.
    pub here: usize,
    /// Of them, those that the second has in the same version.
    pub here_in_there: usize,
    /// Components of the second that count.
    pub there: usize,
    /// Of them, those that the first has in the same version.
    pub there_in_here: usize,
    /// In the second alone.
    pub missing: Vec<String>,
    /// In the first alone.
    pub extra: Vec<String>,
    /// In both, in other versions.
    pub other_version: Vec<OtherVersion>,
    /// In both in one version, with other digests.
    pub other_hash: Vec<OtherHash>,
    /// Without a package URL in one of them, and so compared by name and version alone.
    pub by_name: usize,
}

impl ComponentSet {
    /// What a document lists, but for what it says is not inside, and the product itself.
    pub fn of_document(document: &Document) -> Self {
        let mut set = Self::default();
        for one in document.components.iter().filter(|one| !one.excluded && !one.product) {
            let Some((package, version)) = identity(one) else { continue };
            let entry = set.entry(package, version);
            entry.counts |= !one.root;
            for hash in &one.hashes {
                entry.hashes.entry(hash.algorithm.clone()).or_default().insert(hash.value.to_ascii_lowercase());
            }
        }
        set
    }

    /// What a repository, a folder or a lockfile has.
    pub fn of_inventory(inventory: &Inventory) -> Self {
        let mut set = Self::default();
        for one in &inventory.components {
            let (package, version) = package_of(&one.purl).unwrap_or_else(|| (one.name.clone(), None));
            let entry = set.entry(package, version.unwrap_or_else(|| one.version.clone()));
            entry.counts |= ships(one);
            for hash in &one.hashes {
                if let Some(algorithm) = hash.algorithm().in_documents() {
                    let algorithm = algorithm.replace('-', "");
                    entry.hashes.entry(algorithm).or_default().insert(hash.value().to_owned());
                }
            }
        }
        set
    }

    fn entry(&mut self, package: String, version: String) -> &mut Entry {
        self.packages.entry(package).or_default().entry(version).or_default()
    }

    /// How many components there are.
    pub fn len(&self) -> usize {
        self.packages.values().map(BTreeMap::len).sum()
    }

    /// Is there none?
    pub fn is_empty(&self) -> bool {
        self.packages.is_empty()
    }

    fn counted(&self) -> impl Iterator<Item = (&String, &String)> {
        self.packages.iter().flat_map(|(package, versions)| {
            versions.iter().filter(|(_, entry)| entry.counts).map(move |(version, _)| (package, version))
        })
    }

    fn has(&self, package: &str, version: &str) -> bool {
        self.packages.get(package).is_some_and(|versions| versions.contains_key(version))
    }

    /// How this list differs from another.
    pub fn difference(&self, other: &Self) -> Difference {
        let mut found = Difference::default();
        let both = |one: &Self, of: &Self| {
            let all = one.counted().count();
            (all, one.counted().filter(|(package, version)| of.has(package, version)).count())
        };
        (found.here, found.here_in_there) = both(self, other);
        (found.there, found.there_in_here) = both(other, self);
        let packages: BTreeSet<&String> = self.packages.keys().chain(other.packages.keys()).collect();
        let none = BTreeMap::new();
        for package in packages {
            let [here, there] = [self, other].map(|set| set.packages.get(package).unwrap_or(&none));
            let only = |one: &BTreeMap<String, Entry>, of: &BTreeMap<String, Entry>| -> Vec<String> {
                let alone = one.iter().filter(|(version, entry)| entry.counts && !of.contains_key(*version));
                alone.map(|(version, _)| version.clone()).collect()
            };
            let (alone_here, alone_there) = (only(here, there), only(there, here));
            if !package.starts_with("pkg:") {
                found.by_name += here.len().max(there.len());
            }
            if !alone_here.is_empty() && !alone_there.is_empty() {
                found.other_version.push(OtherVersion {
                    package: package.clone(),
                    here: alone_here,
                    there: alone_there,
                });
            } else {
                found.extra.extend(alone_here.iter().map(|version| joined(package, version)));
                found.missing.extend(alone_there.iter().map(|version| joined(package, version)));
            }
            for (version, entry) in here {
                let Some(of) = there.get(version) else { continue };
                for (algorithm, sums) in &entry.hashes {
                    let Some(others) = of.hashes.get(algorithm).filter(|others| others.is_disjoint(sums)) else {
                        continue;
                    };
                    found.other_hash.push(OtherHash {
                        component: joined(package, version),
                        algorithm: algorithm.clone(),
                        here: sums.iter().cloned().collect(),
                        there: others.iter().cloned().collect(),
                    });
                }
            }
        }
        found
    }
}

fn joined(package: &str, version: &str) -> String {
    if let Some((package, source)) = package.split_once('?').filter(|_| package.starts_with("pkg:")) {
        return format!("{}?{source}", joined(package, version));
    }
    match (package.starts_with("pkg:"), version.is_empty()) {
        (_, true) => package.to_owned(),
        (true, false) => format!("{package}@{version}"),
        (false, false) => format!("{package} {version}"),
    }
}

/// Is it a package that reaches the user, and not the repository's own?
fn ships(component: &Component) -> bool {
    component.ships() && !component.member && !component.own && !component.opaque
}

/// The package and the version by which a listed component is compared.
fn identity(one: &Listed) -> Option<(String, String)> {
    let version = one.version.clone().unwrap_or_default();
    match one.purl.as_deref().and_then(package_of) {
        Some((package, of_purl)) => Some((package, of_purl.unwrap_or(version))),
        None => Some((one.name.clone()?, version)),
    }
}

/// The canonical package URL without its version, with what says that it comes from elsewhere than the public registry, and the
/// version.
fn package_of(purl: &str) -> Option<(String, Option<String>)> {
    let (_, read, source) = canonical(purl)?;
    let mut plain = PackageUrl::new(read.ty().to_owned(), read.name().to_owned()).ok()?;
    if let Some(namespace) = read.namespace() {
        plain.with_namespace(namespace.to_owned()).ok()?;
    }
    for (name, value) in source.iter().filter(|(name, _)| *name != "checksum") {
        plain.add_qualifier(name.clone(), value.clone()).ok()?;
    }
    Some((plain.to_string(), read.version().map(ToOwned::to_owned)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(components: &str) -> ComponentSet {
        let text = format!(r#"{{"bomFormat":"CycloneDX","specVersion":"1.6","components":[{components}]}}"#);
        ComponentSet::of_document(&Document::read(text.as_bytes()).unwrap())
    }

    fn one(name: &str, version: &str, hash: &str) -> String {
        let hashes = if hash.is_empty() {
            String::new()
        } else {
            format!(r#","hashes":[{{"alg":"SHA-256","content":"{}"}}]"#, hash.repeat(64))
        };
        format!(
            r#"{{"type":"library","name":"{name}","version":"{version}","purl":"pkg:npm/{name}@{version}"{hashes}}}"#
        )
    }

    #[test]
    fn each_difference_has_its_place() {
        let here = set(&[one("a", "1", "a"), one("b", "1", ""), one("c", "1", ""), one("d", "1", "b")].join(","));
        let there = set(&[one("a", "1", "b"), one("b", "2", ""), one("d", "1", ""), one("e", "1", "")].join(","));
        let found = here.difference(&there);
        assert_eq!(found.missing, ["pkg:npm/e@1"]);
        assert_eq!(found.extra, ["pkg:npm/c@1"]);
        assert_eq!(found.other_version.len(), 1);
        assert_eq!(
            (&found.other_version[0].here, &found.other_version[0].there),
            (&vec!["1".to_owned()], &vec!["2".to_owned()])
        );
        assert_eq!(found.other_hash.iter().map(|one| one.component.as_str()).collect::<Vec<_>>(), ["pkg:npm/a@1"]);
        assert_eq!((found.here, found.here_in_there, found.there, found.there_in_here), (4, 2, 4, 2));
        let back = there.difference(&here);
        assert_eq!((back.missing, back.extra), (found.extra, found.missing));
        let same = here.difference(&here);
        assert_eq!(same, Difference { here: 4, here_in_there: 4, there: 4, there_in_here: 4, ..Difference::default() });
    }

    #[test]
    fn a_package_of_another_registry_is_another() {
        let of = |purl: &str| set(&format!(r#"{{"type":"library","name":"a","version":"1","purl":"{purl}"}}"#));
        let found = of("pkg:npm/a@1?repository_url=https://evil.example").difference(&of("pkg:npm/a@1"));
        assert_eq!(found.extra, ["pkg:npm/a@1?repository_url=https:%2F%2Fevil.example"]);
        assert_eq!((found.missing, found.here_in_there), (vec!["pkg:npm/a@1".to_owned()], 0));
    }

    #[test]
    fn two_versions_of_one_package_are_told_apart() {
        let two = set(&[one("a", "1", ""), one("a", "2", "")].join(","));
        let found = two.difference(&set(&one("a", "2", "")));
        assert_eq!((found.extra, found.other_version.len()), (vec!["pkg:npm/a@1".to_owned()], 0));
    }

    #[test]
    fn without_a_package_url_the_name_is_compared() {
        let bare = r#"{"type":"library","name":"x","version":"1"}"#;
        let found = set(bare).difference(&set(&bare.replace("\"1\"", "\"2\"")));
        assert_eq!((found.by_name, found.other_version[0].package.as_str()), (1, "x"));
        // One that has a package URL is another thing than a name.
        let found = set(&one("x", "1", "")).difference(&set(bare));
        assert_eq!((found.extra, found.missing), (vec!["pkg:npm/x@1".to_owned()], vec!["x 1".to_owned()]));
    }

    #[test]
    fn what_is_said_to_be_outside_is_not_inside() {
        let excluded = one("a", "1", "").replace("\"library\"", "\"library\",\"scope\":\"excluded\"");
        assert_eq!(set(&excluded).difference(&set(&one("a", "1", ""))).missing, ["pkg:npm/a@1"]);
    }
}
