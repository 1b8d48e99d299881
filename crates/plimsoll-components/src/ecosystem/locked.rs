//! Ecosystems whose lockfiles say what is built: from manifests and lockfiles to workspaces and components.
//!
//! What differs from one ecosystem to the next is how its files are written: a [`Reader`]. Which lockfile belongs to which
//! manifest, whether it holds what they ask for, and how far each package reaches is decided here, once for all of them. A
//! package whose use is not known counts as shipped.

pub(crate) mod graph;
pub(crate) mod manifest;
mod reach;

use std::collections::{BTreeMap, BTreeSet};

use plimsoll_model::{body::Reach, tree_path};
use rayon::prelude::*;

use self::{
    graph::{Graph, LockError, Member, Package},
    manifest::{Agreement, Manifest},
    reach::{Root, Verdict},
};
use super::{Aside, Ecosystem, Files, Resolution, member_globs, purl::Named};
use crate::{
    component::{Component, Origin, Scope, Source},
    gap::{Cause, Gap},
    options::{Limits, Options},
    path_class,
    tree_file::{Role, SourceFile},
    workspace::{Dependencies, Locked, Lockfile, ResolvedBy, Whole, Workspace},
};

/// How many folders are compared with patterns of members.
const COMPARED: usize = 5_000_000;
/// How many faults of one lockfile are reported.
const FAULTS_SHOWN: usize = 5;

/// How the files of an ecosystem are written.
pub(crate) trait Reader: Ecosystem {
    /// Reads a manifest; nothing where the file is none of a package or workspace. Fails with what is wrong, as a clause.
    fn manifest(&self, file: &SourceFile, limits: &Limits) -> Result<Option<Manifest>, String>;

    /// Reads a lockfile.
    fn lockfile(&self, file: &SourceFile, limits: &Limits) -> Result<Graph, LockError>;

    /// The member that a manifest is in a lockfile that does not name its members, and whether it holds what it asks for.
    /// `siblings` are the names of the members of its workspace.
    fn member(&self, manifest: &Manifest, graph: &Graph, siblings: &BTreeSet<&str>) -> (Member, Agreement);

    /// The member that a lockfile names, and whether it holds what its manifest asks for.
    fn named(&self, manifest: &Manifest, member: &Member, graph: &Graph) -> (Member, Agreement) {
        let _ = graph;
        (member.clone(), manifest::asks_the_same(manifest, member))
    }

    /// The files that are read as lockfiles. An ecosystem whose manifests say what is built gives those.
    fn locks<'a>(&self, manifests: &[&'a SourceFile], lockfiles: &[&'a SourceFile]) -> Vec<&'a SourceFile> {
        let _ = manifests;
        lockfiles.to_vec()
    }

    /// The package URL of a member, from its name and version.
    fn own_purl<'a>(&self, name: &'a str, version: &'a str) -> Named<'a>;

    /// What the public registry is called in a sentence, by its address.
    fn registry_address(&self) -> &'static str;
}

/// A lockfile of the tree that was understood.
struct LockFile<'a> {
    file: &'a SourceFile,
    graph: Graph,
}

