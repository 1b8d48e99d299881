//! Ruby: Gemfile and gemspecs with the lockfile of Bundler.
//!
//! A Gemfile is a program. What in it is a plain list is read; for the rest the lockfile says what was asked for, and it is
//! not known whether it still is.

mod gemfile;
mod lockfile;
mod names;
mod words;

use std::collections::{BTreeMap, BTreeSet};

use plimsoll_model::{excerpt, tree_path};

use self::{
    gemfile::{Asked, Listed},
    lockfile::{Locked, Place, Spec},
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
    component::Component,
    options::{Limits, Options},
    tree_file::SourceFile,
};

const LOCKS: [(&str, &str); 2] = [("Gemfile.lock", "Gemfile"), ("gems.locked", "gems.rb")];
const GEMSPEC: &str = ".gemspec";

/// The newest version of Bundler whose lockfiles are known.
const NEWEST: u32 = 4;

/// How many folders with a gem of one name are looked at.
const FOLDERS: usize = 100;

/// The public registry.
///
/// Source: OSV schema, `affected[].package.ecosystem`.
const REGISTRY: &str = "RubyGems";

/// The ecosystem, with what was read of the files of a tree: what a manifest is depends on the lockfile above it.
pub(crate) struct Rubygems {
    locks: BTreeMap<String, Result<Locked, String>>,
    manifests: BTreeMap<String, Result<Listed, String>>,
    /// Folders of gems of the tree, by name.
    folders: BTreeMap<String, Vec<String>>,
}

/// Nothing read yet.
pub(crate) const RUBYGEMS: Rubygems =
    Rubygems { locks: BTreeMap::new(), manifests: BTreeMap::new(), folders: BTreeMap::new() };

impl Ecosystem for Rubygems {
    fn name(&self) -> &'static str {
        "rubygems"
    }

    fn purl_types(&self) -> &'static [&'static str] {
        &["gem"]
    }

    fn manifests(&self) -> &'static [&'static str] {
        &["Gemfile", "gems.rb", "*.gemspec"]
    }

    fn lockfiles(&self) -> &'static [&'static str] {
        &["Gemfile.lock", "gems.locked"]
    }

    fn update_tools(&self) -> &'static [&'static str] {
        &["bundler"]
    }

    fn public_registry(&self) -> Option<&'static str> {
        Some(REGISTRY)
    }

    fn archive(&self, component: &Component) -> Option<String> {
        let platform = component.purl.split_once("platform=").map(|(_, rest)| format!("-{rest}")).unwrap_or_default();
        let (name, version) = (&component.name, &component.version);
        component.is_from(REGISTRY).then(|| format!("https://rubygems.org/downloads/{name}-{version}{platform}.gem"))
    }

    fn resolve(&self, files: &[SourceFile], options: &Options) -> Resolution {
        locked::resolve(&Self::of(files, options), files, options)
    }
}

impl Rubygems {
    fn of(files: &[SourceFile], options: &Options) -> Self {
        let mut read = RUBYGEMS;
        for file in files.iter().filter(|file| tree_path::is_clean(&file.path)) {
            let name = tree_path::name(&file.path);
            let limits = &options.limits;
            if LOCKS.iter().any(|(lock, _)| *lock == name) {
                if file.bytes.len() <= limits.lockfile_bytes {
                    read.locks.insert(file.path.clone(), lockfile::read(&file.bytes, limits.packages));
                }
            } else if file.bytes.len() > limits.manifest_bytes {
            } else if LOCKS.iter().any(|(_, manifest)| *manifest == name) {
                read.manifests.insert(file.path.clone(), gemfile::gemfile(&file.bytes));
            } else if let Some(stem) = name.strip_suffix(GEMSPEC) {
                let listed = gemfile::gemspec(&file.bytes);
                let own =
                    listed.as_ref().ok().and_then(|listed| listed.name.clone()).unwrap_or_else(|| stem.to_owned());
                read.folders.entry(own).or_default().push(tree_path::folder(&file.path).to_owned());
                read.manifests.insert(file.path.clone(), listed);
            }
        }
        read
    }

    /// The lockfile of a folder.
    fn lock_in(&self, folder: &str) -> Option<&Locked> {
        LOCKS.iter().find_map(|(name, _)| self.locks.get(&tree_path::within(folder, name))?.as_ref().ok())
    }

