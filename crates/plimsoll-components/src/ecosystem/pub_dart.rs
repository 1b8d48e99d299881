//! Dart and Flutter: pubspec.yaml with pubspec.lock. The module is not called `pub`, which is a word of the language.

mod constraint;
mod lockfile;
mod pubspec;

use std::collections::{BTreeMap, BTreeSet};

use plimsoll_model::{excerpt, tree_path};

use self::{
    lockfile::{Entry, Locked, Place},
    pubspec::{Asked, Spec, What},
};
use super::{
    Ecosystem, Resolution,
    locked::{
        self, Reader,
        graph::{Edge, Graph, LockError, Member, Package, Usage, Want},
        manifest::{Agreement, Manifest, Sibling},
    },
    purl::Named,
};
use crate::{
    component::{Component, Origin},
    options::{Limits, Options},
    tree_file::SourceFile,
};

const MANIFEST: &str = "pubspec.yaml";
const OTHER_MANIFEST: &str = "pubspec.yml";
const OVERRIDES: &str = "pubspec_overrides.yaml";
const LOCK: &str = "pubspec.lock";

/// The public registry.
///
/// Source: OSV schema, `affected[].package.ecosystem`.
const REGISTRY: &str = "Pub";

/// The ecosystem, with what was read of the files of a tree by their folders: what a lockfile was written for is in several.
pub(crate) struct Pub {
    specs: BTreeMap<String, Result<Spec, String>>,
    overrides: BTreeMap<String, Result<Spec, String>>,
    locks: BTreeMap<String, Result<Locked, String>>,
    workspaces: BTreeMap<String, Workspace>,
}

/// What the members of the workspace of a lockfile say together.
#[derive(Default)]
struct Workspace {
    /// Names that they ask for.
    asked: BTreeSet<String>,
    /// Names that one of them takes in place of what any package asks for.
    overridden: BTreeSet<String>,
    /// Is not all known that they ask for?
    is_open: bool,
    /// Their own versions by name.
    versions: BTreeMap<String, String>,
}

/// Nothing read yet.
pub(crate) const PUB: Pub =
    Pub { specs: BTreeMap::new(), overrides: BTreeMap::new(), locks: BTreeMap::new(), workspaces: BTreeMap::new() };

impl Ecosystem for Pub {
    fn name(&self) -> &'static str {
        "pub"
    }

    fn purl_types(&self) -> &'static [&'static str] {
        &["pub"]
    }

    fn manifests(&self) -> &'static [&'static str] {
        &[MANIFEST, OTHER_MANIFEST, OVERRIDES]
    }

    fn lockfiles(&self) -> &'static [&'static str] {
        &[LOCK]
    }

    fn update_tools(&self) -> &'static [&'static str] {
        &["pub"]
    }

    fn allows(&self, range: &str, version: &str) -> Option<bool> {
        constraint::fits(range, version)
    }

    fn public_registry(&self) -> Option<&'static str> {
        Some(REGISTRY)
    }

    fn archive(&self, component: &Component) -> Option<String> {
        let (name, version) = (&component.name, &component.version);
        component.is_from(REGISTRY).then(|| format!("https://pub.dev/api/archives/{name}-{version}.tar.gz"))
    }

    fn resolve(&self, files: &[SourceFile], options: &Options) -> Resolution {
        locked::resolve(&Self::of(files, &options.limits), files, options)
    }
}

