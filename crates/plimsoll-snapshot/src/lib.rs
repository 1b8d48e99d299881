//! A repository at one commit: read only, every read bounded. git2 is used here and nowhere else.
//!
//! One decision shaped this crate: everything comes from the object database by object id, never from the
//! working copy and never through git's configuration, so that no filter, hook, monitor or attribute of the
//! repository can act on what is read. The cost is that the working copy needs a door of its own
//! ([`OpenOptions::worktree`]), and what comes through it is marked.

mod commit;
mod commits;
mod config;
mod copy;
mod error;
mod file_versions;
mod folders;
mod history;
mod notes;
mod object_store;
mod objects;
mod past;
mod pool;
mod rows;
mod signed;
mod snapshot;
mod special;
mod tags;
mod tree;
mod worktree;

#[cfg(test)]
mod tests;

pub use commit::{CommitRecord, Person};
pub use commits::{Commit, Commits, Places};
pub use copy::CopyError;
pub use error::{ReadError, SnapshotError};
pub use file_versions::FileVersion;
pub use folders::Folders;
pub use history::{History, Scope, SignedCommit, Walk, Watch, walk_all};
pub use notes::Note;
pub use object_store::ObjectStore;
pub use past::{Past, PastBlob};
pub use signed::{LooseCommit, SignedObject, loose_commit, split_commit, split_tag};
pub use snapshot::{OpenOptions, Snapshot};
pub use tags::TagRecord;
pub use tree::{Entry, EntryKind, entry_path};

/// The parsers of untrusted bytes, for the targets in `fuzz/`; not in any other build.
#[cfg(fuzzing)]
#[doc(hidden)]
pub mod fuzzing {
    /// A commit, a tag and a tree of these bytes.
    pub fn objects(bytes: &[u8]) {
        let _ = crate::commit::parse(git2::Oid::ZERO_SHA1, bytes);
        crate::tags::read_anything(bytes);
        crate::tree::read_anything(bytes);
    }
}
