//! The commit's tree as packers see it: links are followed where they stay in the tree.

use std::collections::BTreeSet;

pub(super) use plimsoll_components::join_path as join;
use plimsoll_snapshot::{Entry, EntryKind, ReadError, Snapshot, entry_path};

/// Links that are followed on the way to one file, as Linux does.
const MOST_LINKS: usize = 40;
/// Manifests that are looked at to find a package's folder.
const MOST_MANIFESTS: usize = 2_000;
/// Bytes of a manifest.
pub(super) const LARGEST_MANIFEST: u64 = 1 << 20;

/// The tree of a commit.
#[derive(Clone, Copy)]
pub(super) struct Tree<'a> {
    pub(super) snapshot: &'a Snapshot,
}

/// What stands at a path.
pub(super) enum Found<'a> {
    /// A regular file.
    File(&'a Entry),
    /// Nothing, as far as the whole tree was listed.
    Nothing,
    /// What cannot be looked at, in one clause.
    Closed(String),
}

impl<'a> Tree<'a> {
    /// Gives what a path leads to. `path` is one of the tree in plain spelling, without `.` and `..`.
    ///
    /// A link is followed inside of the tree alone; a submodule is not entered.
    pub(super) fn find(self, path: &str) -> Found<'a> {
        let mut ahead: Vec<String> = entry_path(path).rsplit('/').map(ToOwned::to_owned).collect();
        let mut here = String::new();
        let mut links = 0;
        while let Some(part) = ahead.pop() {
            match part.as_str() {
                "" | "." => continue,
                ".." if here.is_empty() => return Found::Closed("a link leads out of the repository".to_owned()),
                ".." => {
                    here.truncate(here.rfind('/').unwrap_or(0));
                    continue;
                }
                _ => {}
            }
            let next = within(&here, &part);
            match self.snapshot.entry(&next) {
                None => here = next,
                Some(entry) => match entry.kind {
                    EntryKind::Submodule => {
                        return Found::Closed(format!("{next} is a submodule, which is another repository"));
                    }
                    EntryKind::Symlink => {
                        links += 1;
                        if links > MOST_LINKS {
                            return Found::Closed("links lead to links without an end".to_owned());
                        }
                        match self.snapshot.link(entry) {
                            Ok(target) if target.starts_with('/') => {
                                return Found::Closed("a link leads out of the repository".to_owned());
                            }
                            Ok(target) => ahead.extend(target.rsplit('/').map(ToOwned::to_owned)),
                            Err(error) => return Found::Closed(format!("the link {next}: {error}")),
                        }
                    }
                    EntryKind::File | EntryKind::Executable => {
                        return if ahead.is_empty() { Found::File(entry) } else { self.nothing() };
                    }
                },
            }
        }
        self.nothing()
    }

    /// Nothing there; where the listing is not whole, that is not known.
    fn nothing(self) -> Found<'a> {
        match self.snapshot.tree_gap() {
            None => Found::Nothing,
            Some(gap) => Found::Closed(format!("the tree is not whole: {gap}")),
        }
    }

    /// Gives the text of a file, or `None` where there is no such file; the error is one clause.
    pub(super) fn text(self, path: &str, limit: u64) -> Result<Option<String>, String> {
        match self.find(path) {
            Found::Nothing => Ok(None),
            Found::Closed(reason) => Err(reason),
            Found::File(entry) => {
                self.snapshot.read_text(entry, limit).map(Some).map_err(|error| format!("{path}: {error}"))
            }
        }
    }

    /// Is there a file or a folder at the path?
    pub(super) fn has(self, path: &str) -> bool {
        let path = entry_path(path);
        let folder = format!("{path}/");
        let entries = self.snapshot.entries();
        let below = entries.partition_point(|entry| entry.path < folder);
        self.snapshot.entry(&path).is_some() || entries.get(below).is_some_and(|entry| entry.path.starts_with(&folder))
    }

    /// Gives the folder of the package whose manifest is called `file` and is `wanted`.
    ///
    /// Of several the one whose manifest is `packed` is taken, else the one nearest to the root.
    pub(super) fn folder_of(self, file: &str, packed: Option<&[u8]>, wanted: impl Fn(&str) -> bool) -> Option<String> {
        let entries = self.snapshot.entries().iter().filter(|entry| entry.is_file() && entry.name() == file);
        let mut found: Vec<(bool, usize, &str)> = Vec::new();
        // An escaped path would not be found again by its plain spelling.
        for entry in entries.filter(|entry| !entry.path.contains('%')).take(MOST_MANIFESTS) {
            if let Ok(text) = self.snapshot.read_text(entry, LARGEST_MANIFEST)
                && wanted(&text)
            {
                let is_packed = packed.is_some_and(|packed| packed == text.as_bytes());
                found.push((!is_packed, entry.path.matches('/').count(), entry.folder()));
            }
        }
        found.into_iter().min().map(|(_, _, folder)| folder.to_owned())
    }

    /// Counts the files below `folder` that are not among `taken`; both are spelled as entries are.
    pub(super) fn count_others(self, folder: &str, taken: &BTreeSet<String>) -> u64 {
        let prefix = if folder.is_empty() { String::new() } else { format!("{}/", entry_path(folder)) };
        let entries = self.snapshot.entries().iter().filter(|entry| entry.path.starts_with(&prefix));
        entries.filter(|entry| !taken.contains(&entry.path)).count() as u64
    }
}

/// Gives `name` below `folder`.
pub(super) fn within(folder: &str, name: &str) -> String {
    if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") }
}

/// Is this a path of a tree as it is written without `.` and `..`? The empty one is the root.
pub(super) fn is_clean(path: &str) -> bool {
    path.len() <= 4096 && join("", path).is_some_and(|joined| joined == path)
}

/// Why a blob could not be compared: whether that is a difference, and the clause.
pub(super) fn unread(error: &ReadError) -> (bool, String) {
    (matches!(error, ReadError::TooLarge { .. }), error.to_string())
}
