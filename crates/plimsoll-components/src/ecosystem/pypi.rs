//! Python: pyproject.toml, setup.cfg and setup.py with the lockfiles of uv, Poetry and PDM, Pipenv's files, what pip is given.
//!
//! A folder may hold several of them that speak of different things: the package, which pyproject.toml and the lockfiles of its
//! manager describe, and environments, each of which a Pipfile or a requirements file describes for itself. They are resolved
//! apart, by the same rules.

mod entries;
mod folder;
mod names;
mod pdm;
mod pipenv;
mod poetry;
mod pylock;
mod pyproject;
mod relevant_content;
mod requirements;
mod requirements_file;
mod setup;
mod sources;
mod uv;

use std::collections::{BTreeMap, BTreeSet};

use plimsoll_model::tree_path;

use self::folder::{Folder, look_at};
use super::{
    Aside, Ecosystem, Resolution, file_names,
    locked::{
        self, Reader,
        graph::{Graph, LockError, Member, Usage},
        manifest::{Agreement, Manifest, Sibling, looked_up},
    },
    purl::Named,
};
use crate::{
    gap::{Cause, Gap},
    options::{Limits, Options},
    path_class,
    tree_file::{Role, SourceFile},
};

const MANIFEST: &str = "pyproject.toml";
const PIPFILE: &str = "Pipfile";
const PIPFILE_LOCK: &str = "Pipfile.lock";
const SETUP_PROGRAM: &str = "setup.py";
const SETUP_CONFIGURATION: &str = "setup.cfg";

/// The public registry.
///
/// Source: OSV schema, `affected[].package.ecosystem`.
const REGISTRY: &str = "PyPI";

const NAME: &str = "pypi";

/// Versions of a lockfile that are compared with what a manifest asks for.
const COMPARED: usize = 1_000_000;

pub(crate) struct Pypi;

impl Ecosystem for Pypi {
    fn name(&self) -> &'static str {
        NAME
    }

    fn purl_types(&self) -> &'static [&'static str] {
        &[NAME]
    }

    fn manifests(&self) -> &'static [&'static str] {
        &[
            MANIFEST,
            SETUP_PROGRAM,
            SETUP_CONFIGURATION,
            PIPFILE,
            "requirements*.txt",
            "requirements*.in",
            "*requirements.txt",
            "*requirements.in",
            "requirements/*.txt",
            "requirements/*.in",
            "constraints*.txt",
        ]
    }

    fn lockfiles(&self) -> &'static [&'static str] {
        &["poetry.lock", "uv.lock", PIPFILE_LOCK, "pdm.lock", "pylock.toml", "pylock.*.toml", "requirements*.lock"]
    }

    fn update_tools(&self) -> &'static [&'static str] {
        &["pep621", "pip", "pip_requirements", "pip_setup", "pipenv", "poetry", "uv"]
    }

    fn public_registry(&self) -> Option<&'static str> {
        Some(REGISTRY)
    }

    // Where it has the archives of a component is in no rule: the digests of them are in their addresses.

    fn resolve(&self, files: &[SourceFile], options: &Options) -> Resolution {
        let readings = Readings::of(files, options);
        let mut all = locked::resolve(&readings.packages(), files, options);
        join(&mut all, locked::resolve(&readings.pipenv(), files, options));
        readings.environments(files, options, &mut all);
        let built = readings.folders.iter().filter(|(_, folder)| folder.has_lock() && !folder.builds.is_empty());
        if let Some((place, folder)) = built.clone().next() {
            let place = tree_path::within(place, MANIFEST);
            let names = plimsoll_model::excerpt(&folder.builds.join(", "), 80);
            let count = plimsoll_model::plural(built.count(), "locked package", "locked packages");
            let told = format!("what builds {count} of Python is in no lockfile ({place}: {names})");
            all.limitations.push(told);
        }
        all
    }
}

