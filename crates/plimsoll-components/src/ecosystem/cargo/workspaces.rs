//! Which workspaces the manifests of a tree make, and who is a member of which.

use std::collections::{BTreeMap, BTreeSet};

use plimsoll_model::tree_path;

use super::manifest::{Dependency, Manifest, Section};
use crate::{ecosystem::member_globs, options::Limits, path_class};

/// A workspace: indices into the manifests.
#[derive(Clone, Debug)]
pub(crate) struct Found {
    /// The root manifest.
    pub root: usize,
    /// Manifests of member packages, sorted by path.
    pub members: Vec<usize>,
    /// Root, members and every manifest of the tree that they lead to by a path.
    pub closure: BTreeSet<usize>,
    /// The class nearest to the user among members.
    pub class: String,
}

/// The workspaces, and what was beyond the bounds.
pub(crate) struct Discovery {
    pub workspaces: Vec<Found>,
    pub beyond: Vec<String>,
    /// Members that a root names and the tree does not hold: the root's index and the folder.
    pub absent: Vec<(usize, String)>,
}

/// How many comparisons of a member pattern with a folder are made for one tree.
const COMPARISONS: usize = 4_000_000;

/// Finds the workspaces of a tree. `manifests` is sorted by path; workspaces come out nearest to the user first.
///
/// Source: the Cargo Book, "Workspaces": root, members, exclude, and path dependencies as members.
pub(crate) fn discover(manifests: &[Manifest], lockfiles: &BTreeSet<&str>, limits: &Limits) -> Discovery {
    let finder = Finder {
        manifests,
        by_folder: manifests.iter().enumerate().map(|(index, manifest)| (manifest.folder(), index)).collect(),
        limits,
    };
    let mut beyond = Vec::new();
    let mut absent = Vec::new();
    let mut budget = COMPARISONS;
    let mut workspaces = Vec::new();
    let mut taken: BTreeSet<usize> = BTreeSet::new();
    for (index, manifest) in manifests.iter().enumerate() {
        if manifest.root.is_some() {
            let found = finder.workspace(index, &mut budget, &mut beyond);
            absent.extend(finder.absent(index).map(|folder| (index, folder)));
            taken.extend(found.members.iter().copied());
            workspaces.push(found);
        }
    }
    let alone = manifests.iter().enumerate().filter(|(index, _)| !taken.contains(index));
    let alone: Vec<Found> = alone
        .filter(|(_, manifest)| manifest.root.is_none())
        .map(|(index, _)| finder.finish(index, BTreeSet::from([index])))
        .collect();
    // A package that others take in by path is resolved in their lockfile, unless it has one of its own.
    let led_to: BTreeSet<usize> = workspaces
        .iter()
        .chain(&alone)
        .flat_map(|found| found.closure.iter().copied().filter(|index| *index != found.root))
        .collect();
    workspaces.extend(alone.into_iter().filter(|found| {
        let lockfile = manifests.get(found.root).map(|root| tree_path::within(root.folder(), "Cargo.lock"));
        !led_to.contains(&found.root) || lockfile.is_some_and(|lockfile| lockfiles.contains(lockfile.as_str()))
    }));
    workspaces.sort_by_key(|found| (path_class::rank(&found.class), found.root));
    for found in workspaces.iter().skip(limits.workspaces) {
        beyond.push(format!(
            "{} is beyond the {} workspaces that are looked at",
            finder.path(found.root),
            limits.workspaces
        ));
    }
    workspaces.truncate(limits.workspaces);
    Discovery { workspaces, beyond, absent }
}

struct Finder<'a> {
    manifests: &'a [Manifest],
    by_folder: BTreeMap<&'a str, usize>,
    limits: &'a Limits,
}

