//! The collectors: evidence from a repository at a commit.
//!
//! One decision shaped this crate: what several collectors need (commits, components, advisory data) is
//! computed before they start, so that no collector waits for another inside the thread pool. The cost is
//! that a slow common part delays all; what is won is that the order of threads cannot show in the output.

mod collector;
pub mod collectors;
mod context;
mod paths;
mod run;
mod sources;

pub use collector::{Collector, Gathered, Need};
pub use collectors::COLLECTORS;
pub use context::{Context, GivenFile};
pub use paths::{PathClass, PathClasses};
pub use run::{CollectError, Collected, Options, Progress, collect, kinds};
pub use sources::inventory_of_folder;

/// The parsers of untrusted bytes, for the targets in `fuzz/`; not in any other build.
#[cfg(fuzzing)]
#[doc(hidden)]
pub mod fuzzing {
    use crate::collectors;

    /// Every reader of a collector, over the same bytes.
    pub fn collectors(bytes: &[u8]) {
        collectors::secrets::read_anything(bytes);
        collectors::provenance::formats::read_anything(bytes);
        let Ok(text) = std::str::from_utf8(bytes) else { return };
        collectors::claims::read_anything(text);
        collectors::exceptions::read_anything(text);
        collectors::policies::read_anything(text);
        collectors::testing::rust::read_anything(text);
        collectors::workflows::read_anything(text);
    }
}
