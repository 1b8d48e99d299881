//! One workspace: its lockfile, cargo's answers about it, and the components that come of both.

use std::collections::{BTreeMap, BTreeSet};

use plimsoll_model::tree_path;

use super::{
    crate_sources::crate_sources,
    crate_url,
    features::Model,
    licence,
    linked_manifest::{self, Description, Known},
    lock_check::LockfileCheck,
    lockfile::{Lock, LockFile, Package},
    manifest::{Manifest, Section},
    metadata::{CargoMetadata, MetadataAnswers},
    reach::{self, Verdict},
    target_triples::Conditions,
    workspaces::Found,
};
use crate::{
    component::{Component, Origin, Scope, Source},
    gap::{Cause, Gap},
    hash::{Algorithm, Hash},
    options::Resolver,
    package_sources::PackageSources,
    path_class,
    workspace::{Dependencies, Locked, ResolvedBy, Whole, Workspace},
};
use plimsoll_model::body::Reach;

/// Whether a lockfile holds all that its packages depend on, and why that is not proven.
#[derive(Clone, Debug)]
pub(crate) struct Wholeness {
    pub whole: Whole,
    pub reason: Option<String>,
}

impl Wholeness {
    fn proven() -> Self {
        Self { whole: Whole::Proven, reason: None }
    }

    fn not_checked(reason: &str) -> Self {
        let cure = "run `cargo fetch --locked` first";
        let reason = Some(format!("what its packages depend on is known from it alone: {reason}; {cure}"));
        Self { whole: Whole::NotChecked, reason }
    }

    fn contradicted(reason: String) -> Self {
        Self { whole: Whole::Contradicted, reason: Some(reason) }
    }
}

/// What one workspace comes to.
pub(crate) struct Resolved {
    pub workspace: Workspace,
    pub whole: Wholeness,
    pub components: Vec<Component>,
    pub gaps: Vec<Gap>,
    pub cargo_answered: bool,
    /// Which sources of packages from elsewhere were at hand; `None` where there are none, or nothing of it ships.
    pub sources: Option<PackageSources>,
    /// It has dependencies and no lockfile, and nothing of it ships.
    pub unlocked_aside: bool,
}

/// A member as its manifest describes it.
struct Member<'a> {
    manifest: &'a Manifest,
    name: &'a str,
    version: String,
    licence: Option<String>,
}

fn members<'a>(manifests: &'a [Manifest], found: &Found) -> Vec<Member<'a>> {
    let root = manifests.get(found.root).and_then(|manifest| manifest.root.as_ref());
    let members = found.members.iter().filter_map(|index| manifests.get(*index));
    members
        .filter_map(|manifest| {
            let package = manifest.package.as_ref()?;
            let shared = root.and_then(|root| root.version.clone());
            let licence = if package.license_inherited {
                root.and_then(|root| root.license.clone())
            } else {
                package.license.clone()
            };
            Some(Member {
                manifest,
                name: &package.name,
                version: package.version.clone().or(shared).unwrap_or_else(|| "0.0.0".to_owned()),
                licence: licence.as_deref().and_then(licence::normalise),
            })
        })
        .collect()
}

