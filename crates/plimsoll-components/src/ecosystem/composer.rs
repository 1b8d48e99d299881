//! PHP: composer.json with composer.lock.

mod content_hash;
mod lockfile;
mod manifest;

use std::collections::{BTreeMap, BTreeSet};

use plimsoll_model::{excerpt, tree_path};

use self::{
    lockfile::{Entry, Locked, Place, Wrong},
    manifest::Asking,
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
    component::Origin,
    options::{Limits, Options},
    tree_file::SourceFile,
};

const MANIFEST: &str = "composer.json";
const LOCK: &str = "composer.lock";

/// The public registry.
///
/// Source: OSV schema, `affected[].package.ecosystem`.
const REGISTRY: &str = "Packagist";

/// The ecosystem, with what was read of the files of a tree: a lockfile is read with the manifest for which it is.
pub(crate) struct Composer {
    manifests: BTreeMap<String, Result<Asking, String>>,
    locks: BTreeMap<String, Result<Locked, Wrong>>,
}

/// Nothing read yet.
pub(crate) const COMPOSER: Composer = Composer { manifests: BTreeMap::new(), locks: BTreeMap::new() };

impl Ecosystem for Composer {
    fn name(&self) -> &'static str {
        "composer"
    }

    fn purl_types(&self) -> &'static [&'static str] {
        &["composer"]
    }

    fn manifests(&self) -> &'static [&'static str] {
        &[MANIFEST]
    }

    fn lockfiles(&self) -> &'static [&'static str] {
        &[LOCK]
    }

    fn update_tools(&self) -> &'static [&'static str] {
        &["composer"]
    }

    fn public_registry(&self) -> Option<&'static str> {
        Some(REGISTRY)
    }

    fn resolve(&self, files: &[SourceFile], options: &Options) -> Resolution {
        let mut read = COMPOSER;
        for file in files.iter().filter(|file| tree_path::is_clean(&file.path)) {
            let folder = tree_path::folder(&file.path).to_owned();
            match tree_path::name(&file.path) {
                MANIFEST if file.bytes.len() <= options.limits.manifest_bytes => {
                    read.manifests.insert(folder, manifest::read(&file.bytes));
                }
                LOCK if file.bytes.len() <= options.limits.lockfile_bytes => {
                    read.locks.insert(folder, lockfile::read(&file.bytes));
                }
                _ => {}
            }
        }
        locked::resolve(&read, files, options)
    }
}

impl Composer {
    fn lock_in(&self, folder: &str) -> Option<&Locked> {
        self.locks.get(folder)?.as_ref().ok()
    }

    fn asking_in(&self, folder: &str) -> Option<&Asking> {
        self.manifests.get(folder)?.as_ref().ok()
    }

    /// Whether the lockfile was written for the manifest next to it, by the digest that it has of that.
    fn written_for(asking: &Asking, lock: &Locked) -> Agreement {
        let differs = || {
            let reason = "it was not written for composer.json as it is; `composer update --lock` writes it again";
            Agreement::No(reason.to_owned())
        };
        let then = lock.content.as_deref().or(lock.whole.as_deref());
        let now = if lock.content.is_some() { asking.content.as_deref() } else { Some(asking.whole.as_str()) };
        match (then, now) {
            (Some(then), Some(now)) if then == now => Agreement::Yes,
            (Some(_), Some(_)) => differs(),
            (Some(_), None) => {
                Agreement::NotKnown("composer.json has a number of which no digest can be made".to_owned())
            }
            (None, _) => Agreement::NotKnown("it has no digest of composer.json".to_owned()),
        }
    }
}

impl Reader for Composer {
    fn manifest(&self, file: &SourceFile, _: &Limits) -> Result<Option<Manifest>, String> {
        let mut manifest = Manifest::of(file);
        let folder = manifest.folder().to_owned();
        let asking = self.manifests.get(&folder).ok_or("it was not read")?.as_ref().map_err(Clone::clone)?;
        manifest.name.clone_from(&asking.name);
        manifest.version.clone_from(&asking.version);
        manifest.licence.clone_from(&asking.licence);
        // What is installed into the tree is a copy: `vendor/VENDOR/NAME`.
        let mut parts = folder.rsplit('/').skip(2);
        manifest.copy = parts.next() == Some("vendor");
        if manifest.copy {
            return Ok(Some(manifest));
        }
        manifest.open.clone_from(&asking.open);
        let lock = self.lock_in(&folder);
        let entries = lock.into_iter().flat_map(|lock| &lock.packages);
        let folders: BTreeMap<&str, &str> = entries
            .filter_map(|entry| match &entry.place {
                Place::Folder(path) => Some((entry.name.as_str(), path.as_str())),
                Place::From(_) => None,
            })
            .collect();
        for (name, requirement, usage) in &asking.asked {
            match folders.get(name.as_str()) {
                Some(path) => manifest.siblings.push(Sibling {
                    name: name.clone(),
                    usage: *usage,
                    path: Some((*path).to_owned()),
                }),
                None => manifest.wants.push(Want {
                    name: name.clone(),
                    requirement: requirement.clone(),
                    usage: *usage,
                    optional: false,
                }),
            }
        }
        let inside = |path: &&str| {
            let path = tree_path::join(&folder, path)?;
            tree_path::relative(&path, &folder).filter(|relative| !relative.is_empty()).map(ToOwned::to_owned)
        };
        manifest.members = folders.values().filter_map(inside).collect();
        Ok(Some(manifest))
    }

