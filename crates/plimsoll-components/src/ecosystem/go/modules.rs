//! From what was read of a module's files to what is built with it.

use std::collections::{BTreeMap, BTreeSet, btree_map::Entry};

use plimsoll_model::{excerpt, tree_path};

use super::{
    Go, MANIFEST, REGISTRY, VENDORED, WORK, golang_url,
    module_file::{ModuleFile, Require, Target, is_of_repository, is_path, is_version, majors_agree},
    vendored::Vendored,
};
use crate::{
    component::Origin,
    ecosystem::locked::{
        graph::{Edge, Graph, LockError, Member, Package, Usage},
        manifest::{Agreement, Sibling},
    },
    options::Limits,
};

/// What is added to a graph, one module after the other.
#[derive(Default)]
struct Modules {
    graph: Graph,
    /// The name of a module by its package URL, which is the same for two that differ in the case of letters.
    names: BTreeMap<String, String>,
}

impl Modules {
    fn add(&mut self, asked: &str, package: Result<Package, String>, unused: bool) {
        let package = match package {
            Ok(package) => Package { unused, ..package },
            Err(reason) => {
                self.graph.faults.push(format!("{} {reason}", excerpt(asked, 80)));
                return;
            }
        };
        match self.names.entry(package.purl.clone()) {
            Entry::Occupied(other) if *other.get() != package.name => {
                let reason = format!("{} and {} differ in the case of letters alone", other.get(), package.name);
                self.graph.faults.push(reason);
            }
            Entry::Occupied(_) => {}
            Entry::Vacant(free) => {
                free.insert(package.name.clone());
            }
        }
        self.graph.answers.entry(asked.to_owned()).or_default().push(self.graph.packages.len());
        self.graph.packages.push(package);
    }
}

impl Go {
    /// The folder that a module is, where it is asked for and none from elsewhere is taken.
    pub(super) fn sibling(&self, file: &ModuleFile, folder: &str, require: &Require) -> Option<Sibling> {
        let path = match file.replaced(&require.path, &require.version) {
            Some(Target::Folder(path)) => Some(path.clone()),
            Some(Target::Module(..)) => return None,
            None => self.used_here(folder, require).map(|_| None)?,
        };
        Some(Sibling { name: require.path.clone(), usage: Usage::Normal, path })
    }

    /// The folder of a module that a go.work uses, where go.sum does not say that it is taken from elsewhere.
    fn used_here(&self, folder: &str, require: &Require) -> Option<&str> {
        let used = self.used.get(&require.path)?;
        let sums = self.sums.get(folder).and_then(|sums| sums.as_ref().ok());
        let known = sums.is_some_and(|sums| sums.of(&require.path, &require.version).is_some());
        (!known).then_some(used.as_str())
    }

    /// What a go.mod locks.
    pub(super) fn of_module(&self, folder: &str, limits: &Limits) -> Result<Graph, LockError> {
        let file = self.module_in(folder).ok_or_else(|| LockError::Malformed("it was not read".to_owned()))?;
        if file.requires.len() > limits.packages {
            return Err(LockError::Limit(format!("it lists more than {} packages", limits.packages)));
        }
        let vendored = self.vendored_in(folder).filter(|vendored| vendored.differs(file).is_none());
        let mut unused: BTreeSet<&str> = BTreeSet::new();
        if let Some(vendored) = vendored {
            let used = vendored.modules.iter().filter(|module| module.used).map(|module| module.path.as_str());
            let used: BTreeSet<&str> = used.collect();
            let asked = file.requires.iter().map(|require| require.path.as_str());
            unused = asked.filter(|path| !used.contains(path)).collect();
        }
        let mut all = Modules::default();
        let mut known: BTreeSet<&str> = BTreeSet::new();
        for require in &file.requires {
            known.insert(&require.path);
            let package = self.package(file, folder, require);
            if let Ok(package) = &package {
                known.insert(Self::name_of(file, require).unwrap_or(&require.path));
                let excluded = file.excludes.contains(&(require.path.clone(), require.version.clone()));
                if excluded {
                    let reason = format!("{} {} is excluded; Go takes the next version", package.name, package.version);
                    all.graph.faults.push(reason);
                }
            }
            self.add(&mut all, file, folder, require, unused.contains(require.path.as_str()));
        }
        self.add_unlisted(&mut all, file, folder, vendored, &known);
        all.graph.faults.extend(self.faults_in(folder, file));
        let version = file.go.clone().unwrap_or_else(|| "1.16".to_owned());
        let partial = (!file.lists_all() && vendored.is_none()).then(|| {
            format!(
                "a go.mod of Go {version} lists what is asked for by name, and what that needs is known from go.sum alone; \
                 `go mod tidy -go=1.17` lists all"
            )
        });
        Ok(Graph { format: MANIFEST, version, partial, use_unknown: true, ..all.graph })
    }

