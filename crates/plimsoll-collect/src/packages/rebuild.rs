//! A crate against what cargo packs from the same commit.

use std::collections::BTreeMap;

use plimsoll_artifacts::{
    Limits, Package,
    comparison::{Claim, Comparison, FileClass, VCS_INFO, claim_of},
};
use plimsoll_components::{Packed, Repack, SourceFile};
use plimsoll_snapshot::Snapshot;
use rayon::prelude::*;
use serde::Serialize;

use crate::PathClasses;

/// Bytes of a manifest.
const LARGEST_MANIFEST: u64 = 1 << 20;
/// Files that are told.
const MOST_NAMED: usize = 50;

/// How a crate relates to one that was packed again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum RebuildVerdict {
    /// The same archive, byte for byte.
    Identical,
    /// Every file is the same; the archives differ in compression or in the headers around the files.
    SameFiles,
    /// Every file is the same but for those that cargo makes, which versions of cargo write otherwise or leave out; each of
    /// them is explained by the source.
    Explained,
    /// Files differ.
    Differs,
    /// It could not be packed again.
    Unknown,
}

impl RebuildVerdict {
    /// The answer in words.
    pub fn told(self) -> &'static str {
        match self {
            Self::Identical => "the same archive, byte for byte",
            Self::SameFiles => "every file is the same, the archives around them differ",
            Self::Explained => "every file is the same but for those that cargo makes",
            Self::Differs => "other files",
            Self::Unknown => "unknown",
        }
    }
}

/// A crate beside one that was packed again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Rebuild {
    /// The answer.
    pub verdict: RebuildVerdict,
    /// Version of the cargo that packed it again.
    pub cargo: Option<String>,
    /// What led to the answer.
    pub reasons: Vec<String>,
    /// Files that are not the same, each with how; at most fifty.
    pub files: Vec<String>,
}

/// Packs the crate again from the commit of `snapshot`, in a scratch folder, and compares it with `bytes`, the archive of
/// `package`.
///
/// `comparison` is what [`compare`](plimsoll_artifacts::comparison::compare) said of them. cargo runs offline, outside of the tree, with an environment
/// of ours, and builds nothing; what it refuses is [`RebuildVerdict::Unknown`] with what it said.
pub fn rebuild(package: &Package, bytes: &[u8], snapshot: &Snapshot, comparison: &Comparison) -> Rebuild {
    match packed(package, snapshot, comparison) {
        Ok(packed) => compared(package, bytes, &packed, comparison),
        Err(reason) => {
            Rebuild { verdict: RebuildVerdict::Unknown, cargo: None, reasons: vec![reason], files: Vec::new() }
        }
    }
}

fn packed(package: &Package, snapshot: &Snapshot, comparison: &Comparison) -> Result<Packed, String> {
    let folder = comparison.folder.as_deref().ok_or("the package was not found in the commit")?;
    let repack = Repack::new().map_err(|error| error.to_string())?;
    snapshot.copy_to(&repack.tree()).map_err(|error| error.to_string())?;
    let classes = PathClasses::stated().in_commit(snapshot, Some(package.name()));
    let entries = snapshot.entries().par_iter().filter(|entry| entry.is_file() && entry.name() == "Cargo.toml");
    let manifests: Result<Vec<SourceFile>, String> = entries
        .map(|entry| {
            let bytes = snapshot.read(entry, LARGEST_MANIFEST).map_err(|error| format!("{}: {error}", entry.path))?;
            let class = classes.of(&entry.path).as_str().to_owned();
            Ok(SourceFile { path: entry.path.clone(), blob: entry.blob.clone(), bytes, class })
        })
        .collect();
    let lockfile = package.get("Cargo.lock").is_some();
    repack.pack(folder, (package.name(), package.version()), &manifests?, lockfile).map_err(|error| error.to_string())
}

fn compared(package: &Package, bytes: &[u8], packed: &Packed, comparison: &Comparison) -> Rebuild {
    let mut rebuild = Rebuild {
        verdict: RebuildVerdict::Identical,
        cargo: Some(packed.cargo.clone()),
        reasons: Vec::new(),
        files: Vec::new(),
    };
    if packed.bytes == bytes {
        return rebuild;
    }
    let name = format!("{}-{}.crate", package.name(), package.version());
    let again = match Package::read(&name, &packed.bytes, &Limits::default()) {
        Ok(again) => again,
        Err(error) => {
            rebuild.verdict = RebuildVerdict::Unknown;
            rebuild.reasons.push(format!("the crate that cargo made is not read: {error}"));
            return rebuild;
        }
    };
    let told = |path: &str| comparison.files.iter().any(|file| file.path == path && file.class == FileClass::Generated);
    // Older versions of cargo wrote no note of the commit, or one without the folder.
    let same_claim = claim_of(&again).is_ok_and(|again| {
        let Claim { commit, path, dirty } = &comparison.claimed;
        *commit == again.commit && *dirty == again.dirty && (path.is_none() || *path == again.path)
    });
    let explained = |path: &str| told(path) && (path != VCS_INFO || same_claim);
    let ours: BTreeMap<&str, &[u8]> = package.files().map(|file| (file.path, file.bytes)).collect();
    let others: BTreeMap<&str, &[u8]> = again.files().map(|file| (file.path, file.bytes)).collect();
    let (mut differing, mut otherwise) = (Vec::new(), Vec::new());
    for (path, content) in &ours {
        match others.get(path) {
            Some(other) if other == content => {}
            Some(_) if explained(path) => otherwise.push(format!("{path} is written otherwise, and is explained")),
            Some(_) => differing.push(format!("{path} differs")),
            None if *path == "Cargo.lock" && packed.without_lockfile.is_some() => {
                let reason = packed.without_lockfile.as_deref().unwrap_or_default();
                rebuild.reasons.push(format!("Cargo.lock was left out: {reason}"));
                otherwise.push("Cargo.lock was left out".to_owned());
            }
            None => differing.push(format!("{path} is not packed again")),
        }
    }
    for path in others.keys().filter(|path| !ours.contains_key(*path)) {
        // A package that names no commit is told as such.
        let list = if *path == VCS_INFO { &mut otherwise } else { &mut differing };
        list.push(format!("{path} is packed now"));
    }
    rebuild.verdict = match (differing.is_empty(), otherwise.is_empty()) {
        (false, _) => RebuildVerdict::Differs,
        (true, false) => RebuildVerdict::Explained,
        (true, true) => RebuildVerdict::SameFiles,
    };
    rebuild.files = differing.into_iter().chain(otherwise).collect();
    if rebuild.files.len() > MOST_NAMED {
        rebuild.reasons.push(format!("{} files, of which {MOST_NAMED} are named", rebuild.files.len()));
        rebuild.files.truncate(MOST_NAMED);
    }
    rebuild
}
