//! .NET: projects of C#, F# and Visual Basic with what `NuGet` has resolved for them.
//!
//! Of what a project asks for, `MSBuild` computes any part. What is written plainly is read, with the files that every project
//! of a folder takes in; the rest is told as not known. Without a lockfile the least version that is asked for is the one that
//! is taken, so direct dependencies are listed.

mod agreement;
mod locked_file;
mod msbuild;
mod names;
mod nuspec;
mod project;
mod properties;
mod sources;

use std::collections::{BTreeMap, BTreeSet};

use plimsoll_model::{excerpt, tree_path};

use self::{
    locked_file::{Entry, Kind, LockedFile},
    names::Range,
    nuspec::Nuspec,
    project::{Budget, Project, is_msbuild},
    sources::Sources,
};
use super::{
    Ecosystem, Resolution, file_names,
    locked::{
        self, Reader,
        graph::{Edge, Graph, LockError, Member, Package, Usage, Want},
        manifest::{Agreement, Manifest, Sibling},
    },
    purl::Named,
};
use crate::{
    component::{Component, Origin},
    gap::{Cause, Gap},
    options::{Limits, Options},
    path_class,
    tree_file::{Role, SourceFile},
};

/// Files that every project below takes in.
const PROPS: &str = "Directory.Build.props";
const TARGETS: &str = "Directory.Build.targets";
const CENTRAL: &str = "Directory.Packages.props";

const LOCK: &str = "packages.lock.json";
const ASSETS: &str = "project.assets.json";
const CONFIG: &str = "packages.config";
const SPECIFICATION: &str = ".nuspec";
/// Where packages are taken from; of any case.
const SOURCES: &str = "nuget.config";

/// The public registry.
///
/// Source: OSV schema, `affected[].package.ecosystem`.
const REGISTRY: &str = "NuGet";

/// What all projects together may take in, and ask for.
const BUDGET: Budget = Budget { statements: 20_000_000, references: 500_000 };

/// The ecosystem, with what was read of the files of a tree: what a project asks for is in several of them.
pub(crate) struct Nuget {
    /// Files of `MSBuild` that were not understood, by path.
    broken: BTreeMap<String, String>,
    projects: BTreeMap<String, Project>,
    /// Paths of projects, and of lockfiles, by the folder to which they belong.
    projects_of: BTreeMap<String, Vec<String>>,
    locks_of: BTreeMap<String, Vec<String>>,
    /// Paths of projects by the keys of their names.
    by_name: BTreeMap<String, Vec<String>>,
    specifications: BTreeMap<String, Result<Nuspec, String>>,
    locks: BTreeMap<String, Result<LockedFile, LockError>>,
    sources: Sources,
}

/// Nothing read yet.
pub(crate) const NUGET: Nuget = Nuget {
    broken: BTreeMap::new(),
    projects: BTreeMap::new(),
    projects_of: BTreeMap::new(),
    locks_of: BTreeMap::new(),
    by_name: BTreeMap::new(),
    specifications: BTreeMap::new(),
    locks: BTreeMap::new(),
    sources: Sources::none(),
};

impl Ecosystem for Nuget {
    fn name(&self) -> &'static str {
        "nuget"
    }

    fn purl_types(&self) -> &'static [&'static str] {
        &["nuget"]
    }

    fn manifests(&self) -> &'static [&'static str] {
        &[
            "*.csproj",
            "*.fsproj",
            "*.vbproj",
            "*.sqlproj",
            "*.nuspec",
            CONFIG,
            "packages.*.config",
            PROPS,
            TARGETS,
            CENTRAL,
        ]
    }

    fn lockfiles(&self) -> &'static [&'static str] {
        &[LOCK, "packages.*.lock.json", "obj/project.assets.json"]
    }

    fn update_tools(&self) -> &'static [&'static str] {
        &["nuget"]
    }

    fn public_registry(&self) -> Option<&'static str> {
        Some(REGISTRY)
    }

    /// Source: `NuGet` documentation, "Package Content".
    fn archive(&self, component: &Component) -> Option<String> {
        let (name, version) = (component.name.to_ascii_lowercase(), component.version.to_ascii_lowercase());
        let url = || format!("https://api.nuget.org/v3-flatcontainer/{name}/{version}/{name}.{version}.nupkg");
        component.is_from(REGISTRY).then(url)
    }

    fn role(&self, path: &str) -> Option<Role> {
        if tree_path::name(path).eq_ignore_ascii_case(SOURCES) {
            return Some(Role::Configuration);
        }
        match file_names::of(path) {
            Some(hit) if hit.ecosystem.name() != self.name() => None,
            Some(hit) => Some(if hit.lockfile { Role::Lockfile } else { Role::Manifest }),
            // It may be taken in by a project.
            None => is_msbuild(path).then_some(Role::Manifest),
        }
    }

    fn resolve(&self, files: &[SourceFile], options: &Options) -> Resolution {
        let mut gaps = Vec::new();
        let read = Self::of(files, options, &mut gaps);
        let mut all = locked::resolve(&read, files, options);
        all.gaps.extend(gaps);
        let mut shipped = files.iter().filter(|file| file.class == path_class::SHIPPED);
        if shipped.any(|file| read.projects.contains_key(&file.path)) {
            all.limitations.push(
                "The runtime of .NET is part of what is built, in a version that no file sets; it is not listed as a component"
                    .to_owned(),
            );
        }
        all
    }
}