    /// The lockfile of a folder or of the nearest above it, and its folder.
    fn lock_above<'a>(&self, folder: &'a str) -> Option<(&'a str, &Locked)> {
        let mut above = folder;
        // No path has more parts.
        for _ in 0..4096 {
            if let Some(lock) = self.lock_in(above) {
                return Some((above, lock));
            }
            if above.is_empty() {
                return None;
            }
            above = tree_path::folder(above);
        }
        None
    }

    /// The folder in which a gem lies that is taken from `remote`, which may hold several.
    fn folder_of(&self, name: &str, remote: &str) -> String {
        let known = self.folders.get(name).into_iter().flatten().take(FOLDERS);
        known
            .filter(|folder| tree_path::is_below(folder, remote))
            .min_by_key(|folder| folder.len())
            .map_or_else(|| remote.to_owned(), Clone::clone)
    }

    /// Gemfile or gems.rb of a folder.
    fn gemfile_in(&self, folder: &str) -> Option<&Listed> {
        LOCKS.iter().find_map(|(_, name)| self.manifests.get(&tree_path::within(folder, name))?.as_ref().ok())
    }

    /// The gemspecs of a folder.
    fn gemspecs_in<'a>(&'a self, folder: &'a str) -> impl Iterator<Item = &'a Listed> {
        let start = if folder.is_empty() { String::new() } else { format!("{folder}/") };
        let below = self.manifests.range(start.clone()..).take_while(move |(path, _)| path.starts_with(&start));
        let own = below.filter(move |(path, _)| path.ends_with(GEMSPEC) && tree_path::folder(path) == folder);
        own.filter_map(|(_, listed)| listed.as_ref().ok())
    }

    fn of_gemfile(&self, file: &SourceFile, listed: &Listed) -> Manifest {
        let mut manifest = Manifest { open: listed.open.clone(), ..Manifest::of(file) };
        let folder = manifest.folder().to_owned();
        for (name, all) in &listed.asked {
            for asked in all {
                match &asked.path {
                    Some(path) => manifest.siblings.push(Sibling {
                        name: name.clone(),
                        usage: asked.usage(),
                        path: Some(self.written(&folder, name, path)),
                    }),
                    None => manifest.wants.push(want(name, asked)),
                }
            }
        }
        // Gems of folders that the lockfile next to it names are built with it.
        if let Some(lock) = self.lock_in(&folder) {
            for spec in &lock.specs {
                let Place::Folder(remote) = &spec.place else { continue };
                let Some(remote) = tree_path::join(&folder, remote) else { continue };
                let own = self.folder_of(&spec.name, &remote);
                if let Some(relative) = tree_path::relative(&own, &folder).filter(|relative| !relative.is_empty()) {
                    manifest.members.push(relative.to_owned());
                }
            }
            manifest.members.sort();
            manifest.members.dedup();
        }
        manifest
    }

    /// The path of a gem from a folder, where it lies deeper than the path that is written.
    fn written(&self, folder: &str, name: &str, path: &str) -> String {
        let Some(remote) = tree_path::join(folder, path) else { return path.to_owned() };
        let own = self.folder_of(name, &remote);
        match tree_path::relative(&own, &remote) {
            Some(deeper) if !deeper.is_empty() => format!("{path}/{deeper}"),
            _ => path.to_owned(),
        }
    }

    fn of_gemspec(&self, file: &SourceFile, listed: &Listed) -> Manifest {
        let mut manifest = Manifest::of(file);
        let stem = tree_path::name(&file.path).strip_suffix(GEMSPEC).unwrap_or_default();
        let name = listed.name.clone().unwrap_or_else(|| stem.to_owned());
        let locked = self.lock_above(manifest.folder()).and_then(|(_, lock)| lock.own(&name));
        manifest.version = listed.version.clone().or_else(|| locked.map(|spec| spec.version.clone()));
        manifest.name = Some(name);
        manifest.licence.clone_from(&listed.licence);
        // What is installed into the tree is a copy.
        let parts: Vec<&str> = file.path.split('/').collect();
        manifest.copy = parts.windows(2).any(|pair| pair == ["vendor", "bundle"]) || parts.contains(&".bundle");
        if !manifest.copy {
            manifest.wants =
                listed.asked.iter().flat_map(|(name, all)| all.iter().map(|asked| want(name, asked))).collect();
            manifest.open.clone_from(&listed.open);
        }
        manifest
    }

    fn package(&self, folder: &str, lock: &Locked, spec: &Spec) -> Result<Package, String> {
        let Spec { name, version, platform, place, .. } = spec;
        let key = match platform {
            Some(platform) => format!("{version}-{platform}"),
            None => version.clone(),
        };
        let hashes = lock.checksums.get(&(name.clone(), key)).cloned().unwrap_or_default();
        let package = Package { name: name.clone(), version: version.clone(), ..Package::default() };
        Ok(match place {
            Place::From(origin) => Package {
                purl: gem_url(name, version).on(origin, platform.as_deref()),
                origin: origin.clone(),
                hashes,
                ..package
            },
            Place::Folder(remote) => {
                let remote = tree_path::join(folder, remote).ok_or_else(|| {
                    format!("{name} is in the folder {}, which is not in the tree", excerpt(remote, 80))
                })?;
                let own = self.folder_of(name, &remote);
                Package { purl: gem_url(name, version).in_folder(Some(&own)), own: true, ..package }
            }
        })
    }

    /// The manifests of the folder in which the lockfile lies, and whether that holds what they ask for.
    fn root(&self, manifest: &Manifest, lock: &Locked, graph: &Graph) -> (Member, Agreement) {
        let folder = manifest.folder();
        let nothing = Listed::default();
        let gemfile = self.gemfile_in(folder).unwrap_or(&nothing);
        let specs: Vec<&Listed> = self.gemspecs_in(folder).collect();
        let taken = if gemfile.gemspec { specs.as_slice() } else { &[] };
        let open = manifest.open.clone();
        // What is asked for now: by the Gemfile, and for development by the gemspec that it takes.
        let mut now: BTreeMap<&str, Vec<&Asked>> = BTreeMap::new();
        let of_specs = taken.iter().flat_map(|spec| &spec.asked);
        for (name, all) in gemfile.asked.iter().chain(of_specs.clone()) {
            now.entry(name).or_default().extend(all);
        }
        let mut member = Member { package: Self::own_package(manifest, graph), ..Member::default() };
        for name in lock.asked.keys() {
            let all = now.get(name.as_str()).map(Vec::as_slice).unwrap_or_default();
            let dev = open.is_none() && !all.is_empty() && all.iter().all(|asked| asked.dev);
            let usage = if dev { Usage::Dev } else { Usage::Normal };
            let found = graph.answers.get(name).into_iter().flatten();
            member.edges.extend(found.map(|to| Edge { to: *to, usage }));
        }
        if let Some(own) = member.package.and_then(|own| graph.packages.get(own)) {
            member.edges.extend(own.edges.iter().copied());
        }
        member.edges.sort_unstable();
        member.edges.dedup();
        if let Some(open) = open {
            return (member, Agreement::NotKnown(open));
        }
        let mut told = Agreement::Yes;
        for (name, all) in &gemfile.asked {
            // Of those under conditions one may be what is taken.
            let (may, must): (Vec<&Asked>, Vec<&Asked>) = all.iter().partition(|asked| asked.optional);
            let answers = may.iter().map(|asked| holds(lock, graph, name, asked));
            if must.is_empty() && !answers.clone().any(|told| told == Agreement::Yes) {
                told = answers.fold(told, Agreement::and);
            }
            told = must.iter().map(|asked| holds(lock, graph, name, asked)).fold(told, Agreement::and);
        }
        for (name, asked) in of_specs.flat_map(|(name, all)| all.iter().map(move |asked| (name, asked))) {
            let listed = if asked.dev { holds(lock, graph, name, asked) } else { Agreement::Yes };
            told = told.and(listed);
        }
        for spec in specs.iter().filter(|_| gemfile.gemspec) {
            told = told.and(needs_the_same(spec, manifest, lock));
        }
        let unasked = lock.asked.keys().find(|name| {
            let by_gemspec = gemfile.gemspec && lock.own.contains_key(name.as_str());
            !now.contains_key(name.as_str()) && !by_gemspec
        });
        if let Some(name) = unasked {
            told = told.and(Agreement::No(format!("it was written for {name}, for which nothing asks")));
        }
        (member, told)
    }

    /// The entry of a manifest's own gem.
    fn own_package(manifest: &Manifest, graph: &Graph) -> Option<usize> {
        let name = manifest.name.as_ref()?;
        let found = graph.answers.get(name)?.iter().copied();
        found.into_iter().find(|index| graph.packages.get(*index).is_some_and(|package| package.own))
    }
}

