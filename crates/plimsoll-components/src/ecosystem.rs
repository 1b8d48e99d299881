//! What an ecosystem of packages is: how it is called, which files are its own, and what they come to.

mod address;
pub(crate) mod cargo;
mod composer;
mod conan;
mod docker;
mod fact;
mod file_names;
mod files;
mod found;
mod git_submodule;
mod github_actions;
mod go;
mod gradle;
mod hex;
pub(crate) mod locked;
mod maven;
pub(crate) mod member_globs;
mod npm;
mod nuget;
mod outside;
mod pub_dart;
pub(crate) mod purl;
mod pypi;
mod registry;
mod rubygems;
mod swift;
mod uncompared;
mod unresolved;
mod vcpkg;

pub use fact::component_of_fact;
pub(crate) use file_names::of as of_path;
pub(crate) use files::{Aside, Files};
pub use found::{FoundEcosystem, Holds};
pub use registry::ECOSYSTEMS;
pub(crate) use uncompared::uncompared;

use std::{collections::BTreeSet, sync::LazyLock};

use crate::{
    component::Component,
    gap::Gap,
    options::Options,
    package_sources::PackageSources,
    path_class,
    tree_file::{Role, SourceFile},
    workspace::{Lockfile, Workspace},
};

/// An ecosystem of packages, or what else a tree may be built from.
///
/// One module that implements it and one line in [`ECOSYSTEMS`] add one: everything that lists ecosystems, names of their
/// files or of the tools that update them reads that slice.
pub trait Ecosystem: Sync {
    /// Its name in facts: the type of its package URLs, where it is the only one with that type.
    fn name(&self) -> &'static str;

    /// What its files say of the product.
    fn holds(&self) -> Holds {
        Holds::Packages
    }

    /// The types that package URLs of its components have.
    fn purl_types(&self) -> &'static [&'static str];

    /// Patterns of the names of its manifests.
    fn manifests(&self) -> &'static [&'static str];

    /// Patterns of the names of its lockfiles.
    fn lockfiles(&self) -> &'static [&'static str];

    /// What Dependabot and Renovate call it.
    fn update_tools(&self) -> &'static [&'static str] {
        &[]
    }

    /// The registry that a package URL of it means where it names no other, by the name that OSV has for it.
    fn public_registry(&self) -> Option<&'static str> {
        None
    }

    /// Is a component what that registry has under its name and version, so that what is said of those is said of it?
    fn is_published(&self, component: &Component) -> bool {
        self.public_registry().is_some_and(|registry| component.is_from(registry))
    }

    /// Is a version within what is asked for, as its package manager reads it? `None` where that is no range that is understood.
    fn allows(&self, _range: &str, _version: &str) -> Option<bool> {
        None
    }

    /// Where that registry has the archive of a component.
    fn archive(&self, _component: &Component) -> Option<String> {
        None
    }

    /// Are its files read? Of those that are not, the names alone are known, and that they were not read is a gap.
    fn is_read(&self) -> bool {
        true
    }

    /// Do its files list all that they bring in? Of others what they name is listed, and that there may be more is a gap.
    fn lists_all(&self) -> bool {
        self.is_read()
    }

    /// What a path is to it; nothing where it does not want it.
    fn role(&self, path: &str) -> Option<Role> {
        let hit = file_names::of(path).filter(|hit| hit.ecosystem.name() == self.name())?;
        Some(if hit.lockfile { Role::Lockfile } else { Role::Manifest })
    }

    /// The class of what a file of it is for, by its path and, where it could be read, by what it says; nothing where it turns out
    /// to be none of its files.
    fn class<'a>(&self, path: &str, class: &'a str, bytes: Option<&[u8]>) -> Option<&'a str> {
        let _ = bytes;
        Some(if self.holds() == Holds::BuildFiles { path_class::of_build_file(path, class) } else { class })
    }

    /// The path of the configuration that may be in force through a link at `path`, where there may be one.
    fn configuration_behind(&self, _path: &str) -> Option<String> {
        None
    }

    /// Folders of copies that a file of it lists, so that what lies there is a component and no unknown copy.
    fn copies(&self, _file: &SourceFile) -> Vec<String> {
        Vec::new()
    }

    /// What its files among `files` come to. Never fails: what cannot be told is a gap.
    fn resolve(&self, files: &[SourceFile], options: &Options) -> Resolution;
}

/// What the files of one ecosystem come to.
#[derive(Debug, Default)]
pub struct Resolution {
    /// Workspaces.
    pub workspaces: Vec<Workspace>,
    /// Lockfiles.
    pub lockfiles: Vec<Lockfile>,
    /// Components.
    pub components: Vec<Component>,
    /// What could not be looked at in what may ship.
    pub gaps: Vec<Gap>,
    /// What the rules cannot see here, in plain words.
    pub limitations: Vec<String>,
    /// Version of the package manager that said what the graph is, where one did.
    pub package_manager: Option<String>,
    /// Which sources of packages from elsewhere were at hand; `None` where none is locked in what ships.
    pub package_sources: Option<PackageSources>,
    /// How many manifests were looked at.
    pub manifests: u64,
}

/// The ecosystems whose files are read.
pub(crate) fn read() -> impl Iterator<Item = &'static dyn Ecosystem> {
    ECOSYSTEMS.iter().copied().filter(|ecosystem| ecosystem.is_read())
}

