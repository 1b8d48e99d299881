//! The collectors: evidence from a repository at a commit.
//!
//! One decision shaped this crate: what several collectors need (commits, components, advisory data) is
//! computed before they start, so that no collector waits for another inside the thread pool. The cost is
//! that a slow common part delays all; what is won is that the order of threads cannot show in the output.

mod base;
pub mod claims;
mod collector;
pub mod collectors;
mod contacts;
mod context;
mod given;
mod inputs;
mod kept;
mod locked_package;
mod manifest;
mod naming;
pub mod org_defaults;
pub mod packages;
mod paths;
pub mod profile;
pub mod proposals;
#[cfg(fuzzing)]
pub mod results;
#[cfg(not(fuzzing))]
mod results;
mod run;
pub mod signatures;
mod signers;
mod sources;
pub mod vex;

pub use collector::{Collector, Gathered, Need};
pub use collectors::COLLECTORS;
#[cfg(fuzzing)]
pub use collectors::read_anything;
pub use context::Context;
pub use given::{GivenFile, InputFiles};
pub use inputs::{CollectError, Inputs, Target};
pub use locked_package::{locked_package, published_packages};
pub use paths::{PathClass, PathClasses};
pub use run::{Collected, Examination, Progress, collect, kinds};
pub use signers::{Owner, Signer, Signers};
pub use sources::inventory_of_folder;

#[cfg(test)]
mod pattern_tests;
