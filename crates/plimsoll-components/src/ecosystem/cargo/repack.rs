//! Packing a crate again, with the cargo of this machine, from a copy of a commit in a folder of ours.
//!
//! cargo is started outside of the copy, offline and with an environment of ours, so that no configuration, toolchain file,
//! hook or filter of the repository is in force; and it is told to build nothing, so that no build script runs.

use std::{
    fs,
    path::PathBuf,
    time::{Duration, Instant},
};

use plimsoll_model::tree_path;

use super::{
    manifest::Manifest,
    program::{Cargo, Refusal},
    scratch::{self, Scratch},
};
use crate::{options::Limits, tree_file::SourceFile};

/// How long cargo may take; it compresses and builds nothing.
const TIMEOUT: Duration = Duration::from_secs(300);
/// Bytes of the crate that it makes.
const LARGEST: u64 = 512 << 20;

/// A folder of ours, which goes away with this value.
pub struct Repack {
    scratch: Scratch,
}

/// A crate that was packed again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Packed {
    /// The archive.
    pub bytes: Vec<u8>,
    /// Version of the cargo that packed it.
    pub cargo: String,
    /// Why it has no lockfile where one was wanted: one clause.
    pub without_lockfile: Option<String>,
}

/// Why a crate could not be packed: one clause.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RepackError {
    /// No folder could be made.
    #[error("no scratch folder could be made ({kind})")]
    Scratch {
        /// What kind of error it was.
        kind: std::io::ErrorKind,
    },
    /// A manifest is not shown to cargo.
    #[error("{reason}")]
    Manifest {
        /// Which, and why.
        reason: String,
    },
    /// cargo did not pack it.
    #[error("{reason}")]
    Cargo {
        /// What it said.
        reason: String,
    },
    /// What cargo made could not be read.
    #[error("the crate that cargo made cannot be read ({reason})")]
    Unread {
        /// Why.
        reason: String,
    },
}

impl Repack {
    /// Makes the folder.
    pub fn new() -> Result<Self, RepackError> {
        let refused = |error: std::io::Error| RepackError::Scratch { kind: error.kind() };
        let scratch = Scratch::new().map_err(refused)?;
        fs::create_dir_all(scratch.tree(0)).map_err(refused)?;
        fs::create_dir_all(scratch.folder().join("home")).map_err(refused)?;
        Ok(Self { scratch })
    }

    /// The empty folder that the commit's files have to be written to.
    pub fn tree(&self) -> PathBuf {
        self.scratch.tree(0)
    }

    /// Packs the package in `folder` of the tree, which is called `name` and `version`.
    ///
    /// `manifests` are all `Cargo.toml` of the tree: where one names a path outside of it nothing is packed. With `lockfile`
    /// the crate is to hold one; where cargo cannot make it from what is on this machine, it is packed without.
    ///
    /// Source: The Cargo Book, "cargo package".
    pub fn pack(
        &self,
        folder: &str,
        (name, version): (&str, &str),
        manifests: &[SourceFile],
        lockfile: bool,
    ) -> Result<Packed, RepackError> {
        let refused = |reason: String| RepackError::Manifest { reason };
        let limits = Limits::default();
        let mut read = Vec::new();
        for SourceFile { path, blob, bytes, class } in manifests {
            match Manifest::parse(path, blob, class, bytes, &limits) {
                Ok(manifest) => read.push(manifest),
                // What tests hold to be broken is no part of a workspace.
                Err(_) if class != crate::path_class::SHIPPED => {}
                Err(reason) => return Err(refused(format!("{path}: {reason}"))),
            }
        }
        if let Some(reason) = scratch::refusal(read.iter()) {
            return Err(refused(reason));
        }
        let file = format!("{name}-{version}.crate");
        let manifest = tree_path::within(folder, "Cargo.toml");
        if !tree_path::is_clean(&file) || !tree_path::is_clean(&manifest) {
            return Err(refused("a name that is not clean".to_owned()));
        }
        let cargo = Cargo {
            program: PathBuf::from("cargo"),
            run_folder: self.scratch.run_folder(),
            timeout: TIMEOUT,
            deadline: Instant::now() + TIMEOUT,
            output_bytes: 1 << 20,
        };
        let said = |refusal: Refusal| RepackError::Cargo { reason: told(refusal) };
        let version = cargo.version().ok_or_else(|| said(Refusal::Missing))?;
        let (manifest, home) = (self.tree().join(manifest), self.scratch.folder().join("home"));
        let target = self.scratch.folder().join("out");
        let mut without_lockfile = None;
        if let Err(refusal) = cargo.package(&manifest, &target, &home, lockfile) {
            if !lockfile {
                return Err(said(refusal));
            }
            // An older cargo has no such option; what it said first is what there is to tell.
            cargo.package(&manifest, &target, &home, false).map_err(|_| said(refusal))?;
            without_lockfile = Some(told(refusal));
        }
        let unread = |reason: String| RepackError::Unread { reason };
        let bytes = fs::File::open(target.join("package").join(file))
            .and_then(|file| plimsoll_model::read_bounded(file, LARGEST))
            .map_err(|error| unread(error.kind().to_string()))?
            .ok_or_else(|| unread(format!("more than {LARGEST} bytes")))?;
        Ok(Packed { bytes, cargo: version.release, without_lockfile })
    }
}

fn told(refusal: Refusal) -> String {
    match refusal {
        Refusal::Said => "cargo refused to pack it (`cargo package` says why)".to_owned(),
        refusal => refusal.reason().to_owned(),
    }
}
