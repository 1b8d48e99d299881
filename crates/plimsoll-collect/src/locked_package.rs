//! Components as advisories and the registry's index know them.

use plimsoll_advisories::{Ecosystem, LockedPackage, Package, REGISTRY};
use plimsoll_components::{Component, is_of_registry, published_in};

/// A component as the index of crates.io knows it; nothing where it is of another ecosystem, or its version cannot be compared.
pub fn locked_package(component: &Component) -> Option<LockedPackage> {
    let version = component.version.parse().ok().filter(|_| is_of_registry(component, REGISTRY))?;
    Some(LockedPackage { name: component.name.clone(), version, default_registry: component.is_from(REGISTRY) })
}

/// A component as advisories know it, by each name that they may have for it; nothing where it is not of a public registry that
/// they speak of, or has no version.
///
/// An action in a folder of its repository may be named with that folder, and what is said of the repository is said of it too.
pub fn published_packages(component: &Component) -> Vec<Package> {
    let ecosystem = published_in(component).and_then(Ecosystem::of).filter(|_| !component.version.is_empty());
    let Some(ecosystem) = ecosystem else { return Vec::new() };
    let version = component.release.as_ref().unwrap_or(&component.version);
    let package = |name: String| Package { ecosystem, name, version: version.clone() };
    let inside = component.purl.strip_prefix("pkg:githubactions/").and_then(|purl| purl.split_once('#'));
    let inside = inside.map(|(_, path)| format!("{}/{path}", component.name));
    std::iter::once(component.name.clone()).chain(inside).map(package).collect()
}
