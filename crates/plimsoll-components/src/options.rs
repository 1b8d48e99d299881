//! How to look, and how far.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::PathBuf,
    time::Duration,
};

use crate::tree_file::{Gitlink, UnreadFile};

/// Who says what the resolved graph is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Resolver {
    /// The package manager for what ships, the lockfile where it is missing or refuses.
    #[default]
    Auto,
    /// The package manager for everything; where it refuses, that is a gap.
    PackageManager,
    /// The lockfile alone; no process is started.
    Lockfile,
}

/// Bounds. What is beyond becomes a gap.
#[derive(Clone, Debug)]
pub struct Limits {
    /// Manifests that are read.
    pub manifests: usize,
    /// Bytes of one manifest.
    pub manifest_bytes: usize,
    /// Bytes of one lockfile.
    pub lockfile_bytes: usize,
    /// Workspaces.
    pub workspaces: usize,
    /// Workspaces about which a package manager is asked.
    pub package_manager_runs: usize,
    /// Members of one workspace.
    pub members: usize,
    /// Packages of one lockfile.
    pub packages: usize,
    /// Dependencies of all packages of one lockfile together.
    pub edges: usize,
    /// Bytes that a package manager may print for one graph.
    pub output_bytes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            manifests: 20_000,
            manifest_bytes: 4 << 20,
            lockfile_bytes: 32 << 20,
            workspaces: 2_000,
            package_manager_runs: 50,
            members: 5_000,
            packages: 100_000,
            // Forty times what the largest real ones have; each becomes an address in a document.
            edges: 200_000,
            output_bytes: 128 << 20,
        }
    }
}

/// How to look.
#[derive(Clone, Debug)]
pub struct Options {
    /// Who says what the resolved graph is.
    pub resolver: Resolver,
    /// The cargo to ask, by an absolute path; `None` is the one in `PATH`.
    pub cargo: Option<PathBuf>,
    /// How long one run of cargo may take; all runs together may take twice that.
    pub timeout: Duration,
    /// Bounds.
    pub limits: Limits,
    /// Paths of files that decide something by being there; see [`crate::Role::Named`].
    pub named: BTreeSet<String>,
    /// Manifests and lockfiles that are in the tree and could not be read.
    pub unread: Vec<UnreadFile>,
    /// The submodules of the tree; `None` where it is no tree of git, and has them as folders or not at all.
    pub gitlinks: Option<Vec<Gitlink>>,
    /// Configurations of package managers by path, or why one could not be read, as what follows its path in a sentence.
    pub configurations: BTreeMap<String, Result<Vec<u8>, String>>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            resolver: Resolver::Auto,
            cargo: None,
            timeout: Duration::from_secs(30),
            limits: Limits::default(),
            named: BTreeSet::new(),
            unread: Vec::new(),
            gitlinks: None,
            configurations: BTreeMap::new(),
        }
    }
}