/// Does a lockfile hold a gem that is asked for?
fn holds(lock: &Locked, graph: &Graph, name: &str, asked: &Asked) -> Agreement {
    let Some(then) = lock.asked.get(name) else {
        let reason = format!("it was not written for {name}");
        return if asked.optional { Agreement::Yes } else { Agreement::No(reason) };
    };
    if then.requirement != asked.requirement && asked.path.is_none() {
        let shown = excerpt(&asked.requirement.shown(), 80);
        return Agreement::No(format!("it was not written for {name} {shown}"));
    }
    let there = graph.answers.contains_key(name) || asked.optional || name == BUNDLER;
    if there { Agreement::Yes } else { Agreement::No(format!("it does not hold {name}")) }
}

/// Does the entry of a gem of the tree need what its gemspec asks for?
fn needs_the_same(listed: &Listed, manifest: &Manifest, lock: &Locked) -> Agreement {
    if let Some(open) = &listed.open {
        return Agreement::NotKnown(open.clone());
    }
    let name = listed.name.as_ref().or(manifest.name.as_ref());
    let Some(spec) = name.and_then(|name| lock.own(name)) else {
        return Agreement::No("it does not list the gem of the gemspec next to it".to_owned());
    };
    let needed = listed.asked.iter().filter(|(_, all)| all.iter().any(|asked| !asked.dev));
    match needed.map(|(name, _)| name).find(|name| !spec.needs.contains(name)) {
        Some(name) => Agreement::No(format!("it was not written for {name}")),
        None => Agreement::Yes,
    }
}

