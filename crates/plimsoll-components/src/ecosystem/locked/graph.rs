//! What a lockfile says, whatever its format: packages, what they depend on, and for which members they are locked.

use std::collections::{BTreeMap, BTreeSet};

use crate::{component::Origin, hash::Hash};

/// For what one package needs another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Usage {
    /// To run.
    Normal,
    /// To be built.
    Build,
    /// To be worked on or tested.
    Dev,
}

/// That something depends on a package of the lockfile.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Edge {
    /// Index of the package.
    pub to: usize,
    pub usage: Usage,
}

/// One package of a lockfile.
#[derive(Clone, Debug, Default)]
pub(crate) struct Package {
    pub name: String,
    pub version: String,
    pub purl: String,
    pub origin: Origin,
    pub hashes: Vec<Hash>,
    /// An SPDX expression.
    pub licence: Option<String>,
    /// Does it come inside the archive of another package, so that it has no digest of its own?
    pub bundled: bool,
    /// Is it a member of the workspace, or a folder of the tree?
    pub own: bool,
    /// Does the lockfile say that nothing of it is built?
    pub unused: bool,
    pub edges: Vec<Edge>,
    /// The versions that it asks for, by the names that it has for packages, where the format keeps them.
    pub asks: BTreeMap<String, Vec<String>>,
    /// For what the lockfile itself says that it is locked, where it says so.
    pub usage: Option<Usage>,
}

/// What a lockfile says of one member.
#[derive(Clone, Debug, Default)]
pub(crate) struct Member {
    /// Its package, where it is listed among the others.
    pub package: Option<usize>,
    pub edges: Vec<Edge>,
    /// What it asked for when the lockfile was written, where the format keeps that.
    pub asked: Option<Vec<Want>>,
    /// Names of which it gets another version than it asks for, which is right where the root says so.
    pub replaced: Vec<String>,
}

/// What a manifest asks for, or a lockfile was written for.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Want {
    pub name: String,
    /// As it is written.
    pub requirement: String,
    pub usage: Usage,
    /// May it be missing?
    pub optional: bool,
}

/// One lockfile that was understood.
#[derive(Clone, Debug, Default)]
pub(crate) struct Graph {
    /// The name of the format.
    pub format: &'static str,
    /// The version of the format, as it says.
    pub version: String,
    /// The folder of the manifests to which it belongs.
    pub folder: String,
    pub packages: Vec<Package>,
    /// Its members by folder, relative to that of the lockfile; `None` where the format does not name them.
    pub members: Option<BTreeMap<String, Member>>,
    /// Does it say what its packages depend on?
    pub has_edges: bool,
    /// Is all of it installed, whatever leads to it? Then its own word of a package's use holds where nothing leads there.
    pub installs_all: bool,
    /// Does it keep what is needed to run with what is needed to test, and not say which is which?
    pub use_unknown: bool,
    /// Why it does not list everything that is built, in one clause.
    pub partial: Option<String>,
    /// Packages by what a member may ask for them with: a name, or a name and a requirement. For formats that do not name
    /// members.
    pub answers: BTreeMap<String, Vec<usize>>,
    /// Names of which it holds another version than an entry asks for, which is right where the root says so.
    pub replaced: BTreeSet<String>,
    /// A digest of the manifest that it was written for, where the format keeps one.
    pub written_for: Option<String>,
    /// Entries that were not understood, in one clause each.
    pub faults: Vec<String>,
}

/// Why a lockfile was not understood.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum LockError {
    /// A version that is not known, and which are.
    #[error("it is of version {0}; this version of plimsoll reads {1}")]
    Future(String, &'static str),
    #[error("{0}")]
    Malformed(String),
    #[error("{0}")]
    Limit(String),
}

