//! Signed labels in the hands of others: damaged, swapped, replayed, forged, and done again.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stderr,
    reason = "a test that panics has failed, and what it counted is said"
)]

mod audited;
mod flipped;
mod inputs;
mod made;
mod mutated;
mod practised;
mod refreshed;
mod refused;
mod siblings;
mod tampered;
mod words;
