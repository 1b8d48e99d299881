//! Gradle: lockfiles and lists of digests beside build scripts.
//!
//! A build script is a program. It is not run, so whether a lockfile holds all that is built is never known; what is locked is
//! listed, and of a build that locks nothing, what its list of digests has: all that was ever taken, tools among it.

mod catalog;
mod lockfile;
mod script;
mod verification;

use std::collections::{BTreeMap, BTreeSet};

use plimsoll_model::tree_path;

use self::{catalog::Catalog, lockfile::Lock, script::Script, verification::Verification};
use super::{
    Ecosystem, Resolution,
    locked::{
        self, Reader,
        graph::{Edge, Graph, LockError, Member, Package, Usage, Want},
        manifest::{Agreement, Manifest},
    },
    maven::{self, coordinates},
    purl::Named,
};
use crate::{
    component::Origin,
    options::{Limits, Options},
    tree_file::SourceFile,
};

const CATALOG: &str = "libs.versions.toml";
const VERIFICATION: &str = "verification-metadata.xml";
const LOCKS: [&str; 3] = ["gradle.lockfile", "buildscript-gradle.lockfile", "settings-gradle.lockfile"];
/// The folder of lockfiles of before Gradle 7, one for each configuration.
const OLD: &str = "dependency-locks";
/// The folder of what belongs to the build of the folder above.
const OWN: &str = "gradle";
/// The folder of a build that makes the build.
const BUILD: &str = "buildSrc";

/// Where plugins come from where no script says another.
const PLUGINS: &str = "https://plugins.gradle.org/m2";
const GOOGLE: &str = "https://maven.google.com";
/// Groups that the repository of Google has.
///
/// Source: Android, "Add build dependencies", content filters of new projects; index of that repository.
const OF_GOOGLE: &[&str] = &[
    "androidx.",
    "android.arch.",
    "com.android",
    "com.google.android.",
    "com.google.ar",
    "com.google.firebase",
    "com.google.gms",
    "com.google.mlkit",
    "com.google.testing.platform",
];

/// The ecosystem, with what was read of the files of a tree.
pub(crate) struct Gradle {
    scripts: BTreeMap<String, Script>,
    /// Catalogs by the folder of the build.
    catalogs: BTreeMap<String, Result<Catalog, String>>,
    locks: BTreeMap<String, Result<Lock, String>>,
    /// Lists of digests by the folder of the build.
    verifications: BTreeMap<String, Result<Verification, String>>,
    /// Folders with scripts, and with those that say what a build is made of.
    folders: BTreeSet<String>,
    roots: BTreeSet<String>,
    repositories: BTreeMap<String, Repositories>,
}

/// Whence a build takes packages.
#[derive(Clone, Debug, Default)]
struct Repositories {
    others: Vec<String>,
    of_plugins: Vec<String>,
    google: bool,
}

/// Nothing read yet.
pub(crate) const GRADLE: Gradle = Gradle {
    scripts: BTreeMap::new(),
    catalogs: BTreeMap::new(),
    locks: BTreeMap::new(),
    verifications: BTreeMap::new(),
    folders: BTreeSet::new(),
    roots: BTreeSet::new(),
    repositories: BTreeMap::new(),
};

impl Ecosystem for Gradle {
    fn name(&self) -> &'static str {
        "gradle"
    }

    fn purl_types(&self) -> &'static [&'static str] {
        &["maven"]
    }

    fn manifests(&self) -> &'static [&'static str] {
        &["*.gradle", "*.gradle.kts", CATALOG]
    }

    fn lockfiles(&self) -> &'static [&'static str] {
        &[
            "gradle.lockfile",
            "buildscript-gradle.lockfile",
            "settings-gradle.lockfile",
            "dependency-locks/*.lockfile",
            VERIFICATION,
        ]
    }

    fn update_tools(&self) -> &'static [&'static str] {
        &["gradle"]
    }

    fn public_registry(&self) -> Option<&'static str> {
        Some(maven::REGISTRY)
    }

    fn resolve(&self, files: &[SourceFile], options: &Options) -> Resolution {
        locked::resolve(&Self::of(files, options), files, options)
    }
}

/// The folder of the build to which a file in `gradle/` belongs.
fn above(path: &str) -> &str {
    let folder = tree_path::folder(path);
    if tree_path::name(folder) == OWN { tree_path::folder(folder) } else { folder }
}

fn is_old(path: &str) -> bool {
    tree_path::name(tree_path::folder(path)) == OLD
}

fn is_settings(path: &str) -> bool {
    matches!(tree_path::name(path), "settings.gradle" | "settings.gradle.kts")
}

