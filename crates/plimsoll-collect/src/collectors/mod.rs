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
