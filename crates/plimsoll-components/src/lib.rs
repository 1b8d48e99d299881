//! Lockfiles and manifests to components with package URLs; CycloneDX and SPDX out.
//!
//! One decision shaped this crate: files come in as data and cargo is asked about a copy of the manifests alone, in a
//! folder of our own, with empty source files. The cost is that a workspace whose manifests lead out of the tree is told
//! from Cargo.lock only; what is won is that nothing of the repository is in force or runs while it is examined.

mod ecosystem;
mod error;
mod input;
mod inventory;
mod path;
mod path_class;
mod sbom;
mod survey;
mod types;

pub use ecosystem::cargo::{
    crate_sources::CrateSources,
    repack::{Packed, Repack, RepackError},
    ships::{Ships, ships},
};
pub use error::ComponentsError;
pub use input::{Limits, Options, Resolver, Role, SourceFile, UnreadFile, role};
pub use inventory::inventory;
pub use path_class::PathClass;
pub use sbom::{
    cyclonedx::cyclonedx,
    entries::DocumentInfo,
    published::{PublishedSbom, SbomComparison},
    spdx::spdx,
};
pub use survey::Survey;
pub use types::{
    Cause, Component, Dependencies, Ecosystem, Gap, Holds, Inventory, Lockfile, Reach, ResolvedBy, Scope, Source,
    Whole, Workspace,
};

#[cfg(test)]
mod test_support;
#[cfg(test)]
mod tests;
