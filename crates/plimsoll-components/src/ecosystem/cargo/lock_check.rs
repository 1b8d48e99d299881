//! Does a lockfile belong to the manifests beside it?
//!
//! cargo would write a new one before it builds where it does not; what is then built is not what was looked at. The rules are
//! those by which cargo keeps an entry: the member at its version, and among its entries one for each of its dependencies
//! with the name, a version and the source that the manifest asks for. What a package from elsewhere depends on is
//! not in the tree: whether its own entries are all there is not seen.

use std::collections::{BTreeMap, BTreeSet};

use plimsoll_model::tree_path;

use super::{
    CRATES_IO,
    lockfile::{self, Lock, Package},
    manifest::{Dependency, Git, Manifest, Registry, Section},
    workspaces::Found,
};
use crate::{
    component::{Origin, Scope},
    path_class,
};

/// More versions of one package than any manifest asks for at a time; the bound keeps a hostile file linear.
const MAX_CANDIDATES: usize = 64;

/// The name by which a manifest may say crates.io.
const NAMED_CRATES_IO: &str = "crates-io";

/// A dependency that has to be in the lockfile, and the manifest of the tree to which it leads. `None`: it is taken over
/// from a workspace that does not state it.
type Asked<'a> = (Option<&'a Dependency>, Option<usize>);

/// The dependencies that a workspace root states for its members, by key.
type Shared<'a> = BTreeMap<&'a str, &'a Dependency>;

/// The manifests that belong to one workspace, and what each asks for.
pub(crate) struct LockfileCheck<'a> {
    manifests: &'a [Manifest],
    members: BTreeSet<usize>,
    closure: BTreeSet<usize>,
    root: Option<&'a Manifest>,
    /// Root manifests of the tree by folder.
    roots: BTreeMap<&'a str, &'a Manifest>,
    /// By member, and by what they take by path, in turn.
    asked: BTreeMap<usize, Vec<Asked<'a>>>,
    /// What the root puts in the place of other packages, by the name of the package.
    patches: BTreeMap<&'a str, Vec<&'a Dependency>>,
}

impl<'a> LockfileCheck<'a> {
    pub(crate) fn new(manifests: &'a [Manifest], found: &Found) -> Self {
        let folders = found.closure.iter().filter_map(|index| Some((manifests.get(*index)?.folder(), *index)));
        let by_folder: BTreeMap<&str, usize> = folders.collect();
        let roots = manifests.iter().filter(|manifest| manifest.root.is_some());
        let mut fit = Self {
            manifests,
            members: found.members.iter().copied().collect(),
            closure: found.closure.clone(),
            root: manifests.get(found.root),
            roots: roots.map(|root| (root.folder(), root)).collect(),
            asked: BTreeMap::new(),
            patches: BTreeMap::new(),
        };
        for patch in fit.root.into_iter().flat_map(|root| &root.dependencies) {
            if patch.section == Section::Patch {
                fit.patches.entry(&patch.package).or_default().push(patch);
            }
        }
        let mut shared: BTreeMap<&str, Shared<'a>> = BTreeMap::new();
        let mut queue: Vec<usize> = found.members.clone();
        while let Some(index) = queue.pop() {
            if !fit.asked.contains_key(&index) {
                let asked = fit.ask(index, &by_folder, &mut shared);
                queue.extend(asked.iter().filter_map(|(_, led_to)| *led_to));
                fit.asked.insert(index, asked);
            }
        }
        fit
    }

    /// Name and version of each package of the tree that belongs to this one by a path, other than copies of somebody
    /// else's.
    pub(crate) fn own(&self) -> BTreeSet<(&'a str, String)> {
        let own = self.asked.keys().filter_map(|index| Some((*index, self.manifests.get(*index)?)));
        own.filter(|(_, manifest)| manifest.class != path_class::VENDORED)
            .filter_map(|(index, manifest)| Some((manifest.package.as_ref()?.name.as_str(), self.version(index)?)))
            .collect()
    }

    /// The packages of the tree to which this workspace leads by membership or a path: manifest, the root that it takes
    /// from, and its version.
    pub(crate) fn packages(&self) -> impl Iterator<Item = (&'a Manifest, Option<&'a Manifest>, String)> {
        let indices = self.closure.iter();
        indices.filter_map(|index| Some((self.manifests.get(*index)?, self.root_of(*index), self.version(*index)?)))
    }