/// Gives what the files of an ecosystem come to. Never fails: what cannot be told is a gap.
pub(crate) fn resolve(reader: &dyn Reader, files: &[SourceFile], options: &Options) -> Resolution {
    let mut all = Resolution::default();
    let mut aside = Aside::new("manifests", "lockfiles");
    let Files { manifests: of_manifests, lockfiles } = Files::of(reader, files, options, &mut all.gaps);
    let manifests = read_manifests(reader, &of_manifests, options, &mut all.gaps, &mut aside);
    let lockfiles = reader.locks(&of_manifests, &lockfiles);
    let (locks, mut broken) = read_locks(reader, &lockfiles, options, &mut all.gaps, &mut aside);
    for file in &options.unread {
        let cause = match reader.role(&file.path) {
            Some(Role::Manifest) => Cause::Manifest,
            Some(Role::Lockfile) => Cause::Lockfile,
            _ => continue,
        };
        if cause == Cause::Lockfile {
            broken.insert(tree_path::folder(&file.path).to_owned());
        }
        aside.note(cause, &file.path, &file.class, &file.reason, &mut all.gaps);
    }
    all.manifests = manifests.len() as u64;
    let (copies, manifests): (Vec<Manifest>, Vec<Manifest>) = manifests.into_iter().partition(|one| one.copy);
    let (projects, used) = projects(manifests, &locks, &broken, &options.limits, &mut all.gaps);
    let (mut unlocked_aside, mut partial_aside) = (0_usize, 0_usize);
    let mut told_of: BTreeMap<&str, Agreement> = BTreeMap::new();
    for project in &projects {
        unlocked_aside += usize::from(add_project(reader, project, &mut told_of, &mut all));
    }
    for (number, lock) in locks.iter().enumerate() {
        let file = lock.file;
        if !used.contains(&number) {
            all.components.extend(components(reader, lock, &[]));
            if path_class::may_ship(&file.class) {
                all.limitations
                    .push(format!("{} belongs to no manifest of this tree; its packages are listed", file.path));
            }
        }
        partial_aside += usize::from(add_lockfile(lock, told_of.get(file.path.as_str()), &mut aside, &mut all));
    }
    all.components.extend(copies.iter().map(|copy| copied(reader, copy)));
    all.limitations.extend(unlocked_told(reader, unlocked_aside));
    if partial_aside > 0 {
        all.limitations.push(format!(
            "{partial_aside} {} files of examples, tests and fixtures do not list all that is built",
            reader.name()
        ));
    }
    all.limitations.extend(aside.told());
    all.uncompared = uncompared(reader, &all.components);
    all
}

/// Adds what is said of a lockfile itself, and of the entries of it that were not understood. Says whether it does not list all
/// that is built and is nothing that ships.
fn add_lockfile(lock: &LockFile<'_>, agreement: Option<&Agreement>, aside: &mut Aside, all: &mut Resolution) -> bool {
    let LockFile { file, graph } = lock;
    for fault in graph.faults.iter().take(FAULTS_SHOWN) {
        aside.note(Cause::LockfileEntry, &file.path, &file.class, fault, &mut all.gaps);
    }
    let mut partial_aside = false;
    if let Some(reason) = &graph.partial {
        if path_class::may_ship(&file.class) {
            let reason = format!("{}: {reason}", file.path);
            all.gaps.push(Gap { cause: Cause::NotListed, path: file.path.clone(), reason });
        } else {
            partial_aside = true;
        }
    }
    all.lockfiles.push(describe(lock, agreement));
    partial_aside
}

/// Adds an environment: a file that asks for packages and is no package, with what it locks where it is a lockfile too.
///
/// Says whether it has no lockfile and is nothing that ships; [`unlocked_told`] counts those.
pub(crate) fn add_environment(
    reader: &dyn Reader,
    manifest: Manifest,
    lock: Option<(&SourceFile, Graph)>,
    aside: &mut Aside,
    all: &mut Resolution,
) -> bool {
    let lock = lock.map(|(file, graph)| LockFile { file, graph: graph.merged() });
    let manifest = Manifest { environment: true, ..manifest };
    let project =
        Project { members: vec![manifest], locks: lock.iter().collect(), broken: false, absent: BTreeMap::new() };
    let mut told_of = BTreeMap::new();
    let unlocked_aside = add_project(reader, &project, &mut told_of, all);
    if let Some(lock) = &lock {
        add_lockfile(lock, told_of.get(lock.file.path.as_str()), aside, all);
    }
    unlocked_aside
}