impl Pub {
    fn of(files: &[SourceFile], limits: &Limits) -> Self {
        let mut read = PUB;
        let mut others = BTreeMap::new();
        for file in files.iter().filter(|file| tree_path::is_clean(&file.path)) {
            let folder = tree_path::folder(&file.path).to_owned();
            let name = tree_path::name(&file.path);
            if name == LOCK {
                if file.bytes.len() <= limits.lockfile_bytes {
                    read.locks.insert(folder, lockfile::read(&file.bytes));
                }
                continue;
            }
            let list = match name {
                MANIFEST => &mut read.specs,
                OTHER_MANIFEST => &mut others,
                OVERRIDES => &mut read.overrides,
                _ => continue,
            };
            if file.bytes.len() <= limits.manifest_bytes {
                list.insert(folder, pubspec::read(&file.bytes));
            } else {
                list.insert(folder, Err(format!("it is larger than {} bytes", limits.manifest_bytes)));
            }
        }
        for (folder, spec) in others {
            read.specs.entry(folder).or_insert(spec);
        }
        for (folder, spec) in &mut read.specs {
            if let (Ok(spec), Some(over)) = (spec, read.overrides.get(folder)) {
                spec.override_with(over.as_ref());
            }
        }
        read.workspaces = read.locks.keys().map(|folder| (folder.clone(), read.workspace_of(folder))).collect();
        read
    }

    fn spec_in(&self, folder: &str) -> Option<&Spec> {
        self.specs.get(folder)?.as_ref().ok()
    }

    fn lock_in(&self, folder: &str) -> Option<&Locked> {
        self.locks.get(folder)?.as_ref().ok()
    }

    /// What the manifest of a folder says, and those below that say that they are members of a workspace.
    fn workspace_of(&self, folder: &str) -> Workspace {
        let mut all = Workspace::default();
        for (path, spec) in self.specs.range(folder.to_owned()..).take_while(|(path, _)| path.starts_with(folder)) {
            let Ok(spec) = spec else { continue };
            if path != folder && !(spec.in_workspace && tree_path::is_below(path, folder)) {
                continue;
            }
            all.is_open |= spec.open.is_some();
            all.overridden.extend(spec.overrides.iter().map(|asked| asked.name.clone()));
            all.asked.extend(spec.asked.iter().chain(&spec.overrides).map(|asked| asked.name.clone()));
            if let Some(name) = &spec.name {
                all.versions.insert(name.clone(), spec.version.clone().unwrap_or_else(|| "0.0.0".to_owned()));
            }
        }
        all
    }
}

impl Workspace {
    /// Says whether a lockfile still lists by name what nobody asks for.
    fn asks_for_all(&self, lock: &Locked) -> Agreement {
        let unasked =
            lock.entries.iter().find(|entry| entry.direct && !self.asked.contains(&entry.name) && !self.is_open);
        unasked.map_or(Agreement::Yes, |entry| {
            Agreement::No(format!("it was written for {}, for which nothing asks", excerpt(&entry.name, 80)))
        })
    }

    /// Is the member of this name of a version that is asked for? It is built, whatever the registry has under its name.
    fn has(&self, asked: &Asked) -> Agreement {
        let version = self.versions.get(&asked.name).map_or("0.0.0", String::as_str);
        let wanted = asked.what.shown();
        if matches!(asked.what, What::Folder(_)) || constraint::fits(&wanted, version) == Some(true) {
            return Agreement::Yes;
        }
        let (name, wanted) = (excerpt(&asked.name, 80), excerpt(&wanted, 80));
        Agreement::No(format!("the member {name} is of version {}, and {wanted} is asked for", excerpt(version, 80)))
    }
}

/// Is an entry what is asked for? The version is compared apart.
fn is_what(asked: &Asked, entry: &Entry) -> bool {
    match (&asked.what, &entry.place) {
        (What::Hosted { url: Some(url), .. }, Place::Hosted(origin)) => lockfile::hosted(url).as_ref() == Some(origin),
        (What::Git { url, reference, tagged }, Place::Git { written, reference: locked, .. }) => {
            url == written
                && match reference {
                    Some(reference) => reference == locked,
                    None => *tagged || matches!(locked.as_str(), "HEAD" | "master"),
                }
        }
        (What::Sdk(one), Place::Sdk(other)) => one == other,
        (What::Hosted { url: None, .. }, Place::Hosted(_)) | (What::Folder(_), Place::Folder(_)) => true,
        _ => false,
    }
}

