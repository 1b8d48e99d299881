//! npm: package.json with the lockfiles of npm, pnpm, Yarn and Bun.

mod bun;
mod package_json;
mod package_lock;
mod pnpm;
mod sources;
mod yarn_berry;
mod yarn_classic;

use std::collections::BTreeSet;

use plimsoll_model::tree_path;

use super::{
    Ecosystem, Resolution,
    locked::{
        self, Reader,
        graph::{Graph, LockError, Member, Usage, Want},
        manifest::{Agreement, Manifest, asks_the_same, looked_up},
    },
    purl::Named,
};
use crate::{
    component::Component,
    options::{Limits, Options},
    tree_file::SourceFile,
};

const MANIFEST: &str = "package.json";

/// The public registry.
///
/// Source: OSV schema, `affected[].package.ecosystem`.
const REGISTRY: &str = "npm";

pub(crate) struct Npm;

impl Ecosystem for Npm {
    fn name(&self) -> &'static str {
        "npm"
    }

    fn purl_types(&self) -> &'static [&'static str] {
        &["npm"]
    }

    fn manifests(&self) -> &'static [&'static str] {
        &[MANIFEST, "package.json5", "pnpm-workspace.yaml"]
    }

    fn lockfiles(&self) -> &'static [&'static str] {
        &["package-lock.json", "npm-shrinkwrap.json", "yarn.lock", "pnpm-lock.yaml", "bun.lock", "bun.lockb"]
    }

    fn update_tools(&self) -> &'static [&'static str] {
        &["bun", "npm"]
    }

    fn allows(&self, range: &str, version: &str) -> Option<bool> {
        package_json::fits(range, version)
    }

    fn public_registry(&self) -> Option<&'static str> {
        Some(REGISTRY)
    }

    fn archive(&self, component: &Component) -> Option<String> {
        // The scope is in the path, and left out of the name of the file.
        let (full, version) = (&component.name, &component.version);
        let name = full.rsplit_once('/').map_or(full.as_str(), |(_, name)| name);
        component.is_from(REGISTRY).then(|| format!("https://registry.npmjs.org/{full}/-/{name}-{version}.tgz"))
    }

    fn resolve(&self, files: &[SourceFile], options: &Options) -> Resolution {
        locked::resolve(self, files, options)
    }
}

impl Reader for Npm {
    fn manifest(&self, file: &SourceFile, _: &Limits) -> Result<Option<Manifest>, String> {
        match tree_path::name(&file.path) {
            "pnpm-workspace.yaml" => pnpm::workspace(file).map(Some),
            _ => package_json::read(file).map(Some),
        }
    }

    fn lockfile(&self, file: &SourceFile, limits: &Limits) -> Result<Graph, LockError> {
        match tree_path::name(&file.path) {
            "pnpm-lock.yaml" => pnpm::read(file, limits),
            "yarn.lock" if yarn_berry::is_one(file) => yarn_berry::read(file, limits),
            "yarn.lock" => yarn_classic::read(file, limits),
            "bun.lock" => bun::read(file, limits),
            "bun.lockb" => {
                let reason = "it is in Bun's binary format, which only Bun reads; `bun install --save-text-lockfile` writes bun.lock";
                Err(LockError::Malformed(reason.to_owned()))
            }
            _ => package_lock::read(file, limits),
        }
    }

    fn member(&self, manifest: &Manifest, graph: &Graph, siblings: &BTreeSet<&str>) -> (Member, Agreement) {
        if graph.format == yarn_classic::FORMAT {
            // What a lockfile of Yarn answers is a name with a requirement.
            let by_descriptor = |want: &Want| vec![format!("{}@{}", want.name, want.requirement)];
            return with_peers(manifest, graph, looked_up(manifest, graph, siblings, by_descriptor));
        }
        let (member, told) = looked_up(manifest, graph, siblings, |want| vec![want.name.clone()]);
        let told = told.and(Agreement::NotKnown("its format does not keep what was asked for".to_owned()));
        with_peers(manifest, graph, (member, told))
    }

    fn named(&self, manifest: &Manifest, member: &Member, graph: &Graph) -> (Member, Agreement) {
        let found = match graph.format {
            yarn_berry::FORMAT => yarn_berry::member(manifest, member, graph),
            pnpm::FORMAT => pnpm::member(manifest, member),
            _ => (member.clone(), asks_the_same(manifest, member)),
        };
        with_peers(manifest, graph, found)
    }

    fn fits(&self, requirement: &str, version: &str) -> Option<bool> {
        package_json::fits(requirement, version)
    }

    fn own_purl<'a>(&self, name: &'a str, version: &'a str) -> Named<'a> {
        npm_url(name, version)
    }

    fn registry_address(&self) -> &'static str {
        "https://registry.npmjs.org"
    }
}

/// What others have to bring is needed to run, whatever else it is asked for here: a plugin is tested with what it is for.
fn with_peers(manifest: &Manifest, graph: &Graph, found: (Member, Agreement)) -> (Member, Agreement) {
    let (mut member, told) = found;
    for edge in &mut member.edges {
        if graph.packages.get(edge.to).is_some_and(|package| manifest.peers.contains(&package.name)) {
            edge.usage = Usage::Normal;
        }
    }
    (member, told)
}

/// The package URL of a package is made of this.
///
/// Source: Package URL specification, type `npm`: the scope is the namespace.
fn npm_url<'a>(name: &'a str, version: &'a str) -> Named<'a> {
    Named::split("npm", name, version)
}

#[cfg(test)]
mod tests;
