//! What can go wrong, with its cause and its cure.

use std::path::PathBuf;

/// Advisory data that cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum AdvisoryError {
    /// The path cannot be read.
    #[error("{}: cannot be read: {reason}", path.display())]
    Unreadable {
        /// The path.
        path: PathBuf,
        /// Why.
        reason: String,
    },
    /// A folder that holds no advisory.
    #[error("{}: no advisory in it; a RustSec advisory-db checkout has them as crates/NAME/RUSTSEC-YYYY-NNNN.md", path.display())]
    Empty {
        /// The folder.
        path: PathBuf,
    },
    /// A packed snapshot that was changed, cut off, or written by another version.
    #[error("the advisory snapshot cannot be used: {problem}; write it again with `plimsoll db pack`")]
    Snapshot {
        /// What is wrong.
        problem: String,
    },
}

impl AdvisoryError {
    pub(crate) fn snapshot(problem: impl Into<String>) -> Self {
        Self::Snapshot { problem: problem.into() }
    }
}