/// Resolves one workspace. `lockfile` is the one beside its root; `asking` is how cargo can be asked, if it may be.
pub(crate) fn resolve(
    manifests: &[Manifest],
    found: &Found,
    lockfile: Option<&LockFile<'_>>,
    lockfile_exists: Option<&str>,
    asking: Result<&CargoMetadata<'_>, &str>,
    number: usize,
) -> Resolved {
    let members = members(manifests, found);
    let root = manifests.get(found.root);
    let mut workspace = Workspace {
        manifest: root.map_or_else(String::new, |root| root.path.clone()),
        lockfile: lockfile_exists.map(str::to_owned),
        members: members.len() as u64,
        locked: Locked::No,
        class: found.class.clone(),
        resolver: ResolvedBy::None,
        dependencies: Dependencies::NotKnown,
        difference: None,
        blob: root.map_or_else(String::new, |root| root.blob.clone()),
    };
    let Some(lockfile) = lockfile else {
        return without_lock(workspace, &members, manifests, found);
    };
    let lock = &lockfile.lock;
    let listed: BTreeMap<usize, &Member<'_>> =
        members.iter().filter_map(|member| Some((lock.find(member.name, &member.version, None)?, member))).collect();
    let all_listed = listed.len() == members.len();
    let fit = LockfileCheck::new(manifests, found);
    let mismatches = fit.mismatches(lock);
    let ships: BTreeMap<usize, bool> =
        listed.iter().map(|(index, member)| (*index, member.manifest.class == path_class::SHIPPED)).collect();
    let mut told = if all_listed
        && mismatches.is_empty()
        && lock.packages.len() == listed.len()
        && lock.packages.iter().all(|package| package.dependencies.is_empty())
    {
        // Members that depend on nothing: there is nothing to ask.
        MetadataAnswers::default()
    } else {
        match asking {
            Ok(asking) => asking.ask(manifests, found, lockfile, number),
            Err(reason) => MetadataAnswers::refused(reason),
        }
    };
    let own = fit.own();
    let folders: BTreeMap<usize, &str> = fit
        .packages()
        .filter_map(|(manifest, _, version)| {
            Some((lock.find(&manifest.package.as_ref()?.name, &version, None)?, manifest.folder()))
        })
        .collect();
    let mut described = described(&fit, lock);
    let of_the_tree: BTreeSet<usize> = described.keys().copied().collect();
    described.append(&mut told.known);
    let mut conditions = Conditions::new();
    let packages = 0..lock.packages.len();
    let known: Vec<Option<Known>> =
        packages.map(|index| Some(Known::link(described.remove(&index)?, lock, index, &mut conditions))).collect();
    let reason = told.reason.clone().unwrap_or_else(|| "cargo was not asked".to_owned());
    let mut gaps = Vec::new();
    if told.demanded && !told.answered {
        gaps.push(Gap {
            cause: Cause::PackageManager,
            path: workspace.manifest.clone(),
            reason: format!("{}: {reason}", workspace.manifest),
        });
    }
    workspace.resolver = if told.answered { ResolvedBy::PackageManager } else { ResolvedBy::Lockfile };
    let unknown = known.iter().filter(|known| known.is_none()).count();
    workspace.difference = (unknown > 0).then(|| {
        let total = known.len();
        let packages = plimsoll_model::plural(total, "package needs", "packages need");
        format!("{reason}; what {unknown} of {packages}, and for what, is known from Cargo.lock alone")
    });
    // What the tree's own manifests ask for is among the mismatches.
    let elsewhere = known.iter().enumerate().filter(|(index, _)| !of_the_tree.contains(index));
    let missing: Vec<String> =
        elsewhere.filter_map(|(_, known)| known.as_ref()).flat_map(|known| known.missing.iter().cloned()).collect();
    // cargo, where it took the lockfile as it is, knows better than what was found by comparing.
    let compared = if told.answered { &[] } else { mismatches.as_slice() };
    let stray = if told.answered || !all_listed { Vec::new() } else { stray(lock, listed.keys().copied()) };
    let unfit = unfit(&members, lock, told.unlocked(), compared.iter().chain(&missing).chain(&stray));
    let whole = match &unfit {
        Some(unfit) => Wholeness::contradicted(unfit.clone()),
        None if unknown == 0 => Wholeness::proven(),
        None => Wholeness::not_checked(&reason),
    };
    workspace.locked = if unfit.is_none() && lock.faults.is_empty() { Locked::Yes } else { Locked::No };
    workspace.dependencies = if lock.packages.iter().any(|package| package.origin != Origin::Folder) {
        Dependencies::Some
    } else if workspace.locked == Locked::Yes
        && lock.packages.iter().all(|package| own.contains(&(&package.name, package.version.clone())))
    {
        Dependencies::None
    } else {
        Dependencies::NotKnown
    };
    let complete = all_listed && !members.is_empty() && lock.faults.is_empty() && unfit.is_none();
    let model = Model { lock, known, members: ships, unify: root.is_none_or(unifies) };
    let features = found.closure.iter().filter_map(|index| manifests.get(*index)?.package.as_ref());
    let verdicts = reach::verdicts(&model, complete, features.into_iter().any(|package| package.has_features));
    if let Some(unfit) = unfit {
        if workspace.class == path_class::SHIPPED {
            gaps.push(Gap {
                cause: Cause::StaleLockfile,
                path: lockfile.path.to_owned(),
                reason: format!("{} does not belong to the manifests next to it: {unfit}", lockfile.path),
            });
        }
        // What cargo says is the reason of the difference already.
        if !(told.unlocked() && workspace.difference.is_some()) {
            let text = format!("Cargo.lock does not belong to the manifests: {unfit}");
            workspace.difference = Some(workspace.difference.map_or(text.clone(), |told| format!("{text}; {told}")));
        }
    }
    let sources = if path_class::may_ship(&workspace.class) { crate_sources(&model, &told) } else { None };
    let mut components = components(lockfile, &listed, &own, &verdicts, &told.licences, &folders);
    for component in components.iter_mut().filter(|component| component.member) {
        // What a member asks for that is not in its lockfile is missing from what it depends on.
        component.edges_known &= workspace.locked == Locked::Yes;
    }
    Resolved { workspace, whole, components, gaps, cargo_answered: told.answered, sources, unlocked_aside: false }
}

