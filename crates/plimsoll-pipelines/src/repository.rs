//! The files of a repository, as whoever has one gives them.

/// What is at a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileKind {
    /// A regular file.
    File,
    /// A symbolic link, which is never followed.
    Link,
    /// Another repository at this place.
    Submodule,
}

/// One path of the tree that is not a folder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct File<'a> {
    /// Its whole path.
    pub path: &'a str,
    /// What is there.
    pub kind: FileKind,
}

impl<'a> File<'a> {
    /// Is it a regular file?
    pub fn is_file(self) -> bool {
        self.kind == FileKind::File
    }

    /// The last part of the path.
    pub fn name(self) -> &'a str {
        self.path.rsplit_once('/').map_or(self.path, |(_, name)| name)
    }

    /// The path without its last part; empty at the root.
    pub fn folder(self) -> &'a str {
        self.path.rsplit_once('/').map_or("", |(folder, _)| folder)
    }
}

/// A repository. Nothing in it is run.
pub trait Repository: Sync {
    /// Everything that is no folder, sorted by path.
    fn files(&self) -> Box<dyn Iterator<Item = File<'_>> + '_>;
    /// What is at exactly `path`, where it is no folder.
    fn file(&self, path: &str) -> Option<File<'_>>;
    /// Is there something below the folder `path`?
    fn has_folder(&self, path: &str) -> bool;
    /// The text of a regular file of at most `limit` bytes, or why there is none.
    fn text(&self, path: &str, limit: u64) -> Result<String, String>;
    /// The content of a regular file of at most `limit` bytes, whatever it is, or why there is none.
    fn bytes(&self, path: &str, limit: u64) -> Result<Vec<u8>, String> {
        self.text(path, limit).map(String::into_bytes)
    }
    /// Is the path one of what ships?
    fn ships(&self, path: &str) -> bool;
    /// Is the path one of a copy of others' source?
    fn is_vendored(&self, path: &str) -> bool;
}
