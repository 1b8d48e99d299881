//! Changes to files that can be made for a maker: each from what the commit itself says, and none that promises anything.

mod pins;
mod policy;
mod update_bot;

use std::collections::BTreeSet;

use plimsoll_model::SafeWrite;
use plimsoll_snapshot::{OpenOptions, Snapshot};

use crate::{CollectError, Target};

/// Bytes of a file that is read.
const LARGEST: u64 = 512 * 1024;

/// A file that changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// One that the commit does not have.
    New {
        /// Its path from the top.
        path: String,
        /// Its text.
        text: String,
    },
    /// One of the commit.
    Edit {
        /// Its path from the top.
        path: String,
        /// Its text in the commit.
        before: String,
        /// Its text afterwards.
        after: String,
        /// The lines that change, from 1, with their new text.
        lines: Vec<(usize, String)>,
    },
}

impl Change {
    /// The path from the top.
    pub fn path(&self) -> &str {
        match self {
            Self::New { path, .. } | Self::Edit { path, .. } => path,
        }
    }
}

/// What can be written, or why nothing can.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proposal {
    /// What it is.
    pub write: SafeWrite,
    /// The files.
    pub changes: Vec<Change>,
    /// Why it is not all, in one sentence.
    pub left: Option<String>,
}

/// Gives what can be written of `wanted` on top of the commit that `target` names, in the order of [`SafeWrite`]. `contact` is where
/// to report, as the maker says it.
///
/// # Errors
///
/// Where the repository cannot be read.
pub fn proposals(
    target: &Target,
    wanted: &BTreeSet<SafeWrite>,
    contact: Option<&str>,
) -> Result<Vec<Proposal>, CollectError> {
    let options = OpenOptions { rev: target.rev.clone(), worktree: target.worktree };
    let snapshot = Snapshot::open(&target.path, &options)?;
    let one = |write: &SafeWrite| {
        let found = match write {
            SafeWrite::SecurityPolicy => policy::changes(&snapshot, contact),
            SafeWrite::UpdateBot => update_bot::changes(&snapshot),
            SafeWrite::PinnedActions => pins::changes(&snapshot),
        };
        let (changes, left) = match found {
            Ok((changes, left)) => (changes, left),
            Err(why) => (Vec::new(), Some(why)),
        };
        Proposal { write: *write, changes, left }
    };
    Ok(wanted.iter().map(one).collect())
}

/// The changes and what is left open, or why there are none.
type Found = Result<(Vec<Change>, Option<String>), String>;

#[cfg(test)]
mod tests;
