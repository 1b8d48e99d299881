//! One workspace: its lockfile, cargo's answers about it, and the components that come of both.

use std::collections::{BTreeMap, BTreeSet};

use crate::{
    asking::{Asking, Told},
    class,
    discover::Found,
    fit::Fit,
    input::Resolver,
    licence,
    lock::{Lock, Origin, Package},
    manifest::Manifest,
    path, purl,
    reach::{self, Members, Verdict},
    types::{Cause, Component, Gap, Reach, ResolvedBy, Scope, Source, Workspace},
};

/// A lockfile of the tree that was understood.
pub(crate) struct LockFile<'a> {
    pub path: &'a str,
    pub blob: &'a str,
    pub class: &'a str,
    pub bytes: &'a [u8],
    pub lock: Lock,
}

/// What one workspace comes to.
pub(crate) struct Resolved {
    pub workspace: Workspace,
    pub components: Vec<Component>,
    pub gaps: Vec<Gap>,
    pub cargo_answered: bool,
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
    asking: Result<&Asking<'_>, &str>,
    number: usize,
) -> Resolved {
    let members = members(manifests, found);
    let root = manifests.get(found.root);
    let mut workspace = Workspace {
        manifest: root.map_or_else(String::new, |root| root.path.clone()),
        lockfile: lockfile_exists.map(str::to_owned),
        members: members.len() as u64,
        locked: false,
        class: found.class.clone(),
        resolver: ResolvedBy::None,
        difference: None,
        blob: root.map_or_else(String::new, |root| root.blob.clone()),
    };
    let Some(lockfile) = lockfile else {
        return without_lock(workspace, &members);
    };
    let lock = &lockfile.lock;
    let listed: BTreeMap<usize, &Member<'_>> =
        members.iter().filter_map(|member| Some((lock.find(member.name, &member.version, None)?, member))).collect();
    let all_listed = listed.len() == members.len();
    let fit = Fit::new(manifests, found);
    let faults = fit.faults(lock);
    let whole = Members {
        listed: listed.iter().map(|(index, member)| (*index, member.manifest.class == class::SHIPPED)).collect(),
        complete: all_listed && faults.is_empty() && lock.faults.is_empty() && !members.is_empty(),
    };
    let mut told = if all_listed
        && faults.is_empty()
        && lock.packages.len() == listed.len()
        && lock.packages.iter().all(|package| package.dependencies.is_empty())
    {
        // Members that depend on nothing: there is nothing to ask.
        Told::nothing_to_ask()
    } else {
        match asking {
            Ok(asking) => asking.ask(manifests, found, lockfile, number),
            Err(reason) => Told::refused(reason.to_owned()),
        }
    };
    let mut gaps = Vec::new();
    if told.demanded && told.default.is_none() && told.all_features.is_none() {
        let reason = told.reason.clone().unwrap_or_default();
        gaps.push(Gap {
            cause: Cause::Cargo,
            path: workspace.manifest.clone(),
            reason: format!("{}: {reason}", workspace.manifest),
        });
    }
    let verdicts = if told.nothing_to_ask {
        listed.keys().map(|index| alone(whole.listed.get(index) == Some(&true))).collect()
    } else {
        reach::verdicts(lock, &whole, told.default.as_ref(), told.all_features.as_ref())
    };
    let cargo_answered = told.default.is_some() || told.all_features.is_some();
    workspace.resolver = if cargo_answered { ResolvedBy::Cargo } else { ResolvedBy::Lockfile };
    workspace.difference = told.difference();
    let unfit = unfit(&members, lock, &told, if cargo_answered { &[] } else { &faults });
    workspace.locked = unfit.is_none() && lock.faults.is_empty();
    if let Some(unfit) = unfit {
        if workspace.class == class::SHIPPED {
            gaps.push(Gap {
                cause: Cause::Unfit,
                path: lockfile.path.to_owned(),
                reason: format!("{} does not belong to the manifests beside it: {unfit}", lockfile.path),
            });
        }
        // What cargo says stands in the difference already.
        if !told.unlocked {
            let text = format!("Cargo.lock does not belong to the manifests: {unfit}");
            workspace.difference = Some(workspace.difference.map_or(text.clone(), |told| format!("{text}; {told}")));
        }
    }
    let own = fit.own();
    let licences = std::mem::take(&mut told).licences();
    let components = components(lockfile, &listed, &own, &verdicts, &licences);
    Resolved { workspace, components, gaps, cargo_answered, unlocked_aside: false }
}

