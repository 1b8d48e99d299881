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
    #[error("{}: no advisory in it; a RustSec advisory-db checkout has them as crates/NAME/RUSTSEC-YYYY-NNNN.md, other databases \
             as files of the OSV format", path.display())]
    Empty {
        /// The folder or dump.
        path: PathBuf,
    },
    /// A file that is nothing known.
    #[error("{}: neither a packed snapshot (`plimsoll db pack`, `plimsoll db update`) nor a dump of OSV records (a zip)", path.display())]
    Strange {
        /// The file.
        path: PathBuf,
    },
    /// Data of which nobody knows how old it is.
    #[error("the date of the {ecosystem} advisories is not known; give it with --date")]
    Undated {
        /// The ecosystem.
        ecosystem: String,
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
