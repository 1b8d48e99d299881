//! What goes in: files of the tree as data, and how far to look.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::PathBuf,
    time::Duration,
};

use crate::{ecosystem::cargo::configuration, path, survey::Survey};

/// A `Cargo.toml` or `Cargo.lock` of the commit's tree. Regular files only, never a symbolic link.
#[derive(Clone, Debug)]
pub struct SourceFile {
    /// Its path in the tree.
    pub path: String,
    /// Object id of its blob.
    pub blob: String,
    /// Its content.
    pub bytes: Vec<u8>,
    /// The class of its path: `shipped`, `test`, `example`, `fixture` or `vendored`.
    pub class: String,
}

/// A `Cargo.toml` or `Cargo.lock` that could not be read.
#[derive(Clone, Debug)]
pub struct UnreadFile {
    /// Its path in the tree.
    pub path: String,
    /// The class of its path.
    pub class: String,
    /// Why, in one clause.
    pub reason: String,
}

/// Who says what the resolved graph is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Resolver {
    /// cargo for the workspaces that ship, Cargo.lock where it is missing or refuses.
    #[default]
    Auto,
    /// cargo for every workspace; where it refuses, that is a gap.
    Cargo,
    /// Cargo.lock alone; no process is started.
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
    /// Workspaces for which cargo is asked.
    pub cargo_runs: usize,
    /// Members of one workspace.
    pub members: usize,
    /// Packages of one lockfile.
    pub packages: usize,
    /// Dependencies of all packages of one lockfile together.
    pub edges: usize,
    /// Bytes that cargo may print for one graph.
    pub output_bytes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            manifests: 20_000,
            manifest_bytes: 4 << 20,
            lockfile_bytes: 32 << 20,
            workspaces: 2_000,
            cargo_runs: 50,
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
    /// What the tree holds beside Cargo's own files.
    pub survey: Survey,
    /// Source files by which cargo finds a package's targets; see [`role`].
    pub target_files: BTreeSet<String>,
    /// Cargo files that are in the tree and could not be read.
    pub unread: Vec<UnreadFile>,
    /// Configurations of cargo by path, or why one could not be read, as what follows its path in a sentence.
    pub configurations: BTreeMap<String, Result<Vec<u8>, String>>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            resolver: Resolver::Auto,
            cargo: None,
            timeout: Duration::from_secs(30),
            limits: Limits::default(),
            survey: Survey::default(),
            target_files: BTreeSet::new(),
            unread: Vec::new(),
            configurations: BTreeMap::new(),
        }
    }
}

/// What a path of the tree is to this crate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// To be read and given as a [`SourceFile`].
    Cargo,
    /// To be named in [`Options::target_files`].
    Target,
    /// To be read and given in [`Options::configurations`].
    Configuration,
}

/// Gives what a path is to this crate, so that the caller reads and passes just what is wanted.
pub fn role(path: &str) -> Option<Role> {
    let name = path::name(path);
    if name == "Cargo.toml" || name == "Cargo.lock" {
        return Some(Role::Cargo);
    }
    if configuration::is_one(path) {
        return Some(Role::Configuration);
    }
    let folder = path::folder(path);
    let parent = path::name(folder);
    let grandparent = path::name(path::folder(folder));
    // build.rs is wanted by no rule of cargo that the graph depends on.
    let target = match name {
        "lib.rs" => parent == "src",
        "main.rs" => parent == "src" || grandparent == "bin",
        _ => parent == "bin" && grandparent == "src" && path::is_rust(name),
    };
    target.then_some(Role::Target)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_has_one_role() {
        for (path, expected) in [
            ("Cargo.toml", Some(Role::Cargo)),
            ("a/Cargo.lock", Some(Role::Cargo)),
            ("a/package.json", None),
            ("src/lib.rs", Some(Role::Target)),
            ("a/src/main.rs", Some(Role::Target)),
            ("a/src/bin/x.rs", Some(Role::Target)),
            ("a/src/bin/x/main.rs", Some(Role::Target)),
            ("a/src/x.rs", None),
            ("cargo.toml", None),
            ("a/.cargo/config.toml", Some(Role::Configuration)),
            ("a/config.toml", None),
            ("", None),
        ] {
            assert_eq!(role(path), expected, "{path}");
        }
    }
}
