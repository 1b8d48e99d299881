//! A label in the forms that other tools read: results of verification, declarations, assessments, reports of tests.
//!
//! None of them says more than the label. What is not known is never a pass in any of them.

mod cyclonedx;
mod junit;
mod oscal;
mod svr;
mod vsa;

pub use self::{cyclonedx::declarations, junit::junit, oscal::assessment, svr::svr, vsa::vsa};
use plimsoll_model::{Assurance, CatalogResult, EntryResult, LabelBody, Outcome, sha256_hex};
use serde_json::{Value, json};

use crate::words;

/// Who verifies, as a URI; its version is that of what is verified, not of the program.
const VERIFIER: &str = "https://plimsoll.dev/verifier/v1";

/// The track of SLSA about the history of the source.
const SOURCE_TRACK: &str = "Source";

/// The entries of the catalogs with their catalogs, in the label's order.
fn entries(body: &LabelBody) -> impl Iterator<Item = (&CatalogResult, &EntryResult)> {
    body.catalogs.iter().flat_map(|catalog| catalog.entries.iter().map(move |entry| (catalog, entry)))
}

/// Is it met, and by more than the maker's word?
fn is_shown(entry: &EntryResult) -> bool {
    entry.outcome == Outcome::Met && entry.assurance.is_some_and(|assurance| assurance > Assurance::Declared)
}

/// Why an entry came out as it did, and what of it was not looked at.
fn reason_of(entry: &EntryResult) -> String {
    let reason = words::clean(&entry.reason);
    match &entry.not_looked_at {
        Some(part) => format!("{reason}; not looked at: {}", words::clean(part)),
        None => reason,
    }
}

/// The digest of the practices that it was judged by.
fn practices_digest(body: &LabelBody) -> String {
    sha256_hex(serde_json::to_string(&body.practices).unwrap_or_default().as_bytes())
}

/// What verified, and by which practices.
fn verifier(body: &LabelBody) -> Value {
    json!({
        "id": VERIFIER,
        "version": { words::clean(&body.tool.name): words::clean(&body.tool.version) },
    })
}

/// An id in capitals, as names of properties are written: `ssdf-1.1` is `SSDF_1_1`.
fn capitals(id: &str) -> String {
    id.chars().map(|letter| if letter.is_ascii_alphanumeric() { letter.to_ascii_uppercase() } else { '_' }).collect()
}

/// The level of a SLSA track that the label proves: the highest whose entries, with all below, are met by more than a word.
fn slsa_level(body: &LabelBody, track: &str) -> Option<u8> {
    let prefix = format!("slsa-{}-", track.to_ascii_lowercase());
    let catalog = body.catalogs.iter().find(|catalog| catalog.id.starts_with(&prefix))?;
    let level = |entry: &EntryResult| entry.id.rsplit_once('L').and_then(|(_, level)| level.parse::<u8>().ok());
    let mut highest = None;
    for number in 1..=u8::MAX {
        let mut of_level = catalog.entries.iter().filter(|entry| level(entry) == Some(number)).peekable();
        if of_level.peek().is_none() || !of_level.clone().all(is_shown) {
            break;
        }
        // Without a summary of the code host a revision is of level 0 (SLSA 1.2, Source track); what a summary shows lacks nothing.
        if track != SOURCE_TRACK || of_level.all(|entry| entry.not_looked_at.is_none()) {
            highest = Some(number);
        }
    }
    highest
}

/// Adds a member to an object.
fn set(object: &mut Value, name: &str, value: Value) {
    if let Some(members) = object.as_object_mut() {
        members.insert(name.to_owned(), value);
    }
}
