//! What can go wrong, with its cause and its cure.

use std::path::PathBuf;

/// A repository or commit that cannot be examined.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SnapshotError {
    /// The path does not exist.
    #[error("{}: no such file or folder", path.display())]
    NoSuchPath {
        /// The path.
        path: PathBuf,
    },
    /// No repository there or above.
    #[error("{}: not a git repository, nor is any folder above it; run `git init` and commit, or name a repository", path.display())]
    NotARepository {
        /// The path.
        path: PathBuf,
    },
    /// It belongs to another user.
    #[error(
        "{}: the repository belongs to another user, and git's own safety rule refuses it; \
         run `git config --global --add safe.directory {}` if you trust its owner", path.display(), path.display()
    )]
    Owner {
        /// The git folder.
        path: PathBuf,
    },
    /// It cannot be opened.
    #[error("{}: the repository cannot be opened: {reason}", path.display())]
    Unreadable {
        /// The git folder.
        path: PathBuf,
        /// What libgit2 says.
        reason: String,
    },
    /// No commit yet.
    #[error("{}: the repository has no commit yet ({reason}): there is nothing to examine; commit first, or name a commit with --rev", path.display())]
    NoCommit {
        /// The git folder.
        path: PathBuf,
        /// What libgit2 says.
        reason: String,
    },
    /// The revision is unknown.
    #[error("{}: no commit is called \"{rev}\": {reason}; `git log --oneline` lists what there is", path.display())]
    UnknownRevision {
        /// The git folder.
        path: PathBuf,
        /// What was asked for.
        rev: String,
        /// What libgit2 says.
        reason: String,
    },
    /// The commit or its root tree is missing or broken.
    #[error("{}: {what} {id} cannot be read: {reason}; fetch the missing objects (`git fetch --refetch`) or clone again", path.display())]
    Object {
        /// The git folder.
        path: PathBuf,
        /// `commit` or `tree`.
        what: &'static str,
        /// Its id.
        id: String,
        /// Why.
        reason: String,
    },
    /// The working copy was asked for and there is none.
    #[error("{}: a bare repository has no working copy; leave out --worktree", path.display())]
    NoWorktree {
        /// The git folder.
        path: PathBuf,
    },
}

/// Why a file could not be looked at: one clause, to be put behind the file's name.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ReadError {
    /// The object is not there: a partial clone, or a damaged one.
    #[error("the blob is missing from the object database")]
    Missing,
    /// More than the reader takes.
    #[error("larger than {limit} bytes")]
    TooLarge {
        /// The bound.
        limit: u64,
    },
    /// A symbolic link is never followed.
    #[error("a symbolic link")]
    Symlink,
    /// A submodule is another repository.
    #[error("a submodule")]
    Submodule,
    /// What is in the tree only names a content that Git LFS keeps elsewhere.
    #[error("a Git LFS pointer, whose content is not in the repository")]
    LfsPointer,
    /// The bytes are not text.
    #[error("not UTF-8")]
    NotUtf8,
    /// It is there and cannot be read.
    #[error("unreadable: {reason}")]
    Unreadable {
        /// Why.
        reason: String,
    },
}
