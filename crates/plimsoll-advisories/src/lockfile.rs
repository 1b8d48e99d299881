//! A locked package as far as matching needs it.

/// One package of a lockfile.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct LockedPackage {
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: semver::Version,
    /// True when it comes from crates.io, which is what RustSec speaks of.
    pub default_registry: bool,
}
