//! Ecosystems whose lockfiles say what is built: from manifests and lockfiles to workspaces and components.
//!
//! What differs from one ecosystem to the next is how its files are written: a [`Reader`]. Which lockfile belongs to which
//! manifest, whether it holds what they ask for, and how far each package reaches is decided here, once for all of them. A
//! package whose use is not known counts as shipped.

pub(crate) mod graph;
mod listing;
pub(crate) mod manifest;
mod projects;
mod reach;

use std::collections::{BTreeMap, BTreeSet};

use plimsoll_model::tree_path;
use rayon::prelude::*;

use self::{
    graph::{Graph, LockError, Member},
    listing::{components, copied, describe, with_pins},
    manifest::{Agreement, Manifest},
    projects::{Project, not_in_the_tree, projects},
};
use super::{Aside, Ecosystem, Files, Resolution, purl::Named};
use crate::{
    component::Component,
    gap::{Cause, Gap},
    options::{Limits, Options},
    path_class,
    tree_file::{Role, SourceFile},
    workspace::{Dependencies, Locked, ResolvedBy, Workspace},
};

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

    /// The folder of the manifests to which a lockfile belongs.
    fn place<'a>(&self, lockfile: &'a str) -> &'a str {
        tree_path::folder(lockfile)
    }

    /// What a lockfile belongs to that is no manifest that is read, by its path.
    fn belongs_to(&self, lockfile: &str) -> Option<String> {
        let _ = lockfile;
        None
    }

    /// Is a version within what is asked for? `None` where that is no range that is understood.
    fn fits(&self, requirement: &str, version: &str) -> Option<bool> {
        let _ = (requirement, version);
        None
    }

    /// Does a lockfile hold what those packages of the tree need that are taken by a path?
    fn takes_by_path(&self) -> bool {
        false
    }

    /// The package URL of a member, from its name and version.
    fn own_purl<'a>(&self, name: &'a str, version: &'a str) -> Named<'a>;

    /// What the public registry is called in a sentence, by its address.
    fn registry_address(&self) -> &'static str;
}

/// A lockfile of the tree that was understood.
struct LockFile<'a> {
    file: &'a SourceFile,
    /// The folder of the manifests to which it belongs.
    folder: &'a str,
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
            broken.insert(reader.place(&file.path).to_owned());
        }
        aside.note(cause, &file.path, &file.class, &file.reason, &mut all.gaps);
    }
    all.manifests = manifests.len() as u64;
    let (copies, manifests): (Vec<Manifest>, Vec<Manifest>) = manifests.into_iter().partition(|one| one.copy);
    let (projects, used) = projects(reader, manifests, &locks, &broken, &options.limits, &mut all.gaps);
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
                // Who needs its packages is not known, and that somebody does is.
                let path = file.path.clone();
                let reason = match reader.belongs_to(&path) {
                    Some(owner) => format!("{path} belongs to {owner}, which is not read; its packages are listed"),
                    None => format!("{path} belongs to no manifest of this tree; its packages are listed"),
                };
                all.gaps.push(Gap { cause: Cause::Manifest, path, reason });
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
    all
}

