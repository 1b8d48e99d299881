//! Components as advisories and the registry's index know them.

use plimsoll_advisories::{Ecosystem, LockedPackage, Package, REGISTRY};
use plimsoll_components::{Component, is_of_registry, published_in};

/// A component as the index of crates.io knows it; nothing where it is of another ecosystem, or its version cannot be compared.
pub fn locked_package(component: &Component) -> Option<LockedPackage> {
    let version = component.version.parse().ok().filter(|_| is_of_registry(component, REGISTRY))?;
    Some(LockedPackage { name: component.name.clone(), version, default_registry: component.is_from(REGISTRY) })
}

/// A component as advisories know it; nothing where it is not of a public registry that they speak of, or has no version.
pub fn published_package(component: &Component) -> Option<Package> {
    let ecosystem = Ecosystem::of(published_in(component)?).filter(|_| !component.version.is_empty())?;
    Some(Package { ecosystem, name: component.name.clone(), version: component.version.clone() })
}
