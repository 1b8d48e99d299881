//! Packages and binaries against a commit, as far as that takes a repository: its tree as the source of a package, a crate packed
//! again from it, a binary's own list against what it locks.

mod listed;
mod rebuild;

#[cfg(test)]
mod tests;

use plimsoll_artifacts::comparison::{SourceEntry, SourceError, SourceKind, SourceTree};
use plimsoll_snapshot::{Entry, EntryKind, ReadError, Snapshot, entry_path};

use crate::{PathClass, PathClasses};

pub use listed::{ListComparison, ListVerdict, UnlockedPackage, compare_list, source_of};
pub use rebuild::{Rebuild, RebuildVerdict, rebuild};

/// The tree of a commit as the source of a package.
pub struct CommitTree<'a>(pub &'a Snapshot);

impl CommitTree<'_> {
    fn found(&self, path: &str) -> Result<&Entry, SourceError> {
        self.0.entry(path).ok_or_else(|| SourceError::Unreadable("no such file".to_owned()))
    }
}

impl SourceTree for CommitTree<'_> {
    fn commit(&self) -> String {
        self.0.commit()
    }

    fn is_worktree(&self) -> bool {
        self.0.worktree()
    }

    fn gap(&self) -> Option<&str> {
        self.0.tree_gap()
    }

    fn spelled(&self, path: &str) -> String {
        entry_path(path)
    }

    fn entries(&self) -> Box<dyn Iterator<Item = SourceEntry<'_>> + '_> {
        Box::new(self.0.entries().iter().map(entry_of))
    }

    fn entry(&self, path: &str) -> Option<SourceEntry<'_>> {
        self.0.entry(path).map(entry_of)
    }

    fn has_folder(&self, path: &str) -> bool {
        let folder = format!("{path}/");
        let entries = self.0.entries();
        let below = entries.partition_point(|entry| entry.path < folder);
        entries.get(below).is_some_and(|entry| entry.path.starts_with(&folder))
    }

    fn read(&self, path: &str, limit: u64) -> Result<Vec<u8>, SourceError> {
        self.0.read(self.found(path)?, limit).map_err(|error| unread(&error))
    }

    fn read_text(&self, path: &str, limit: u64) -> Result<String, SourceError> {
        self.0.read_text(self.found(path)?, limit).map_err(|error| unread(&error))
    }

    fn link(&self, path: &str) -> Result<String, SourceError> {
        self.0.link(self.found(path)?).map_err(|error| unread(&error))
    }

    fn unshipped_class(&self, path: &str) -> Option<&'static str> {
        let class = PathClasses::stated().of(path);
        (class != PathClass::Shipped).then(|| class.as_str())
    }
}

fn entry_of(entry: &Entry) -> SourceEntry<'_> {
    let kind = match entry.kind {
        EntryKind::File | EntryKind::Executable => SourceKind::File,
        EntryKind::Symlink => SourceKind::Link,
        EntryKind::Submodule => SourceKind::Submodule,
    };
    SourceEntry { path: &entry.path, kind }
}

fn unread(error: &ReadError) -> SourceError {
    match error {
        ReadError::TooLarge { .. } => SourceError::TooLarge(error.to_string()),
        _ => SourceError::Unreadable(error.to_string()),
    }
}
