//! The whole tree: every workspace, every lockfile.

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;

use plimsoll_model::tree_path;

use super::{
    LOCKFILE, MANIFEST,
    configuration::Configurations,
    lockfile::{Lock, LockError, LockFile},
    manifest::Manifest,
    metadata::CargoMetadata,
    workspace_resolution::{self, Resolved, Wholeness},
    workspaces::{self, Found},
};
use crate::{
    component::{Origin, Source},
    ecosystem::{Aside, Files, Resolution},
    gap::{Cause, Gap},
    options::{Options, Resolver},
    path_class,
    tree_file::SourceFile,
    workspace::{Dependencies, Lockfile, Whole},
};

/// How many faults of one lockfile are reported.
const FAULTS_TOLD: usize = 5;

/// Gives what the files of Cargo in a tree come to.
///
/// A path that is not clean or is given twice is left out and told. Nothing of the repository runs: cargo, where it is asked
/// at all, sees a copy of the manifests with empty source files, offline. Never fails: what cannot be told is a gap.
pub(super) fn resolve(files: &[SourceFile], options: &Options) -> Resolution {
    let mut gaps = Vec::new();
    let mut aside = Aside::new(MANIFEST, LOCKFILE);
    let Files { manifests: manifest_files, lockfiles: lock_files } =
        Files::of(&super::Cargo, files, options, &mut gaps);
    let manifests = read_manifests(&manifest_files, options, &mut gaps, &mut aside);
    let locks = read_locks(&lock_files, options, &mut gaps, &mut aside);
    let lock_paths: BTreeSet<&str> = lock_files.iter().map(|file| file.path.as_str()).collect();
    let unread = options.unread.iter().filter(|file| [MANIFEST, LOCKFILE].contains(&tree_path::name(&file.path)));
    let unread_paths = unread.clone().map(|file| file.path.as_str());
    let known_paths: BTreeSet<&str> = lock_paths.iter().copied().chain(unread_paths).collect();
    for file in unread {
        let cause = if tree_path::name(&file.path) == LOCKFILE { Cause::Lockfile } else { Cause::Manifest };
        aside.note(cause, &file.path, &file.class, &file.reason, &mut gaps);
    }
    let mut discovery = workspaces::discover(&manifests, &known_paths, &options.limits);
    let copies = copies(&manifests, &discovery.workspaces, &locks);
    discovery.workspaces.retain(|found| !copies.contains_key(&found.root));
    gaps.extend(discovery.beyond.into_iter().map(|reason| Gap { cause: Cause::Limit, path: String::new(), reason }));
    for (root, folder) in discovery.absent {
        let Some(root) = manifests.get(root) else { continue };
        let reason =
            format!("it names the member {}, which has no manifest in the tree", plimsoll_model::one_line(&folder));
        aside.note(Cause::Manifest, &root.path, &root.class, &reason, &mut gaps);
    }
    let configured = configured(&manifests, &discovery.workspaces, options);
    let (resolved, cargo_version) =
        resolve_all(&manifests, &discovery.workspaces, &locks, &known_paths, files, options);

    let mut all =
        Resolution { manifests: manifests.len() as u64, package_manager: cargo_version, ..Resolution::default() };
    let mut used: BTreeMap<String, Wholeness> = BTreeMap::new();
    let mut unlocked_aside = 0_usize;
    for one in resolved {
        used.extend(one.workspace.lockfile.clone().map(|lockfile| (lockfile, one.whole)));
        unlocked_aside += usize::from(one.unlocked_aside);
        if let Some(difference) = &one.workspace.difference
            && path_class::may_ship(&one.workspace.class)
        {
            all.limitations.push(format!("{}: {difference}", one.workspace.manifest));
        }
        if let Some(sources) = one.sources {
            all.package_sources.get_or_insert_default().add(sources);
        }
        // Where nothing comes from elsewhere there is nothing to replace.
        if path_class::may_ship(&one.workspace.class) && one.workspace.dependencies != Dependencies::None {
            gaps.extend(configured.get(&one.workspace.manifest).into_iter().flatten().cloned());
        }
        all.workspaces.push(one.workspace);
        all.components.extend(one.components);
        gaps.extend(one.gaps);
    }
    for (path, lockfile) in &locks {
        if copies.values().any(|folder| tree_path::is_below(path, folder)) {
            continue;
        }
        if !used.contains_key(*path) {
            all.components.extend(workspace_resolution::orphan(lockfile));
            if path_class::may_ship(lockfile.class) {
                all.limitations
                    .push(format!("{path} belongs to no workspace root of this tree; its packages are listed"));
            }
        }
        for fault in lockfile.lock.faults.iter().take(FAULTS_TOLD) {
            aside.note(Cause::LockfileEntry, path, lockfile.class, fault, &mut gaps);
        }
        all.lockfiles.push(describe(lockfile, used.get(*path)));
    }
    if unlocked_aside > 0 {
        all.limitations.push(format!(
            "{unlocked_aside} workspaces of examples, tests and fixtures have no Cargo.lock; what they are built from is not listed"
        ));
    }
    all.limitations.extend(aside.told());
    if !copies.is_empty() {
        all.limitations.push(format!(
            "{} folders hold copies of locked packages, which are listed once; that the copies are unchanged was not compared",
            copies.len()
        ));
    }
    // What one workspace takes by path may be a member of another.
    let members: BTreeSet<String> =
        all.components.iter().filter(|component| component.member).map(|member| member.purl.clone()).collect();
    for component in all.components.iter_mut().filter(|component| component.source == Source::Path) {
        component.own |= members.contains(&component.purl);
    }
    all.gaps = gaps;
    all
}

