//! The collectors. A new one is a module and a line in [`COLLECTORS`].

pub mod advisories;
pub mod claims;
mod exceptions;
mod history;
mod policies;
mod provenance;
mod sbom;
mod secrets;
mod testing;
mod workflows;
mod yaml;

use crate::Collector;

/// Every collector, in the order of help and reference.
pub const COLLECTORS: &[&dyn Collector] = &[
    &claims::Claims,
    &history::HistoryCollector,
    &sbom::Sbom,
    &advisories::Advisories,
    &workflows::Workflows,
    &policies::Policies,
    &testing::Tests,
    &secrets::Secrets,
    &provenance::Provenance,
];

/// Every reader of a collector, over the same bytes; for the targets in `fuzz/`, and not in any other build.
#[cfg(fuzzing)]
#[doc(hidden)]
pub fn read_anything(bytes: &[u8]) {
    secrets::read_anything(bytes);
    provenance::formats::read_anything(bytes);
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    claims::read_anything(text);
    exceptions::read_anything(text);
    policies::read_anything(text);
    testing::rust::read_anything(text);
    workflows::read_anything(text);
}
