//! What is known of a folder before its manifests are read.

use std::collections::BTreeSet;

use plimsoll_model::tree_path;

use super::{Kind, MANIFEST, PIPFILE, SETUP_CONFIGURATION, kind, pyproject, relevant_content, requirements, setup};
use crate::{
    component::Origin,
    ecosystem::locked::{graph::Usage, manifest::Manifest},
    tree_file::SourceFile,
};

/// A folder with files of Python's package managers.
#[derive(Default)]
pub(super) struct Folder {
    pub names: BTreeSet<String>,
    pub project: pyproject::Project,
    pub name: Option<String>,
    pub version: Option<String>,
    /// Names that it asks for to run.
    pub asks: Vec<String>,
    /// Names of what it is built with.
    pub builds: Vec<String>,
    /// Digests that a lockfile may have of its manifest.
    pub digests: Vec<String>,
    /// The digest that a lockfile of Pipenv may have.
    pub pipfile: Option<String>,
    /// Where PDM takes packages from, where its manifest says so.
    pub index: Option<Origin>,
}

/// Notes what is to be known of a folder before its manifests are read.
pub(super) fn look_at(file: &SourceFile, folder: &mut Folder) {
    let name = tree_path::name(&file.path);
    if name == SETUP_CONFIGURATION {
        if let Ok(Some(manifest)) = setup::configuration(file) {
            folder.asks.extend(asked_to_run(&manifest));
        }
        return;
    }
    let Some(table) = matches!(name, MANIFEST | PIPFILE).then(|| pyproject::parse(&file.bytes).ok()).flatten() else {
        return;
    };
    if name == PIPFILE {
        folder.pipfile = relevant_content::pipenv(&table);
        return;
    }
    folder.digests = relevant_content::poetry(&table);
    folder.digests.extend(relevant_content::pdm(&table));
    if let Ok((project, manifest)) = pyproject::read(file, &table, false) {
        folder.index = pyproject::index_of_pdm(&table);
        folder.project = project;
        if let Some(manifest) = manifest {
            folder.asks.extend(asked_to_run(&manifest));
            let builds = manifest.wants.iter().filter(|want| want.usage == Usage::Build);
            folder.builds.extend(builds.map(|want| want.name.clone()));
            folder.name = manifest.name;
            folder.version = manifest.version;
        }
    }
}

fn asked_to_run(manifest: &Manifest) -> impl Iterator<Item = String> + '_ {
    let wants = manifest.wants.iter().filter(|want| want.usage == Usage::Normal && !want.optional);
    wants.map(|want| want.name.clone())
}

impl Folder {
    /// Is there a file of this name?
    pub fn has(&self, name: &str) -> bool {
        self.names.contains(name)
    }

    /// Is there a lockfile of a manager of packages?
    pub fn has_lock(&self) -> bool {
        self.names.iter().any(|name| kind(name) == Some(Kind::Lockfile))
    }

    /// Does a requirements file lock what the package of the folder asks for? Where its manager has a lockfile that counts.
    pub fn is_locked_by(&self, path: &str, environment: &requirements::Environment) -> bool {
        let Some(lock) = environment.lock.as_ref().filter(|_| !self.has_lock() && !requirements::is_for_work(path))
        else {
            return false;
        };
        !self.asks.is_empty() && self.asks.iter().all(|name| lock.answers.contains_key(name))
    }
}
