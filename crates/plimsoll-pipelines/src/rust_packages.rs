//! What the packages of Rust in a tree hold, for those who ask which of their tests a command runs.

use std::collections::{BTreeMap, BTreeSet};

use plimsoll_sources::FileTests;
use toml::Table;

/// The packages of a tree.
#[derive(Default)]
pub(super) struct RustPackages {
    /// Manifests by their folder.
    pub(super) manifests: BTreeMap<String, Table>,
    /// Files that hold something, by their path, with the folder of their package.
    pub(super) files: BTreeMap<String, (Option<String>, FileTests)>,
    /// Every file.
    pub(super) paths: BTreeSet<String>,
    /// A manifest or a file was not read.
    pub(super) partial: bool,
}
