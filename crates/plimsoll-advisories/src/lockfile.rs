//! A Cargo.lock as far as matching needs it.

use crate::AdvisoryError;

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

/// Gives the packages of a Cargo.lock of any version that the cargo-lock crate reads (1 to 4).
pub fn parse_lockfile(text: &str) -> Result<Vec<LockedPackage>, AdvisoryError> {
    let lockfile: cargo_lock::Lockfile = text
        .parse()
        .map_err(|error: cargo_lock::Error| AdvisoryError::Lockfile { reason: error.to_string().replace('\n', " ") })?;
    Ok(lockfile
        .packages
        .into_iter()
        .map(|package| LockedPackage {
            name: package.name.as_str().to_owned(),
            version: package.version,
            default_registry: package.source.is_some_and(|source| source.is_default_registry()),
        })
        .collect())
}
