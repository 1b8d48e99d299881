//! Cargo: from Cargo.toml and Cargo.lock to components.
//!
//! cargo is asked about a copy of the manifests alone, and Cargo.lock says what it does not.

mod configuration;
mod crate_sources;
mod features;
mod licence;
mod linked_manifest;
mod lock_check;
mod lockfile;
mod manifest;
mod metadata;
mod program;
mod reach;
pub(crate) mod repack;
mod scratch;
pub(crate) mod ships;
mod target_triples;
mod tree;
mod workspace_resolution;
mod workspaces;

use plimsoll_model::tree_path;

use super::{Ecosystem, Resolution, purl::Named};
use crate::{
    component::Component,
    options::Options,
    tree_file::{Role, SourceFile},
};

const MANIFEST: &str = "Cargo.toml";
const LOCKFILE: &str = "Cargo.lock";

/// The public registry.
///
/// Source: OSV schema, `affected[].package.ecosystem`.
const CRATES_IO: &str = "crates.io";

pub(crate) struct Cargo;

impl Ecosystem for Cargo {
    fn name(&self) -> &'static str {
        "cargo"
    }

    fn purl_types(&self) -> &'static [&'static str] {
        &["cargo"]
    }

    fn manifests(&self) -> &'static [&'static str] {
        &[MANIFEST]
    }

    fn lockfiles(&self) -> &'static [&'static str] {
        &[LOCKFILE]
    }

    fn update_tools(&self) -> &'static [&'static str] {
        &["cargo"]
    }

    fn allows(&self, range: &str, version: &str) -> Option<bool> {
        let version = semver::Version::parse(version).ok()?;
        let range = semver::VersionReq::parse(range.trim()).ok().filter(|_| !range.trim().is_empty())?;
        Some(range.matches(&version))
    }

    fn public_registry(&self) -> Option<&'static str> {
        Some(CRATES_IO)
    }

    fn archive(&self, component: &Component) -> Option<String> {
        // Build metadata stands in the address as it stands in the version.
        let (name, version) = (&component.name, component.version.replace('+', "%2B"));
        component.is_from(CRATES_IO).then(|| format!("https://static.crates.io/crates/{name}/{name}-{version}.crate"))
    }

    fn role(&self, path: &str) -> Option<Role> {
        let name = tree_path::name(path);
        match name {
            MANIFEST => return Some(Role::Manifest),
            LOCKFILE => return Some(Role::Lockfile),
            _ if configuration::is_one(path) => return Some(Role::Configuration),
            _ => {}
        }
        let folder = tree_path::folder(path);
        let parent = tree_path::name(folder);
        let grandparent = tree_path::name(tree_path::folder(folder));
        // Source files by which cargo finds a package's targets; build.rs is wanted by no rule that the graph depends on.
        let target = match name {
            "lib.rs" => parent == "src",
            "main.rs" => parent == "src" || grandparent == "bin",
            _ => parent == "bin" && grandparent == "src" && is_rust(name),
        };
        target.then_some(Role::Named)
    }

    fn configuration_behind(&self, path: &str) -> Option<String> {
        // Its folder decides where it is in force.
        (tree_path::name(path) == ".cargo").then(|| format!("{path}/config.toml"))
    }

    fn resolve(&self, files: &[SourceFile], options: &Options) -> Resolution {
        tree::resolve(files, options)
    }
}

/// The package URL of a crate is made of this.
fn crate_url<'a>(name: &'a str, version: &'a str) -> Named<'a> {
    Named::split("cargo", name, version)
}

/// Is this the name of a Rust source file, as cargo spells it?
fn is_rust(path: &str) -> bool {
    tree_path::name(path).strip_suffix(".rs").is_some_and(|stem| !stem.is_empty())
}

#[cfg(test)]
pub(crate) mod tests;
