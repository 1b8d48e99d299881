//! From the tree to the inventory: which files are read for it, and which are only named.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs, io,
    path::{Path, PathBuf},
};

use plimsoll_components::{
    Gitlink, Inventory, Limits, Options, Resolver, Role, SourceFile, Survey, UnreadFile, configuration_behind, role,
};
use plimsoll_snapshot::{EntryKind, Snapshot};
use rayon::prelude::*;

use crate::PathClasses;

/// Why a configuration that is no file is not read.
const LINKED: &str = "is no regular file and is not followed, so what it replaces is not known";
/// Files of a plain folder that are looked at.
const MOST_FILES: usize = 100_000;
/// Folders inside each other that are entered; what lies deeper is refused, not left out.
const DEEPEST: usize = 32;

/// Reads the manifests of the commit and gives what they are built from.
pub fn inventory(snapshot: &Snapshot, classes: &PathClasses, resolver: Resolver) -> Inventory {
    let files: Vec<_> = snapshot.entries().iter().filter(|entry| entry.is_file()).collect();
    let paths = files.iter().map(|entry| entry.path.as_str());
    let wanted: BTreeSet<&str> = paths.clone().filter(|path| role(path).is_some_and(Role::is_source)).collect();
    let limits = Limits::default();
    let read: Vec<_> = files
        .par_iter()
        .filter(|entry| wanted.contains(entry.path.as_str()))
        .map(|entry| {
            let class = classes.of(&entry.path).as_str().to_owned();
            match snapshot.read(entry, limit(&limits, &entry.path)) {
                Ok(bytes) => Ok(SourceFile { path: entry.path.clone(), blob: entry.blob.clone(), bytes, class }),
                Err(error) => Err(UnreadFile { path: entry.path.clone(), class, reason: error.to_string() }),
            }
        })
        .collect();
    let mut configurations: BTreeMap<String, Result<Vec<u8>, String>> = BTreeMap::new();
    for entry in snapshot.entries() {
        if role(&entry.path) == Some(Role::Configuration) {
            let read = if entry.is_file() {
                snapshot.read(entry, limits.manifest_bytes as u64).map_err(|error| unread(&error))
            } else {
                Err(LINKED.to_owned())
            };
            configurations.insert(entry.path.clone(), read);
        } else if !entry.is_file()
            && let Some(behind) = configuration_behind(&entry.path)
        {
            configurations.insert(behind, Err(LINKED.to_owned()));
        }
    }
    // A package manager follows a link; what it would find may be anything. A lockfile that is one is no lockfile.
    let is_manifest = |path: &str| role(path) == Some(Role::Manifest);
    let linked = snapshot.entries().iter().filter(|entry| !entry.is_file() && is_manifest(&entry.path));
    let linked = linked.map(|entry| {
        let reason = "it is no regular file, and no link is followed".to_owned();
        Err(UnreadFile { path: entry.path.clone(), class: classes.of(&entry.path).as_str().to_owned(), reason })
    });
    let mut survey = Survey::default();
    let mut gitlinks = Vec::new();
    for entry in snapshot.entries().iter().filter(|entry| entry.kind == EntryKind::Submodule) {
        // The name of its folder counts as well: what is below `tests` is a test.
        let class = classes.of(&format!("{}/", entry.path)).as_str();
        survey.submodule(&entry.path, class);
        let (path, commit) = (entry.path.clone(), entry.blob.clone());
        gitlinks.push(Gitlink { path, commit, class: class.to_owned() });
    }
    let given = Given { read: read.into_iter().chain(linked).collect(), configurations, gitlinks: Some(gitlinks) };
    resolve(given, paths, survey, classes, resolver, limits)
}