/// Adds what is said of a lockfile itself, and of the entries of it that were not understood. Says whether it does not list all
/// that is built and is nothing that ships.
fn add_lockfile(lock: &LockFile<'_>, agreement: Option<&Agreement>, aside: &mut Aside, all: &mut Resolution) -> bool {
    let LockFile { file, graph, .. } = lock;
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
    let lock =
        lock.map(|(file, graph)| LockFile { file, folder: tree_path::folder(&file.path), graph: graph.merged() });
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
    let lock = LockFile { file, folder: tree_path::folder(&file.path), graph: pins.clone().merged() };
    let manifest = Manifest { environment: true, ..manifest.clone() };
    let (member, _) = reader.member(&manifest, &lock.graph, &BTreeSet::new());
    let found = components(reader, &lock, &[(&manifest, member)]);
    found.into_iter().map(|component| Component { lockfile: None, edges_known: false, ..component }).collect()
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
            Ok(graph) => locks.push(LockFile { file, folder: reader.place(&file.path), graph }),
            Err(error) => {
                let cause = match error {
                    LockError::Future(..) => Cause::FutureLockfile,
                    LockError::Malformed(_) => Cause::Lockfile,
                    LockError::Limit(_) => Cause::Limit,
                };
                broken.insert(reader.place(&file.path).to_owned());
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
    Ok(Graph { folder: reader.place(&file.path).to_owned(), ..graph.merged() })
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
        all.components.extend(packages.flat_map(|member| with_pins(reader, member)));
        if dependencies == Dependencies::NotKnown || project.broken {
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
                all.gaps.push(unlocked(&project.members, open.as_deref()));
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
            if let Agreement::NotKnown(reason) = &told
                && path_class::may_ship(class)
            {
                let path = lock.file.path.clone();
                let reason = format!("whether {path} holds all that is built is not known: {reason}");
                all.gaps.push(Gap { cause: Cause::StaleLockfile, path, reason });
            }
            // Of a lockfile that was written for something else it is not known what of it the members need.
            let agreed = matches!(told, Agreement::Yes);
            let found = components(reader, lock, &members).into_iter();
            all.components.extend(found.map(|one| {
                let edges_known = one.edges_known && (agreed || !one.member);
                Component { edges_known, ..one }
            }));
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

/// That a project has no lockfile.
fn unlocked(members: &[Manifest], open: Option<&str>) -> Gap {
    let path = members.first().map(|root| root.path.clone()).unwrap_or_default();
    let wants: BTreeSet<&str> =
        members.iter().flat_map(|member| &member.wants).map(|want| want.name.as_str()).collect();
    let pins = members.iter().flat_map(|member| &member.pins).filter(|pin| !pin.version.is_empty());
    let pinned: BTreeSet<&str> = pins.map(|pin| pin.name.as_str()).collect();
    let all: usize = members.iter().map(|member| member.wants.len()).sum();
    let reason = match (all, open) {
        (0, Some(open)) => format!("{path} has no lockfile next to it, and {open}"),
        _ if !pinned.is_empty() => {
            let unpinned = wants.iter().filter(|name| !pinned.contains(*name)).count();
            let unpinned = match unpinned {
                0 => String::new(),
                some => format!(", nor which versions of {some} more it takes"),
            };
            let named = plimsoll_model::plural(pinned.len(), "direct dependency", "direct dependencies");
            format!(
                "{path} has no lockfile next to it: {named} can be listed, and what they need is not known{unpinned}"
            )
        }
        (wants, _) => format!(
            "{path} has no lockfile next to it, so its {} no versions and theirs are not known",
            plimsoll_model::plural(wants, "direct dependency has", "direct dependencies have")
        ),
    };
    let reason = match open {
        Some(open) if all > 0 => format!("{reason}; {open}"),
        _ => reason,
    };
    Gap { cause: Cause::NoLockfile, path, reason }
}

/// Does the lockfile hold for a member, by name and version, what it asks for by a range?
fn held(
    reader: &dyn Reader,
    manifest: &Manifest,
    member: &Member,
    graph: &Graph,
    overridden: &dyn Fn(&str) -> bool,
) -> Agreement {
    let mut by_name: BTreeMap<&str, Vec<&graph::Package>> = BTreeMap::new();
    for package in member.edges.iter().filter_map(|edge| graph.packages.get(edge.to)) {
        by_name.entry(&package.name).or_default().push(package);
    }
    for want in &manifest.wants {
        let fits = |package: &&graph::Package| reader.fits(&want.requirement, &package.version);
        let found = by_name.get(want.name.as_str()).map(Vec::as_slice).unwrap_or_default();
        if overridden(&want.name) || found.iter().any(|package| package.own || fits(package) != Some(false)) {
            continue;
        }
        // What is asked for by an address or under another name has no range.
        if reader.fits(&want.requirement, "0.0.0").is_some() && !(found.is_empty() && want.optional) {
            let what = plimsoll_model::excerpt(&format!("{} {}", want.name, want.requirement), 80);
            return Agreement::No(format!("what it holds is not {what}"));
        }
    }
    Agreement::Yes
}

/// The members of a project as a lockfile knows them, and whether it holds what they ask for.
fn members_in<'a>(
    reader: &dyn Reader,
    project: &'a Project<'_>,
    lock: &LockFile<'_>,
) -> (Vec<(&'a Manifest, Member)>, Agreement) {
    let folder = lock.folder;
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
        if let Some(member) = named {
            let (member, told) = reader.named(manifest, member, &lock.graph);
            return ((manifest, member), told);
        }
        let path = plimsoll_model::one_line(&manifest.path);
        ((manifest, Member::default()), Agreement::No(format!("it does not list {path}")))
    };
    let overridden = |name: &str| project.members.iter().any(|member| member.overrides.iter().any(|one| one == name));
    let mut members = Vec::new();
    for ((manifest, member), told) in project.members.iter().map(of_one) {
        agreement = agreement.and(told).and(held(reader, manifest, &member, &lock.graph, &overridden));
        members.push((manifest, member));
    }
    let of_members = members.iter().flat_map(|(_, member)| &member.replaced);
    if let Some(name) = lock.graph.replaced.iter().chain(of_members).find(|name| !overridden(name)) {
        let name = plimsoll_model::excerpt(name, 80);
        agreement = agreement.and(Agreement::No(format!("it holds another version of {name} than is asked for")));
    }
    (members, agreement)
}