/// Adds what another part of the files comes to.
fn join(all: &mut Resolution, other: Resolution) {
    all.workspaces.extend(other.workspaces);
    all.lockfiles.extend(other.lockfiles);
    all.components.extend(other.components);
    all.gaps.extend(other.gaps);
    all.limitations.extend(other.limitations);
    all.manifests += other.manifests;
}

/// What kind of file one is, by its name.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Manifest,
    Lockfile,
    Pipfile,
    PipfileLock,
    Requirements,
}

fn kind(path: &str) -> Option<Kind> {
    let hit = file_names::of(path).filter(|hit| hit.ecosystem.name() == NAME)?;
    Some(match tree_path::name(path) {
        PIPFILE => Kind::Pipfile,
        PIPFILE_LOCK => Kind::PipfileLock,
        MANIFEST | SETUP_PROGRAM | SETUP_CONFIGURATION => Kind::Manifest,
        name if hit.lockfile && !name.starts_with("requirements") => Kind::Lockfile,
        _ => Kind::Requirements,
    })
}

/// All files that were looked at before.
struct Readings {
    folders: BTreeMap<String, Folder>,
    requirements: requirements::All,
    unread: Vec<(String, String, String)>,
    /// Requirements files that lock what the package of their folder asks for.
    of_packages: BTreeSet<String>,
    locks: BTreeMap<String, Graph>,
    environments: Vec<(SourceFile, requirements::Environment)>,
}

impl Readings {
    fn of(files: &[SourceFile], options: &Options) -> Self {
        let limits = &options.limits;
        let mut folders: BTreeMap<String, Folder> = BTreeMap::new();
        for file in files {
            if kind(&file.path).is_some() {
                let folder = folders.entry(tree_path::folder(&file.path).to_owned()).or_default();
                folder.names.insert(tree_path::name(&file.path).to_owned());
            }
        }
        for file in files.iter().filter(|file| file.bytes.len() <= limits.manifest_bytes) {
            let is_one = matches!(kind(&file.path), Some(Kind::Manifest | Kind::Pipfile));
            let Some(folder) = folders.get_mut(tree_path::folder(&file.path)).filter(|_| is_one) else { continue };
            look_at(file, folder);
        }
        let mut all = Self {
            folders,
            requirements: BTreeMap::new(),
            unread: Vec::new(),
            of_packages: BTreeSet::new(),
            locks: BTreeMap::new(),
            environments: Vec::new(),
        };
        all.read_requirements(files, options);
        all
    }

    fn read_requirements(&mut self, files: &[SourceFile], options: &Options) {
        let limits = &options.limits;
        let mut listed: BTreeMap<&str, &SourceFile> = BTreeMap::new();
        for file in files.iter().filter(|file| kind(&file.path) == Some(Kind::Requirements)) {
            if tree_path::is_clean(&file.path) && listed.len() < limits.manifests {
                listed.insert(&file.path, file);
            } else {
                let reason = "it has a path that no tree should have, or is beyond the files that are read".to_owned();
                self.unread.push((plimsoll_model::one_line(&file.path), file.class.clone(), reason));
            }
        }
        let mut parsed: Vec<&SourceFile> = Vec::new();
        for file in listed.into_values() {
            let read = if file.bytes.len() > limits.manifest_bytes {
                Err(format!("it is larger than {} bytes", limits.manifest_bytes))
            } else {
                requirements_file::parse(file)
            };
            match read {
                Ok(one) => {
                    self.requirements.insert(file.path.clone(), one);
                    parsed.push(file);
                }
                Err(reason) => self.unread.push((file.path.clone(), file.class.clone(), reason)),
            }
        }
        let mut left = requirements::LINES_LOOKED_AT;
        for file in parsed {
            let mut environment = requirements::environment(file, &self.requirements, limits, &mut left);
            let mut places =
                self.requirements.get(&file.path).into_iter().flat_map(requirements_file::Requirements::places);
            if let Some(outside) = places.find(|place| !self.folders.contains_key(*place)) {
                let outside = plimsoll_model::one_line(outside);
                let reason = format!("it asks for the folder {outside}, of which no manifest is in the tree");
                environment.manifest.open.get_or_insert(reason);
            }
            let folder = self.folders.get(tree_path::folder(&file.path));
            let is_of_package = folder.is_some_and(|folder| folder.is_locked_by(&file.path, &environment));
            match environment.lock {
                Some(graph) if is_of_package => {
                    self.of_packages.insert(file.path.clone());
                    self.locks.insert(file.path.clone(), graph);
                }
                lock => self.environments.push((file.clone(), requirements::Environment { lock, ..environment })),
            }
        }
    }

