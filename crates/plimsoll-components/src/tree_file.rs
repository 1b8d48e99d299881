//! Files of a tree, as data.

/// A manifest or lockfile of the commit's tree. Regular files only, never a symbolic link.
#[derive(Clone, Debug)]
pub struct SourceFile {
    /// Its path in the tree.
    pub path: String,
    /// Object id of its blob.
    pub blob: String,
    /// Its content.
    pub bytes: Vec<u8>,
    /// The class of its path: `shipped`, `test`, `example`, `fixture` or `vendored`.
    pub class: String,
}

/// A manifest or lockfile that could not be read.
#[derive(Clone, Debug)]
pub struct UnreadFile {
    /// Its path in the tree.
    pub path: String,
    /// The class of its path.
    pub class: String,
    /// Why, in one clause.
    pub reason: String,
}

/// A submodule: the place of another repository in the tree.
#[derive(Clone, Debug)]
pub struct Gitlink {
    /// Its path in the tree.
    pub path: String,
    /// Object id of its commit.
    pub commit: String,
    /// The class of what lies there.
    pub class: String,
}

/// What a path of the tree is to the ecosystems that are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// A manifest, to be read and given as a [`SourceFile`].
    Manifest,
    /// A lockfile, to be read and given as a [`SourceFile`].
    Lockfile,
    /// To be named in [`crate::Options::named`]: that it is there decides something.
    Named,
    /// To be read and given in [`crate::Options::configurations`].
    Configuration,
}

impl Role {
    /// Is it to be given as a [`SourceFile`]?
    pub const fn is_source(self) -> bool {
        matches!(self, Self::Manifest | Self::Lockfile)
    }
}
