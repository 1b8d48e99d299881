//! An in-toto Simple Verification Result.

use plimsoll_model::{STATEMENT_TYPE, Statement};
use serde_json::{Value, json};

use super::{SOURCE_TRACK, capitals, entries, is_shown, practices_digest, set, slsa_level, verifier};

const PREDICATE_TYPE: &str = "https://in-toto.io/attestation/svr/v0.1";

/// Gives the label as a statement of the properties that were verified: each tier that is reached, the levels of the SLSA tracks, and
/// each entry that is met by more than the maker's word, as `SSDF_1_1_PW_8_2_OBSERVED`, or
/// `SSDF_1_1_PW_8_2_IN_PART_OBSERVED` where a part of it was not looked at. Of files of a working copy, and of software
/// whose maker has not spoken, no tier is a property; of what was not verified there is nothing.
///
/// Source: in-toto attestation predicates, Simple Verification Result 0.1.
pub fn svr(statement: &Statement) -> Value {
    let body = &statement.predicate;
    let mut properties: Vec<String> = Vec::new();
    if !body.worktree {
        if body.source_view.is_none() {
            properties.extend((1..=body.tier.level).map(|level| format!("PLIMSOLL_TIER_{level}")));
        }
        // A level of the Build track is one of files, and this speaks of the commit as well: it has a statement of its own.
        let source = slsa_level(body, SOURCE_TRACK).map(|level| format!("SLSA_SOURCE_LEVEL_{level}"));
        properties.extend(source);
        let shown = entries(body).filter(|(catalog, entry)| is_shown(entry) && !catalog.id.starts_with("slsa-"));
        properties.extend(shown.filter_map(|(catalog, entry)| {
            let assurance = capitals(entry.assurance?.as_str());
            let part = if entry.not_looked_at.is_some() { "_IN_PART" } else { "" };
            Some(format!("{}_{}{part}_{assurance}", capitals(&catalog.id), capitals(&entry.id)))
        }));
    }
    if body.practices_of.is_some() {
        // What holds by the rules of somebody else is another property.
        for one in &mut properties {
            one.insert_str(0, "OTHER_PRACTICES_");
        }
    }
    let mut verifier = verifier(body);
    set(&mut verifier, "policy", json!({ "digest": { "sha256": practices_digest(body) } }));
    json!({
        "_type": STATEMENT_TYPE,
        "subject": statement.subject,
        "predicateType": PREDICATE_TYPE,
        "predicate": {
            "verifier": verifier,
            "timeCreated": body.as_of,
            "properties": properties,
            // Not of the standard: until when the label may be relied on.
            "plimsoll_expires": body.expires,
        },
    })
}