/// Is it the name of an ecosystem whose files list all that they bring in?
pub(crate) fn lists_all(name: &str) -> bool {
    read().any(|ecosystem| ecosystem.name() == name && ecosystem.lists_all())
}

/// The ecosystem whose files are read and whose components have package URLs like this one.
pub(crate) fn of_purl(purl: &str) -> Option<&'static dyn Ecosystem> {
    let (kind, _) = purl.strip_prefix("pkg:")?.split_once('/')?;
    read().find(|ecosystem| ecosystem.purl_types().contains(&kind))
}

/// The public registry that a component could be in: that of its ecosystem, by the name that OSV has for it.
pub fn public_registry(component: &Component) -> Option<&'static str> {
    registry_of_purl(&component.purl)
}

/// The public registry that has a component under its name and version, by the name that OSV has for it.
pub fn published_in(component: &Component) -> Option<&'static str> {
    of_purl(&component.purl).filter(|ecosystem| ecosystem.is_published(component)).and_then(Ecosystem::public_registry)
}

/// The public registry of the ecosystem that this package URL is of, by the name that OSV has for it.
pub fn registry_of_purl(purl: &str) -> Option<&'static str> {
    of_purl(purl).and_then(Ecosystem::public_registry)
}

/// Is a version of the package of this package URL within a range, as its package manager reads it? `None` where that is not known.
pub fn allows(purl: &str, range: &str, version: &str) -> Option<bool> {
    of_purl(purl)?.allows(range, version)
}

/// Could a component be in this public registry: is it of the ecosystem that has it?
pub fn is_of_registry(component: &Component, registry: &str) -> bool {
    public_registry(component) == Some(registry)
}

/// The types of package URLs that components of these ecosystems have.
pub(crate) fn purl_types(ecosystems: &[FoundEcosystem]) -> BTreeSet<&'static str> {
    let found = ECOSYSTEMS.iter().filter(|known| ecosystems.iter().any(|one| one.name == known.name()));
    found.flat_map(|ecosystem| ecosystem.purl_types()).copied().collect()
}

/// The same of those of which not all is listed.
pub(crate) fn unlisted_types(ecosystems: &[FoundEcosystem]) -> BTreeSet<&'static str> {
    let unlisted = ECOSYSTEMS.iter().filter(|known| !known.lists_all());
    let found = unlisted.filter(|known| ecosystems.iter().any(|one| one.name == known.name()));
    found.flat_map(|ecosystem| ecosystem.purl_types()).copied().collect()
}

/// Gives what a path is to this crate, so that the caller reads and passes just what is wanted.
pub fn role(path: &str) -> Option<Role> {
    read().find_map(|ecosystem| ecosystem.role(path))
}

/// The class of what a file of any ecosystem is for; nothing where it turns out to be of none.
pub(crate) fn class<'a>(path: &str, class: &'a str, bytes: Option<&[u8]>) -> Option<&'a str> {
    of_path(path).map_or(Some(class), |hit| hit.ecosystem.class(path, class, bytes))
}

/// The path of the configuration that may be in force through a link at `path`, where there may be one.
pub fn configuration_behind(path: &str) -> Option<String> {
    read().find_map(|ecosystem| ecosystem.configuration_behind(path))
}

/// The names that update tools have for ecosystems, each with the name of the ecosystem; sorted.
pub fn update_tools() -> &'static [(&'static str, &'static str)] {
    static TOOLS: LazyLock<Vec<(&str, &str)>> = LazyLock::new(|| {
        let of_one = |ecosystem: &&'static dyn Ecosystem| {
            let name = ecosystem.name();
            ecosystem.update_tools().iter().map(move |tool| (*tool, name))
        };
        let mut tools: Vec<_> = ECOSYSTEMS.iter().flat_map(of_one).collect();
        tools.sort_unstable();
        tools
    });
    &TOOLS
}

/// The name by which a lockfile that was given alone is read: its own where that is one of a lockfile, else that of the
/// first ecosystem that has one.
pub fn lockfile_name(given: &str) -> &str {
    if role(given) == Some(Role::Lockfile) {
        return given;
    }
    read().find_map(|ecosystem| ecosystem.lockfiles().first().copied()).unwrap_or(given)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_ecosystem_and_each_of_its_names_is_listed_once() {
        let mut names: Vec<&str> = ECOSYSTEMS.iter().map(|ecosystem| ecosystem.name()).collect();
        names.sort_unstable();
        assert!(names.is_sorted_by(|one, other| one < other), "{names:?}");
        assert!(update_tools().is_sorted_by(|one, other| one.0 < other.0), "{:?}", update_tools());
        for ecosystem in read() {
            // What is read is found again by its package URLs, and has files that are wanted.
            for kind in ecosystem.purl_types() {
                let found = of_purl(&format!("pkg:{kind}/a@1")).unwrap();
                // Two may take packages from one registry.
                assert!(found.purl_types() == ecosystem.purl_types(), "{kind}: {}", ecosystem.name());
            }
            for manifest in ecosystem.manifests() {
                assert_eq!(role(&manifest.replace('*', "x")), Some(Role::Manifest), "{manifest}");
            }
            for lockfile in ecosystem.lockfiles() {
                assert_eq!(role(&lockfile.replace('*', "x")), Some(Role::Lockfile), "{lockfile}");
            }
        }
    }
}
