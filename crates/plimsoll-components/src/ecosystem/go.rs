//! Go: go.mod with go.sum, go.work and vendor/modules.txt.
//!
//! A go.mod says itself which modules are built, as the least versions that Go then takes exactly; go.sum has their digests,
//! and vendor/modules.txt says of which of them packages are taken. Whether that is for the product or for its tests is in
//! the sources alone, so it counts as shipped.

mod directives;
mod module_file;
mod modules;
mod sums;
mod vendored;

use std::collections::{BTreeMap, BTreeSet};

use plimsoll_model::{excerpt, tree_path};

use self::{module_file::ModuleFile, sums::Sums, vendored::Vendored};
use super::{
    Ecosystem, Resolution,
    locked::{
        self, Reader,
        graph::{Graph, LockError, Member, Usage, Want},
        manifest::{Agreement, Manifest},
    },
    purl::Named,
};
use crate::{
    component::Component,
    gap::{Cause, Gap},
    options::{Limits, Options},
    path_class,
    tree_file::SourceFile,
};

const MANIFEST: &str = "go.mod";
const WORK: &str = "go.work";
const SUMS: &str = "go.sum";
const VENDORED: &str = "modules.txt";

/// The public registry, which is every repository that a module's path leads to.
///
/// Source: OSV schema, `affected[].package.ecosystem`.
const REGISTRY: &str = "Go";

/// The ecosystem, with what was read of the files of a tree: a module is in several of them.
pub(crate) struct Go {
    /// go.mod and go.work, by path.
    files: BTreeMap<String, Result<ModuleFile, String>>,
    /// go.sum by folder.
    sums: BTreeMap<String, Result<Sums, String>>,
    /// vendor/modules.txt by the folder in which `vendor` lies.
    vendored: BTreeMap<String, Result<Vendored, String>>,
    /// Folders of modules that any go.work uses, by the path of the module.
    used: BTreeMap<String, String>,
}

/// Nothing read yet.
pub(crate) const GO: Go =
    Go { files: BTreeMap::new(), sums: BTreeMap::new(), vendored: BTreeMap::new(), used: BTreeMap::new() };

impl Ecosystem for Go {
    fn name(&self) -> &'static str {
        "go"
    }

    fn purl_types(&self) -> &'static [&'static str] {
        &["golang"]
    }

    fn manifests(&self) -> &'static [&'static str] {
        &[MANIFEST, WORK, "Gopkg.toml", "glide.yaml"]
    }

    fn lockfiles(&self) -> &'static [&'static str] {
        &[SUMS, "go.work.sum", "vendor/modules.txt", "Gopkg.lock", "glide.lock"]
    }

    fn update_tools(&self) -> &'static [&'static str] {
        &["gomod"]
    }

    fn public_registry(&self) -> Option<&'static str> {
        Some(REGISTRY)
    }

    /// Source: Go Modules Reference, "GOPROXY protocol": a capital is written as `!` and the small letter.
    fn archive(&self, component: &Component) -> Option<String> {
        let escaped = |text: &str| {
            let mut all = String::with_capacity(text.len());
            for character in text.chars() {
                if character.is_ascii_uppercase() {
                    all.push('!');
                }
                all.push(character.to_ascii_lowercase());
            }
            all
        };
        let (name, version) = (escaped(&component.name), escaped(&component.version));
        component.is_from(REGISTRY).then(|| format!("https://proxy.golang.org/{name}/@v/{version}.zip"))
    }

    fn copies(&self, file: &SourceFile) -> Vec<String> {
        let folder = tree_path::folder(&file.path);
        let is_one = tree_path::name(&file.path) == VENDORED && tree_path::name(folder) == "vendor";
        let read = is_one.then(|| vendored::read(&file.bytes).ok()).flatten();
        let used = read.iter().flat_map(|vendored| &vendored.modules).filter(|module| module.used);
        used.filter(|module| module_file::is_path(&module.path))
            .filter_map(|module| tree_path::join(folder, &module.path))
            .collect()
    }

    fn resolve(&self, files: &[SourceFile], options: &Options) -> Resolution {
        let read = Self::of(files, options);
        let mut all = locked::resolve(&read, files, options);
        all.limitations.extend(read.standard_library(files));
        all.gaps.extend(read.not_known_of_works(files));
        all
    }
}

