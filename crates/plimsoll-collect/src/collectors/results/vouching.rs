//! Who signed a file of results: a signature or an attestation next to it, over its exact bytes.

use plimsoll_model::ResultFile;
use plimsoll_trust::{ArtifactFile, KeyOwner, Question, Signer, last_day};

use crate::Context;

/// What the name of a signature ends with, behind the name of what it signs.
const ENDINGS: &[&str] = &[
    ".asc",
    ".sig",
    ".minisig",
    ".gpg",
    ".sigstore",
    ".sigstore.json",
    ".bundle",
    ".intoto.jsonl",
    ".intoto.json",
    ".dsse.json",
    ".att",
];

/// Who vouches for a file.
#[derive(Debug)]
pub(super) struct Vouched {
    /// The key or identity.
    pub(super) who: String,
    /// The party of the policy.
    pub(super) party: Option<String>,
    /// The last day on which the signature counts, where that ends within a year.
    pub(super) until: Option<String>,
}

/// Is a file of this name a signature of another?
pub(super) fn is_signature_name(name: &str) -> bool {
    signed_name(name).is_some()
}

/// The name of the file that one of this name signs; the longest ending counts.
fn signed_name(name: &str) -> Option<&str> {
    let stems = ENDINGS.iter().filter_map(|ending| name.strip_suffix(ending)).filter(|stem| !stem.is_empty());
    stems.min_by_key(|stem| stem.len())
}

/// Gives the signer that the trust policy names, where its signature over the bytes of `file` was verified.
pub(super) fn vouched(cx: &Context<'_>, file: &ResultFile, signatures: &[&ResultFile]) -> Option<Vouched> {
    let own = signatures.iter().filter(|signature| signed_name(&signature.name) == Some(file.name.as_str()));
    own.into_iter().find_map(|signature| {
        let artifact = ArtifactFile::of_bytes(Some(&file.name), &file.bytes);
        let ask = |time| {
            let mut question = Question::about(artifact.clone(), time);
            // Anyone can sign: it counts by the signer.
            question.named = true;
            cx.policy.answer(&signature.bytes, &question)
        };
        let answer = ask(cx.as_of);
        if !answer.is_verified() || !answer.is_identified() {
            return None;
        }
        let finding = answer.findings.iter().find(|finding| finding.is_verified())?;
        let who = match finding.signer.as_ref()? {
            Signer::Certificate { identity, .. } => identity.clone(),
            Signer::Key { owner: KeyOwner::Given, fingerprint } => fingerprint.clone(),
            // The registry's key says that something was published there, and nothing of a report.
            Signer::Key { owner: KeyOwner::NpmRegistry, .. } => return None,
        };
        let until = last_day(cx.as_of, |time| {
            let answer = ask(time);
            answer.is_verified() && answer.is_identified()
        });
        Some(Vouched { who, party: finding.party.clone(), until: until.map(|day| day.to_string()) })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signature_is_named_for_what_it_signs() {
        for (name, signed) in [
            ("a.sarif.asc", Some("a.sarif")),
            ("a.json.sigstore.json", Some("a.json")),
            ("a.sarif.minisig", Some("a.sarif")),
            ("a.sarif", None),
            ("a.json", None),
            (".asc", None),
            ("sigstore.json", None),
        ] {
            assert_eq!(signed_name(name), signed, "{name}");
        }
    }
}