/// The configurations of cargo that are not followed, by the root manifest of the workspace in which they are in force: in
/// the folders of its root and of its members, and above.
fn configured(manifests: &[Manifest], workspaces: &[Found], options: &Options) -> BTreeMap<String, Vec<Gap>> {
    let folders = manifests.iter().map(Manifest::folder).collect();
    let configurations = Configurations::read(&options.configurations, &folders);
    let of_one = |found: &Found| {
        let all = found.members.iter().chain([&found.root]);
        let in_force = configurations
            .in_force(all.filter_map(|index| manifests.get(*index)).map(Manifest::folder))
            .into_iter()
            .map(|(path, reason)| Gap {
                cause: Cause::Configuration,
                path: path.to_owned(),
                reason: format!("{} {reason}", plimsoll_model::one_line(path)),
            });
        Some((manifests.get(found.root)?.path.clone(), in_force.collect()))
    };
    workspaces.iter().filter_map(of_one).collect()
}

/// Copies of locked packages, as `cargo vendor` makes them: the index of the manifest and its folder. They are what the
/// lockfile lists and no products of their own.
fn copies<'a>(
    manifests: &'a [Manifest],
    workspaces: &[Found],
    locks: &BTreeMap<&str, LockFile<'_>>,
) -> BTreeMap<usize, &'a str> {
    let packages = locks.values().flat_map(|lockfile| &lockfile.lock.packages);
    let foreign = packages.filter(|package| package.source.is_some());
    let foreign: BTreeSet<(&str, &str)> =
        foreign.map(|package| (package.name.as_str(), package.version.as_str())).collect();
    let alone = workspaces.iter().filter(|found| found.class == path_class::VENDORED && found.members == [found.root]);
    alone
        .filter_map(|found| {
            let manifest = manifests.get(found.root)?;
            let package = manifest.package.as_ref()?;
            let locked = foreign.contains(&(package.name.as_str(), package.version.as_deref()?));
            locked.then_some((found.root, manifest.folder()))
        })
        .collect()
}

fn read_manifests(files: &[&SourceFile], options: &Options, gaps: &mut Vec<Gap>, aside: &mut Aside) -> Vec<Manifest> {
    let read: Vec<_> = files
        .par_iter()
        .map(|file| Manifest::parse(&file.path, &file.blob, &file.class, &file.bytes, &options.limits))
        .collect();
    let mut manifests = Vec::with_capacity(read.len());
    for (file, read) in files.iter().zip(read) {
        match read {
            Ok(manifest) => manifests.push(manifest),
            Err(reason) => aside.note(Cause::Manifest, &file.path, &file.class, &reason, gaps),
        }
    }
    manifests
}