impl Go {
    /// Reads what is in several files, each file once.
    fn of(files: &[SourceFile], options: &Options) -> Self {
        let mut read = GO;
        for file in files.iter().filter(|file| tree_path::is_clean(&file.path)) {
            let folder = tree_path::folder(&file.path);
            match tree_path::name(&file.path) {
                MANIFEST | WORK if file.bytes.len() <= options.limits.manifest_bytes => {
                    read.files.insert(file.path.clone(), module_file::read(&file.bytes));
                }
                SUMS if file.bytes.len() <= options.limits.lockfile_bytes => {
                    read.sums.insert(folder.to_owned(), sums::read(&file.bytes));
                }
                VENDORED
                    if tree_path::name(folder) == "vendor" && file.bytes.len() <= options.limits.lockfile_bytes =>
                {
                    read.vendored.insert(tree_path::folder(folder).to_owned(), vendored::read(&file.bytes));
                }
                _ => {}
            }
        }
        let works = read.files.iter().filter(|(path, _)| tree_path::name(path) == WORK);
        let mut used = BTreeMap::new();
        for (path, work) in works {
            for folder in work.iter().flat_map(|work| &work.uses) {
                let Some(folder) = tree_path::join(tree_path::folder(path), folder) else { continue };
                let module = read.files.get(&tree_path::within(&folder, MANIFEST));
                if let Some(name) = module.and_then(|file| file.as_ref().ok()?.module.clone()) {
                    used.insert(name, folder);
                }
            }
        }
        Self { used, ..read }
    }

    /// What is not known of each go.work that may ship: one that cannot be read, a line that is not understood, and a folder
    /// that it uses and of which no go.mod is here.
    fn not_known_of_works(&self, files: &[SourceFile]) -> Vec<Gap> {
        let works =
            files.iter().filter(|file| tree_path::name(&file.path) == WORK && path_class::may_ship(&file.class));
        let reason = |file: &SourceFile| match self.files.get(&file.path) {
            None => Some("it was not read".to_owned()),
            Some(Err(reason)) => Some(reason.clone()),
            Some(Ok(work)) => work.unknown.first().cloned().or_else(|| {
                let is_here = |folder: &&String| {
                    let folder = tree_path::join(tree_path::folder(&file.path), folder);
                    folder.is_some_and(|folder| self.files.contains_key(&tree_path::within(&folder, MANIFEST)))
                };
                let absent = work.uses.iter().find(|folder| !is_here(folder))?;
                Some(format!("it uses {}, of which no go.mod is in this tree", excerpt(absent, 80)))
            }),
        };
        let gap = |file: &SourceFile| {
            let reason = format!("{}: {}", file.path, reason(file)?);
            Some(Gap { cause: Cause::Manifest, path: file.path.clone(), reason })
        };
        works.filter_map(gap).collect()
    }

    /// The go.mod of a folder, where it was understood.
    fn module_in(&self, folder: &str) -> Option<&ModuleFile> {
        self.files.get(&tree_path::within(folder, MANIFEST))?.as_ref().ok()
    }

    /// What is vendored for the module of a folder alone.
    fn vendored_in(&self, folder: &str) -> Option<&Vendored> {
        self.vendored.get(folder)?.as_ref().ok().filter(|vendored| !vendored.workspace)
    }

    /// That the standard library is part of every product, in a version that no file sets.
    fn standard_library(&self, files: &[SourceFile]) -> Option<String> {
        let shipped = files.iter().filter(|file| file.class == path_class::SHIPPED);
        let modules = shipped.filter_map(|file| self.files.get(&file.path)?.as_ref().ok());
        let mut least: BTreeSet<&str> = BTreeSet::new();
        let mut any = false;
        for module in modules.filter(|module| module.module.is_some()) {
            any = true;
            least.extend(module.toolchain.as_deref().or(module.go.as_deref()));
        }
        let least: Vec<&str> = least.into_iter().take(5).collect();
        let at_least = if least.is_empty() { String::new() } else { format!("at least {}, and ", least.join(", ")) };
        any.then(|| {
            format!(
                "The standard library of Go is part of what is built: {at_least}not known exactly; it is not listed as a component"
            )
        })
    }
}

