//! Evidence files, held to what the collectors declare of their facts.

#[cfg(test)]
mod tests;

use std::sync::LazyLock;

use plimsoll_model::{Evidence, EvidenceError, Kinds};

/// The kinds that this version collects.
static KINDS: LazyLock<Kinds> =
    LazyLock::new(|| Kinds::of(plimsoll_collect::kinds().into_iter().map(|(_, kind)| *kind)));

/// Reads an evidence file. Refused is what no collector of this version writes, so that nothing is judged by what is missing.
pub fn read_evidence(bytes: &[u8]) -> Result<Evidence, EvidenceError> {
    KINDS.read(bytes)
}