/// Why a lockfile is not that of the members, in one clause; nothing where it is. `faults` are those that were found by
/// comparing; cargo, where it took the lockfile as it is, knows better.
fn unfit(members: &[Member<'_>], lock: &Lock, told: &Told, faults: &[String]) -> Option<String> {
    if told.unlocked {
        return Some("cargo asks for another".to_owned());
    }
    let missing = members.iter().find(|member| lock.find(member.name, &member.version, None).is_none());
    let missing = missing.map(|member| format!("it does not list {} at the version of its manifest", member.name));
    let mut faults = missing.into_iter().chain(faults.iter().cloned());
    let first = faults.next()?;
    match faults.count() {
        0 => Some(first),
        more => Some(format!("{first} (and {more} more)")),
    }
}

/// The verdict on a member that nothing depends on and that depends on nothing.
fn alone(ships: bool) -> Verdict {
    Verdict {
        scopes: vec![Scope::Normal],
        in_default: Some(true),
        in_all_features: Some(true),
        targets: vec!["all".to_owned()],
        reach: if ships { Reach::Shipped } else { Reach::Dev },
    }
}

fn without_lock(mut workspace: Workspace, members: &[Member<'_>]) -> Resolved {
    let mut direct: BTreeSet<&str> = BTreeSet::new();
    let mut any = false;
    let names: BTreeSet<&str> = members.iter().map(|member| member.name).collect();
    for member in members {
        for dependency in member
            .manifest
            .dependencies
            .iter()
            .filter(|dependency| dependency.section == crate::manifest::Section::Package)
        {
            any |= dependency.path.is_none() && !names.contains(dependency.key.as_str());
            direct.insert(&dependency.key);
        }
    }
    let mut gaps = Vec::new();
    let mut unlocked_aside = false;
    if any {
        let read =
            if workspace.lockfile.is_some() { "its Cargo.lock could not be read" } else { "it has no Cargo.lock" };
        workspace.difference = Some(format!("{read}: which packages it is built from is not known, only its members"));
        // An unread lockfile is a gap of its own.
        if workspace.lockfile.is_none() {
            if class::may_ship(&workspace.class) {
                gaps.push(Gap {
                    cause: Cause::NoLockfile,
                    path: workspace.manifest.clone(),
                    reason: format!(
                        "{} has no Cargo.lock beside it, so its {} direct dependencies have no versions and theirs are not known",
                        workspace.manifest,
                        direct.len()
                    ),
                });
            } else {
                unlocked_aside = true;
            }
        }
    }
    let components = members
        .iter()
        .map(|member| {
            let verdict = alone(member.manifest.class == class::SHIPPED);
            Component {
                name: member.name.to_owned(),
                version: member.version.clone(),
                purl: purl::of(member.name, &member.version, &Origin::None),
                source: Source::Workspace,
                source_url: None,
                checksum: None,
                licence: member.licence.clone(),
                member: true,
                direct: members.iter().any(|other| {
                    other.manifest.dependencies.iter().any(|dependency| {
                        dependency.key == member.name && (dependency.path.is_some() || dependency.inherited)
                    })
                }),
                scopes: verdict.scopes,
                in_default: verdict.in_default,
                in_all_features: verdict.in_all_features,
                targets: verdict.targets,
                reach: verdict.reach,
                class: member.manifest.class.clone(),
                lockfile: None,
                depends_on: Vec::new(),
                place: member.manifest.path.clone(),
                blob: member.manifest.blob.clone(),
                source_id: None,
                own: true,
            }
        })
        .collect();
    Resolved { workspace, components, gaps, cargo_answered: false, unlocked_aside }
}

fn components(
    lockfile: &LockFile<'_>,
    listed: &BTreeMap<usize, &Member<'_>>,
    own: &BTreeSet<(&str, String)>,
    verdicts: &[Verdict],
    licences: &BTreeMap<usize, String>,
) -> Vec<Component> {
    let lock = &lockfile.lock;
    let purls: Vec<String> =
        lock.packages.iter().map(|package| purl::of(&package.name, &package.version, &package.origin)).collect();
    let ranks = listed.iter().map(|(index, member)| (*index, class::rank(&member.manifest.class))).collect();
    let ranks = reach::classes(lock, &ranks);
    let direct: BTreeSet<usize> = listed
        .keys()
        .filter_map(|index| lock.packages.get(*index))
        .flat_map(|member| member.dependencies.iter().copied())
        .collect();
    let rows = lock.packages.iter().enumerate().zip(&purls).zip(verdicts);
    rows.map(|(((index, package), purl), verdict)| {
        let member = listed.get(&index);
        let (source, source_url) = source(package, member.is_some());
        let rank = ranks.get(index).copied().flatten();
        let mut depends_on: Vec<String> =
            package.dependencies.iter().filter_map(|next| purls.get(*next).cloned()).collect();
        depends_on.sort();
        depends_on.dedup();
        Component {
            name: package.name.clone(),
            version: package.version.clone(),
            purl: purl.clone(),
            source,
            source_url,
            checksum: package.checksum.clone(),
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
            reach: verdict.reach,
            class: rank.map_or_else(|| lockfile.class.to_owned(), |rank| class::word(rank).to_owned()),
            lockfile: Some(lockfile.path.to_owned()),
            depends_on,
            place: lockfile.path.to_owned(),
            blob: lockfile.blob.to_owned(),
            source_id: package.source.clone(),
            own: member.is_some()
                || (package.origin == Origin::None && own.contains(&(package.name.as_str(), package.version.clone()))),
        }
    })
    .collect()
}

/// The components of a lockfile that belongs to no workspace that was found.
pub(crate) fn orphan(lockfile: &LockFile<'_>) -> Vec<Component> {
    let none = Members { listed: BTreeMap::new(), complete: false };
    let verdicts = reach::verdicts(&lockfile.lock, &none, None, None);
    components(lockfile, &BTreeMap::new(), &BTreeSet::new(), &verdicts, &BTreeMap::new())
}

fn source(package: &Package, member: bool) -> (Source, Option<String>) {
    match &package.origin {
        Origin::None if member => (Source::Workspace, None),
        Origin::None => (Source::Path, None),
        Origin::CratesIo => (Source::Registry, Some("https://crates.io".to_owned())),
        Origin::Registry(url) => (Source::Registry, Some(url.clone())),
        Origin::Git { url, .. } => (Source::Git, Some(url.clone())),
    }
}

/// The lockfile's place beside a root manifest.
pub(crate) fn lockfile_of(manifest: &Manifest) -> String {
    path::within(manifest.folder(), "Cargo.lock")
}

/// May cargo be asked about a workspace of this class?
pub(crate) fn asks_cargo(choice: Resolver, class: &str) -> Result<(), &'static str> {
    match choice {
        Resolver::Lockfile => Err("cargo was not to be asked"),
        Resolver::Auto if !class::may_ship(class) => Err("cargo is asked for what ships alone"),
        Resolver::Auto | Resolver::Cargo => Ok(()),
    }
}