impl Graph {
    /// Puts packages together that are one and the same: of one package URL. What they depend on is what any of them does.
    ///
    /// Formats that list a package once for each place where it is put have several of one kind.
    pub fn merged(self) -> Self {
        let mut place: BTreeMap<String, usize> = BTreeMap::new();
        let mut packages: Vec<Package> = Vec::with_capacity(self.packages.len());
        let mut to: Vec<usize> = Vec::with_capacity(self.packages.len());
        let mut faults = self.faults;
        for package in self.packages {
            let index = *place.entry(package.purl.clone()).or_insert(packages.len());
            to.push(index);
            let Some(known) = packages.get_mut(index) else {
                packages.push(package);
                continue;
            };
            known.edges.extend(package.edges);
            known.own |= package.own;
            known.unused &= package.unused;
            // What is unpacked from one archive has its digest, wherever else it is bundled.
            known.bundled &= package.bundled;
            known.licence = known.licence.take().or(package.licence);
            known.usage = known.usage.min(package.usage);
            if known.hashes.is_empty() {
                known.hashes = package.hashes;
            } else if !package.hashes.is_empty() && known.hashes != package.hashes {
                // A copy may be pinned by an older algorithm; two digests of one algorithm are two archives.
                let differs = known.hashes.iter().any(|one| {
                    let mut same = package.hashes.iter().filter(|other| other.algorithm() == one.algorithm());
                    same.next().is_some_and(|other| other != one)
                });
                if differs {
                    faults.push(format!("{} {} is listed with two different digests", known.name, known.version));
                }
                known.hashes.extend(package.hashes);
                known.hashes.sort_unstable();
                known.hashes.dedup();
            }
        }
        let mapped = |edges: Vec<Edge>| -> Vec<Edge> {
            let mut edges: Vec<Edge> =
                edges.into_iter().filter_map(|edge| Some(Edge { to: *to.get(edge.to)?, ..edge })).collect();
            edges.sort_unstable();
            edges.dedup();
            edges
        };
        for package in &mut packages {
            package.edges = mapped(std::mem::take(&mut package.edges));
        }
        let members = self.members.map(|members| {
            let of_one = |member: Member| Member {
                package: member.package.and_then(|index| to.get(index).copied()),
                edges: mapped(member.edges),
                asked: member.asked,
                replaced: member.replaced,
            };
            members.into_iter().map(|(folder, member)| (folder, of_one(member))).collect()
        });
        let answers = self.answers.into_iter().map(|(name, found)| {
            let mut found: Vec<usize> = found.into_iter().filter_map(|index| to.get(index).copied()).collect();
            found.sort_unstable();
            found.dedup();
            (name, found)
        });
        faults.sort();
        faults.dedup();
        Self { packages, members, answers: answers.collect(), faults, ..self }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hash::Algorithm;

    fn package(purl: &str, hash: u8, edges: &[usize]) -> Package {
        let hash = Hash::of_hex(Algorithm::Sha1, &format!("{hash:02x}").repeat(20)).unwrap();
        let edges = edges.iter().map(|to| Edge { to: *to, usage: Usage::Normal }).collect();
        Package { purl: purl.to_owned(), name: purl.to_owned(), hashes: vec![hash], edges, ..Package::default() }
    }

    #[test]
    fn a_package_that_is_put_in_two_places_is_one() {
        let graph = |hash| {
            let packages =
                vec![package("a", 1, &[1]), package("b", 2, &[2]), package("a", hash, &[3]), package("c", 3, &[])];
            let member = Member { package: Some(2), ..Member::default() };
            let members = Some(BTreeMap::from([(String::new(), member)]));
            Graph { packages, members, ..Graph::default() }.merged()
        };
        let same = graph(1);
        let names: Vec<&str> = same.packages.iter().map(|package| package.purl.as_str()).collect();
        assert_eq!(names, ["a", "b", "c"]);
        let to = |index: usize| same.packages[index].edges.iter().map(|edge| edge.to).collect::<Vec<_>>();
        assert_eq!((to(0), to(1), to(2)), (vec![1, 2], vec![0], vec![]));
        assert_eq!(same.members.unwrap()[""].package, Some(0));
        assert!(same.faults.is_empty());
        assert_eq!(graph(9).faults, ["a  is listed with two different digests"]);
    }
}