fn read_locks<'a>(
    files: &[&'a SourceFile],
    options: &Options,
    gaps: &mut Vec<Gap>,
    aside: &mut Aside,
) -> BTreeMap<&'a str, LockFile<'a>> {
    let read: Vec<_> = files.par_iter().map(|file| Lock::parse(&file.bytes, &options.limits)).collect();
    let mut locks = BTreeMap::new();
    for (file, read) in files.iter().zip(read) {
        match read {
            Ok(lock) => {
                let (path, blob, class) = (file.path.as_str(), file.blob.as_str(), file.class.as_str());
                locks.insert(path, LockFile { path, blob, class, bytes: &file.bytes, lock });
            }
            Err(error) => {
                let cause = match error {
                    LockError::Future(_) => Cause::FutureLockfile,
                    LockError::Malformed(_) => Cause::Lockfile,
                    LockError::Limit(_) => Cause::Limit,
                };
                aside.note(cause, &file.path, &file.class, &error.to_string(), gaps);
            }
        }
    }
    locks
}

fn resolve_all(
    manifests: &[Manifest],
    workspaces: &[Found],
    locks: &BTreeMap<&str, LockFile<'_>>,
    known_paths: &BTreeSet<&str>,
    files: &[SourceFile],
    options: &Options,
) -> (Vec<Resolved>, Option<String>) {
    let wanted = |found: &Found| workspace_resolution::asks_cargo(options.resolver, &found.class);
    let place = |found: &Found| manifests.get(found.root).map(workspace_resolution::lockfile_of).unwrap_or_default();
    let locked = |found: &Found| locks.contains_key(place(found).as_str());
    // Those nearest to the user come first, so the bound falls on the others.
    let asked: BTreeSet<usize> = workspaces
        .iter()
        .filter(|found| wanted(found).is_ok() && locked(found))
        .take(options.limits.package_manager_runs)
        .map(|found| found.root)
        .collect();
    let asking = if asked.is_empty() || options.resolver == Resolver::Lockfile {
        Err("cargo was not to be asked".to_owned())
    } else {
        CargoMetadata::new(files, options)
    };
    let resolved: Vec<Resolved> = workspaces
        .par_iter()
        .enumerate()
        .map(|(number, found)| {
            let lockfile_place = place(found);
            let lockfile = locks.get(lockfile_place.as_str());
            let exists = known_paths.contains(lockfile_place.as_str()).then_some(lockfile_place.as_str());
            let asking = match (wanted(found), &asking) {
                (Err(reason), _) => Err(reason),
                (Ok(()), _) if !asked.contains(&found.root) => Err("cargo is asked for a bounded number of workspaces"),
                (Ok(()), Err(reason)) => Err(reason.as_str()),
                (Ok(()), Ok(asking)) => Ok(asking),
            };
            workspace_resolution::resolve(manifests, found, lockfile, exists, asking, number)
        })
        .collect();
    let answered = resolved.iter().any(|one| one.cargo_answered);
    let version = asking.ok().filter(|_| answered).and_then(|asking| Some(asking.version()?.release.clone()));
    (resolved, version)
}

fn describe(lockfile: &LockFile<'_>, whole: Option<&Wholeness>) -> Lockfile {
    let packages = &lockfile.lock.packages;
    let registry = packages.iter().filter(|package| matches!(package.origin, Origin::Public(_) | Origin::Registry(_)));
    let (with, without): (Vec<_>, Vec<_>) = registry.partition(|package| package.checksum.is_some());
    let git = packages.iter().filter(|package| matches!(package.origin, Origin::Git { revision: Some(_), .. }));
    let (whole, whole_reason) = match (whole, lockfile.lock.faults.first()) {
        (_, Some(fault)) => (Whole::Contradicted, Some(fault.clone())),
        (Some(whole), None) => (whole.whole, whole.reason.clone()),
        (None, None) => (Whole::NotChecked, Some("it belongs to no workspace root of this tree".to_owned())),
    };
    Lockfile {
        path: lockfile.path.to_owned(),
        format: LOCKFILE.to_owned(),
        format_version: lockfile.lock.version.to_string(),
        packages: packages.len() as u64,
        registry_packages: (with.len() + without.len()) as u64,
        with_checksum: with.len() as u64,
        missing_checksum: without.len() as u64,
        git_pinned: git.count() as u64,
        whole,
        whole_reason,
        class: lockfile.class.to_owned(),
        blob: lockfile.blob.to_owned(),
    }
}
