//! The commit's tree as packers see it: links are followed where they stay in the tree.

use std::collections::BTreeSet;

pub(super) use plimsoll_model::tree_path::{join, within};

use super::source::{SourceKind, SourceTree};

/// Links that are followed on the way to one file, as Linux does.
const MOST_LINKS: usize = 40;
/// Manifests that are looked at to find a package's folder.
const MOST_MANIFESTS: usize = 2_000;
/// Bytes of a manifest.
pub(super) const LARGEST_MANIFEST: u64 = 1 << 20;

/// The files of the source.
#[derive(Clone, Copy)]
pub(super) struct SourceFiles<'a> {
    pub(super) tree: &'a dyn SourceTree,
}

/// What stands at a path.
pub(super) enum Found {
    /// A regular file, by its path as the source spells it.
    File(String),
    /// Nothing, as far as the whole tree was listed.
    Nothing,
    /// What cannot be looked at, in one clause.
    Closed(String),
}

impl SourceFiles<'_> {
    /// Gives what a path leads to. `path` is one of the tree in plain spelling, without `.` and `..`.
    ///
    /// A link is followed inside of the tree alone; a submodule is not entered.
    pub(super) fn find(self, path: &str) -> Found {
        let mut ahead: Vec<String> = self.tree.spelled(path).rsplit('/').map(ToOwned::to_owned).collect();
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
            match self.tree.entry(&next) {
                None => here = next,
                Some(entry) => match entry.kind {
                    SourceKind::Submodule => {
                        return Found::Closed(format!("{next} is a submodule, which is another repository"));
                    }
                    SourceKind::Link => {
                        links += 1;
                        if links > MOST_LINKS {
                            return Found::Closed("links lead to links without an end".to_owned());
                        }
                        match self.tree.link(entry.path) {
                            Ok(target) if target.starts_with('/') => {
                                return Found::Closed("a link leads out of the repository".to_owned());
                            }
                            Ok(target) => ahead.extend(target.rsplit('/').map(ToOwned::to_owned)),
                            Err(error) => return Found::Closed(format!("the link {next}: {error}")),
                        }
                    }
                    SourceKind::File => {
                        return if ahead.is_empty() { Found::File(next) } else { self.nothing() };
                    }
                },
            }
        }
        self.nothing()
    }

    /// Nothing there; where the listing is not whole, that is not known.
    fn nothing(self) -> Found {
        match self.tree.gap() {
            None => Found::Nothing,
            Some(gap) => Found::Closed(format!("the tree is not whole: {gap}")),
        }
    }

    /// Gives the text of a file, or `None` where there is no such file; the error is one clause.
    pub(super) fn text(self, path: &str, limit: u64) -> Result<Option<String>, String> {
        match self.find(path) {
            Found::Nothing => Ok(None),
            Found::Closed(reason) => Err(reason),
            Found::File(found) => {
                self.tree.read_text(&found, limit).map(Some).map_err(|error| format!("{path}: {error}"))
            }
        }
    }

    /// Is there a file or a folder at the path?
    pub(super) fn has(self, path: &str) -> bool {
        let path = self.tree.spelled(path);
        self.tree.entry(&path).is_some() || self.tree.has_folder(&path)
    }

    /// Gives the folder of the package whose manifest is called `file` and is `wanted`.
    ///
    /// Of several the one whose manifest is `packed` is taken, else the one nearest to the root.
    pub(super) fn folder_of(self, file: &str, packed: Option<&[u8]>, wanted: impl Fn(&str) -> bool) -> Option<String> {
        let is_named = |path: &str| path.rsplit('/').next() == Some(file);
        let folder = |path| str::rsplit_once(path, '/').map_or("", |(folder, _)| folder);
        let entries = self.tree.entries().filter(|entry| entry.kind == SourceKind::File && is_named(entry.path));
        let mut found: Vec<(bool, usize, &str)> = Vec::new();
        // An escaped path would not be found again by its plain spelling.
        for entry in entries.filter(|entry| !entry.path.contains('%')).take(MOST_MANIFESTS) {
            if let Ok(text) = self.tree.read_text(entry.path, LARGEST_MANIFEST)
                && wanted(&text)
            {
                let is_packed = packed.is_some_and(|packed| packed == text.as_bytes());
                found.push((!is_packed, entry.path.matches('/').count(), folder(entry.path)));
            }
        }
        found.into_iter().min().map(|(_, _, folder)| folder.to_owned())
    }

    /// Counts the files below `folder` that are not among `taken`; both are spelled as entries are.
    pub(super) fn count_others(self, folder: &str, taken: &BTreeSet<String>) -> u64 {
        let prefix = if folder.is_empty() { String::new() } else { format!("{}/", self.tree.spelled(folder)) };
        let entries = self.tree.entries().filter(|entry| entry.path.starts_with(&prefix));
        entries.filter(|entry| !taken.contains(entry.path)).count() as u64
    }
}

/// Is this a path of a tree as it is written without `.` and `..`? The empty one is the root.
pub(super) fn is_clean(path: &str) -> bool {
    path.is_empty() || plimsoll_model::tree_path::is_clean(path)
}