/// The packages that an environment pins though it is no lockfile.
pub(crate) fn pinned(reader: &dyn Reader, file: &SourceFile, manifest: &Manifest, pins: &Graph) -> Vec<Component> {
    let lock = LockFile { file, graph: pins.clone().merged() };
    let manifest = Manifest { environment: true, ..manifest.clone() };
    let (member, _) = reader.member(&manifest, &lock.graph, &BTreeSet::new());
    let found = components(reader, &lock, &[(&manifest, member)]);
    found.into_iter().map(|component| Component { lockfile: None, ..component }).collect()
}

/// What is said of packages that do not ship and have no lockfile.
pub(crate) fn unlocked_told(reader: &dyn Reader, count: usize) -> Option<String> {
    let name = reader.name();
    (count > 0).then(|| {
        format!(
            "{count} {name} packages of examples, tests and fixtures have no lockfile; what they are built from is not listed"
        )
    })
}

/// Why components that ship cannot all be compared with advisories.
pub(crate) fn uncompared(reader: &dyn Reader, components: &[Component]) -> Option<String> {
    let foreign = components.iter().any(|component| !component.own && component.ships());
    foreign.then(|| format!("advisories of {} are not read by this version", reader.name()))
}

/// Reads the manifests; those of one folder come to one.
fn read_manifests(
    reader: &dyn Reader,
    files: &[&SourceFile],
    options: &Options,
    gaps: &mut Vec<Gap>,
    aside: &mut Aside,
) -> Vec<Manifest> {
    let read: Vec<_> = files
        .par_iter()
        .map(|file| {
            if file.bytes.len() > options.limits.manifest_bytes {
                return Err(format!("it is larger than {} bytes", options.limits.manifest_bytes));
            }
            reader.manifest(file, &options.limits)
        })
        .collect();
    let mut manifests: BTreeMap<String, Manifest> = BTreeMap::new();
    for (file, read) in files.iter().zip(read) {
        match read {
            Ok(Some(manifest)) => match manifests.get_mut(manifest.folder()) {
                Some(known) => known.join(manifest),
                None => {
                    manifests.insert(manifest.folder().to_owned(), manifest);
                }
            },
            Ok(None) => {}
            Err(reason) => aside.note(Cause::Manifest, &file.path, &file.class, &reason, gaps),
        }
    }
    manifests.into_values().collect()
}

/// Reads the lockfiles, and gives the folders of those that could not be read.
fn read_locks<'a>(
    reader: &dyn Reader,
    files: &[&'a SourceFile],
    options: &Options,
    gaps: &mut Vec<Gap>,
    aside: &mut Aside,
) -> (Vec<LockFile<'a>>, BTreeSet<String>) {
    let read: Vec<_> = files.par_iter().map(|file| read_lock(reader, file, &options.limits)).collect();
    let (mut locks, mut broken) = (Vec::new(), BTreeSet::new());
    for (file, read) in files.iter().zip(read) {
        match read {
            Ok(graph) => locks.push(LockFile { file, graph }),
            Err(error) => {
                let cause = match error {
                    LockError::Future(..) => Cause::FutureLockfile,
                    LockError::Malformed(_) => Cause::Lockfile,
                    LockError::Limit(_) => Cause::Limit,
                };
                broken.insert(tree_path::folder(&file.path).to_owned());
                aside.note(cause, &file.path, &file.class, &error.to_string(), gaps);
            }
        }
    }
    (locks, broken)
}

fn read_lock(reader: &dyn Reader, file: &SourceFile, limits: &Limits) -> Result<Graph, LockError> {
    if file.bytes.len() > limits.lockfile_bytes {
        return Err(LockError::Limit(format!("it is larger than {} bytes", limits.lockfile_bytes)));
    }
    let graph = reader.lockfile(file, limits)?;
    if graph.packages.len() > limits.packages {
        return Err(LockError::Limit(format!("it lists more than {} packages", limits.packages)));
    }
    let of_members = graph.members.iter().flat_map(BTreeMap::values).map(|member| member.edges.len());
    let edges: usize = graph.packages.iter().map(|package| package.edges.len()).chain(of_members).sum();
    if edges > limits.edges {
        return Err(LockError::Limit(format!("it lists more than {} dependencies", limits.edges)));
    }
    Ok(graph.merged())
}

