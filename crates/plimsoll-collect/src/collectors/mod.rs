//! The collectors. A new one is a module and a line in [`COLLECTORS`].

pub mod advisories;
pub mod advisory_data;
pub mod advisory_finding;
pub mod claims;
pub mod countersignatures;
pub mod exception_use;
pub mod exceptions;
pub mod exploitation;
mod files;
mod fix_ranges;
pub mod history;
mod packages;
pub mod policies;
mod provenance;
mod responses;
mod results;
pub mod sbom;
mod secrets;
mod signatures;
mod testing;
mod workflows;

use plimsoll_snapshot::EntryKind;

pub(crate) use secrets::{mask, mask_inventory};

use crate::{Collector, Context, PathClass};

/// Every collector, in the order of help and reference.
pub const COLLECTORS: &[&dyn Collector] = &[
    &claims::Claims,
    &history::HistoryCollector,
    &signatures::Signatures,
    &sbom::Sbom,
    &advisories::Advisories,
    &responses::Responses,
    &workflows::Workflows,
    &policies::Policies,
    &testing::Tests,
    &secrets::Secrets,
    &secrets::PastSecrets,
    &files::Files,
    &provenance::Provenance,
    &packages::Packages,
    &results::Results,
    &countersignatures::Countersignatures,
];

/// Names the submodules in what ships: their files are the product's, and are not in this commit's tree.
fn shipped_submodules(cx: &Context<'_>) -> Option<String> {
    submodules(cx, |class| class == PathClass::Shipped)
}

/// Names the submodules of the classes that count.
fn submodules(cx: &Context<'_>, counts: fn(PathClass) -> bool) -> Option<String> {
    let entries = cx.snapshot.entries().iter().filter(|entry| entry.kind == EntryKind::Submodule);
    // The class of a submodule is that of the files in it.
    let mut paths =
        entries.map(|entry| entry.path.as_str()).filter(|path| counts(cx.classes.of(&format!("{path}/file"))));
    let first = paths.next()?;
    Some(match paths.count() {
        0 => format!("{first} is a submodule, whose files are not in this commit's tree"),
        more => format!("{} submodules, whose files are not in this commit's tree ({first} among them)", more + 1),
    })
}

/// Every reader of a collector, over the same bytes; for the targets in `fuzz/`, and not in any other build.
#[cfg(fuzzing)]
#[doc(hidden)]
pub fn read_anything(bytes: &[u8]) {
    secrets::read_anything(bytes);
    files::read_anything(bytes);
    provenance::read_anything(bytes);
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    crate::claims::read_anything(text);
    crate::manifest::read_anything(text);
    crate::naming::read_anything(text);
    exceptions::read_anything(text);
    policies::read_anything(text);
    plimsoll_sources::read_anything(text);
    plimsoll_pipelines::read_anything(text);
}