/// It installs the others, and is in no lockfile.
const BUNDLER: &str = "bundler";

fn want(name: &str, asked: &Asked) -> Want {
    Want {
        name: name.to_owned(),
        requirement: asked.requirement.shown(),
        usage: asked.usage(),
        optional: asked.optional,
    }
}

impl Reader for Rubygems {
    fn manifest(&self, file: &SourceFile, _: &Limits) -> Result<Option<Manifest>, String> {
        let listed = self.manifests.get(&file.path).ok_or("it was not read")?;
        let is_gemspec = file.path.ends_with(GEMSPEC);
        let unread = Listed::default();
        let listed = match listed {
            Ok(listed) => listed,
            // It is a program that does more than the plain ones; it may ask for anything.
            Err(reason) => {
                let manifest = if is_gemspec { self.of_gemspec(file, &unread) } else { self.of_gemfile(file, &unread) };
                return Ok(Some(Manifest { open: Some(reason.clone()), ..manifest }));
            }
        };
        Ok(Some(if is_gemspec { self.of_gemspec(file, listed) } else { self.of_gemfile(file, listed) }))
    }

    fn lockfile(&self, file: &SourceFile, limits: &Limits) -> Result<Graph, LockError> {
        let lock = match self.locks.get(&file.path) {
            Some(Ok(lock)) => lock,
            Some(Err(reason)) => return Err(LockError::Malformed(reason.clone())),
            None => return Err(LockError::Malformed("it was not read".to_owned())),
        };
        let major = lock.bundler.split('.').next().and_then(|major| major.parse::<u32>().ok());
        if major.is_some_and(|major| major > NEWEST) {
            return Err(LockError::Future(lock.bundler.clone(), "those of Bundler 1 to 4"));
        }
        let name = tree_path::name(&file.path);
        let format = LOCKS.iter().find(|(lock, _)| *lock == name).map_or("Gemfile.lock", |(lock, _)| lock);
        let mut graph = Graph {
            format,
            version: lock.bundler.clone(),
            has_edges: true,
            faults: lock.faults.clone(),
            ..Graph::default()
        };
        let folder = tree_path::folder(&file.path);
        let mut needs: Vec<&[String]> = Vec::with_capacity(lock.specs.len());
        for spec in &lock.specs {
            match self.package(folder, lock, spec) {
                Ok(package) => {
                    graph.answers.entry(spec.name.clone()).or_default().push(graph.packages.len());
                    graph.packages.push(package);
                    needs.push(&spec.needs);
                }
                Err(reason) => graph.faults.push(reason),
            }
        }
        let mut left = limits.edges;
        for (package, needs) in graph.packages.iter_mut().zip(needs) {
            for name in needs {
                match graph.answers.get(name) {
                    Some(found) => {
                        left = left.checked_sub(found.len()).ok_or_else(|| {
                            LockError::Limit(format!("it lists more than {} dependencies", limits.edges))
                        })?;
                        package.edges.extend(found.iter().map(|to| Edge { to: *to, usage: Usage::Normal }));
                    }
                    None if name == BUNDLER => {}
                    None => graph
                        .faults
                        .push(format!("{} {} asks for {name}, which it does not hold", package.name, package.version)),
                }
            }
        }
        Ok(graph)
    }

    fn member(&self, manifest: &Manifest, graph: &Graph, _: &BTreeSet<&str>) -> (Member, Agreement) {
        let folder = manifest.folder();
        let Some((above, lock)) = self.lock_above(folder) else {
            return (Member::default(), Agreement::NotKnown("its lockfile was not read".to_owned()));
        };
        if above == folder {
            return self.root(manifest, lock, graph);
        }
        let package = Self::own_package(manifest, graph);
        let edges = package.and_then(|own| graph.packages.get(own)).map(|own| own.edges.clone()).unwrap_or_default();
        let mut told = Agreement::Yes;
        for spec in self.gemspecs_in(folder) {
            told = told.and(needs_the_same(spec, manifest, lock));
        }
        (Member { package, edges, ..Member::default() }, told)
    }

    fn own_purl<'a>(&self, name: &'a str, version: &'a str) -> Named<'a> {
        gem_url(name, version)
    }

    fn registry_address(&self) -> &'static str {
        "https://rubygems.org"
    }
}

/// The package URL of a gem is made of this.
fn gem_url<'a>(name: &'a str, version: &'a str) -> Named<'a> {
    Named { kind: "gem", namespace: None, name, version }
}

#[cfg(test)]
mod tests;
