//! The one door to the working copy: files that differ from the commit, read without following a link.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use git2::{ObjectType, Oid};

use crate::{Entry, EntryKind, ReadError, pool::Pool, tree::escape};

/// Files of the working copy that are looked at.
const MOST_FILES: usize = 200_000;
/// Folders inside each other that are entered.
const DEEPEST: usize = 64;
/// Bytes of a file whose id is computed to compare it; a larger one counts as changed.
const LARGEST_HASHED: u64 = 64 * 1024 * 1024;

pub(crate) struct Overlaid {
    pub(crate) entries: Vec<Entry>,
    pub(crate) gap: Option<String>,
}

/// Gives the working folder of the repository, where it has one.
pub(crate) fn folder(pool: &Pool) -> Option<PathBuf> {
    pool.with_working_copy()?.workdir().map(Path::to_owned)
}

/// Lays the files under `folder` over `entries`: changed ones replace, new ones that are not ignored are
/// added, deleted ones vanish. A file whose bytes are those of the commit keeps its blob.
pub(crate) fn overlay(pool: &Pool, folder: &Path, entries: Vec<Entry>) -> Overlaid {
    let ignores = pool.with_working_copy();
    let mut committed: BTreeMap<String, Entry> = entries.into_iter().map(|entry| (entry.path.clone(), entry)).collect();
    let mut found = Vec::new();
    let mut gap = None;
    let mut stack = vec![(PathBuf::new(), 0_usize)];
    while let Some((relative, depth)) = stack.pop() {
        let Ok(listing) = fs::read_dir(folder.join(&relative)) else {
            gap = Some(format!("{}: the folder cannot be read", relative.display()));
            continue;
        };
        for item in listing {
            let Ok((name, kind)) = item.and_then(|item| Ok((item.file_name(), item.file_type()?))) else {
                gap = Some(format!("{}: an entry of the folder cannot be read", relative.display()));
                continue;
            };
            if name == ".git" {
                continue;
            }
            let path = relative.join(&name);
            let text = escape(path.as_os_str().as_encoded_bytes());
            let tracked = committed.remove(&text);
            let ignored =
                || ignores.as_ref().is_some_and(|repository| repository.is_path_ignored(&path).unwrap_or(false));
            if kind.is_dir() {
                let inside = format!("{text}/");
                let holds_committed =
                    committed.range(inside.clone()..).next().is_some_and(|(next, _)| next.starts_with(&inside));
                if tracked.as_ref().is_some_and(|entry| entry.kind == EntryKind::Submodule) {
                    found.extend(tracked);
                } else if !holds_committed && ignored() {
                    // Build output and the like.
                } else if !holds_committed && folder.join(&path).join(".git").exists() {
                    // A `.git` beside files of the commit does not make them another repository's.
                    gap = Some(format!("{text}: another repository, which is not entered"));
                } else if depth >= DEEPEST {
                    gap = Some(format!("{text}: more than {DEEPEST} folders deep"));
                } else {
                    stack.push((path, depth + 1));
                }
                continue;
            }
            if found.len() >= MOST_FILES {
                return Overlaid {
                    entries: sorted(found),
                    gap: Some(format!("more than {MOST_FILES} files in the working copy")),
                };
            }
            if kind.is_symlink() {
                found.push(Entry { path: text, blob: String::new(), kind: EntryKind::Symlink, oid: None });
            } else if let Some(entry) = tracked {
                found.push(if same(folder, &entry) {
                    entry
                } else {
                    Entry { blob: String::new(), oid: None, ..entry }
                });
            } else if kind.is_file() && !ignored() {
                found.push(Entry { path: text, blob: String::new(), kind: EntryKind::File, oid: None });
            }
        }
    }
    // Submodules that are not checked out stay what the commit says.
    found.extend(committed.into_values().filter(|entry| entry.kind == EntryKind::Submodule));
    Overlaid { entries: sorted(found), gap }
}

fn sorted(mut entries: Vec<Entry>) -> Vec<Entry> {
    entries.sort_by(|one, other| one.path.cmp(&other.path));
    entries
}

fn same(folder: &Path, entry: &Entry) -> bool {
    let Some(oid) = entry.oid.filter(|_| entry.is_file()) else { return false };
    read(folder, &entry.path, LARGEST_HASHED)
        .ok()
        .and_then(|bytes| Oid::hash_object_ext(ObjectType::Blob, &bytes, oid.object_format()).ok())
        .is_some_and(|found| found == oid)
}

/// Gives the bytes of a file of the working copy. Every part of the path must be a real folder, the last a
/// real file: a link anywhere is refused.
pub(crate) fn read(folder: &Path, path: &str, limit: u64) -> Result<Vec<u8>, ReadError> {
    let unreadable = |error: std::io::Error| match error.kind() {
        std::io::ErrorKind::NotFound => ReadError::Missing,
        _ => ReadError::Unreadable { reason: error.to_string() },
    };
    let mut full = folder.to_owned();
    for part in path.split('/') {
        if matches!(part, "" | "." | "..") {
            return Err(ReadError::Missing);
        }
        full.push(part);
        if fs::symlink_metadata(&full).map_err(unreadable)?.file_type().is_symlink() {
            return Err(ReadError::Symlink);
        }
    }
    if !fs::symlink_metadata(&full).map_err(unreadable)?.is_file() {
        return Err(ReadError::Unreadable { reason: "not a regular file".to_owned() });
    }
    let bytes = fs::File::open(&full).and_then(|file| plimsoll_model::read_bounded(file, limit)).map_err(unreadable)?;
    bytes.ok_or(ReadError::TooLarge { limit })
}
