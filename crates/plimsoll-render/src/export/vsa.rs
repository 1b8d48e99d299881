//! A SLSA Verification Summary Attestation.

use plimsoll_model::{ResourceDescriptor, STATEMENT_TYPE, Statement, is_hex};
use serde_json::{Value, json};

use super::{SOURCE_TRACK, practices_digest, slsa_level, verifier};
use crate::words;

const PREDICATE_TYPE: &str = "https://slsa.dev/verification_summary/v1";
/// The version of SLSA whose tracks the catalogs have.
const SLSA_VERSION: &str = "1.2";

/// A commit as a URI: a persistent identifier of Software Heritage, or the same of Git's own ids where they are SHA-256.
///
/// Source: ISO/IEC 18670 (SWHID), core identifiers of revisions; IANA, URI scheme `gitoid`.
fn of_commit(id: &String) -> String {
    if is_hex(id, 40) { format!("swh:1:rev:{id}") } else { format!("gitoid:commit:sha256:{id}") }
}

/// The policy of a label that rests on others than the built-in practices.
const OTHER_PRACTICES: &str = "urn:plimsoll:other-practices";

/// Gives what the label proves of the SLSA tracks: of its files, where it is about any, the level of the Build track; of its commit
/// alone, that of the Source track. Where no level is proven the verification has failed.
///
/// Source: SLSA 1.2, Verification Summary Attestation; `verifiedLevels` names the highest level of a track.
pub fn vsa(statement: &Statement) -> Value {
    let body = &statement.predicate;
    let is_file = |one: &&ResourceDescriptor| !one.digest.contains_key("gitCommit");
    let files: Vec<&ResourceDescriptor> = statement.subject.iter().filter(is_file).collect();
    let (track, subject) =
        if files.is_empty() { (SOURCE_TRACK, statement.subject.iter().collect()) } else { ("Build", files) };
    // Files of a working copy are of no commit; and by the rules of somebody else a level of SLSA is not known.
    let level = slsa_level(body, track).filter(|_| !body.worktree && body.practices_of.is_none());
    let levels = level.map_or("FAILED".to_owned(), |level| format!("SLSA_{}_LEVEL_{level}", track.to_uppercase()));
    let resource = Some(words::clean(&body.product.url)).filter(|url| url.starts_with("https://"));
    let commit = statement.subject.iter().find_map(|one| one.digest.get("gitCommit"));
    let commit = commit.filter(|id| is_hex(id, 40) || is_hex(id, 64));
    let resource = resource.or_else(|| commit.map(of_commit));
    json!({
        "_type": STATEMENT_TYPE,
        "subject": subject,
        "predicateType": PREDICATE_TYPE,
        "predicate": {
            "verifier": verifier(body),
            "timeVerified": body.as_of,
            "resourceUri": resource.unwrap_or_else(|| "about:blank".to_owned()),
            "policy": {
                "uri": if body.practices_of.is_some() { OTHER_PRACTICES } else { "https://plimsoll.dev/practices" },
                "digest": { "sha256": practices_digest(body) },
            },
            "inputAttestations": [{ "uri": "evidence.json", "digest": body.evidence }],
            "verificationResult": if level.is_some() { "PASSED" } else { "FAILED" },
            "verifiedLevels": [levels],
            "slsaVersion": SLSA_VERSION,
        },
    })
}
