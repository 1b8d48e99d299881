//! Which manifests and lockfiles belong together.

use std::collections::{BTreeMap, BTreeSet};

use plimsoll_model::tree_path;

use super::{LockFile, Reader, graph::Usage, manifest::Manifest};
use crate::{
    ecosystem::member_globs,
    gap::{Cause, Gap},
    options::Limits,
    path_class,
};

/// How many folders are compared with patterns of members.
const COMPARED: usize = 5_000_000;

/// A workspace, or a single package.
pub(super) struct Project<'a> {
    /// The manifest of its root comes first.
    pub members: Vec<Manifest>,
    /// Lockfiles of its folder: several, where several package managers are used.
    pub locks: Vec<&'a LockFile<'a>>,
    /// Is there a lockfile that could not be read?
    pub broken: bool,
    /// Members that a lockfile names and the tree does not have, by the place of the lockfile.
    pub absent: BTreeMap<String, String>,
}

/// Which manifests belong together, and the indices of the lockfiles that belong to any.
pub(super) fn projects<'a>(
    reader: &dyn Reader,
    mut manifests: Vec<Manifest>,
    locks: &'a [LockFile<'a>],
    broken: &BTreeSet<String>,
    limits: &Limits,
    gaps: &mut Vec<Gap>,
) -> (Vec<Project<'a>>, BTreeSet<usize>) {
    let folders: BTreeMap<String, usize> =
        manifests.iter().enumerate().map(|(index, one)| (one.folder().to_owned(), index)).collect();
    let mut locks_of: BTreeMap<&str, Vec<(usize, &LockFile<'_>)>> = BTreeMap::new();
    for (number, lock) in locks.iter().enumerate() {
        locks_of.entry(lock.folder).or_default().push((number, lock));
    }
    for manifest in &mut manifests {
        let folder = manifest.folder();
        let outside = manifest.siblings.iter().find(|sibling| {
            let path = sibling.path.as_deref();
            path.is_some_and(|path| tree_path::join(folder, path).is_none_or(|path| !folders.contains_key(&path)))
        });
        let reason = outside.map(|outside| not_in_the_tree(&outside.name));
        manifest.open = manifest.open.take().or(reason);
    }
    raise_classes(&mut manifests, &folders);
    let mut left = COMPARED;
    // To which root a manifest belongs: that whose lockfile names it, or whose patterns take it in. The nearest counts.
    let mut root_of: BTreeMap<usize, usize> = BTreeMap::new();
    let mut absent: BTreeMap<usize, BTreeMap<String, String>> = BTreeMap::new();
    for (index, manifest) in manifests.iter().enumerate() {
        let folder = manifest.folder();
        for (_, lock) in locks_of.get(folder).into_iter().flatten() {
            for named in lock.graph.members.iter().flat_map(BTreeMap::keys).filter(|named| !named.is_empty()) {
                let member = tree_path::join(folder, named).and_then(|path| folders.get(&path).copied());
                match member {
                    Some(member) => {
                        root_of.insert(member, index);
                    }
                    None => {
                        absent.entry(index).or_default().insert(lock.file.path.clone(), named.clone());
                    }
                }
            }
        }
        if manifest.members.is_empty() {
            continue;
        }
        let below = folders.range(folder.to_owned()..).filter(|(path, _)| path.as_str() != folder);
        for (path, member) in below.take_while(|(path, _)| folder.is_empty() || path.starts_with(folder)) {
            let Some(relative) = tree_path::relative(path, folder) else { continue };
            let takes = |pattern: &str| member_globs::matches(pattern, relative);
            let mut inside = false;
            left = left.saturating_sub(manifest.members.len());
            if left == 0 {
                break;
            }
            for pattern in &manifest.members {
                match pattern.strip_prefix('!') {
                    Some(pattern) => inside &= !takes(pattern),
                    None => inside |= takes(pattern),
                }
            }
            if inside {
                root_of.insert(*member, index);
            }
        }
    }
    if left == 0 {
        let reason = format!("which packages are members of which workspace takes more than {COMPARED} comparisons");
        gaps.push(Gap { cause: Cause::Limit, path: String::new(), reason });
    }
    if reader.takes_by_path() {
        let locked: BTreeMap<&str, bool> = locks_of
            .iter()
            .map(|(folder, locks)| (*folder, locks.iter().all(|(_, lock)| lock.graph.members.is_none())))
            .chain(broken.iter().map(|folder| (folder.as_str(), false)))
            .collect();
        take_by_path(&manifests, &folders, &locked, &mut root_of);
    }
    let mut used = BTreeSet::new();
    let mut members_of: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (index, manifest) in manifests.iter().enumerate() {
        let own = locks_of.contains_key(manifest.folder()) || broken.contains(manifest.folder());
        let root = if own { index } else { root_of.get(&index).copied().unwrap_or(index) };
        // Its root may be a member itself, of a workspace that does not reach so far down.
        members_of.entry(root).or_default().push(index);
    }
    if let Some(beyond) = members_of.keys().nth(limits.workspaces).and_then(|index| manifests.get(*index)) {
        let reason =
            format!("{} and what follows it is beyond the {} packages that are read", beyond.path, limits.workspaces);
        gaps.push(Gap { cause: Cause::Limit, path: beyond.path.clone(), reason });
    }
    let mut manifests: Vec<Option<Manifest>> = manifests.into_iter().map(Some).collect();
    let mut all = Vec::new();
    for (root, mut members) in members_of.into_iter().take(limits.workspaces) {
        members.sort_by_key(|member| *member != root);
        let members: Vec<Manifest> =
            members.into_iter().filter_map(|member| manifests.get_mut(member).and_then(Option::take)).collect();
        let Some(first) = members.first() else { continue };
        let folder = first.folder().to_owned();
        let own = locks_of.remove(folder.as_str()).unwrap_or_default();
        used.extend(own.iter().map(|(number, _)| *number));
        all.push(Project {
            members: with_reach(members),
            locks: own.into_iter().map(|(_, lock)| lock).collect(),
            broken: broken.contains(&folder),
            absent: absent.remove(&root).unwrap_or_default(),
        });
    }
    (all, used)
}

/// What is taken by a path belongs to the project that takes it, whose lockfile holds what it needs.
///
/// An example that takes the product does not lock it: the project is at least as near to the user. `locked` are the folders
/// with lockfiles, and whether those say of no member what it asks for.
fn take_by_path(
    manifests: &[Manifest],
    folders: &BTreeMap<String, usize>,
    locked: &BTreeMap<&str, bool>,
    root_of: &mut BTreeMap<usize, usize>,
) {
    let mut members_of: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (member, root) in root_of.iter() {
        members_of.entry(*root).or_default().push(*member);
    }
    let mut roots: Vec<(usize, &Manifest)> =
        manifests.iter().enumerate().filter(|(_, one)| locked.get(one.folder()) == Some(&true)).collect();
    roots.sort_by_key(|(_, root)| path_class::rank(&root.class));
    for (index, root) in roots {
        let members = members_of.remove(&index).unwrap_or_default();
        let mut queue: Vec<(usize, bool)> = members.into_iter().chain([index]).map(|member| (member, true)).collect();
        while let Some((taker, is_member)) = queue.pop() {
            let Some(taker) = manifests.get(taker) else { continue };
            // What a package that is taken needs for its own tests is not locked.
            let taken = taker.siblings.iter().filter(|sibling| is_member || sibling.usage != Usage::Dev);
            for path in taken.filter_map(|sibling| tree_path::join(taker.folder(), sibling.path.as_deref()?)) {
                let Some(target) = folders.get(&path) else { continue };
                let free = !root_of.contains_key(target) && !locked.contains_key(path.as_str());
                let takes = |one: &Manifest| {
                    one.members.is_empty() && path_class::rank(&root.class) <= path_class::rank(&one.class)
                };
                if free && manifests.get(*target).is_some_and(takes) {
                    root_of.insert(*target, index);
                    queue.push((*target, false));
                }
            }
        }
    }
}

/// What something that ships takes in by a path ships, whatever its folder is called.
fn raise_classes(manifests: &mut [Manifest], folders: &BTreeMap<String, usize>) {
    let mut order: Vec<usize> = (0..manifests.len()).collect();
    order.sort_by_key(|index| manifests.get(*index).map(|one| path_class::rank(&one.class)));
    let mut queue: Vec<usize> = order.into_iter().rev().collect();
    let mut done = vec![false; manifests.len()];
    while let Some(index) = queue.pop() {
        let Some(flag) = done.get_mut(index).filter(|flag| !**flag) else { continue };
        *flag = true;
        let Some(manifest) = manifests.get(index) else { continue };
        let class = manifest.class.clone();
        let built = manifest.siblings.iter().filter(|sibling| sibling.usage != Usage::Dev);
        let paths = built.filter_map(|sibling| tree_path::join(manifest.folder(), sibling.path.as_deref()?));
        let targets: Vec<usize> = paths.filter_map(|path| folders.get(&path).copied()).collect();
        for target in targets {
            if let Some(target) = manifests.get_mut(target)
                && path_class::rank(&class) < path_class::rank(&target.class)
            {
                target.class.clone_from(&class);
            }
            queue.push(target);
        }
    }
}

/// The members, each of the class nearest to the user among those that are built with it.
///
/// A library in a folder of tools that the product depends on is part of the product.
fn with_reach(mut members: Vec<Manifest>) -> Vec<Manifest> {
    let mut by_name: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (index, member) in members.iter().enumerate() {
        by_name.entry(member.name.clone().unwrap_or_default()).or_default().push(index);
    }
    let mut order: Vec<usize> = (0..members.len()).collect();
    order.sort_by_key(|index| members.get(*index).map(|one| path_class::rank(&one.class)));
    let mut queue: Vec<usize> = order.into_iter().rev().collect();
    let mut done = vec![false; members.len()];
    while let Some(index) = queue.pop() {
        let Some(flag) = done.get_mut(index).filter(|flag| !**flag) else { continue };
        *flag = true;
        let Some(member) = members.get(index) else { continue };
        let class = member.class.clone();
        let wants = member.wants.iter().map(|want| (&want.name, want.usage));
        let asked = wants.chain(member.siblings.iter().map(|sibling| (&sibling.name, sibling.usage)));
        let built: Vec<usize> = asked
            .filter(|(_, usage)| *usage != Usage::Dev)
            .flat_map(|(name, _)| by_name.get(name).into_iter().flatten().copied())
            .collect();
        for sibling in built {
            if let Some(sibling) = members.get_mut(sibling)
                && path_class::rank(&class) < path_class::rank(&sibling.class)
            {
                sibling.class.clone_from(&class);
            }
            queue.push(sibling);
        }
    }
    members
}

/// That what a manifest asks for by a path or as a member is nowhere.
pub(super) fn not_in_the_tree(name: &str) -> String {
    format!("it asks for {}, which is no package of this tree", plimsoll_model::excerpt(name, 80))
}