impl Finder<'_> {
    fn path(&self, index: usize) -> &str {
        self.manifests.get(index).map_or("", |manifest| manifest.path.as_str())
    }

    fn workspace(&self, index: usize, budget: &mut usize, beyond: &mut Vec<String>) -> Found {
        let mut members: BTreeSet<usize> = BTreeSet::new();
        let Some(manifest) = self.manifests.get(index) else { return self.finish(index, members) };
        let Some(root) = &manifest.root else { return self.finish(index, members) };
        let folder = manifest.folder();
        let joined = |list: &[String]| list.iter().filter_map(|path| tree_path::join(folder, path)).collect::<Vec<_>>();
        let (patterns, exclude) = (joined(&root.members), joined(&root.exclude));
        let excluded = |candidate: &str| {
            exclude.iter().any(|prefix| tree_path::is_below(candidate, prefix))
                && !patterns.iter().any(|prefix| tree_path::is_below(candidate, prefix))
        };
        let mut queue: Vec<usize> = Vec::new();
        if manifest.package.is_some() {
            queue.push(index);
        }
        for pattern in &patterns {
            if !pattern.contains(['*', '?', '[']) {
                queue.extend(self.by_folder.get(pattern.as_str()));
                continue;
            }
            // Folders are sorted: those that can match start with what stands before the first wildcard.
            let literal = pattern.split(['*', '?', '[']).next().unwrap_or_default();
            for (candidate, index) in self.by_folder.range(literal..) {
                if !candidate.starts_with(literal) {
                    break;
                }
                let Some(left) = budget.checked_sub(1) else {
                    beyond.push(format!("{} has more member patterns than are compared", manifest.path));
                    break;
                };
                *budget = left;
                if member_globs::matches(pattern, candidate) {
                    queue.push(*index);
                }
            }
        }
        while let Some(candidate) = queue.pop() {
            let Some(member) = self.manifests.get(candidate) else { continue };
            let other_root = candidate != index && member.root.is_some();
            if member.package.is_none() || other_root || (candidate != index && excluded(member.folder())) {
                continue;
            }
            if members.len() >= self.limits.members {
                beyond.push(format!("{} has more than {} members", manifest.path, self.limits.members));
                break;
            }
            if members.insert(candidate) {
                let led_to = self.led_to(candidate, index, Section::Package);
                queue.extend(led_to.into_iter().filter(|next| self.belongs(*next, index, folder)));
            }
        }
        self.finish(index, members)
    }

    /// Folders that a root names as members, by no pattern, and that have no manifest here: left out, or in a submodule.
    fn absent(&self, index: usize) -> impl Iterator<Item = String> {
        let manifest = self.manifests.get(index);
        let named = manifest.and_then(|manifest| manifest.root.as_ref()).into_iter().flat_map(|root| &root.members);
        let plain = named.filter(|member| !member.contains(['*', '?', '[']));
        let folder = manifest.map_or("", |manifest| manifest.folder());
        plain
            .filter_map(move |member| tree_path::join(folder, member))
            .filter(|folder| !self.by_folder.contains_key(folder.as_str()))
    }

    /// May a path dependency be a member: is it below the root, or does it name the root itself?
    fn belongs(&self, candidate: usize, root: usize, folder: &str) -> bool {
        let Some(manifest) = self.manifests.get(candidate) else { return false };
        let named = manifest.package.as_ref().and_then(|package| package.workspace.as_deref());
        match named.and_then(|named| tree_path::join(manifest.folder(), named)) {
            Some(named) => self.by_folder.get(named.as_str()) == Some(&root),
            None => tree_path::is_below(manifest.folder(), folder),
        }
    }

    /// The manifests to which one manifest's dependencies lead by a path.
    fn led_to(&self, index: usize, root: usize, section: Section) -> Vec<usize> {
        let (Some(manifest), Some(root)) = (self.manifests.get(index), self.manifests.get(root)) else {
            return Vec::new();
        };
        let shared: BTreeMap<&str, &Dependency> = root
            .dependencies
            .iter()
            .filter(|dependency| dependency.section == Section::Workspace)
            .map(|dependency| (dependency.key.as_str(), dependency))
            .collect();
        let dependencies = manifest.dependencies.iter().filter(|dependency| dependency.section == section);
        dependencies
            .filter_map(|dependency| {
                let (folder, path) = if dependency.inherited {
                    (root.folder(), shared.get(dependency.key.as_str())?.path.as_deref()?)
                } else {
                    (manifest.folder(), dependency.path.as_deref()?)
                };
                self.by_folder.get(tree_path::join(folder, path)?.as_str()).copied()
            })
            .collect()
    }

    fn finish(&self, root: usize, members: BTreeSet<usize>) -> Found {
        let mut closure: BTreeSet<usize> = BTreeSet::new();
        let mut queue: Vec<usize> = members.iter().copied().chain([root]).collect();
        while let Some(index) = queue.pop() {
            if closure.insert(index) {
                for section in [Section::Package, Section::Patch, Section::Replace] {
                    queue.extend(self.led_to(index, root, section));
                }
            }
        }
        // A virtual root with no members has only itself.
        let classes = members.iter().filter_map(|index| self.manifests.get(*index)).map(|member| member.class.as_str());
        let own = self.manifests.get(root).map_or(path_class::SHIPPED, |root| root.class.as_str());
        let class = classes.reduce(path_class::best).unwrap_or(own).to_owned();
        Found { root, members: members.into_iter().collect(), closure, class }
    }
}
