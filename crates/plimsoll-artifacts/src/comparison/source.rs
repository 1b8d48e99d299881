//! The source that a package is compared with, as whoever has one gives it.

/// What is at a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SourceKind {
    /// A regular file.
    File,
    /// A symbolic link.
    Link,
    /// Another repository at this place.
    Submodule,
}

/// One path of the source that is not a folder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SourceEntry<'a> {
    /// Its whole path, as the source spells it.
    pub path: &'a str,
    /// What is there.
    pub kind: SourceKind,
}

/// Why a file was not read, in one clause.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SourceError {
    /// It is larger than what was asked for.
    #[error("{0}")]
    TooLarge(String),
    /// It cannot be read.
    #[error("{0}")]
    Unreadable(String),
}

/// The tree of a commit. Nothing in it is run, and no link is followed by it.
///
/// Paths of entries are escaped where they cannot be shown; `spelled` gives that spelling, and the other methods take it.
pub trait SourceTree: Sync {
    /// The id of the commit.
    fn commit(&self) -> String;
    /// Do files of a working copy lie over the commit's tree?
    fn is_worktree(&self) -> bool;
    /// Why the listing is not whole; absent when it is.
    fn gap(&self) -> Option<&str>;
    /// Gives a path as the entries are spelled.
    fn spelled(&self, path: &str) -> String;
    /// Everything that is no folder, sorted by path.
    fn entries(&self) -> Box<dyn Iterator<Item = SourceEntry<'_>> + '_>;
    /// What is at exactly `path`, where it is no folder.
    fn entry(&self, path: &str) -> Option<SourceEntry<'_>>;
    /// Is there something below the folder `path`?
    fn has_folder(&self, path: &str) -> bool;
    /// The bytes of a regular file of at most `limit` bytes.
    fn read(&self, path: &str, limit: u64) -> Result<Vec<u8>, SourceError>;
    /// The text of a regular file of at most `limit` bytes, without a byte order mark.
    fn read_text(&self, path: &str, limit: u64) -> Result<String, SourceError>;
    /// Where a link leads, as it is written.
    fn link(&self, path: &str) -> Result<String, SourceError>;
    /// What a path is by its name, in one word, where that is nothing that ships: a test, an example.
    fn unshipped_class(&self, path: &str) -> Option<&'static str>;
}
