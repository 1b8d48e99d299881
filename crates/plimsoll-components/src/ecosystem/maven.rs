//! Maven: pom.xml.
//!
//! Maven has no lockfile. What a project asks for by name is listed with the version that is written, which is the one that is
//! taken; what that needs is in files of a registry, and is told as not known.

pub(in crate::ecosystem) mod coordinates;
mod effective;
mod pom;

use std::collections::{BTreeMap, BTreeSet};

use plimsoll_model::tree_path;
use url::Url;

use self::{
    effective::{Budget, Effective},
    pom::Pom,
};
use super::{
    Ecosystem, Resolution,
    locked::{
        self, Reader,
        graph::{Graph, LockError, Member, Package, Usage, Want},
        manifest::{Agreement, Manifest, Sibling},
    },
    purl::Named,
};
use crate::{
    component::{Component, Origin},
    options::{Limits, Options},
    tree_file::SourceFile,
};

const MANIFEST: &str = "pom.xml";

/// The public registry.
///
/// Source: OSV schema, `affected[].package.ecosystem`.
pub(in crate::ecosystem) const REGISTRY: &str = "Maven";
pub(in crate::ecosystem) const ADDRESS: &str = "https://repo.maven.apache.org/maven2";
/// Other addresses of it.
const ALSO: &str = "https://repo1.maven.org/maven2";

/// What all projects together may ask for, and have lists of.
const BUDGET: Budget = Budget { dependencies: 500_000, entries: 20_000_000 };

/// The ecosystem, with what was read of the files of a tree: a project is in its own and in those of its parents.
pub(crate) struct Maven {
    poms: BTreeMap<String, Result<Pom, String>>,
    projects: BTreeMap<String, Effective>,
    /// Paths of projects by `GROUP:NAME`.
    by_name: BTreeMap<String, Vec<String>>,
}

/// Nothing read yet.
pub(crate) const MAVEN: Maven = Maven { poms: BTreeMap::new(), projects: BTreeMap::new(), by_name: BTreeMap::new() };

impl Ecosystem for Maven {
    fn name(&self) -> &'static str {
        "maven"
    }

    fn purl_types(&self) -> &'static [&'static str] {
        &["maven"]
    }

    fn manifests(&self) -> &'static [&'static str] {
        &[MANIFEST]
    }

    fn lockfiles(&self) -> &'static [&'static str] {
        &[]
    }

    fn update_tools(&self) -> &'static [&'static str] {
        &["maven"]
    }

    fn public_registry(&self) -> Option<&'static str> {
        Some(REGISTRY)
    }

    /// Source: Maven, "Maven2 Repository Layout".
    fn archive(&self, component: &Component) -> Option<String> {
        let (group, name) = component.name.split_once(':')?;
        let (group, version) = (group.replace('.', "/"), &component.version);
        component.is_from(REGISTRY).then(|| format!("{ADDRESS}/{group}/{name}/{version}/{name}-{version}.jar"))
    }

    fn resolve(&self, files: &[SourceFile], options: &Options) -> Resolution {
        locked::resolve(&Self::of(files, options), files, options)
    }
}

impl Maven {
    fn of(files: &[SourceFile], options: &Options) -> Self {
        let mut read = MAVEN;
        let own =
            files.iter().filter(|file| tree_path::is_clean(&file.path) && tree_path::name(&file.path) == MANIFEST);
        for file in own.filter(|file| file.bytes.len() <= options.limits.manifest_bytes) {
            read.poms.insert(file.path.clone(), pom::read(&file.bytes));
        }
        for (path, pom) in &read.poms {
            let Ok(pom) = pom else { continue };
            let group = pom.group.as_ref().or_else(|| pom.parent.as_ref().map(|parent| &parent.group));
            let name = format!("{}:{}", group.map(String::as_str).unwrap_or_default(), pom.artifact);
            read.by_name.entry(name).or_default().push(path.clone());
        }
        let mut left = BUDGET;
        for path in read.poms.keys() {
            if let Some(project) = effective::read(path, &read.poms, &read.by_name, &mut left) {
                read.projects.insert(path.clone(), project);
            }
        }
        read
    }