    /// Of packages and the lockfiles of their managers.
    const fn packages(&self) -> Reading<'_> {
        Reading { all: self, of_pipenv: false }
    }

    /// Of what Pipenv manages.
    const fn pipenv(&self) -> Reading<'_> {
        Reading { all: self, of_pipenv: true }
    }

    /// Adds what requirements files come to.
    fn environments(&self, files: &[SourceFile], options: &Options, all: &mut Resolution) {
        let reader = self.packages();
        let mut aside = Aside::new("requirements files", "requirements files");
        let given = options.unread.iter().filter(|file| kind(&file.path) == Some(Kind::Requirements));
        let given = given.map(|file| (&file.path, &file.class, &file.reason));
        let found = self.unread.iter().map(|(path, class, reason)| (path, class, reason));
        for (path, class, reason) in given.chain(found) {
            aside.note(Cause::Manifest, path, class, reason, &mut all.gaps);
        }
        let mut unlocked_aside = 0_usize;
        // What a lockfile was made of: `NAME.in` of `NAME.txt`.
        let stem = |path: &str| path.strip_suffix(".in").map(ToOwned::to_owned);
        let locked: BTreeSet<&str> = self
            .environments
            .iter()
            .filter(|(_, environment)| environment.lock.is_some())
            .filter_map(|(file, _)| file.path.strip_suffix(".txt"))
            .collect();
        let made: BTreeMap<String, &Manifest> = self
            .environments
            .iter()
            .filter_map(|(file, environment)| Some((stem(&file.path)?, &environment.manifest)))
            .filter(|(stem, _)| locked.contains(stem.as_str()))
            .collect();
        for (file, environment) in &self.environments {
            all.manifests += 1;
            let bounds_alone = tree_path::name(&file.path).starts_with("constraints");
            let is_locked = stem(&file.path).is_some_and(|stem| made.contains_key(&stem));
            if environment.is_empty || bounds_alone || is_locked {
                continue;
            }
            let mut manifest = environment.manifest.clone();
            if let Some(source) = file.path.strip_suffix(".txt").and_then(|stem| made.get(stem)) {
                manifest.wants.extend(source.wants.iter().filter(|want| names::is_name(&want.name)).cloned());
            }
            let lock = environment.lock.clone().map(|graph| (file, graph));
            let is_unlocked = lock.is_none();
            unlocked_aside += usize::from(locked::add_environment(&reader, manifest, lock, &mut aside, all));
            if is_unlocked {
                all.components.extend(locked::pinned(&reader, file, &environment.manifest, &environment.pins));
            }
        }
        let bounds = files.iter().filter(|file| {
            kind(&file.path) == Some(Kind::Requirements) && tree_path::name(&file.path).starts_with("constraints")
        });
        if let Some(first) = bounds.map(|file| &file.path).min() {
            let reason =
                "bounds versions; what of it is needed is not known, and what no other file names is not listed";
            all.limitations.push(format!("{first} {reason}"));
        }
        // Where nothing else of Python is here, what is installed by them is asked for somewhere else.
        let is_bounds = |file: &SourceFile| tree_path::name(&file.path).starts_with("constraints");
        let alone = self.folders.is_empty() && self.environments.iter().all(|(file, _)| is_bounds(file));
        let shipped = files.iter().filter(|file| {
            kind(&file.path) == Some(Kind::Requirements) && is_bounds(file) && path_class::may_ship(&file.class)
        });
        if let Some(path) = shipped.map(|file| &file.path).min().filter(|_| alone) {
            let reason = format!("{path} bounds versions of packages, and no file says which of them are installed");
            all.gaps.push(Gap { cause: Cause::Manifest, path: path.clone(), reason });
        }
        all.limitations.extend(locked::unlocked_told(&reader, unlocked_aside));
        all.limitations.extend(aside.told());
    }
}