    /// Adds what vendor/modules.txt lists besides, or, where go.mod does not list all, go.sum.
    fn add_unlisted(
        &self,
        all: &mut Modules,
        file: &ModuleFile,
        folder: &str,
        vendored: Option<&Vendored>,
        known: &BTreeSet<&str>,
    ) {
        if let Some(vendored) = vendored {
            for module in vendored.modules.iter().filter(|module| !known.contains(module.path.as_str())) {
                let require = Require { path: module.path.clone(), version: module.version.clone(), indirect: true };
                self.add(all, file, folder, &require, !module.used);
            }
            return;
        }
        let Some(Ok(sums)) = self.sums.get(folder).filter(|_| !file.lists_all()) else { return };
        let others = sums.sources().into_iter().filter(|(path, _)| !known.contains(path));
        for (path, version) in others {
            let require = Require { path: path.to_owned(), version: version.to_owned(), indirect: true };
            self.add(all, file, folder, &require, false);
        }
    }

    /// Adds what is taken for a module that is asked for.
    ///
    /// Where that is another published module both are listed: what is known of either may be true of it.
    fn add(&self, all: &mut Modules, file: &ModuleFile, folder: &str, require: &Require, unused: bool) {
        let package = self.package(file, folder, require);
        let is_taken = package.is_ok();
        all.add(&require.path, package, unused);
        if let Some(Target::Module(other, _)) = file.replaced(&require.path, &require.version)
            && is_taken
            && *other != require.path
            && is_path(&require.path)
            && is_version(&require.version)
        {
            all.add(&require.path, Ok(forked(require, other)), unused);
        }
    }

    /// What is wrong with the files of a module, in one clause each.
    fn faults_in(&self, folder: &str, file: &ModuleFile) -> Vec<String> {
        let mut faults = file.unknown.clone();
        match self.sums.get(folder) {
            Some(Ok(sums)) => faults.extend(sums.faults.iter().cloned()),
            Some(Err(reason)) => faults.push(reason.clone()),
            None => {}
        }
        match self.vendored.get(folder) {
            Some(Ok(vendored)) => faults.extend(vendored.faults.iter().cloned()),
            Some(Err(reason)) => faults.push(reason.clone()),
            None => {}
        }
        faults
    }

