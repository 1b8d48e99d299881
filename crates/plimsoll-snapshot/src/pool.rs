//! Repository handles for several threads: libgit2's handle may move between threads but not be shared.

use std::{
    ops::Deref,
    path::{Path, PathBuf},
    sync::{Mutex, Once, PoisonError},
};

use git2::{Repository, RepositoryOpenFlags};

use crate::{config::Apart, special};

/// Handles on one repository, opened as they are needed.
pub(crate) struct Pool {
    git_dir: PathBuf,
    /// What is opened in its place, where its configuration is not plain.
    apart: Option<Apart>,
    free: Mutex<Vec<Repository>>,
}

/// One handle, given back when dropped.
pub(crate) struct Handle<'a> {
    pool: &'a Pool,
    // Present until the drop.
    repository: Option<Repository>,
}

impl Pool {
    /// Opens the repository whose git folder is `git_dir`, as bare: neither working copy nor index is looked at.
    pub(crate) fn open(git_dir: &Path) -> Result<Self, git2::Error> {
        // Each object is read once: keeping it costs a sixth of a walk and wins nothing.
        static NO_CACHE: Once = Once::new();
        NO_CACHE.call_once(|| git2::opts::enable_caching(false));
        if let Some(found) = special::find(git_dir) {
            return Err(git2::Error::new(git2::ErrorCode::Invalid, git2::ErrorClass::Os, &found));
        }
        let apart = Apart::of(git_dir)?;
        let pool = Self { git_dir: git_dir.to_owned(), apart, free: Mutex::new(Vec::new()) };
        drop(pool.get()?);
        Ok(pool)
    }

    pub(crate) fn git_dir(&self) -> &Path {
        &self.git_dir
    }

    /// Opens the repository with its working copy.
    pub(crate) fn with_working_copy(&self) -> Option<Repository> {
        if let Some(apart) = &self.apart {
            let repository = self.open_bare().ok()?;
            repository.set_workdir(apart.working.as_deref()?, false).ok()?;
            return Some(repository);
        }
        Repository::open_ext(&self.git_dir, RepositoryOpenFlags::NO_SEARCH, std::iter::empty::<&Path>()).ok()
    }

    fn open_bare(&self) -> Result<Repository, git2::Error> {
        Repository::open_ext(
            self.apart.as_ref().map_or(self.git_dir.as_path(), Apart::path),
            RepositoryOpenFlags::NO_SEARCH | RepositoryOpenFlags::BARE | RepositoryOpenFlags::NO_DOTGIT,
            std::iter::empty::<&Path>(),
        )
    }

    /// Gives a handle of its own to the caller.
    pub(crate) fn get(&self) -> Result<Handle<'_>, git2::Error> {
        let free = self.free.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let repository = match free {
            Some(repository) => repository,
            None => self.open_bare()?,
        };
        Ok(Handle { pool: self, repository: Some(repository) })
    }
}

impl Deref for Handle<'_> {
    type Target = Repository;
    #[expect(clippy::expect_used, reason = "the repository is taken out in drop alone")]
    fn deref(&self) -> &Repository {
        self.repository.as_ref().expect("present until the drop")
    }
}

impl Drop for Handle<'_> {
    fn drop(&mut self) {
        if let Some(repository) = self.repository.take() {
            self.pool.free.lock().unwrap_or_else(PoisonError::into_inner).push(repository);
        }
    }
}