    /// Gives every way in which the lockfile is not that of the manifests, in one clause each.
    pub(crate) fn mismatches(&self, lock: &Lock) -> Vec<String> {
        let mut mismatches = Vec::new();
        for (index, asked) in &self.asked {
            let Some(manifest) = self.manifests.get(*index) else { continue };
            let Some(package) = &manifest.package else { continue };
            let entry = self.version(*index).and_then(|version| lock.find(&package.name, &version, None));
            let Some(entry) = entry.and_then(|entry| lock.packages.get(entry)) else {
                mismatches.push(format!("it does not list {} at the version of {}", package.name, manifest.path));
                continue;
            };
            let mut listed: BTreeMap<&str, Vec<&Package>> = BTreeMap::new();
            for next in entry.dependencies.iter().filter_map(|index| lock.packages.get(*index)) {
                listed.entry(&next.name).or_default().push(next);
            }
            for (dependency, led_to) in asked {
                let Some(dependency) = dependency else {
                    mismatches
                        .push(format!("{} takes a dependency from a workspace that does not state it", manifest.path));
                    continue;
                };
                // A package may test itself.
                if *led_to != Some(*index) && !self.fits(dependency, &listed) {
                    let asks = words(dependency);
                    mismatches.push(format!("{} asks for {asks}, which it does not lock so", manifest.path));
                }
            }
        }
        mismatches.extend(self.unlocked_patches(lock));
        mismatches.sort();
        mismatches.dedup();
        mismatches
    }

    /// What the root puts in the place of other packages and the lockfile does not know of. cargo locks a patch or lists it
    /// as unused, and links what is replaced to what takes its place.
    fn unlocked_patches(&self, lock: &Lock) -> Vec<String> {
        let mut mismatches = Vec::new();
        let Some(root) = self.root else { return mismatches };
        let mut unused: BTreeMap<&str, Vec<&Package>> = BTreeMap::new();
        for package in &lock.unused {
            unused.entry(&package.name).or_default().push(package);
        }
        for patch in self.patches.values().flatten() {
            let locked = lock.named(&patch.package).take(MAX_CANDIDATES);
            let listed = unused.get(patch.package.as_str()).into_iter().flatten().copied().take(MAX_CANDIDATES);
            let mut all = locked.chain(listed);
            if !all.any(|entry| takes(patch.version.as_deref(), &entry.version) && is_from(patch, entry)) {
                let by = words(patch);
                mismatches.push(format!("{} patches {by}, which is neither locked nor listed as unused", root.path));
            }
        }
        for replacement in root.dependencies.iter().filter(|one| one.section == Section::Replace) {
            let is_one = |entry: &Package| {
                entry.name == replacement.package
                    && takes(replacement.version.as_deref(), &entry.version)
                    && is_from(replacement, entry)
            };
            let is_linked = |entry: &Package| {
                is_one(entry)
                    || entry
                        .dependencies
                        .iter()
                        .take(MAX_CANDIDATES)
                        .any(|next| lock.packages.get(*next).is_some_and(is_one))
            };
            let mut replaced = lock.named(&replacement.package).take(MAX_CANDIDATES);
            // cargo refuses a key that does not say which version.
            if replacement.version.is_none()
                || !replaced.all(|entry| !takes(replacement.version.as_deref(), &entry.version) || is_linked(entry))
            {
                mismatches.push(format!("{} replaces {}, which it does not lock so", root.path, words(replacement)));
            }
        }
        mismatches
    }

    /// What a manifest asks for that has to be in the lockfile.
    ///
    /// All that a member asks for is locked, for every feature and target. Of what is taken by path from outside of the
    /// workspace, what is optional may be missing, and its tests are nobody's.
    fn ask(
        &self,
        index: usize,
        by_folder: &BTreeMap<&str, usize>,
        shared: &mut BTreeMap<&'a str, Shared<'a>>,
    ) -> Vec<Asked<'a>> {
        let Some(manifest) = self.manifests.get(index) else { return Vec::new() };
        let member = self.members.contains(&index);
        let root = self.root_of(index);
        let asked = manifest.dependencies.iter().filter(|dependency| {
            dependency.section == Section::Package
                && (member || !(dependency.optional || dependency.scope == Scope::Dev))
        });
        let mut all = Vec::new();
        for dependency in asked {
            let (holder, meant) = if dependency.inherited {
                let Some(root) = root else {
                    all.push((None, None));
                    continue;
                };
                let stated = shared.entry(&root.path).or_insert_with(|| {
                    let stated = root.dependencies.iter().filter(|stated| stated.section == Section::Workspace);
                    stated.map(|stated| (stated.key.as_str(), stated)).collect()
                });
                (root, stated.get(dependency.key.as_str()).copied())
            } else {
                (manifest, Some(dependency))
            };
            let folder = meant.and_then(|meant| tree_path::join(holder.folder(), meant.path.as_deref()?));
            all.push((meant, folder.and_then(|folder| by_folder.get(folder.as_str()).copied())));
        }
        all
    }

    /// The workspace root that a manifest takes from: that of its members, else the one that it names or the nearest
    /// above.
    fn root_of(&self, index: usize) -> Option<&'a Manifest> {
        if self.members.contains(&index) {
            return self.root;
        }
        let manifest = self.manifests.get(index)?;
        let named = manifest.package.as_ref().and_then(|package| package.workspace.as_deref());
        if let Some(named) = named.and_then(|named| tree_path::join(manifest.folder(), named)) {
            return self.roots.get(named.as_str()).copied();
        }
        let mut folder = manifest.folder();
        loop {
            match self.roots.get(folder) {
                Some(root) => return Some(root),
                None if folder.is_empty() => return None,
                None => folder = tree_path::folder(folder),
            }
        }
    }

    /// The version of a package; `None` where it takes it from a workspace that does not state it.
    fn version(&self, index: usize) -> Option<String> {
        match &self.manifests.get(index)?.package.as_ref()?.version {
            Some(version) => Some(version.clone()),
            None => self.root_of(index)?.root.as_ref()?.version.clone(),
        }
    }

    /// Is what a dependency asks for, or what the root puts in its place, among what is listed?
    fn fits(&self, dependency: &Dependency, listed: &BTreeMap<&str, Vec<&Package>>) -> bool {
        let patches = self.patches.get(dependency.package.as_str());
        let named = listed.get(dependency.package.as_str()).into_iter().flatten().take(MAX_CANDIDATES);
        named.filter(|entry| takes(dependency.version.as_deref(), &entry.version)).any(|entry| {
            is_from(dependency, entry)
                || patches
                    .into_iter()
                    .flatten()
                    .take(MAX_CANDIDATES)
                    .any(|patch| takes(patch.version.as_deref(), &entry.version) && is_from(patch, entry))
        })
    }
}