impl Reader for Pub {
    fn manifest(&self, file: &SourceFile, _: &Limits) -> Result<Option<Manifest>, String> {
        let mut manifest = Manifest::of(file);
        let folder = manifest.folder().to_owned();
        if tree_path::name(&file.path) == OVERRIDES {
            let read = self.overrides.get(&folder).ok_or("it was not read")?;
            return read.as_ref().map(|_| None).map_err(Clone::clone);
        }
        if tree_path::name(&file.path) == OTHER_MANIFEST
            && self.specs.get(&folder).is_some_and(|spec| spec.as_ref().is_ok_and(|spec| !spec.is_package()))
        {
            return Ok(None);
        }
        let spec = self.specs.get(&folder).ok_or("it was not read")?.as_ref().map_err(Clone::clone)?;
        manifest.name.clone_from(&spec.name);
        manifest.version.clone_from(&spec.version);
        // What the tool keeps in a folder of the tree is a copy.
        manifest.copy = folder.split('/').any(|part| part == ".pub-cache");
        if manifest.copy {
            return Ok(Some(manifest));
        }
        manifest.open.clone_from(&spec.open);
        manifest.members.clone_from(&spec.workspace);
        manifest.overrides = spec.overrides.iter().map(|asked| asked.name.clone()).collect();
        for asked in spec.asked_with_overrides() {
            let Asked { name, usage, what } = asked;
            match what {
                What::Folder(path) => {
                    manifest.siblings.push(Sibling { name: name.clone(), usage: *usage, path: Some(path.clone()) });
                }
                _ => manifest.wants.push(Want {
                    name: name.clone(),
                    requirement: what.shown(),
                    usage: *usage,
                    optional: false,
                }),
            }
        }
        Ok(Some(manifest))
    }

    fn lockfile(&self, file: &SourceFile, limits: &Limits) -> Result<Graph, LockError> {
        let folder = tree_path::folder(&file.path);
        let lock = match self.locks.get(folder) {
            Some(Ok(lock)) => lock,
            Some(Err(reason)) => return Err(LockError::Malformed(reason.clone())),
            None => return Err(LockError::Malformed("it was not read".to_owned())),
        };
        if lock.entries.len() > limits.packages {
            return Err(LockError::Limit(format!("it lists more than {} packages", limits.packages)));
        }
        let mut graph = Graph { format: LOCK, faults: lock.faults.clone(), ..Graph::default() };
        for entry in &lock.entries {
            graph.answers.insert(entry.name.clone(), vec![graph.packages.len()]);
            let (package, fault) = self.package(folder, entry);
            graph.packages.push(package);
            graph.faults.extend(fault);
        }
        Ok(graph)
    }