impl Reader for Go {
    fn manifest(&self, file: &SourceFile, _: &Limits) -> Result<Option<Manifest>, String> {
        let open = match tree_path::name(&file.path) {
            "Gopkg.toml" => "it is of dep, whose files this version does not read; `go mod init` makes a go.mod of it",
            "glide.yaml" => {
                "it is of glide, whose files this version does not read; `go mod init` makes a go.mod of it"
            }
            _ => "",
        };
        if !open.is_empty() {
            return Ok(Some(Manifest { open: Some(open.to_owned()), ..Manifest::of(file) }));
        }
        let read = self.files.get(&file.path).ok_or("it was not read")?.as_ref().map_err(Clone::clone)?;
        if tree_path::name(&file.path) == WORK {
            return Ok(None);
        }
        let folder = tree_path::folder(&file.path);
        let mut manifest = Manifest { name: read.module.clone(), ..Manifest::of(file) };
        for require in &read.requires {
            if let Some(sibling) = self.sibling(read, folder, require) {
                manifest.siblings.push(sibling);
            } else {
                manifest.wants.push(Want {
                    name: require.path.clone(),
                    requirement: require.version.clone(),
                    usage: Usage::Normal,
                    optional: false,
                });
            }
        }
        if let (true, Some(unknown)) = (read.requires.is_empty(), read.unknown.first()) {
            manifest.open = Some(unknown.clone());
        }
        Ok(Some(manifest))
    }

    fn locks<'a>(&self, manifests: &[&'a SourceFile], lockfiles: &[&'a SourceFile]) -> Vec<&'a SourceFile> {
        let own = manifests.iter().filter(|file| {
            let read = self.files.get(&file.path).and_then(|read| read.as_ref().ok());
            read.is_some_and(|read| match tree_path::name(&file.path) {
                WORK => !read.replaces.is_empty(),
                _ => !read.requires.is_empty(),
            })
        });
        let others = lockfiles.iter().filter(|file| {
            let folder = tree_path::folder(&file.path);
            let modules = |folder: &str| self.files.contains_key(&tree_path::within(folder, MANIFEST));
            match tree_path::name(&file.path) {
                // They say more of a go.mod, or of a go.work.
                SUMS => !modules(folder),
                "go.work.sum" => !self.files.contains_key(&tree_path::within(folder, WORK)),
                VENDORED => {
                    let parent = tree_path::folder(folder);
                    self.vendored_in(parent).is_none() || !modules(parent)
                }
                _ => true,
            }
        });
        own.chain(others).copied().collect()
    }

    fn lockfile(&self, file: &SourceFile, limits: &Limits) -> Result<Graph, LockError> {
        let malformed = |reason: &str| Err(LockError::Malformed(reason.to_owned()));
        let folder = tree_path::folder(&file.path);
        match tree_path::name(&file.path) {
            MANIFEST => self.of_module(folder, limits),
            WORK => self.of_work(&file.path),
            VENDORED => self.of_vendored(tree_path::folder(folder)),
            SUMS | "go.work.sum" => malformed("there is no go.mod next to it, which says what it is of"),
            "Gopkg.lock" => malformed("it is of dep, whose files this version does not read"),
            _ => malformed("it is of glide, whose files this version does not read"),
        }
    }

    fn member(&self, manifest: &Manifest, graph: &Graph, _: &BTreeSet<&str>) -> (Member, Agreement) {
        if graph.format != MANIFEST {
            return (Member::default(), Agreement::Yes);
        }
        self.member_of(manifest.folder(), graph)
    }

    fn own_purl<'a>(&self, name: &'a str, version: &'a str) -> Named<'a> {
        golang_url(name, version)
    }

    fn registry_address(&self) -> &'static str {
        "https://proxy.golang.org"
    }
}

/// The package URL of a module is made of this.
///
/// Source: Package URL specification, type `golang`: all of the path but its last part is the namespace.
fn golang_url<'a>(name: &'a str, version: &'a str) -> Named<'a> {
    Named::split("golang", name, version)
}

#[cfg(test)]
mod tests;