/// A workspace, or a package that stands alone.
struct Project<'a> {
    /// The manifest of its root comes first.
    members: Vec<Manifest>,
    /// Lockfiles of its folder: several, where several package managers are used.
    locks: Vec<&'a LockFile<'a>>,
    /// Is there a lockfile that could not be read?
    broken: bool,
    /// Members that a lockfile names and the tree does not have, by the place of the lockfile.
    absent: BTreeMap<String, String>,
}

/// Which manifests belong together, and the indices of the lockfiles that belong to any.
fn projects<'a>(
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
        locks_of.entry(tree_path::folder(&lock.file.path)).or_default().push((number, lock));
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
            .filter(|(_, usage)| *usage != graph::Usage::Dev)
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

/// Adds a project. Says whether it has no lockfile and is nothing that ships.
fn add_project<'a>(
    reader: &dyn Reader,
    project: &'a Project<'a>,
    told_of: &mut BTreeMap<&'a str, Agreement>,
    all: &mut Resolution,
) -> bool {
    let Some(root) = project.members.first() else { return false };
    let rank = project.members.iter().map(|member| path_class::rank(&member.class)).min().unwrap_or_default();
    let class = path_class::word(rank);
    let foreign = project.locks.iter().any(|lock| lock.graph.packages.iter().any(|package| !package.own));
    let wants = project.members.iter().map(|member| member.wants.len()).sum::<usize>();
    let names: BTreeSet<&str> = project.members.iter().filter_map(|member| member.name.as_deref()).collect();
    let mut siblings = project.members.iter().flat_map(|member| &member.siblings);
    let absent = siblings.find(|sibling| sibling.path.is_none() && !names.contains(sibling.name.as_str()));
    let absent = absent.map(|absent| not_in_the_tree(&absent.name));
    let open = project.members.iter().find_map(|member| member.open.clone()).or(absent);
    let dependencies = match (foreign || wants > 0, &open, project.broken) {
        (true, ..) => Dependencies::Some,
        (false, None, false) => Dependencies::None,
        (false, ..) => Dependencies::NotKnown,
    };
    let mut workspace = Workspace {
        manifest: root.path.clone(),
        lockfile: project.locks.first().map(|lock| lock.file.path.clone()),
        members: project.members.len() as u64,
        locked: Locked::No,
        class: class.to_owned(),
        resolver: if project.locks.is_empty() { ResolvedBy::None } else { ResolvedBy::Lockfile },
        dependencies,
        difference: open.clone().map(|reason| format!("{}: {reason}", root.path)),
        blob: root.blob.clone(),
    };
    let mut unlocked_aside = false;
    if project.locks.is_empty() {
        let packages = project.members.iter().filter(|member| !member.environment);
        all.components.extend(packages.map(|member| own_component(reader, member, None)));
        if dependencies == Dependencies::NotKnown {
            workspace.locked = Locked::NotKnown;
        }
        if dependencies != Dependencies::None {
            let read = if project.broken { "its lockfile could not be read" } else { "it has no lockfile" };
            workspace.difference =
                Some(format!("{read}: which packages it is built from is not known, only its members"));
        }
        // A lockfile that could not be read is a gap of its own.
        if dependencies != Dependencies::None && !project.broken {
            if path_class::may_ship(class) {
                all.gaps.push(unlocked(root, wants, open.as_deref()));
            } else {
                unlocked_aside = true;
            }
        }
    } else {
        let mut agreement = Agreement::Yes;
        for lock in &project.locks {
            let (members, told) = members_in(reader, project, lock);
            if let Agreement::No(reason) = &told
                && class == path_class::SHIPPED
            {
                let path = lock.file.path.clone();
                let reason = format!("{path} does not belong to the manifests next to it: {reason}");
                all.gaps.push(Gap { cause: Cause::StaleLockfile, path, reason });
            }
            all.components.extend(components(reader, lock, &members));
            told_of.insert(&lock.file.path, told.clone());
            agreement = agreement.and(told);
        }
        let faulty = project.locks.iter().any(|lock| !lock.graph.faults.is_empty());
        (workspace.locked, workspace.difference) = match agreement {
            Agreement::No(reason) => (Locked::No, Some(format!("its lockfile does not belong to it: {reason}"))),
            _ if faulty || project.broken => {
                (Locked::No, Some("its lockfile has entries that were not understood".to_owned()))
            }
            Agreement::NotKnown(reason) => (Locked::NotKnown, Some(reason)),
            Agreement::Yes => match project.locks.iter().find_map(|lock| lock.graph.partial.clone()) {
                Some(reason) => (Locked::NotKnown, Some(reason)),
                None => (Locked::Yes, None),
            },
        };
    }
    all.workspaces.push(workspace);
    unlocked_aside
}

