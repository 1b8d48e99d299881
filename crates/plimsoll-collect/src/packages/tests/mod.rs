//! Packages made in code beside repositories made in code: what is equal, and each way not to be.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that panics has failed")]

mod crates;
mod listed;
mod npm;
mod python;

use std::collections::BTreeMap;

use flate2::{Compression, write::GzEncoder};
use plimsoll_artifacts::{
    Limits, Package,
    comparison::{self, Comparison, Counts, FileClass, MOST_NAMED, Verdict},
};
use plimsoll_snapshot::{OpenOptions, Snapshot};
use plimsoll_testkit::Repo;

use super::*;

/// Files of a package, by path below its top folder.
type Files = BTreeMap<String, Vec<u8>>;

fn archive(folder: &str, files: &Files) -> Vec<u8> {
    let mut archive = tar::Builder::new(GzEncoder::new(Vec::new(), Compression::fast()));
    for (path, content) in files {
        let mut header = tar::Header::new_ustar();
        header.set_size(content.len() as u64);
        header.set_mode(0o644);
        archive.append_data(&mut header, format!("{folder}/{path}"), content.as_slice()).unwrap();
    }
    archive.into_inner().unwrap().finish().unwrap()
}

fn files(list: &[(&str, &str)]) -> Files {
    list.iter().map(|(path, content)| ((*path).to_owned(), content.as_bytes().to_vec())).collect()
}

fn read(name: &str, folder: &str, files: &Files) -> Package {
    Package::read(name, &archive(folder, files), &Limits::default()).unwrap()
}

fn snapshot(repo: &Repo) -> Snapshot {
    Snapshot::open(repo.path(), &OpenOptions::default()).unwrap()
}

fn compare(package: &Package, snapshot: &Snapshot) -> Comparison {
    comparison::compare(package, &CommitTree(snapshot))
}

/// Verdict, and what is told of files that are neither the tree's nor explained: `class path`.
fn told(comparison: &Comparison) -> (Verdict, Vec<String>) {
    let open = comparison.files.iter().filter(|file| file.class != FileClass::Generated);
    (comparison.verdict, open.map(|file| format!("{} {}", file.class.as_str(), file.path)).collect())
}

/// The repository, committed.
fn repo(files: &[(&str, &str)]) -> Repo {
    files.iter().fold(Repo::new(), |repo, (path, content)| repo.file(path, content)).commit("first")
}