    fn member(&self, manifest: &Manifest, graph: &Graph, siblings: &BTreeSet<&str>) -> (Member, Agreement) {
        let folder = manifest.folder();
        let (Some(spec), Some(lock)) = (self.spec_in(folder), self.lock_in(&graph.folder)) else {
            return (Member::default(), Agreement::NotKnown("it was not read".to_owned()));
        };
        let nothing = Workspace::default();
        let workspace = self.workspaces.get(&graph.folder).unwrap_or(&nothing);
        let mut told = Agreement::Yes;
        if folder == graph.folder {
            if spec.in_workspace {
                let reason = "the manifest next to it is a member of a workspace, and the lockfile of its root counts";
                told = Agreement::No(reason.to_owned());
            }
            told = told.and(workspace.asks_for_all(lock));
        }
        let indices = |name: &str| graph.answers.get(name).into_iter().flatten().copied();
        let of_name = spec.name.iter().flat_map(|name| indices(name));
        let is_own = |index: &usize| {
            let own = graph.packages.get(*index).filter(|package| package.own);
            own.is_some_and(|own| own.purl == pub_url(&own.name, &own.version).in_folder(Some(folder)))
        };
        let mut member = Member { package: of_name.into_iter().find(is_own), ..Member::default() };
        // Where another one takes a package, what it needs to be tested is not locked, and what it overrides is not.
        let is_taken = member.package.is_some();
        let asked = if is_taken { spec.asked.iter().collect() } else { spec.asked_with_overrides() };
        for asked in asked.into_iter().filter(|asked| !(is_taken && asked.usage == Usage::Dev)) {
            member.edges.extend(indices(&asked.name).map(|to| Edge { to, usage: asked.usage }));
            let is_elsewhere =
                workspace.overridden.contains(&asked.name) && (is_taken || !spec.overrides.contains(asked));
            let what = excerpt(&format!("{} {}", asked.name, asked.what.shown()), 80);
            told = told.and(match lock.entry(&asked.name) {
                None if siblings.contains(asked.name.as_str()) => workspace.has(asked),
                None => Agreement::No(format!("it does not hold {what}")),
                Some(_) if is_elsewhere => Agreement::Yes,
                Some(entry) if !is_what(asked, entry) => Agreement::No(format!("it was not written for {what}")),
                Some(entry) => match (&asked.what, constraint::fits(&asked.what.shown(), &entry.version)) {
                    (What::Hosted { .. }, Some(false)) => Agreement::No(format!("what it holds is not {what}")),
                    (What::Hosted { .. }, None) => {
                        Agreement::NotKnown(format!("whether it holds {what} cannot be compared"))
                    }
                    _ => Agreement::Yes,
                },
            });
        }
        if let Some(open) = &manifest.open {
            told = told.and(Agreement::NotKnown(open.clone()));
        }
        member.edges.sort_unstable();
        member.edges.dedup();
        (member, told)
    }

    fn takes_by_path(&self) -> bool {
        true
    }

    fn own_purl<'a>(&self, name: &'a str, version: &'a str) -> Named<'a> {
        pub_url(name, version)
    }

    fn registry_address(&self) -> &'static str {
        "https://pub.dev"
    }
}

impl Pub {
    /// A package, with what is wrong with it.
    fn package(&self, folder: &str, entry: &Entry) -> (Package, Option<String>) {
        let Entry { name, version, .. } = entry;
        let package = Package {
            name: name.clone(),
            version: version.clone(),
            hashes: entry.hash.iter().cloned().collect(),
            usage: entry.is_main.then_some(Usage::Normal),
            ..Package::default()
        };
        let shown = excerpt(name, 80);
        let (origin, fault) = match &entry.place {
            Place::Hosted(origin) => (origin.clone(), None),
            Place::Git { url, revision, .. } => {
                let fault =
                    revision.is_none().then(|| format!("{shown} comes from git and is not pinned to a revision"));
                (Origin::Git { url: url.clone(), revision: revision.clone() }, fault)
            }
            // It comes with the SDK, of which the lockfile has no version.
            Place::Sdk(_) => {
                let purl = pub_url(name, version).in_folder(None);
                return (Package { purl, bundled: true, ..package }, None);
            }
            Place::Folder(path) => {
                let inside = tree_path::join(folder, path);
                let fault = match &inside {
                    None => Some(format!("{shown} is in the folder {}, which is not in the tree", excerpt(path, 80))),
                    Some(inside) if !self.specs.contains_key(inside) => {
                        Some(format!("{shown} is in the folder {}, which has no {MANIFEST}", excerpt(path, 80)))
                    }
                    Some(_) => None,
                };
                let purl = pub_url(name, version).in_folder(inside.as_deref());
                return (Package { purl, own: inside.is_some(), ..package }, fault);
            }
        };
        let purl = pub_url(name, version).from(&origin);
        (Package { purl, origin, ..package }, fault)
    }
}

/// The package URL of a package is made of this.
///
/// Source: Package URL specification, type `pub`.
fn pub_url<'a>(name: &'a str, version: &'a str) -> Named<'a> {
    Named { kind: "pub", namespace: None, name, version }
}

#[cfg(test)]
mod tests;
