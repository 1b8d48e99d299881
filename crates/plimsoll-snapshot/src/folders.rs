//! Where a repository is on disk.

use std::path::{Path, PathBuf};

use crate::{SnapshotError, snapshot::discover, worktree};

/// The two folders of a repository.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Folders {
    /// Git's own. No commit reaches into it.
    pub git: PathBuf,
    /// The top of the working copy.
    pub top: PathBuf,
}

impl Folders {
    /// Those of the repository at or above `path`; one without a working copy is refused.
    ///
    /// Any folder with the right files in it is a git folder, and a commit may hold one. What a commit cannot hold is a `.git`:
    /// the working copy has to have one, and it has to lead back to the same repository.
    pub fn of(path: &Path) -> Result<Self, SnapshotError> {
        let pool = discover(path)?;
        let git = pool.git_dir().to_owned();
        let leads_back = |top: &PathBuf| {
            let found = discover(top).ok().and_then(|found| found.git_dir().canonicalize().ok());
            top.join(".git").symlink_metadata().is_ok() && found.is_some() && found == git.canonicalize().ok()
        };
        match worktree::folder(&pool).filter(leads_back) {
            Some(top) => Ok(Self { git, top }),
            None => Err(SnapshotError::NoWorktree { path: git }),
        }
    }
}