/// Is it a list of what is fetched?
fn is_config(path: &str) -> bool {
    let name = tree_path::name(path);
    name == CONFIG || (name.starts_with("packages.") && name.ends_with(".config"))
}

fn is_project(path: &str) -> bool {
    let name = tree_path::name(path);
    [".csproj", ".fsproj", ".vbproj", ".sqlproj"].iter().any(|end| name.len() > end.len() && name.ends_with(end))
}

/// Says of a project that takes built files that what it is made of is not known. What packages.config lists is taken from where
/// that was unpacked.
fn open_if_prebuilt(project: &mut Project, has_config: bool) {
    let is_unpacked = |path: &str| path.split(['/', '\\']).any(|part| part.eq_ignore_ascii_case("packages"));
    if let Some(path) = project.prebuilt.iter().find(|path| !(has_config && is_unpacked(path))) {
        let path = excerpt(path, 80);
        let reason = format!("it takes the built file {path}, and what that is built from is not known");
        project.open.get_or_insert(reason);
    }
}

impl Nuget {
    fn of(files: &[SourceFile], options: &Options, gaps: &mut Vec<Gap>) -> Self {
        let mut read = NUGET;
        let mut builds: project::All = BTreeMap::new();
        for file in files.iter().filter(|file| tree_path::is_clean(&file.path)) {
            let path = file.path.clone();
            let limits = &options.limits;
            match NUGET.role(&file.path) {
                Some(Role::Lockfile) if file.bytes.len() <= limits.lockfile_bytes => {
                    let is_lock = tree_path::name(&path) != ASSETS;
                    let one = if is_lock { locked_file::lock(&file.bytes) } else { locked_file::assets(&file.bytes) };
                    read.locks.insert(path, one);
                }
                Some(Role::Manifest) if file.bytes.len() <= limits.manifest_bytes => {
                    if is_config(&path) {
                        read.locks.insert(path, locked_file::config(&file.bytes));
                    } else if path.ends_with(SPECIFICATION) {
                        read.specifications.insert(path, nuspec::read(&file.bytes));
                    } else {
                        builds.insert(path, project::parse(&file.bytes));
                    }
                }
                _ => {}
            }
        }
        let configurations = options.configurations.iter();
        for (path, bytes) in configurations.filter(|(path, _)| NUGET.role(path) == Some(Role::Configuration)) {
            if let Err(reason) = read.sources.add(path, bytes) {
                let path = plimsoll_model::one_line(path);
                let reason =
                    format!("{path}, which says from where packages of .NET are taken, was not read: {reason}");
                gaps.push(Gap { cause: Cause::Configuration, path, reason });
            }
        }
        let mut left = BUDGET;
        for path in builds.keys().filter(|path| is_project(path)) {
            if let Some(Err(reason)) = builds.get(path) {
                read.broken.insert(path.clone(), reason.clone());
                continue;
            }
            let project = project::read(path, &builds, &mut left);
            let stem = tree_path::name(path).rsplit_once('.').map_or(path.as_str(), |(stem, _)| stem);
            let names: BTreeSet<String> = [names::key(stem), names::key(&project.name)].into();
            for name in names {
                read.by_name.entry(name).or_default().push(path.clone());
            }
            read.projects_of.entry(tree_path::folder(path).to_owned()).or_default().push(path.clone());
            read.projects.insert(path.clone(), project);
        }
        for path in read.locks.keys() {
            read.locks_of.entry(NUGET.place(path).to_owned()).or_default().push(path.clone());
        }
        for (path, project) in &mut read.projects {
            let mut locks = read.locks_of.get(tree_path::folder(path)).into_iter().flatten();
            open_if_prebuilt(project, locks.any(|path| is_config(path)));
        }
        for (path, one) in builds.iter().filter(|(path, _)| file_names::of(path).is_some()) {
            if let Err(reason) = one {
                read.broken.insert(path.clone(), reason.clone());
            }
        }
        read
    }