fn not_in_the_tree(name: &str) -> String {
    format!("it asks for {}, which is no package of this tree", plimsoll_model::excerpt(name, 80))
}

fn unlocked(root: &Manifest, wants: usize, open: Option<&str>) -> Gap {
    let path = root.path.clone();
    let reason = match (wants, open) {
        (0, Some(open)) => format!("{path} has no lockfile next to it, and {open}"),
        _ => format!(
            "{path} has no lockfile next to it, so its {} no versions and theirs are not known",
            plimsoll_model::plural(wants, "direct dependency has", "direct dependencies have")
        ),
    };
    Gap { cause: Cause::NoLockfile, path, reason }
}

/// The members of a project as a lockfile knows them, and whether it holds what they ask for.
fn members_in<'a>(
    reader: &dyn Reader,
    project: &'a Project<'_>,
    lock: &LockFile<'_>,
) -> (Vec<(&'a Manifest, Member)>, Agreement) {
    let folder = tree_path::folder(&lock.file.path);
    let mut agreement = match project.absent.get(&lock.file.path) {
        Some(absent) => {
            let absent = plimsoll_model::excerpt(absent, 80);
            Agreement::No(format!("it lists the member {absent}, which has no manifest in the tree"))
        }
        None => Agreement::Yes,
    };
    let siblings: BTreeSet<&str> = project.members.iter().filter_map(|member| member.name.as_deref()).collect();
    let of_one = |manifest: &'a Manifest| {
        let Some(members) = &lock.graph.members else {
            let (member, told) = reader.member(manifest, &lock.graph, &siblings);
            return ((manifest, member), told);
        };
        let named = tree_path::relative(manifest.folder(), folder).and_then(|relative| members.get(relative));
        match named {
            Some(member) => {
                let (member, told) = reader.named(manifest, member, &lock.graph);
                ((manifest, member), told)
            }
            None => {
                let path = plimsoll_model::one_line(&manifest.path);
                ((manifest, Member::default()), Agreement::No(format!("it does not list {path}")))
            }
        }
    };
    let overridden = |name: &str| project.members.iter().any(|member| member.overrides.iter().any(|one| one == name));
    let mut members = Vec::new();
    for (member, told) in project.members.iter().map(of_one) {
        members.push(member);
        agreement = agreement.and(told);
    }
    let of_members = members.iter().flat_map(|(_, member)| &member.replaced);
    if let Some(name) = lock.graph.replaced.iter().chain(of_members).find(|name| !overridden(name)) {
        let name = plimsoll_model::excerpt(name, 80);
        agreement = agreement.and(Agreement::No(format!("it holds another version of {name} than is asked for")));
    }
    (members, agreement)
}

