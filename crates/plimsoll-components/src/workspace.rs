//! What is known of the workspaces and lockfiles that components come from.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Who said what the resolved graph is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ResolvedBy {
    /// cargo, from the manifests and the lockfile.
    #[serde(rename = "cargo")]
    PackageManager,
    /// The lockfile alone.
    Lockfile,
    /// Nobody: there is no lockfile that could be read.
    None,
}

/// What one lockfile is for: a workspace with its members, or a single package.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Workspace {
    /// Path of its root manifest.
    pub manifest: String,
    /// Path of its lockfile.
    pub lockfile: Option<String>,
    /// How many member packages.
    pub members: u64,
    /// Does the lockfile hold what its manifests ask for?
    pub locked: Locked,
    /// The class nearest to the user among its members.
    pub class: String,
    /// Who said what the resolved graph is.
    pub resolver: ResolvedBy,
    /// Does it depend on packages from elsewhere, for whatever use?
    pub dependencies: Dependencies,
    /// What is not known because the package manager was not asked, or answered for a part.
    pub difference: Option<String>,
    /// Blob of the root manifest.
    #[serde(skip)]
    pub blob: String,
}

/// Does a lockfile hold what the manifests ask for?
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Locked {
    /// It names every member and holds each of their dependencies at a version and from a source that the manifests ask
    /// for, and the package manager, where it was asked, did not ask for a change.
    Yes,
    /// It does not, or there is none.
    No,
    /// The format or the manifests do not say enough to compare them.
    NotKnown,
}

/// Does something depend on packages from elsewhere?
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Dependencies {
    /// All that it is built from is in the tree.
    None,
    /// On at least one.
    Some,
    /// Its lockfile or a manifest was not understood.
    NotKnown,
}

/// One lockfile that was read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Lockfile {
    /// Its path.
    pub path: String,
    /// The name of its format, which is that of the file: `Cargo.lock`, `package-lock.json`.
    pub format: String,
    /// The version of that format: `4`, `9.0`.
    pub format_version: String,
    /// How many packages it lists, members included.
    pub packages: u64,
    /// How many of them come from a registry.
    pub registry_packages: u64,
    /// Registry packages with a checksum.
    pub with_checksum: u64,
    /// Registry packages without one.
    pub missing_checksum: u64,
    /// Packages from git; each is pinned to a revision.
    pub git_pinned: u64,
    /// Does it hold everything that its packages depend on?
    pub whole: Whole,
    /// Why that is not proven, in one clause with its cure.
    pub whole_reason: Option<String>,
    /// The class of its path.
    pub class: String,
    /// Its blob.
    #[serde(skip)]
    pub blob: String,
}

/// Does a lockfile hold everything that its packages depend on?
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Whole {
    /// Each package's own manifest, or the registry's index, was compared with it.
    Proven,
    /// What its packages depend on is known from it alone.
    NotChecked,
    /// Something that it has to hold is missing, or it does not belong to the manifests.
    Contradicted,
}
