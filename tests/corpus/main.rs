//! The real command on the shared real data.
//!
//! On a clone alone each test says that it was skipped; with `CI` set a missing corpus is a failure.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that panics has failed")]

mod audit;
#[path = "../cli/common.rs"]
#[allow(dead_code, reason = "shared with the tests of the command")]
mod common;
mod crosswalks;
mod exports;
mod histories;
mod lockfiles;
mod provenance;
#[path = "../cli/provenance_cases.rs"]
#[allow(dead_code, reason = "shared with the tests of the command")]
mod provenance_cases;
mod signatures;
mod signing;
mod standards;