/// A folder or the nearest above for which something is known.
fn nearest<'a, T>(folder: &'a str, known: impl Fn(&'a str) -> Option<T>) -> Option<T> {
    let mut here = Some(folder);
    while let Some(folder) = here {
        if let Some(found) = known(folder) {
            return Some(found);
        }
        here = (!folder.is_empty()).then(|| tree_path::folder(folder));
    }
    None
}

impl Gradle {
    fn of(files: &[SourceFile], options: &Options) -> Self {
        let mut read = GRADLE;
        for file in files.iter().filter(|file| tree_path::is_clean(&file.path)) {
            let (path, limits) = (file.path.clone(), &options.limits);
            let name = tree_path::name(&file.path);
            if LOCKS.contains(&name) || is_old(&path) {
                if file.bytes.len() <= limits.lockfile_bytes {
                    // What builds the build ships nothing.
                    let build =
                        !matches!(name, "gradle.lockfile") && !is_old(&path) || path.split('/').any(|one| one == BUILD);
                    read.locks.insert(path, lockfile::read(&file.bytes, build));
                }
            } else if name == VERIFICATION {
                if file.bytes.len() <= limits.lockfile_bytes {
                    read.verifications.insert(above(&path).to_owned(), verification::read(&file.bytes));
                }
            } else if file.bytes.len() > limits.manifest_bytes {
            } else if name == CATALOG {
                read.catalogs.insert(above(&path).to_owned(), catalog::read(&file.bytes));
            } else if name.ends_with(".gradle") || name.ends_with(".gradle.kts") {
                let folder = tree_path::folder(&path).to_owned();
                if is_settings(&path) {
                    read.roots.insert(folder.clone());
                }
                read.folders.insert(folder);
                read.scripts.insert(path, script::read(&file.bytes));
            }
        }
        let mut repositories: BTreeMap<String, Repositories> = BTreeMap::new();
        for (path, script) in &read.scripts {
            let known = repositories.entry(read.root_of(tree_path::folder(path)).to_owned()).or_default();
            known.google |= script.google;
            // What builds the build comes from where its plugins come from.
            let build = path.split('/').any(|one| one == BUILD);
            let own = if build { &mut known.of_plugins } else { &mut known.others };
            own.extend(script.repositories.iter().cloned());
            known.of_plugins.extend(script.plugin_repositories.iter().cloned());
        }
        Self { repositories, ..read }
    }

    /// The folder of the build of which a folder is a part.
    fn root_of<'a>(&self, folder: &'a str) -> &'a str {
        nearest(folder, |here| self.roots.contains(here).then_some(here)).unwrap_or(folder)
    }

    fn origin(&self, folder: &str, module: &str, usage: Option<Usage>) -> Origin {
        let nothing = Repositories::default();
        let known = self.repositories.get(self.root_of(folder)).unwrap_or(&nothing);
        if usage == Some(Usage::Build) {
            let first = known.of_plugins.first().map_or(PLUGINS, String::as_str);
            return Origin::Registry(first.to_owned());
        }
        // Each of them may have it.
        if let Some(first) = known.others.first() {
            return Origin::Registry(first.clone());
        }
        if known.google && OF_GOOGLE.iter().any(|start| module.starts_with(start)) {
            return Origin::Registry(GOOGLE.to_owned());
        }
        Origin::Public(maven::REGISTRY)
    }

    fn package(&self, folder: &str, module: &str, version: &str, usage: Option<Usage>) -> Package {
        let origin = self.origin(folder, module, usage);
        let verification = nearest(folder, |here| self.verifications.get(here)?.as_ref().ok());
        let key = (module.to_owned(), version.to_owned());
        let hashes = verification.and_then(|list| list.components.get(&key)).cloned().unwrap_or_default();
        Package {
            purl: coordinates::url(module, version).from(&origin),
            name: module.to_owned(),
            version: version.to_owned(),
            origin,
            hashes,
            usage,
            ..Package::default()
        }
    }

    fn graph(format: &'static str, faults: &[String], packages: Vec<Package>) -> Graph {
        let mut graph = Graph { format, packages, installs_all: true, faults: faults.to_vec(), ..Graph::default() };
        for (index, package) in graph.packages.iter().enumerate() {
            graph.answers.entry(package.name.clone()).or_default().push(index);
        }
        graph
    }
}