/// What the manifests of the tree say of the packages of a lockfile that come from it.
fn described(fit: &LockfileCheck<'_>, lock: &Lock) -> BTreeMap<usize, Description> {
    let own = fit.packages().filter_map(|(manifest, root, version)| {
        let package = manifest.package.as_ref()?;
        Some((lock.find(&package.name, &version, None)?, linked_manifest::describe(manifest, root)?))
    });
    own.collect()
}

/// Entries to which no member leads. cargo leaves such out when it writes a lockfile, so what led to them was taken out.
fn stray(lock: &Lock, members: impl Iterator<Item = usize>) -> Vec<String> {
    let mut reached = vec![false; lock.packages.len()];
    let mut queue: Vec<usize> = members.collect();
    while let Some(index) = queue.pop() {
        if let Some(flag) = reached.get_mut(index).filter(|flag| !**flag) {
            *flag = true;
            queue.extend(lock.packages.get(index).into_iter().flat_map(|package| &package.dependencies));
        }
    }
    let stray = lock.packages.iter().zip(reached).filter(|(_, reached)| !reached);
    stray
        .map(|(package, _)| format!("it lists {} {}, to which no member leads", package.name, package.version))
        .collect()
}

/// Does cargo use its first feature resolver for a workspace with this root?
///
/// Source: the Cargo Book, "Dependency Resolution", Resolver versions: by `resolver`, else by the edition of the root package.
fn unifies(root: &Manifest) -> bool {
    if let Some(resolver) = &root.resolver {
        return !matches!(resolver.as_str(), "2" | "3");
    }
    let shared = root.root.as_ref().and_then(|root| root.edition.as_deref());
    let edition = root
        .package
        .as_ref()
        .and_then(|package| if package.edition_inherited { shared } else { package.edition.as_deref() });
    edition.is_none_or(|edition| matches!(edition, "2015" | "2018"))
}

/// Why a lockfile is not that of the members, in one clause; nothing where it is.
fn unfit<'a>(
    members: &[Member<'_>],
    lock: &Lock,
    unlocked: bool,
    mismatches: impl Iterator<Item = &'a String>,
) -> Option<String> {
    if unlocked {
        return Some("cargo asks for another".to_owned());
    }
    let missing = members.iter().find(|member| lock.find(member.name, &member.version, None).is_none());
    let missing = missing.map(|member| format!("it does not list {} at the version of its manifest", member.name));
    let mut mismatches = missing.into_iter().chain(mismatches.cloned());
    let first = mismatches.next()?;
    match mismatches.count() {
        0 => Some(first),
        more => Some(format!("{first} (and {more} more)")),
    }
}

/// The verdict on a member that nothing depends on and that depends on nothing.
fn alone(class: &str) -> Verdict {
    Verdict {
        scopes: vec![Scope::Normal],
        in_default: Some(true),
        in_all_features: Some(true),
        targets: vec!["all".to_owned()],
        reach: path_class::reach_of_package(class),
    }
}

