//! vcpkg (C and C++): vcpkg.json and vcpkg-configuration.json.
//!
//! It has no lockfile: what is built follows from the revision of a registry (`builtin-baseline`, `baseline`), which is not in the
//! tree. Names of direct dependencies are listed, and versions where `overrides` say them.

mod manifest;

use std::collections::{BTreeMap, BTreeSet};

use plimsoll_model::tree_path;

use self::manifest::{Asking, Registries};
use super::{
    Ecosystem, Resolution,
    locked::{
        self, Reader,
        graph::{Graph, LockError, Member, Package, Want},
        manifest::{Agreement, Manifest},
    },
    purl::Named,
};
use crate::{
    component::Origin,
    options::{Limits, Options},
    tree_file::SourceFile,
};

const MANIFEST: &str = "vcpkg.json";
const CONFIGURATION: &str = "vcpkg-configuration.json";

/// The registry that is meant where no other is named.
///
/// Source: vcpkg docs, "vcpkg.json Reference", `builtin-baseline`.
const BUILT_IN: &str = "https://github.com/microsoft/vcpkg";

/// The ecosystem, with the configurations of a tree by their folders.
pub(crate) struct Vcpkg {
    configurations: BTreeMap<String, Result<Registries, String>>,
}

/// Nothing read yet.
pub(crate) const VCPKG: Vcpkg = Vcpkg { configurations: BTreeMap::new() };

impl Ecosystem for Vcpkg {
    fn name(&self) -> &'static str {
        "vcpkg"
    }

    fn purl_types(&self) -> &'static [&'static str] {
        &["vcpkg"]
    }

    fn manifests(&self) -> &'static [&'static str] {
        &[MANIFEST, CONFIGURATION]
    }

    fn lockfiles(&self) -> &'static [&'static str] {
        &[]
    }

    fn update_tools(&self) -> &'static [&'static str] {
        &["vcpkg"]
    }

    fn resolve(&self, files: &[SourceFile], options: &Options) -> Resolution {
        let is_one = |file: &&SourceFile| tree_path::name(&file.path) == CONFIGURATION;
        let small = |file: &&SourceFile| file.bytes.len() <= options.limits.manifest_bytes;
        let read = |file: &SourceFile| (tree_path::folder(&file.path).to_owned(), manifest::configuration(&file.bytes));
        let configurations = files.iter().filter(is_one).filter(small).map(read).collect();
        locked::resolve(&Self { configurations }, files, options)
    }
}

impl Vcpkg {
    /// The manifest of a package; `registries` say where what it asks for comes from.
    fn listed(file: &SourceFile, asking: Asking, registries: &Registries) -> Manifest {
        let mut manifest = Manifest { name: asking.name, version: asking.version, ..Manifest::of(file) };
        manifest.licence = asking.licence;
        manifest.open = asking.open;
        for asked in asking.asked {
            let version = asking.overrides.get(&asked.name).cloned().unwrap_or_default();
            let origin = Origin::Registry(registries.of(&asked.name).unwrap_or(BUILT_IN).to_owned());
            let purl = vcpkg_url(&asked.name, &version);
            let purl = if registries.of(&asked.name).is_none() { purl.qualified(&[]) } else { purl.from(&origin) };
            manifest.pins.push(Package {
                name: asked.name.clone(),
                version,
                purl,
                origin,
                usage: Some(asked.usage),
                ..Package::default()
            });
            manifest.wants.push(Want {
                name: asked.name,
                requirement: asked.least.unwrap_or_default(),
                usage: asked.usage,
                optional: asked.optional,
            });
        }
        manifest
    }
}

impl Reader for Vcpkg {
    fn manifest(&self, file: &SourceFile, _: &Limits) -> Result<Option<Manifest>, String> {
        let folder = tree_path::folder(&file.path);
        if tree_path::name(&file.path) == CONFIGURATION {
            return manifest::configuration(&file.bytes).map(|_| None);
        }
        let mut asking = manifest::read(&file.bytes)?;
        let nothing = Registries::default();
        // What stands in the manifest counts before what stands next to it.
        let registries = match (asking.registries.take(), self.configurations.get(folder)) {
            (Some(own), _) => own,
            (None, Some(Ok(next))) => next.clone(),
            (None, Some(Err(_))) => {
                let reason = format!("{CONFIGURATION} next to it was not understood");
                asking.open = asking.open.or(Some(reason));
                nothing
            }
            (None, None) => nothing,
        };
        Ok(Some(Self::listed(file, asking, &registries)))
    }

    fn lockfile(&self, _: &SourceFile, _: &Limits) -> Result<Graph, LockError> {
        Err(LockError::Malformed("it is no lockfile of vcpkg".to_owned()))
    }

    fn member(&self, _: &Manifest, _: &Graph, _: &BTreeSet<&str>) -> (Member, Agreement) {
        (Member::default(), Agreement::NotKnown("vcpkg has no lockfiles".to_owned()))
    }

    fn own_purl<'a>(&self, name: &'a str, version: &'a str) -> Named<'a> {
        vcpkg_url(name, version)
    }

    fn registry_address(&self) -> &'static str {
        BUILT_IN
    }
}

fn vcpkg_url<'a>(name: &'a str, version: &'a str) -> Named<'a> {
    Named { kind: "vcpkg", namespace: None, name, version }
}

#[cfg(test)]
mod tests;