impl Reader for Gradle {
    fn manifest(&self, file: &SourceFile, _: &Limits) -> Result<Option<Manifest>, String> {
        let name = tree_path::name(&file.path);
        let mut manifest = Manifest::of(file);
        if name == CATALOG {
            let folder = above(&file.path);
            let read = self.catalogs.get(folder).ok_or("it was not read")?.as_ref().map_err(Clone::clone)?;
            // It says what the scripts of a build may ask for, and is read with them.
            if self.folders.contains(folder) {
                return Ok(None);
            }
            manifest.wants = read.values().cloned().collect();
            return Ok(Some(manifest));
        }
        let script = self.scripts.get(&file.path).ok_or("it was not read")?;
        let folder = manifest.folder().to_owned();
        manifest.open = Some(format!("{name} is a program, which is not run"));
        // A script in `gradle/` is taken in by others, but where a project is called that.
        let is_own = matches!(name, "build.gradle" | "build.gradle.kts") || is_settings(&file.path);
        if tree_path::name(&folder) == OWN && !is_own {
            return Ok(None);
        }
        let own = script.name.clone().or_else(|| Some(tree_path::name(&folder).to_owned()));
        let own = own.filter(|name| coordinates::is_part(name));
        manifest.name = match (&script.group, own) {
            (Some(group), Some(name)) => Some(format!("{group}:{name}")),
            (None, Some(name)) if script.name.is_some() => Some(name),
            _ => None,
        };
        manifest.version.clone_from(&script.version);
        let of_script = script.modules.iter().map(|module| Want {
            name: module.clone(),
            requirement: String::new(),
            usage: Usage::Normal,
            optional: true,
        });
        let catalog = nearest(&folder, |here| self.catalogs.get(here)?.as_ref().ok());
        let of_catalog = script.accessors.iter().filter_map(|alias| catalog?.get(alias).cloned());
        manifest.wants = of_script.chain(of_catalog).collect();
        if is_settings(&file.path) {
            manifest.members = vec!["**".to_owned()];
        }
        Ok(Some(manifest))
    }

    fn locks<'a>(&self, _: &[&'a SourceFile], lockfiles: &[&'a SourceFile]) -> Vec<&'a SourceFile> {
        let locked: BTreeSet<&str> = self.locks.keys().map(|path| self.place(path)).collect();
        let is_used = |file: &&&SourceFile| {
            let folder = above(&file.path);
            let mut below = locked.range(folder..).take_while(|path| path.starts_with(folder));
            // Where a build locks what it takes, it says no more than the digests.
            tree_path::name(&file.path) != VERIFICATION
                || self.verifications.get(folder).is_none_or(Result::is_err)
                || !below.any(|path| tree_path::is_below(path, folder))
        };
        lockfiles.iter().filter(is_used).copied().collect()
    }

    fn place<'a>(&self, lockfile: &'a str) -> &'a str {
        if is_old(lockfile) {
            return above(tree_path::folder(lockfile));
        }
        if tree_path::name(lockfile) == VERIFICATION { above(lockfile) } else { tree_path::folder(lockfile) }
    }

    fn lockfile(&self, file: &SourceFile, _: &Limits) -> Result<Graph, LockError> {
        let malformed = |reason: &str| LockError::Malformed(reason.to_owned());
        let (folder, name) = (self.place(&file.path), tree_path::name(&file.path));
        if name == VERIFICATION {
            let read = self.verifications.get(folder).ok_or_else(|| malformed("it was not read"))?;
            let read = read.as_ref().map_err(|reason| malformed(reason))?;
            let packages = read.components.keys().map(|(module, version)| self.package(folder, module, version, None));
            let graph = Self::graph(VERIFICATION, &read.faults, packages.collect());
            let partial = read.trusts.then(|| "it trusts archives that it does not list".to_owned());
            return Ok(Graph { partial, ..graph });
        }
        let read = self.locks.get(&file.path).ok_or_else(|| malformed("it was not read"))?;
        let read = read.as_ref().map_err(|reason| malformed(reason))?;
        let of_file = name
            .strip_suffix(".lockfile")
            .filter(|_| is_old(&file.path))
            .map(|stem| if stem.starts_with("buildscript-") { Some(Usage::Build) } else { lockfile::of_one(stem) });
        let packages = read
            .entries
            .iter()
            .map(|((module, version), usage)| self.package(folder, module, version, of_file.unwrap_or(*usage)));
        let format = LOCKS.into_iter().find(|known| *known == name).unwrap_or(OLD);
        Ok(Self::graph(format, &read.faults, packages.collect()))
    }

    fn member(&self, manifest: &Manifest, graph: &Graph, _: &BTreeSet<&str>) -> (Member, Agreement) {
        let mut member = Member::default();
        for want in &manifest.wants {
            let found = graph.answers.get(&want.name).into_iter().flatten();
            member.edges.extend(found.map(|to| {
                let own = graph.packages.get(*to).and_then(|package| package.usage);
                Edge { to: *to, usage: own.unwrap_or(want.usage) }
            }));
        }
        member.edges.sort_unstable();
        member.edges.dedup();
        let told = manifest.open.clone().map_or(Agreement::Yes, Agreement::NotKnown);
        (member, told)
    }

    fn own_purl<'a>(&self, name: &'a str, version: &'a str) -> Named<'a> {
        coordinates::url(name, version)
    }

    fn registry_address(&self) -> &'static str {
        maven::ADDRESS
    }
}

#[cfg(test)]
mod tests;