/// What the manifests of a workspace without a lockfile ask for, those included to which it leads by a path.
fn asked_for(manifests: &[Manifest], found: &Found) -> Dependencies {
    let closure: Vec<&Manifest> = found.closure.iter().filter_map(|index| manifests.get(*index)).collect();
    let folders: BTreeSet<&str> = closure.iter().map(|manifest| manifest.folder()).collect();
    let shared = closure.iter().flat_map(|manifest| &manifest.dependencies);
    let shared = shared.filter(|dependency| dependency.section == Section::Workspace);
    let shared: BTreeSet<&str> = shared.map(|dependency| dependency.key.as_str()).collect();
    let mut all = Dependencies::None;
    for manifest in &closure {
        // What members take over from the root is stated there.
        let stated = manifest.dependencies.iter().filter(|dependency| !dependency.inherited);
        for dependency in stated.filter(|dependency| !matches!(dependency.section, Section::Patch | Section::Replace)) {
            match &dependency.path {
                None => return Dependencies::Some,
                Some(path)
                    if tree_path::join(manifest.folder(), path).is_some_and(|path| folders.contains(path.as_str())) => {
                }
                Some(_) => all = Dependencies::NotKnown,
            }
        }
        let mut inherited = manifest.dependencies.iter().filter(|dependency| dependency.inherited);
        if inherited.any(|dependency| !shared.contains(dependency.key.as_str())) {
            all = Dependencies::NotKnown;
        }
    }
    all
}

fn without_lock(mut workspace: Workspace, members: &[Member<'_>], manifests: &[Manifest], found: &Found) -> Resolved {
    let mut direct: BTreeSet<&str> = BTreeSet::new();
    let mut any = false;
    let names: BTreeSet<&str> = members.iter().map(|member| member.name).collect();
    for member in members {
        for dependency in
            member.manifest.dependencies.iter().filter(|dependency| dependency.section == Section::Package)
        {
            any |= dependency.path.is_none() && !names.contains(dependency.key.as_str());
            direct.insert(&dependency.key);
        }
    }
    workspace.dependencies =
        if workspace.lockfile.is_some() { Dependencies::NotKnown } else { asked_for(manifests, found) };
    let mut gaps = Vec::new();
    let mut unlocked_aside = false;
    if any {
        let read =
            if workspace.lockfile.is_some() { "its Cargo.lock could not be read" } else { "it has no Cargo.lock" };
        workspace.difference = Some(format!("{read}: which packages it is built from is not known, only its members"));
        // An unread lockfile is a gap of its own.
        if workspace.lockfile.is_none() {
            if path_class::may_ship(&workspace.class) {
                gaps.push(Gap {
                    cause: Cause::NoLockfile,
                    path: workspace.manifest.clone(),
                    reason: format!(
                        "{} has no Cargo.lock next to it, so its {} direct dependencies have no versions and theirs are not known",
                        workspace.manifest,
                        direct.len()
                    ),
                });
            } else {
                unlocked_aside = true;
            }
        }
    }
    let takes = |other: &Member<'_>, name: &str| {
        other.manifest.dependencies.iter().any(|one| one.key == name && (one.path.is_some() || one.inherited))
    };
    let components = members
        .iter()
        .map(|member| {
            let verdict = alone(&member.manifest.class);
            Component {
                name: member.name.to_owned(),
                version: member.version.clone(),
                release: None,
                purl: crate_url(member.name, &member.version).in_folder(Some(member.manifest.folder())),
                source: Source::Workspace,
                source_url: None,
                hashes: Vec::new(),
                licence: member.licence.clone(),
                open_licence: None,
                member: true,
                direct: members.iter().any(|other| takes(other, member.name)),
                scopes: verdict.scopes,
                in_default: verdict.in_default,
                in_all_features: verdict.in_all_features,
                targets: verdict.targets,
                reach: verdict.reach,
                class: member.manifest.class.clone(),
                lockfile: None,
                depends_on: Vec::new(),
                asks: member.manifest.asks(),
                place: member.manifest.path.clone(),
                blob: member.manifest.blob.clone(),
                origin: Origin::Folder,
                own: member.manifest.class != path_class::VENDORED,
                opaque: false,
                edges_known: false,
            }
        })
        .collect();
    let whole = Wholeness::not_checked("it could not be read");
    Resolved { workspace, whole, components, gaps, cargo_answered: false, sources: None, unlocked_aside }
}