/// The components of one lockfile: its packages, and the members that are not among them.
fn components(reader: &dyn Reader, lock: &LockFile<'_>, members: &[(&Manifest, Member)]) -> Vec<Component> {
    let LockFile { file, graph } = lock;
    let roots: Vec<Root<'_>> = members
        .iter()
        .map(|(manifest, member)| Root { class: &manifest.class, package: member.package, edges: &member.edges })
        .collect();
    let mut verdicts = reach::verdicts(&graph.packages, &roots);
    // Nor is it known what a manifest leads to that does not say all that it asks for.
    let is_told = graph.members.is_some() || members.iter().all(|(manifest, _)| manifest.open.is_none());
    if !(graph.has_edges && is_told) {
        // What leads to a package that nobody asks for by name is not known; nor whether what is asked for to test something
        // is needed by what ships as well.
        for (verdict, package) in verdicts.iter_mut().zip(&graph.packages) {
            if verdict.reach != Reach::Shipped {
                *verdict = Verdict { direct: verdict.direct, ..without_edges(package) };
            }
        }
    }
    for (verdict, package) in verdicts.iter_mut().zip(&graph.packages) {
        if graph.installs_all && verdict.reach == Reach::NotInGraph {
            *verdict = without_edges(package);
        }
        if package.unused {
            *verdict = Verdict { reach: Reach::NotInGraph, scopes: Vec::new(), ..verdict.clone() };
        } else if graph.use_unknown && verdict.reach == Reach::Shipped && !package.own {
            *verdict = Verdict { reach: Reach::Unknown, scopes: Vec::new(), ..verdict.clone() };
        }
    }
    let listed: BTreeMap<usize, &Manifest> =
        members.iter().filter_map(|(manifest, member)| Some((member.package?, *manifest))).collect();
    let purls: Vec<String> = graph
        .packages
        .iter()
        .enumerate()
        .map(|(index, package)| listed.get(&index).map_or_else(|| package.purl.clone(), |own| own_purl(reader, own)))
        .collect();
    let named = |edges: &[graph::Edge]| {
        let mut all: Vec<String> = edges.iter().filter_map(|edge| purls.get(edge.to).cloned()).collect();
        all.sort_unstable();
        all.dedup();
        all
    };
    let rows = graph.packages.iter().enumerate().zip(&purls).zip(verdicts);
    let packages = rows.map(|(((index, package), purl), verdict)| {
        if let Some(manifest) = listed.get(&index) {
            let edges = members.iter().filter(|(_, member)| member.package == Some(index));
            let edges: Vec<graph::Edge> = edges.flat_map(|(_, member)| member.edges.iter().copied()).collect();
            let own = own_component(reader, manifest, Some(file));
            return Component { depends_on: named(&edges), direct: verdict.direct, ..own };
        }
        let (source, source_url) = source(reader, package);
        Component {
            name: package.name.clone(),
            version: package.version.clone(),
            purl: purl.clone(),
            source,
            source_url,
            hashes: package.hashes.clone(),
            licence: package.licence.clone(),
            member: false,
            direct: verdict.direct,
            scopes: verdict.scopes,
            in_default: None,
            in_all_features: None,
            targets: Vec::new(),
            reach: verdict.reach,
            class: verdict.rank.map_or_else(|| file.class.clone(), |rank| path_class::word(rank).to_owned()),
            lockfile: Some(file.path.clone()),
            depends_on: named(&package.edges),
            place: file.path.clone(),
            blob: file.blob.clone(),
            origin: package.origin.clone(),
            own: package.own,
        }
    });
    let mut all: Vec<Component> = packages.collect();
    let unlisted = members.iter().filter(|(manifest, member)| member.package.is_none() && !manifest.environment);
    all.extend(unlisted.map(|(manifest, member)| Component {
        depends_on: named(&member.edges),
        ..own_component(reader, manifest, Some(file))
    }));
    all
}