    fn lockfile(&self, file: &SourceFile, limits: &Limits) -> Result<Graph, LockError> {
        let folder = tree_path::folder(&file.path);
        let lock = match self.locks.get(folder) {
            Some(Ok(lock)) => lock,
            Some(Err(Wrong::Malformed(reason))) => return Err(LockError::Malformed(reason.clone())),
            Some(Err(Wrong::Future(version))) => {
                return Err(LockError::Future(version.clone(), "those of Composer 1 and 2"));
            }
            None => return Err(LockError::Malformed("it was not read".to_owned())),
        };
        if lock.packages.len() > limits.packages {
            return Err(LockError::Limit(format!("it lists more than {} packages", limits.packages)));
        }
        let mut graph = Graph {
            format: LOCK,
            version: lock.version.clone(),
            has_edges: true,
            installs_all: true,
            faults: lock.faults.clone(),
            ..Graph::default()
        };
        let by_name = lock.by_name();
        let nobody = BTreeSet::new();
        let stands_for = self.asking_in(folder).map_or(&nobody, |asking| &asking.stands_for);
        let mut left = limits.edges;
        for entry in &lock.packages {
            let (mut package, fault) = package(folder, entry);
            graph.faults.extend(fault);
            for name in &entry.needs {
                match by_name.get(name.as_str()) {
                    Some(found) => {
                        left = left.checked_sub(found.len()).ok_or_else(|| {
                            LockError::Limit(format!("it lists more than {} dependencies", limits.edges))
                        })?;
                        package.edges.extend(found.iter().map(|to| Edge { to: *to, usage: Usage::Normal }));
                    }
                    None if stands_for.contains(name) => {}
                    None => graph.faults.push(format!(
                        "{} {} asks for {}, which it does not hold",
                        package.name,
                        package.version,
                        excerpt(name, 80)
                    )),
                }
            }
            graph.packages.push(package);
        }
        for (name, found) in by_name {
            graph.answers.insert(name.to_owned(), found);
        }
        Ok(graph)
    }

    fn member(&self, manifest: &Manifest, graph: &Graph, _: &BTreeSet<&str>) -> (Member, Agreement) {
        let folder = manifest.folder();
        let of_own = manifest.name.as_ref().and_then(|name| graph.answers.get(name)).into_iter().flatten().copied();
        let package = of_own.into_iter().find(|index| graph.packages.get(*index).is_some_and(|package| package.own));
        let mut member = Member { package, ..Member::default() };
        let mut told = match (self.asking_in(folder), self.lock_in(folder)) {
            (Some(asking), Some(lock)) => Self::written_for(asking, lock),
            // A package of the tree that another one takes.
            _ => Agreement::Yes,
        };
        let root = self.lock_in(folder).is_some();
        let asked = self.asking_in(folder).map(|asking| asking.asked.as_slice()).unwrap_or_default();
        for (name, requirement, usage) in asked {
            let found = graph.answers.get(name).map(Vec::as_slice).unwrap_or_default();
            // What a package of the tree needs for its own tests is not installed.
            if found.is_empty() && (root || *usage == Usage::Normal) {
                let stands = self.asking_in(folder).is_some_and(|asking| asking.stands_for.contains(name));
                let what = excerpt(&format!("{name} {requirement}"), 80);
                let missing = if stands { Agreement::Yes } else { Agreement::No(format!("it does not hold {what}")) };
                told = told.and(missing);
            }
            if root || *usage == Usage::Normal {
                member.edges.extend(found.iter().map(|to| Edge { to: *to, usage: *usage }));
            }
        }
        if let Some(open) = &manifest.open {
            told = told.and(Agreement::NotKnown(open.clone()));
        }
        member.edges.sort_unstable();
        member.edges.dedup();
        (member, told)
    }

    fn own_purl<'a>(&self, name: &'a str, version: &'a str) -> Named<'a> {
        composer_url(name, version)
    }

    fn registry_address(&self) -> &'static str {
        "https://packagist.org"
    }
}

/// A package, with what is wrong with it.
fn package(folder: &str, entry: &Entry) -> (Package, Option<String>) {
    let Entry { name, version, .. } = entry;
    let package = Package {
        name: name.clone(),
        version: version.clone(),
        hashes: entry.hashes.clone(),
        licence: entry.licence.clone(),
        usage: Some(entry.usage),
        bundled: entry.empty,
        ..Package::default()
    };
    let path = match &entry.place {
        Place::From(origin) => {
            let purl = composer_url(name, version).from(origin);
            return (Package { purl, origin: origin.clone(), ..package }, None);
        }
        Place::Folder(path) => path,
    };
    let inside = tree_path::join(folder, path);
    let outside = || format!("{name} is in the folder {}, which is not in the tree", excerpt(path, 80));
    let fault = inside.is_none().then(outside);
    let purl = composer_url(name, version).in_folder(inside.as_deref());
    (Package { purl, origin: Origin::Folder, own: inside.is_some(), ..package }, fault)
}

/// The package URL of a package is made of this.
///
/// Source: Package URL specification, type `composer`: the vendor is the namespace.
fn composer_url<'a>(name: &'a str, version: &'a str) -> Named<'a> {
    Named::split("composer", name, version)
}

#[cfg(test)]
mod tests;