    /// The projects of a folder.
    fn projects_in(&self, folder: &str) -> impl Iterator<Item = &Project> {
        self.projects_of.get(folder).into_iter().flatten().filter_map(|path| self.projects.get(path))
    }

    /// The project that a name in a lockfile means.
    fn project_of(&self, name: &str) -> Option<(&str, &Project)> {
        let path = self.by_name.get(&names::key(name))?.first()?;
        Some((tree_path::folder(path), self.projects.get(path)?))
    }

    /// Where a package comes from that a project of a folder takes.
    fn origin(&self, folder: &str, id: &str) -> Origin {
        let mut own = self.projects_in(folder).flat_map(|project| &project.sources);
        match own.next() {
            None => self.sources.origin(folder, id),
            // Each of them may have it; that of the configuration as well.
            Some(first) => match sources::origin(first) {
                Origin::Public(_) if own.next().is_none() => self.sources.origin(folder, id),
                Origin::Public(_) => Origin::Registry("unknown".to_owned()),
                other => other,
            },
        }
    }

    fn of_project(&self, file: &SourceFile, project: &Project) -> Manifest {
        let mut manifest = Manifest {
            name: Some(project.name.clone()),
            version: project.version.clone(),
            licence: project.licence.clone(),
            open: project.open.clone(),
            ..Manifest::of(file)
        };
        let folder = manifest.folder().to_owned();
        for reference in &project.references {
            manifest.wants.push(Want {
                name: reference.id.clone(),
                requirement: reference.written.clone(),
                usage: reference.usage,
                optional: reference.conditional,
            });
            let range = reference.version.as_deref().and_then(Range::parse);
            let taken = range.as_ref().and_then(Range::taken);
            manifest.pins.extend(taken.map(|version| self.package(&folder, &reference.id, version, reference.usage)));
        }
        let depth = if folder.is_empty() { 0 } else { folder.split('/').count() };
        for taken in project.projects.iter().filter(|taken| !taken.conditional || taken.path.is_some()) {
            // A path from the folder of the project, as a person would write it.
            let to = taken.path.as_deref().map(tree_path::folder);
            let path = to.map_or_else(|| "../".repeat(depth + 1), |to| format!("{}{to}", "../".repeat(depth)));
            let known = taken.path.as_ref().is_some_and(|path| self.projects.contains_key(path));
            if taken.conditional && !known {
                continue;
            }
            let usage = if taken.is_referenced { Usage::Normal } else { Usage::Build };
            manifest.siblings.push(Sibling { name: taken.name.clone(), usage, path: Some(path) });
        }
        manifest
    }

    fn package(&self, folder: &str, id: &str, version: &str, usage: Usage) -> Package {
        let origin = self.origin(folder, id);
        Package {
            purl: names::url(id, version).from(&origin),
            name: id.to_owned(),
            version: version.to_owned(),
            origin,
            usage: Some(usage),
            ..Package::default()
        }
    }

    /// What an entry of a lockfile is, or what is wrong, as a clause.
    fn entry(&self, folder: &str, file: &LockedFile, entry: &Entry) -> Result<Package, String> {
        if entry.kind == Kind::Project {
            let (folder, project) = self
                .project_of(&entry.id)
                .ok_or_else(|| format!("it lists the project {}, which is not in the tree", excerpt(&entry.id, 80)))?;
            let version = project.version.clone().unwrap_or_default();
            return Ok(Package {
                purl: names::url(&project.name, &version).in_folder(Some(folder)),
                name: project.name.clone(),
                version,
                own: true,
                ..Package::default()
            });
        }
        let package = self.package(folder, &entry.id, &entry.version, Usage::Normal);
        let package = Package { usage: None, hashes: entry.hash.iter().cloned().collect(), ..package };
        let Some(given) = &file.sources else { return Ok(package) };
        // It says itself from where it was resolved.
        let mut others = given.iter().map(|one| sources::origin(one)).filter(|one| !matches!(one, Origin::Public(_)));
        let origin = others.next().unwrap_or(Origin::Public(REGISTRY));
        Ok(Package { purl: names::url(&entry.id, &entry.version).from(&origin), origin, ..package })
    }

