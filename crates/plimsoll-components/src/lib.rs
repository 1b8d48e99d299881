//! Lockfiles and manifests to components with package URLs; CycloneDX and SPDX out.
//!
//! One decision shaped this crate: files come in as data and cargo is asked about a copy of the manifests alone, in a
//! folder of our own, with empty source files. The cost is that a workspace whose manifests lead out of the tree is told
//! from the lockfile only; what is won is that nothing of the repository is in force or runs while it is examined.

mod component;
mod ecosystem;
mod error;
mod gap;
mod hash;
mod inventory;
mod licence;
mod options;
mod package_sources;
mod path_class;
mod sbom;
mod survey;
mod tree_file;
mod workspace;
mod xml;

pub use component::{Component, Origin, Scope, Source};
pub use ecosystem::{
    ECOSYSTEMS, Ecosystem, FoundEcosystem, Holds, Resolution, allows,
    cargo::{
        repack::{Packed, Repack, RepackError},
        ships::{Ships, ships},
    },
    component_of_fact, configuration_behind, is_of_registry, lockfile_name, public_registry, published_in,
    registry_of_purl, role, update_tools,
};
pub use error::ComponentsError;
pub use gap::{Cause, Gap};
pub use hash::{Algorithm, Hash, NoHash};
pub use inventory::{Inventory, inventory};
pub use options::{Limits, Options, Resolver};
pub use package_sources::PackageSources;
pub use path_class::PathClass;
pub use sbom::{
    cyclonedx::cyclonedx,
    difference::{ComponentSet, Difference, OtherHash, OtherVersion},
    document::{Digest, Document, Fault, Format, Listed, Party, Tool},
    entries::DocumentInfo,
    forms::{SBOM_FORMS, SbomForm},
    profile::{Field, Need, PROFILES, Practice, Profile, ProfileReport, Row, SeenPractice, Verdict},
    published::{PublishedSbom, SbomComparison},
    spdx::spdx,
};
pub use survey::Survey;
pub use tree_file::{Gitlink, Role, SourceFile, UnreadFile};
pub use workspace::{Dependencies, Locked, Lockfile, ResolvedBy, Whole, Workspace};

#[cfg(test)]
mod test_support;
#[cfg(test)]
mod tests;