/// Some of the files, read as an ecosystem of their own.
struct Reading<'a> {
    all: &'a Readings,
    of_pipenv: bool,
}

impl Ecosystem for Reading<'_> {
    fn name(&self) -> &'static str {
        NAME
    }

    fn purl_types(&self) -> &'static [&'static str] {
        Pypi.purl_types()
    }

    fn manifests(&self) -> &'static [&'static str] {
        Pypi.manifests()
    }

    fn lockfiles(&self) -> &'static [&'static str] {
        Pypi.lockfiles()
    }

    fn role(&self, path: &str) -> Option<Role> {
        match (kind(path)?, self.of_pipenv) {
            (Kind::Manifest, false) | (Kind::Pipfile, true) => Some(Role::Manifest),
            (Kind::Lockfile, false) | (Kind::PipfileLock, true) => Some(Role::Lockfile),
            (Kind::Requirements, false) => self.all.of_packages.contains(path).then_some(Role::Lockfile),
            _ => None,
        }
    }

    fn resolve(&self, files: &[SourceFile], options: &Options) -> Resolution {
        locked::resolve(self, files, options)
    }
}

impl Reading<'_> {
    fn folder(&self, path: &str) -> Option<&Folder> {
        self.all.folders.get(tree_path::folder(path))
    }
}