    fn graph(&self, folder: &str, file: &LockedFile, limits: &Limits) -> Result<Graph, LockError> {
        let mut graph = Graph {
            format: file.format,
            version: file.version.clone(),
            has_edges: file.format != CONFIG,
            installs_all: true,
            faults: file.faults.clone(),
            ..Graph::default()
        };
        if file.entries().count() > limits.packages {
            return Err(LockError::Limit(format!("it lists more than {} packages", limits.packages)));
        }
        // Where each package is, by target and key.
        let mut places: BTreeMap<(&str, String), usize> = BTreeMap::new();
        let mut entries: Vec<(&str, &str, &Entry)> = Vec::new();
        for target in &file.targets {
            for entry in &target.entries {
                match self.entry(folder, file, entry) {
                    Ok(package) => {
                        let key = names::key(&entry.id);
                        if places.insert((&target.framework, key.clone()), graph.packages.len()).is_some()
                            && file.format != CONFIG
                        {
                            graph.faults.push(format!("{} is listed twice", excerpt(&entry.id, 80)));
                        }
                        graph.answers.entry(key).or_default().push(graph.packages.len());
                        entries.push((&target.framework, target.base(), entry));
                        graph.packages.push(package);
                    }
                    Err(reason) => graph.faults.push(reason),
                }
            }
        }
        let mut left = limits.edges;
        for ((framework, base, entry), package) in entries.into_iter().zip(&mut graph.packages) {
            for name in &entry.needs {
                let key = names::key(name);
                // What is not told apart for a runtime is that of the framework.
                let found = places.get(&(framework, key.clone())).or_else(|| places.get(&(base, key)));
                left = left
                    .checked_sub(1)
                    .ok_or_else(|| LockError::Limit(format!("it lists more than {} dependencies", limits.edges)))?;
                match found {
                    Some(to) => package.edges.push(Edge { to: *to, usage: Usage::Normal }),
                    None => graph.faults.push(format!(
                        "{} asks for {}, which it does not hold",
                        excerpt(&entry.id, 80),
                        excerpt(name, 80)
                    )),
                }
            }
        }
        Ok(graph)
    }
}

impl Reader for Nuget {
    fn manifest(&self, file: &SourceFile, _: &Limits) -> Result<Option<Manifest>, String> {
        let path = &file.path;
        if let Some(reason) = self.broken.get(path) {
            return Err(reason.clone());
        }
        if let Some(project) = self.projects.get(path) {
            return Ok(Some(self.of_project(file, project)));
        }
        if let Some(read) = self.specifications.get(path) {
            let read = read.as_ref().map_err(Clone::clone)?;
            // What a project next to it asks for is what it is built with.
            let alone = self.projects_in(tree_path::folder(path)).next().is_none();
            return Ok(Some(read.manifest(file, alone)));
        }
        Ok(is_config(path).then(|| Manifest::of(file)))
    }

    fn locks<'a>(&self, manifests: &[&'a SourceFile], lockfiles: &[&'a SourceFile]) -> Vec<&'a SourceFile> {
        manifests.iter().filter(|file| is_config(&file.path)).chain(lockfiles).copied().collect()
    }

    fn place<'a>(&self, lockfile: &'a str) -> &'a str {
        let folder = tree_path::folder(lockfile);
        if tree_path::name(lockfile) == ASSETS { tree_path::folder(folder) } else { folder }
    }

    fn lockfile(&self, file: &SourceFile, limits: &Limits) -> Result<Graph, LockError> {
        let read = self.locks.get(&file.path).ok_or_else(|| LockError::Malformed("it was not read".to_owned()))?;
        self.graph(self.place(&file.path), read.as_ref().map_err(Clone::clone)?, limits)
    }

    fn member(&self, manifest: &Manifest, graph: &Graph, _: &BTreeSet<&str>) -> (Member, Agreement) {
        let folder = manifest.folder();
        let of_folder = self.locks_of.get(folder).into_iter().flatten();
        let files: Vec<&LockedFile> = of_folder
            .filter_map(|path| self.locks.get(path)?.as_ref().ok())
            .filter(|file| file.format == graph.format)
            .collect();
        let projects: Vec<&Project> = self.projects_in(folder).collect();
        let member = agreement::member(&projects, &files, graph);
        let told = match (projects.as_slice(), files.as_slice()) {
            ([], _) => Agreement::Yes,
            ([project], [file]) => agreement::told(project, file, |name| self.project_of(name).map(|(_, one)| one)),
            _ => Agreement::NotKnown("several projects or lockfiles share its folder".to_owned()),
        };
        (member, told)
    }

    fn own_purl<'a>(&self, name: &'a str, version: &'a str) -> Named<'a> {
        names::url(name, version)
    }

    fn registry_address(&self) -> &'static str {
        "https://api.nuget.org/v3/index.json"
    }
}

#[cfg(test)]
mod tests;
