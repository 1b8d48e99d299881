//! Components as advisories and the registry's index know them.

use plimsoll_advisories::{LockedPackage, REGISTRY};
use plimsoll_components::{Component, is_of_registry};

/// A component as advisories and the registry's index know it; nothing where it is of another ecosystem, or its version cannot
/// be compared.
pub fn locked_package(component: &Component) -> Option<LockedPackage> {
    let version = component.version.parse().ok().filter(|_| is_of_registry(component, REGISTRY))?;
    Some(LockedPackage { name: component.name.clone(), version, default_registry: component.is_from(REGISTRY) })
}