impl Reader for Reading<'_> {
    fn manifest(&self, file: &SourceFile, _: &Limits) -> Result<Option<Manifest>, String> {
        let folder = self.folder(&file.path);
        let is_whole = folder.is_some_and(|folder| folder.project.is_whole);
        let manifest = match tree_path::name(&file.path) {
            PIPFILE => {
                let mut own = pipenv::manifest(file)?;
                // Folders of the tree are looked at where they are packages.
                let place = |path: &String| tree_path::join(own.folder(), path);
                let is_known = |sibling: &Sibling| {
                    let place = sibling.path.as_ref().and_then(place);
                    place.is_some_and(|place| self.all.folders.contains_key(&place))
                };
                own.siblings = own.siblings.iter().filter(|sibling| !is_known(sibling)).cloned().collect();
                let name = folder.and_then(|folder| folder.name.clone());
                Some(Manifest { name, version: folder.and_then(|folder| folder.version.clone()), ..own })
            }
            SETUP_CONFIGURATION | SETUP_PROGRAM if is_whole => None,
            SETUP_CONFIGURATION => setup::configuration(file)?,
            SETUP_PROGRAM => setup::program(file),
            _ => {
                let table = pyproject::parse(&file.bytes)?;
                let is_alone =
                    !folder.is_some_and(|folder| folder.has(SETUP_PROGRAM) || folder.has(SETUP_CONFIGURATION));
                pyproject::read(file, &table, is_alone)?.1
            }
        };
        Ok(manifest.map(|manifest| {
            // A folder is known by its name where the package in it says none.
            let folder = tree_path::name(manifest.folder());
            let name = manifest.name.clone().or_else(|| names::is_name(folder).then(|| names::normal(folder)));
            Manifest { name, ..manifest }
        }))
    }

    fn lockfile(&self, file: &SourceFile, limits: &Limits) -> Result<Graph, LockError> {
        match tree_path::name(&file.path) {
            uv::FORMAT => uv::read(file, limits),
            poetry::FORMAT => poetry::read(file, limits),
            pdm::FORMAT => pdm::read(file, self.folder(&file.path).and_then(|folder| folder.index.as_ref()), limits),
            pipenv::FORMAT => pipenv::read(file, limits),
            _ => match self.all.locks.get(&file.path) {
                Some(graph) => Ok(graph.clone()),
                None => pylock::read(file, limits),
            },
        }
    }

    fn member(&self, manifest: &Manifest, graph: &Graph, siblings: &BTreeSet<&str>) -> (Member, Agreement) {
        let by_name = |manifest: &Manifest| looked_up(manifest, graph, siblings, |want| vec![want.name.clone()]);
        let folder = self.folder(&manifest.path);
        let digests = match graph.format {
            poetry::FORMAT | pdm::FORMAT => folder.map(|folder| folder.digests.clone()).unwrap_or_default(),
            pipenv::FORMAT => folder.and_then(|folder| folder.pipfile.clone()).into_iter().collect(),
            _ => {
                // It may be for those alone who use it.
                let mut to_use = manifest.clone();
                let mut absent = None;
                for want in to_use.wants.iter_mut().filter(|want| want.usage == Usage::Dev && !manifest.environment) {
                    if !want.optional && !graph.answers.contains_key(&want.name) {
                        absent = Some(want.name.clone());
                    }
                    want.optional = true;
                }
                let absent = absent.map_or(Agreement::Yes, |name| {
                    let name = plimsoll_model::excerpt(&name, 80);
                    Agreement::NotKnown(format!("it does not hold {name}, which those need who work on it"))
                });
                let (member, told) = by_name(&to_use);
                return (member, told.and(versions_asked(manifest, graph)).and(absent));
            }
        };
        let (member, told) = by_name(manifest);
        let told = told.and(match &graph.written_for {
            Some(digest) if digests.contains(digest) => Agreement::Yes,
            Some(_) if !digests.is_empty() => {
                Agreement::No("it was written for another state of it: the digest that it keeps is another".to_owned())
            }
            _ => Agreement::NotKnown("it keeps no digest of its manifest that could be computed again".to_owned()),
        });
        (member, told)
    }

    fn named(&self, manifest: &Manifest, member: &Member, _: &Graph) -> (Member, Agreement) {
        (member.clone(), uv::belongs(manifest, member))
    }

    fn own_purl<'a>(&self, name: &'a str, version: &'a str) -> Named<'a> {
        names::url(name, version)
    }

    fn registry_address(&self) -> &'static str {
        "https://pypi.org/simple"
    }
}

/// Are the versions that a lockfile has those that a manifest asks for?
fn versions_asked(manifest: &Manifest, graph: &Graph) -> Agreement {
    let mut agreement = Agreement::Yes;
    let mut left = COMPARED;
    for want in manifest.wants.iter().filter(|want| !want.optional) {
        let places = graph.answers.get(&want.name).map(Vec::as_slice).unwrap_or_default();
        let Some(enough) = left.checked_sub(places.len()) else {
            let reason = format!("whether it holds what is asked for takes more than {COMPARED} comparisons");
            return agreement.and(Agreement::NotKnown(reason));
        };
        left = enough;
        let mut versions = places.iter().filter_map(|place| graph.packages.get(*place)).map(|one| one.version.as_str());
        let shown = || plimsoll_model::excerpt(&format!("{} {}", want.name, want.requirement), 80);
        let allowed = names::clauses(&want.requirement).map(|clauses| {
            let told: Vec<Option<bool>> = versions.by_ref().map(|version| names::allow(&clauses, version)).collect();
            if told.is_empty() || told.contains(&Some(true)) { Some(true) } else { told.first().copied().flatten() }
        });
        agreement = agreement.and(match allowed.flatten() {
            Some(true) => Agreement::Yes,
            Some(false) => Agreement::No(format!("it has another version than {}", shown())),
            None => Agreement::NotKnown(format!("whether it holds {} is more than a comparison of numbers", shown())),
        });
    }
    agreement
}

#[cfg(test)]
mod tests;
