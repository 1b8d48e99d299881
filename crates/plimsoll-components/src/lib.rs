//! Lockfiles and manifests to components with package URLs; CycloneDX and SPDX out.
//!
//! One decision shaped this crate: files come in as data and cargo is asked about a copy of the manifests alone, in a
//! folder of our own, with empty source files. The cost is that a workspace whose manifests lead out of the tree is told
//! from Cargo.lock only; what is won is that nothing of the repository is in force or runs while it is examined.

mod cargo;
mod cargo_metadata;
mod class;
mod configuration;
mod crate_sources;
mod cyclonedx;
mod discover;
mod document;
mod ecosystem;
mod error;
mod features;
mod input;
mod inventory;
mod known;
mod licence;
mod lock;
mod lock_check;
mod manifest;
mod manifests;
mod path;
mod pattern;
mod published;
mod purl;
mod reach;
mod repack;
mod resolve;
mod scratch;
mod ships;
mod spdx_document;
mod survey;
mod targets;
mod types;

pub use class::PathClass;
pub use crate_sources::CrateSources;
pub use cyclonedx::cyclonedx;
pub use document::DocumentInfo;
pub use error::ComponentsError;
pub use input::{Limits, Options, Resolver, Role, SourceFile, UnreadFile, role};
pub use inventory::inventory;
pub use published::{PublishedSbom, SbomComparison};
pub use repack::{Packed, Repack, RepackError};
pub use ships::{Ships, ships};
pub use spdx_document::spdx;
pub use survey::Survey;
pub use types::{
    Cause, Component, Dependencies, Ecosystem, Gap, Holds, Inventory, Lockfile, Reach, ResolvedBy, Scope, Source,
    Whole, Workspace,
};

#[cfg(test)]
mod support;
#[cfg(test)]
mod tests;
