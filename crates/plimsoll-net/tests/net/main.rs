//! Statements attached and found, and files downloaded: at servers that are honest, old, lying and slow, and on disk.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::print_stderr, reason = "a test that panics has failed")]

mod access;
mod bounds;
mod common;
mod disk;
mod download;
mod fake;
mod killed;
mod lies;
mod real;
mod referrers;
mod targets;
