//! An ecosystem of which this version knows the files by their names, and reads none.

use super::{Ecosystem, Holds, Resolution};
use crate::{options::Options, tree_file::SourceFile};

/// One of them: a row of [`super::ECOSYSTEMS`].
#[derive(Debug)]
pub(crate) struct Unresolved {
    pub(crate) name: &'static str,
    pub(crate) holds: Holds,
    pub(crate) purl_types: &'static [&'static str],
    pub(crate) manifests: &'static [&'static str],
    pub(crate) lockfiles: &'static [&'static str],
    pub(crate) update_tools: &'static [&'static str],
}

/// A package manager, by its name, the types of its package URLs, its manifests and its lockfiles.
pub(crate) const fn packages(
    name: &'static str,
    purl_types: &'static [&'static str],
    manifests: &'static [&'static str],
    lockfiles: &'static [&'static str],
) -> Unresolved {
    Unresolved { name, holds: Holds::Packages, purl_types, manifests, lockfiles, update_tools: &[] }
}

/// A build system, whose files may bring in more than is in the tree.
pub(crate) const fn build(
    name: &'static str,
    manifests: &'static [&'static str],
    lockfiles: &'static [&'static str],
) -> Unresolved {
    Unresolved { name, holds: Holds::BuildFiles, purl_types: &[], manifests, lockfiles, update_tools: &[] }
}

impl Unresolved {
    /// The same, with the names that update tools have for it.
    pub(crate) const fn updated_by(self, update_tools: &'static [&'static str]) -> Self {
        Self { update_tools, ..self }
    }
}

impl Ecosystem for Unresolved {
    fn name(&self) -> &'static str {
        self.name
    }

    fn holds(&self) -> Holds {
        self.holds
    }

    fn purl_types(&self) -> &'static [&'static str] {
        self.purl_types
    }

    fn manifests(&self) -> &'static [&'static str] {
        self.manifests
    }

    fn lockfiles(&self) -> &'static [&'static str] {
        self.lockfiles
    }

    fn update_tools(&self) -> &'static [&'static str] {
        self.update_tools
    }

    fn is_read(&self) -> bool {
        false
    }

    fn resolve(&self, _: &[SourceFile], _: &Options) -> Resolution {
        Resolution::default()
    }
}