/// Reads the manifests of a plain folder, without following a link, and gives what they are built from.
pub fn inventory_of_folder(folder: &Path, resolver: Resolver) -> io::Result<Inventory> {
    let limits = Limits::default();
    let mut paths: Vec<(String, PathBuf)> = Vec::new();
    let mut stack = vec![(folder.to_owned(), String::new(), 0_usize)];
    while let Some((here, prefix, depth)) = stack.pop() {
        for entry in fs::read_dir(&here)? {
            let entry = entry?;
            let Some(name) = entry.file_name().to_str().map(ToOwned::to_owned) else {
                return Err(io::Error::other("a name in it is not UTF-8"));
            };
            let path = if prefix.is_empty() { name.clone() } else { format!("{prefix}/{name}") };
            let kind = entry.file_type()?;
            if kind.is_dir() && name != ".git" {
                if depth >= DEEPEST {
                    return Err(io::Error::other(format!("folders more than {DEEPEST} deep")));
                }
                stack.push((entry.path(), path, depth + 1));
            } else if kind.is_file() {
                paths.push((path, entry.path()));
            }
            if paths.len() > MOST_FILES {
                return Err(io::Error::other(format!("more than {MOST_FILES} files")));
            }
        }
    }
    paths.sort();
    let full: std::collections::BTreeMap<&str, &Path> =
        paths.iter().map(|(path, full)| (path.as_str(), full.as_path())).collect();
    let bytes = |path: &str| read_bounded(full.get(path)?, limits.manifest_bytes as u64).ok();
    let classes = PathClasses::stated().in_tree(&full.keys().copied().collect(), &bytes, None);
    let read = paths
        .iter()
        .filter(|(path, _)| role(path).is_some_and(Role::is_source))
        .map(|(path, full)| {
            let class = classes.of(path).as_str().to_owned();
            let bound = limit(&limits, path);
            match read_bounded(full, bound) {
                Ok(bytes) => Ok(SourceFile { path: path.clone(), blob: String::new(), bytes, class }),
                Err(error) => Err(UnreadFile { path: path.clone(), class, reason: error.to_string() }),
            }
        })
        .collect();
    let configurations = paths
        .iter()
        .filter(|(path, _)| role(path) == Some(Role::Configuration))
        .map(|(path, full)| {
            (path.clone(), read_bounded(full, limits.manifest_bytes as u64).map_err(|error| unread(&error)))
        })
        .collect();
    let paths = paths.iter().map(|(path, _)| path.as_str());
    Ok(resolve(Given { read, configurations, gitlinks: None }, paths, Survey::default(), &classes, resolver, limits))
}

fn limit(limits: &Limits, path: &str) -> u64 {
    let is_lockfile = role(path) == Some(Role::Lockfile);
    let bytes = if is_lockfile { limits.lockfile_bytes } else { limits.manifest_bytes };
    bytes as u64
}

fn read_bounded(path: &Path, limit: u64) -> io::Result<Vec<u8>> {
    // Asked before it is opened: opening a pipe waits for somebody to write.
    if !fs::metadata(path)?.is_file() {
        return Err(io::Error::other("not a regular file"));
    }
    plimsoll_model::read_bounded(fs::File::open(path)?, limit)?
        .ok_or_else(|| io::Error::other(format!("larger than {limit} bytes")))
}

/// What was read of a tree, or why it was not.
struct Given {
    read: Vec<Result<SourceFile, UnreadFile>>,
    configurations: BTreeMap<String, Result<Vec<u8>, String>>,
    gitlinks: Option<Vec<Gitlink>>,
}

fn unread(error: &dyn std::fmt::Display) -> String {
    format!("could not be read ({error}), so what it replaces is not known")
}

fn resolve<'a>(
    given: Given,
    paths: impl Iterator<Item = &'a str>,
    mut survey: Survey,
    classes: &PathClasses,
    resolver: Resolver,
    limits: Limits,
) -> Inventory {
    let Given { read, configurations, gitlinks } = given;
    let (mut files, mut unread) = (Vec::new(), Vec::new());
    for one in read {
        match one {
            Ok(file) => files.push(file),
            Err(file) => unread.push(file),
        }
    }
    let mut named = BTreeSet::new();
    for path in paths {
        survey.file(path, classes.of(path).as_str());
        if role(path) == Some(Role::Named) {
            named.insert(path.to_owned());
        }
    }
    let options = Options { resolver, limits, named, unread, gitlinks, configurations, ..Options::default() };
    plimsoll_components::inventory(&files, &survey, &options)
}