    /// The path of the module that is taken, where another is put in its place.
    fn name_of<'a>(file: &'a ModuleFile, require: &Require) -> Option<&'a str> {
        match file.replaced(&require.path, &require.version) {
            Some(Target::Module(path, _)) => Some(path),
            _ => None,
        }
    }

    /// The module that is taken for one that is asked for, or what is wrong, as what follows its name in a sentence.
    fn package(&self, file: &ModuleFile, folder: &str, require: &Require) -> Result<Package, String> {
        match file.replaced(&require.path, &require.version) {
            Some(Target::Folder(to)) => {
                let to = tree_path::join(folder, to).ok_or_else(|| {
                    format!("is replaced by the folder {}, which is not in the tree", excerpt(to, 80))
                })?;
                self.of_folder(file, require, &to)
            }
            Some(Target::Module(path, version)) => self.of_registry(folder, path, version),
            None => match self.used_here(folder, require) {
                Some(to) => self.of_folder(file, require, to),
                None if !majors_agree(&require.path, &require.version) && is_version(&require.version) => {
                    Err(format!("has a path for another major version than {}", excerpt(&require.version, 80)))
                }
                None => self.of_registry(folder, &require.path, &require.version),
            },
        }
    }

    /// A folder of the tree that is taken for a module.
    ///
    /// It is the repository's own where it is a module with that very path, and the path is below that of the repository. Any
    /// other is a copy of the module that is asked for, of which that version says little.
    fn of_folder(&self, file: &ModuleFile, require: &Require, folder: &str) -> Result<Package, String> {
        if !self.files.contains_key(&tree_path::within(folder, MANIFEST)) {
            return Err(format!("is replaced by the folder {}, which has no go.mod in this tree", excerpt(folder, 80)));
        }
        let is_it = self.module_in(folder).is_some_and(|own| own.module.as_ref() == Some(&require.path));
        let of_root = self.module_in("").and_then(|root| root.module.as_deref());
        let mut prefixes = file.module.as_deref().into_iter().chain(of_root);
        let own = is_it && prefixes.any(|prefix| is_of_repository(require, prefix));
        let version = if own { "" } else { require.version.as_str() };
        Ok(Package {
            purl: golang_url(&require.path, version).in_folder(Some(folder)),
            name: require.path.clone(),
            version: version.to_owned(),
            origin: Origin::Folder,
            own,
            ..Package::default()
        })
    }

    /// A module that is fetched.
    fn of_registry(&self, folder: &str, path: &str, version: &str) -> Result<Package, String> {
        if !is_path(path) {
            return Err(format!("comes from {}, which is no path of a published module", excerpt(path, 80)));
        }
        if !is_version(version) {
            return Err(format!("is not pinned: {} is no version of a module", excerpt(version, 80)));
        }
        let sums = self.sums.get(folder).and_then(|sums| sums.as_ref().ok());
        let origin = Origin::Public(REGISTRY);
        Ok(Package {
            purl: golang_url(path, version).from(&origin),
            name: path.to_owned(),
            version: version.to_owned(),
            origin,
            hashes: sums.and_then(|sums| sums.of(path, version)).map(|sum| sum.hashes.clone()).unwrap_or_default(),
            ..Package::default()
        })
    }

    /// What a go.work puts in the place of modules, wherever its modules ask for them.
    pub(super) fn of_work(&self, path: &str) -> Result<Graph, LockError> {
        let read = self.files.get(path).and_then(|read| read.as_ref().ok());
        let file = read.ok_or_else(|| LockError::Malformed("it was not read".to_owned()))?;
        let folder = tree_path::folder(path);
        let mut all = Modules::default();
        for (asked, version) in file.replaces.keys() {
            let require = Require { path: asked.clone(), version: version.clone(), indirect: true };
            self.add(&mut all, file, folder, &require, false);
        }
        all.graph.faults.extend(file.unknown.iter().cloned());
        let version = file.go.clone().unwrap_or_default();
        Ok(Graph { format: WORK, version, use_unknown: true, ..all.graph })
    }

    /// What lies in a `vendor` that is not that of the go.mod next to it.
    pub(super) fn of_vendored(&self, folder: &str) -> Result<Graph, LockError> {
        let vendored = match self.vendored.get(folder) {
            Some(Ok(vendored)) => vendored,
            Some(Err(reason)) => return Err(LockError::Malformed(reason.clone())),
            None => return Err(LockError::Malformed("it was not read".to_owned())),
        };
        let mut file = ModuleFile::default();
        let mut all = Modules::default();
        for module in &vendored.modules {
            if let Some(target) = &module.replaced {
                file.replaces.insert((module.path.clone(), module.version.clone()), target.clone());
            }
            let require = Require { path: module.path.clone(), version: module.version.clone(), indirect: true };
            self.add(&mut all, &file, folder, &require, !module.used);
        }
        all.graph.faults.extend(vendored.faults.iter().cloned());
        Ok(Graph { format: VENDORED, use_unknown: true, ..all.graph })
    }

    /// What the go.mod of a folder asks for by name, and whether its digests are all there.
    pub(super) fn member_of(&self, folder: &str, graph: &Graph) -> (Member, Agreement) {
        let Some(file) = self.module_in(folder) else {
            return (Member::default(), Agreement::NotKnown("its go.mod was not read".to_owned()));
        };
        let mut member = Member::default();
        for require in file.requires.iter().filter(|require| !require.indirect) {
            let found = graph.answers.get(&require.path).into_iter().flatten();
            member.edges.extend(found.map(|to| Edge { to: *to, usage: Usage::Normal }));
        }
        member.edges.sort_unstable();
        member.edges.dedup();
        if let Some(vendored) = self.vendored_in(folder) {
            let told = vendored.differs(file).map_or(Agreement::Yes, Agreement::No);
            return (member, told);
        }
        // What is in the tree has no digest, and what another module is taken for has that of the other.
        let fetched = || graph.packages.iter().filter(|package| matches!(package.origin, Origin::Public(_)));
        let told = match self.sums.get(folder) {
            Some(Ok(sums)) => {
                let missing = fetched().find(|package| sums.of(&package.name, &package.version).is_none());
                missing.map_or(Agreement::Yes, |package| {
                    Agreement::No(format!(
                        "go.sum does not hold {} {}; `go mod tidy` adds it",
                        package.name, package.version
                    ))
                })
            }
            Some(Err(reason)) => Agreement::NotKnown(reason.clone()),
            None if fetched().next().is_none() => Agreement::Yes,
            None => {
                Agreement::No("it has no go.sum, without which Go does not build; `go mod tidy` writes it".to_owned())
            }
        };
        (member, told)
    }
}

/// The module that is asked for, where another one is taken for it: its source is in that one's archive.
fn forked(require: &Require, other: &str) -> Package {
    let origin = Origin::Registry(format!("https://{other}"));
    Package {
        purl: golang_url(&require.path, &require.version).from(&origin),
        name: require.path.clone(),
        version: require.version.clone(),
        origin,
        bundled: true,
        ..Package::default()
    }
}