/// The verdict on a package by what the lockfile itself says of it.
fn without_edges(package: &Package) -> Verdict {
    let alone = reach::verdicts(std::slice::from_ref(package), &[]);
    let unknown = Verdict { reach: Reach::Unknown, scopes: Vec::new(), rank: None, direct: false };
    alone.into_iter().next().unwrap_or(unknown)
}

fn source(reader: &dyn Reader, package: &Package) -> (Source, Option<String>) {
    match &package.origin {
        Origin::Folder => (Source::Path, None),
        Origin::Public(_) => (Source::Registry, Some(reader.registry_address().to_owned())),
        Origin::Registry(url) => (Source::Registry, Some(url.clone())),
        Origin::Git { url, .. } => (Source::Git, Some(url.clone())),
    }
}

fn own_purl(reader: &dyn Reader, manifest: &Manifest) -> String {
    let (name, version) = (manifest.shown_name(), manifest.version.clone().unwrap_or_default());
    reader.own_purl(&name, &version).in_folder(Some(manifest.folder()))
}

/// A member of a workspace.
fn own_component(reader: &dyn Reader, manifest: &Manifest, lockfile: Option<&SourceFile>) -> Component {
    let ships = manifest.class == path_class::SHIPPED;
    Component {
        name: manifest.shown_name(),
        version: manifest.version.clone().unwrap_or_default(),
        purl: own_purl(reader, manifest),
        source: Source::Workspace,
        source_url: None,
        hashes: Vec::new(),
        licence: manifest.licence.clone(),
        member: true,
        direct: false,
        scopes: vec![Scope::Normal],
        in_default: None,
        in_all_features: None,
        targets: Vec::new(),
        reach: if ships { Reach::Shipped } else { Reach::Dev },
        class: manifest.class.clone(),
        lockfile: lockfile.map(|file| file.path.clone()),
        depends_on: Vec::new(),
        place: lockfile.map_or(&manifest.path, |file| &file.path).clone(),
        blob: lockfile.map_or(&manifest.blob, |file| &file.blob).clone(),
        origin: Origin::Folder,
        own: true,
    }
}

/// A copy of a published package that lies in the tree with its manifest.
fn copied(reader: &dyn Reader, manifest: &Manifest) -> Component {
    Component {
        source: Source::Path,
        member: false,
        own: false,
        scopes: Vec::new(),
        reach: if path_class::may_ship(&manifest.class) { Reach::Unknown } else { Reach::Dev },
        ..own_component(reader, manifest, None)
    }
}

fn describe(lock: &LockFile<'_>, agreement: Option<&Agreement>) -> Lockfile {
    let LockFile { file, graph } = lock;
    let registry = graph.packages.iter().filter(|package| {
        !package.own && !package.bundled && matches!(package.origin, Origin::Public(_) | Origin::Registry(_))
    });
    let (with, without): (Vec<_>, Vec<_>) = registry.partition(|package| !package.hashes.is_empty());
    let git = graph.packages.iter().filter(|package| matches!(package.origin, Origin::Git { revision: Some(_), .. }));
    let (whole, whole_reason) = match (graph.faults.first(), agreement) {
        (Some(fault), _) => (Whole::Contradicted, fault.clone()),
        (None, None) => (Whole::NotChecked, "it belongs to no manifest of this tree".to_owned()),
        (None, Some(Agreement::No(reason))) => (Whole::Contradicted, reason.clone()),
        (None, Some(_)) => (Whole::NotChecked, "what its packages depend on is known from it alone".to_owned()),
    };
    Lockfile {
        path: file.path.clone(),
        format: graph.format.to_owned(),
        format_version: graph.version.clone(),
        packages: graph.packages.len() as u64,
        registry_packages: (with.len() + without.len()) as u64,
        with_checksum: with.len() as u64,
        missing_checksum: without.len() as u64,
        git_pinned: git.count() as u64,
        whole,
        whole_reason: Some(whole_reason),
        class: file.class.clone(),
        blob: file.blob.clone(),
    }
}