fn components(
    lockfile: &LockFile<'_>,
    listed: &BTreeMap<usize, &Member<'_>>,
    own: &BTreeSet<(&str, String)>,
    verdicts: &[Verdict],
    licences: &BTreeMap<usize, String>,
    folders: &BTreeMap<usize, &str>,
) -> Vec<Component> {
    let lock = &lockfile.lock;
    let purls: Vec<String> = lock
        .packages
        .iter()
        .enumerate()
        .map(|(index, package)| match folders.get(&index) {
            Some(folder) => crate_url(&package.name, &package.version).in_folder(Some(folder)),
            None => crate_url(&package.name, &package.version).from(&package.origin),
        })
        .collect();
    let ranks = listed.iter().map(|(index, member)| (*index, path_class::rank(&member.manifest.class))).collect();
    let ranks = reach::classes(lock, &ranks);
    let direct: BTreeSet<usize> = listed
        .keys()
        .filter_map(|index| lock.packages.get(*index))
        .flat_map(|member| member.dependencies.iter().copied())
        .collect();
    let is_taken = |package: &Package| {
        package.origin == Origin::Folder && own.contains(&(package.name.as_str(), package.version.clone()))
    };
    let rows = lock.packages.iter().enumerate().zip(&purls).zip(verdicts);
    rows.map(|(((index, package), purl), verdict)| {
        let member = listed.get(&index);
        let (source, source_url) = package.taken_from(member.is_some());
        let rank = ranks.get(index).copied().flatten();
        let class = rank.map_or_else(|| lockfile.class.to_owned(), |rank| path_class::word(rank).to_owned());
        // Where a copy is built in, which nobody knows, its own lockfile is not used.
        let copied = member.is_some() && class == path_class::VENDORED;
        let reach = if copied && verdict.reach == Reach::Dev { Reach::Unknown } else { verdict.reach };
        let mut depends_on: Vec<String> =
            package.dependencies.iter().filter_map(|next| purls.get(*next).cloned()).collect();
        depends_on.sort();
        depends_on.dedup();
        Component {
            name: package.name.clone(),
            version: package.version.clone(),
            release: None,
            purl: purl.clone(),
            source,
            source_url,
            hashes: package
                .checksum
                .as_deref()
                .and_then(|hex| Hash::of_hex(Algorithm::Sha256, hex))
                .into_iter()
                .collect(),
            open_licence: None,
            licence: match member {
                Some(member) => member.licence.clone(),
                None => licences.get(&index).and_then(|licence| licence::normalise(licence)),
            },
            member: member.is_some(),
            direct: direct.contains(&index),
            scopes: verdict.scopes.clone(),
            in_default: verdict.in_default,
            in_all_features: verdict.in_all_features,
            targets: verdict.targets.clone(),
            reach,
            class,
            lockfile: Some(lockfile.path.to_owned()),
            depends_on,
            asks: member.map(|member| member.manifest.asks()).unwrap_or_default(),
            place: lockfile.path.to_owned(),
            blob: lockfile.blob.to_owned(),
            origin: package.origin.clone(),
            own: !copied && (member.is_some() || is_taken(package)),
            opaque: false,
            edges_known: lock.faults.is_empty(),
        }
    })
    .collect()
}

/// The components of a lockfile that belongs to no workspace that was found.
pub(crate) fn orphan(lockfile: &LockFile<'_>) -> Vec<Component> {
    let verdicts = vec![reach::unknown(None); lockfile.lock.packages.len()];
    components(lockfile, &BTreeMap::new(), &BTreeSet::new(), &verdicts, &BTreeMap::new(), &BTreeMap::new())
}

/// The lockfile's place beside a root manifest.
pub(crate) fn lockfile_of(manifest: &Manifest) -> String {
    tree_path::within(manifest.folder(), super::LOCKFILE)
}

/// May cargo be asked about a workspace of this class?
pub(crate) fn asks_cargo(choice: Resolver, class: &str) -> Result<(), &'static str> {
    match choice {
        Resolver::Lockfile => Err("cargo was not to be asked"),
        Resolver::Auto if !path_class::may_ship(class) => Err("cargo is asked for what ships alone"),
        Resolver::Auto | Resolver::PackageManager => Ok(()),
    }
}
