//! Signatures that lie beside what they sign.

use plimsoll_model::{Assurance, Subject};
use plimsoll_trust::{ArtifactFile, Checksums, Question, Signer, last_day};
use schemars::JsonSchema;
use serde::Serialize;

use super::{File, Vouched};
use crate::Context;

/// Files that a signature whose name says nothing is tried on.
const MOST_TRIED: usize = 20;

/// One detached signature.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct SignatureFact {
    /// `repository` or `given`.
    source: &'static str,
    /// Its path or name.
    path: String,
    /// `openpgp`, `ssh`, `minisign`, `signature`, `pkcs7`, `unknown`.
    format: &'static str,
    /// The file that it seems to sign, by its name.
    signs: Option<String>,
    /// What that is: `artifact`, `checksums`, or `other` for what was not given.
    about: &'static str,
    /// SHA-256 of the artifact.
    artifact: Option<String>,
    /// `verified`, `not-verified`, or `not-checked` where what it signs is not at hand.
    verdict: &'static str,
    /// The layer that did not hold.
    layer: Option<&'static str>,
    /// Why it is not verified.
    reason: Option<String>,
    /// The key.
    key: Option<String>,
    /// The party of the policy.
    party: Option<String>,
    /// The name of that party.
    party_name: Option<String>,
    /// The last day on which it is verified, where a key, a certificate or the trust policy ends that within a year.
    until: Option<String>,
}

/// What a signature may be over.
enum Signed<'a> {
    Artifact(&'a crate::GivenFile),
    Checksums(&'a File),
}

impl Signed<'_> {
    fn file(&self) -> ArtifactFile<'_> {
        match self {
            Self::Artifact(one) => {
                ArtifactFile { name: Some(&one.name), digests: one.digests(), bytes: one.bytes.as_deref() }
            }
            Self::Checksums(file) => ArtifactFile::of_bytes(Some(file.name()), &file.bytes),
        }
    }
}

/// What one signature came to.
pub(super) struct Found {
    pub(super) subject: Subject,
    pub(super) assurance: Assurance,
    pub(super) fact: SignatureFact,
    /// The file of checksums that a signer of the policy vouches for.
    pub(super) vouched: Option<Vouched>,
}

/// Looks at one signature.
pub(super) fn of(cx: &Context<'_>, file: &File, lists: &[(&File, Checksums)]) -> Found {
    let mut vouched = None;
    let stem = file.path.rsplit_once('.').map(|(stem, _)| stem.to_owned());
    let mut fact = SignatureFact {
        source: file.source,
        path: file.path.clone(),
        format: format(&file.bytes),
        signs: stem.clone(),
        about: "other",
        artifact: None,
        verdict: "not-checked",
        layer: None,
        reason: None,
        key: None,
        party: None,
        party_name: None,
        until: None,
    };
    let name = stem.as_deref().and_then(|stem| stem.rsplit('/').next()).unwrap_or_default();
    let artifacts = cx.artifacts.iter().filter(|one| one.name == name).map(Signed::Artifact);
    let sums =
        lists.iter().filter(|(list, _)| Some(&list.path) == stem.as_ref()).map(|(list, _)| Signed::Checksums(list));
    let mut candidates: Vec<Signed<'_>> = artifacts.chain(sums).collect();
    // Given for something whose name it does not have.
    if candidates.is_empty() && file.source == "given" {
        candidates.extend(cx.artifacts.iter().map(Signed::Artifact));
        candidates.truncate(MOST_TRIED);
    }
    for signed in &candidates {
        let answer = cx.policy.answer(&file.bytes, &Question::about(signed.file(), cx.as_of));
        let verified = answer.is_verified();
        fact.verdict = if verified { "verified" } else { "not-verified" };
        fact.layer = answer.refusal.as_ref().map(|refusal| refusal.layer.as_str());
        fact.reason = answer.refusal.as_ref().map(|refusal| refusal.reason.clone());
        match signed {
            Signed::Artifact(one) => {
                fact.about = "artifact";
                fact.artifact = Some(one.sha256.clone());
            }
            Signed::Checksums(_) => fact.about = "checksums",
        }
        let Some(finding) = answer.findings.first().filter(|_| verified) else { continue };
        if let Some(Signer::Key { fingerprint, .. }) = &finding.signer {
            fact.key = Some(fingerprint.clone());
        }
        fact.party.clone_from(&finding.party);
        fact.party_name = finding.party.as_ref().and_then(|id| cx.policy.party(id)).map(|party| party.name.clone());
        let ask = |time| cx.policy.answer(&file.bytes, &Question::about(signed.file(), time)).is_verified();
        fact.until = last_day(cx.as_of, ask).map(|day| day.to_string());
        if let Signed::Checksums(list) = signed {
            let who = fact.key.clone().unwrap_or_default();
            vouched = Some(Vouched { path: list.path.clone(), who, until: fact.until.clone() });
        }
        break;
    }
    let assurance = if fact.verdict == "verified" { Assurance::Verified } else { Assurance::Observed };
    let subject = match &fact.artifact {
        Some(artifact) if fact.verdict == "verified" => Subject::artifact(artifact),
        _ => Subject::path(&file.path),
    };
    Found { subject, assurance, fact, vouched }
}

/// The format by how it begins.
fn format(bytes: &[u8]) -> &'static str {
    let begins = |start: &str| bytes.starts_with(start.as_bytes());
    if begins("-----BEGIN PKCS7-----") || begins("-----BEGIN CMS-----") {
        return "pkcs7";
    }
    plimsoll_trust::detached_form(bytes).map_or("unknown", plimsoll_trust::AttestationForm::as_str)
}
