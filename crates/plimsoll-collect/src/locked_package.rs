//! Components as advisories and the registry's index know them.

use plimsoll_advisories::{LockedPackage, REGISTRY};
use plimsoll_components::Component;

/// A component as advisories and the registry's index know it; nothing where it is of another ecosystem, or its version cannot
/// be compared.
pub fn locked_package(component: &Component) -> Option<LockedPackage> {
    let version = component.version.parse().ok().filter(|_| component.is_of(REGISTRY))?;
    Some(LockedPackage { name: component.name.clone(), version, default_registry: component.is_from(REGISTRY) })
}