    /// The project of the tree that is taken for a dependency: one of its name and version.
    fn sibling(&self, asked: &effective::Asked) -> Option<&str> {
        let path = self.by_name.get(&asked.name)?.first()?;
        let own = self.projects.get(path)?.version.as_deref();
        let same = asked.version.as_deref().is_none_or(|version| own.is_none_or(|own| own == version));
        same.then_some(path)
    }

    fn package(project: &Effective, asked: &effective::Asked, version: &str) -> Package {
        // Each of them may have it.
        let other =
            project.repositories.iter().map(|address| origin(address)).find(|one| !matches!(one, Origin::Public(_)));
        let origin = other.unwrap_or(Origin::Public(REGISTRY));
        Package {
            purl: coordinates::url(&asked.name, version).from(&origin),
            name: asked.name.clone(),
            version: version.to_owned(),
            origin,
            usage: Some(asked.usage),
            ..Package::default()
        }
    }
}

/// The origin that an address is.
fn origin(address: &str) -> Origin {
    let plain = address.trim().trim_end_matches('/');
    if plain == ADDRESS || plain == ALSO {
        return Origin::Public(REGISTRY);
    }
    match Url::parse(plain) {
        Ok(mut url) if matches!(url.scheme(), "https" | "http") => {
            let _ = (url.set_username(""), url.set_password(None));
            url.set_query(None);
            url.set_fragment(None);
            Origin::Registry(url.as_str().trim_end_matches('/').to_owned())
        }
        _ => Origin::Registry("unknown".to_owned()),
    }
}

impl Reader for Maven {
    fn manifest(&self, file: &SourceFile, _: &Limits) -> Result<Option<Manifest>, String> {
        let pom = self.poms.get(&file.path).ok_or("it was not read")?.as_ref().map_err(Clone::clone)?;
        let Some(project) = self.projects.get(&file.path) else { return Err("it was not read".to_owned()) };
        let mut manifest = Manifest {
            name: Some(project.name.clone()),
            version: project.version.clone(),
            licence: pom.licence.clone(),
            open: project.open.clone(),
            // What an archive of another project brought along.
            copy: file.path.contains("META-INF/maven/"),
            ..Manifest::of(file)
        };
        if manifest.copy {
            manifest.open = None;
            return Ok(Some(manifest));
        }
        let depth = if manifest.folder().is_empty() { 0 } else { manifest.folder().split('/').count() };
        for asked in &project.asked {
            if let Some(path) = self.sibling(asked).filter(|path| *path != file.path) {
                let path = format!("{}{}", "../".repeat(depth), tree_path::folder(path));
                manifest.siblings.push(Sibling { name: asked.name.clone(), usage: asked.usage, path: Some(path) });
                continue;
            }
            manifest.wants.push(Want {
                name: asked.name.clone(),
                requirement: asked.written.clone(),
                usage: asked.usage,
                optional: asked.conditional || asked.usage == Usage::Build,
            });
            manifest.pins.extend(asked.taken().map(|version| Self::package(project, asked, version)));
        }
        manifest.members.clone_from(&pom.modules);
        Ok(Some(manifest))
    }

    fn lockfile(&self, _: &SourceFile, _: &Limits) -> Result<Graph, LockError> {
        Err(LockError::Malformed("Maven has no lockfiles".to_owned()))
    }

    fn member(&self, _: &Manifest, _: &Graph, _: &BTreeSet<&str>) -> (Member, Agreement) {
        (Member::default(), Agreement::NotKnown("Maven has no lockfiles".to_owned()))
    }

    fn own_purl<'a>(&self, name: &'a str, version: &'a str) -> Named<'a> {
        coordinates::url(name, version)
    }

    fn registry_address(&self) -> &'static str {
        ADDRESS
    }
}

#[cfg(test)]
mod tests;
