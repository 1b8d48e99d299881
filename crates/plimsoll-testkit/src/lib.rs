//! Builds tiny repositories with fixed authors and dates, and finds the shared real data.
//!
//! One decision shaped this crate: it knows no other crate of the workspace, so that every one of them can
//! use it in its tests. The cost is that it speaks of paths and ids as plain text.
#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::missing_panics_doc,
    clippy::print_stderr,
    clippy::indexing_slicing,
    clippy::format_push_string,
    reason = "a test that cannot be set up has to fail at once"
)]

mod bench;
mod corpus;
mod repo;

pub use bench::{peak_memory, print_ratio, print_ratio_to};
pub use corpus::{corpus, unpack};
pub use repo::{Commit, Repo, SIGNATURE, commit_id};