/// Is an entry from the source that a dependency names?
fn is_from(dependency: &Dependency, entry: &Package) -> bool {
    match (&dependency.git, &dependency.path) {
        (Some(git), _) => is_git(git, entry),
        (None, Some(_)) => entry.origin == Origin::Folder,
        (None, None) => match &dependency.registry {
            None => entry.origin == Origin::Public(CRATES_IO),
            Some(Registry::Named(name)) if name == NAMED_CRATES_IO => entry.origin == Origin::Public(CRATES_IO),
            // Which index a registry's name stands for is said in a configuration, which is not in force.
            Some(Registry::Named(_)) => matches!(entry.origin, Origin::Registry(_)),
            Some(Registry::Index(index)) => is_index(index, &entry.origin),
        },
    }
}

/// Is this the index of the registry from which an entry is?
fn is_index(index: &str, origin: &Origin) -> bool {
    let index = if index.starts_with("sparse+") { index.to_owned() } else { format!("registry+{index}") };
    match (lockfile::origin(&index), origin) {
        (Some(Origin::Public(CRATES_IO)), Origin::Public(CRATES_IO)) => true,
        (Some(Origin::Registry(left)), Origin::Registry(right)) => {
            lockfile::canonical(&left) == lockfile::canonical(right)
        }
        _ => false,
    }
}

/// Are these versions, as written, among which `version` is? What is not understood takes none.
fn takes(versions: Option<&str>, version: &str) -> bool {
    let Some(versions) = versions.map(str::trim) else { return true };
    let Ok(version) = semver::Version::parse(version) else { return false };
    semver::VersionReq::parse(versions).is_ok_and(|versions| versions.matches(&version))
}

/// Is an entry from this repository, at the branch, tag or revision that is named, and pinned?
fn is_git(git: &Git, entry: &Package) -> bool {
    let Origin::Git { url, revision: Some(_) } = &entry.origin else { return false };
    if lockfile::canonical(&git.url) != lockfile::canonical(url) {
        return false;
    }
    let source = entry.source.as_deref().unwrap_or_default();
    let query = source.split('#').next().and_then(|source| source.split_once('?')).map(|(_, query)| query);
    match (&git.reference, query) {
        (None, None) => true,
        // Version 2 and before write neither the default branch nor the one that was it.
        (None, Some(query)) => query == "branch=master",
        (Some((kind, value)), None) => (*kind, value.as_str()) == ("branch", "master"),
        // Version 4 writes some letters by their numbers; those are not told apart.
        (Some((kind, _)), Some(query)) if query.contains('%') => query.starts_with(&format!("{kind}=")),
        (Some((kind, value)), Some(query)) => query == format!("{kind}={value}"),
    }
}

fn words(dependency: &Dependency) -> String {
    let version = dependency.version.as_deref().map(|version| format!(" \"{version}\"")).unwrap_or_default();
    let from = match (&dependency.git, &dependency.path) {
        (Some(_), _) => " from git",
        (None, Some(_)) => " by path",
        (None, None) => match &dependency.registry {
            Some(Registry::Named(name)) if name != NAMED_CRATES_IO => " from another registry",
            Some(Registry::Index(_)) => " from another registry",
            _ => " from crates.io",
        },
    };
    let text = format!("{}{version}{from}", dependency.package);
    plimsoll_model::excerpt(&text, 200)
}
