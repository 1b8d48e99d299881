//! Statements that are known about a label: what takes it back, what follows it, who countersigned it.

use plimsoll_collect::{ReadCountersignature, read_countersignature};
use plimsoll_model::{
    COUNTERSIGNATURE_PREDICATE_TYPE, LABEL_PREDICATE_TYPE, REVOCATION_PREDICATE_TYPE, Revocation, Statement, one_line,
    sha256_hex, to_canonical,
};
use plimsoll_trust::{ArtifactFile, Attestation, Finding, Question, Signer, TrustPolicy};

use serde::Deserialize as _;

use super::{Asked, SignedLabel, signer};
use crate::{Error, label_of};

/// What is known about a label beside it.
#[derive(Default)]
pub struct Known {
    /// Why it does not count any more.
    pub ended: Option<String>,
    /// Countersignatures that nobody who made them took back, whatever they are over.
    pub countersignatures: Vec<ReadCountersignature>,
    /// What a person should know of the rest.
    pub notes: Vec<String>,
}

/// A revocation whose signature holds.
struct Taken {
    target: String,
    says: Revocation,
    finding: Finding,
}

/// Reads every statement that was given, and those that lie in the label's own file.
pub(crate) fn known(label: &SignedLabel, by: &Finding, trust: &TrustPolicy, asked: &Asked<'_>) -> Result<Known, Error> {
    let mut known = Known::default();
    let mut taken = Vec::new();
    // Whoever signed the label, each as if they had done so alone: a second signature takes nothing from the first.
    let more = trust.attestations().signers(&label.attestation);
    let more = more.into_iter().map(|(signer, party)| Finding { signer: Some(signer), party, ..by.clone() });
    let by: Vec<Finding> = std::iter::once(by.clone()).chain(more).collect();
    let signed = |other: &Finding| by.iter().any(|one| same(one, other));
    let mut given: Vec<(String, Attestation)> = Vec::new();
    for (name, bytes) in asked.with {
        let refuse = |reason: String| Error::Statement { name: name.clone(), reason };
        let all = Attestation::read_all(bytes).map_err(|refusal| refuse(refusal.reason))?;
        given.extend(all.into_iter().map(|one| (name.clone(), one)));
    }
    given.extend(label.others.iter().map(|one| ("the label's own file".to_owned(), one.clone())));
    for (name, attestation) in &given {
        let refuse = |reason: String| Error::Statement { name: name.clone(), reason };
        let kind = attestation.statement().map(|statement| statement.predicate_type.as_str()).unwrap_or_default();
        match kind {
            COUNTERSIGNATURE_PREDICATE_TYPE => {
                known.countersignatures.push(read_countersignature(attestation, trust, asked.now).map_err(refuse)?);
            }
            REVOCATION_PREDICATE_TYPE => {
                let one = revocation(attestation, trust, asked).map_err(refuse)?;
                match &one.finding.refusal {
                    Some(refusal) => known.notes.push(format!(
                        "{}: a revocation whose signature is not verified counts for nothing ({})",
                        one_line(name),
                        refusal.reason
                    )),
                    None => taken.push(one),
                }
            }
            LABEL_PREDICATE_TYPE => {
                if let Some(reason) = follower(attestation, label, &signed, trust, asked).map_err(refuse)? {
                    known.ended.get_or_insert(reason);
                }
            }
            other => known.notes.push(format!(
                "{}: a statement that says nothing about labels (\"{}\")",
                one_line(name),
                one_line(other)
            )),
        }
    }
    for one in taken.iter().filter(|one| one.target == label.digest) {
        if signed(&one.finding) {
            let reason = format!("it was taken back on {}: {}", one.says.time, one_line(&one.says.reason));
            known.ended = Some(reason);
        } else {
            let who = one.finding.signer.as_ref().map(signer).unwrap_or_default();
            known.notes.push(format!("{who} wants to take it back and did not sign it: that counts for nothing"));
        }
    }
    // Whoever signed the label says nothing more by signing again.
    let own = |one: &ReadCountersignature| one.finding.is_verified() && signed(&one.finding);
    if known.countersignatures.iter().any(own) {
        known.notes.push("a countersignature is by who signed the label: it counts for nothing".to_owned());
        known.countersignatures.retain(|one| !own(one));
    }
    let withdrawn = |one: &ReadCountersignature| {
        taken.iter().any(|back| back.target == one.statement && same(&one.finding, &back.finding))
    };
    let before = known.countersignatures.len();
    known.countersignatures.retain(|one| !withdrawn(one));
    if known.countersignatures.len() < before {
        known.notes.push("a countersignature was taken back by who made it".to_owned());
    }
    Ok(known)
}

/// Gives the countersignatures among the statements that were given, whoever took them back.
pub(crate) fn countersignatures(trust: &TrustPolicy, asked: &Asked<'_>) -> Result<Vec<ReadCountersignature>, Error> {
    let mut found = Vec::new();
    for (name, bytes) in asked.with {
        let refuse = |reason: String| Error::Statement { name: name.clone(), reason };
        for one in Attestation::read_all(bytes).map_err(|refusal| refuse(refusal.reason))? {
            if one.statement().is_some_and(|one| one.predicate_type == COUNTERSIGNATURE_PREDICATE_TYPE) {
                found.push(read_countersignature(&one, trust, asked.now).map_err(refuse)?);
            }
        }
    }
    Ok(found)
}

/// Is it the same key, the same identity, or another key of the same party?
fn same(one: &Finding, other: &Finding) -> bool {
    let party = one.party.is_some() && one.party == other.party;
    let signer = match (&one.signer, &other.signer) {
        (Some(Signer::Key { fingerprint: one, .. }), Some(Signer::Key { fingerprint: other, .. })) => one == other,
        (
            Some(Signer::Certificate { identity, issuer, .. }),
            Some(Signer::Certificate { identity: other, issuer: other_issuer, .. }),
        ) => identity == other && issuer == other_issuer,
        _ => false,
    };
    party || signer
}

fn revocation(attestation: &Attestation, trust: &TrustPolicy, asked: &Asked<'_>) -> Result<Taken, String> {
    let (Some(statement), Some(_)) = (attestation.statement(), attestation.payload()) else {
        return Err("not a revocation: nothing is signed in it".to_owned());
    };
    let read = Statement::<Revocation>::deserialize(statement.value())
        .map_err(|error| format!("not a revocation: {}", one_line(&error.to_string())))?;
    let says = read.predicate;
    if says.schema_version.split('.').next() != Some("1") {
        let found = one_line(&says.schema_version);
        return Err(format!("a revocation of schema version {found}; this version reads 1.x"));
    }
    let target = match statement.subjects.as_slice() {
        [one] => one.digest.get("sha256").cloned(),
        _ => None,
    };
    let target = target.ok_or("a revocation is of one statement, by its SHA-256")?;
    // One that is dated ahead is still the word of who signed: what is taken back is not good until then.
    let question = Question {
        identity: asked.identity.clone(),
        issuer: asked.issuer.clone(),
        ..Question::about(ArtifactFile::of_digest("sha256", &target), asked.now)
    };
    let mut finding = trust.attestations().find(attestation, &question);
    if finding.refusal.is_some() && asked.identity.is_some() {
        // Whoever countersigned is somebody else than who signed the label.
        finding = trust.attestations().find(attestation, &Question { identity: None, issuer: None, ..question });
    }
    Ok(Taken { target, says, finding })
}

/// Why a later label by the same signer ends this one; nothing where it does not.
fn follower(
    attestation: &Attestation,
    label: &SignedLabel,
    signed: &dyn Fn(&Finding) -> bool,
    trust: &TrustPolicy,
    asked: &Asked<'_>,
) -> Result<Option<String>, String> {
    let (Some(_), Some(read)) = (attestation.payload(), attestation.statement()) else {
        return Err("a label that nobody has signed".to_owned());
    };
    let digest = sha256_hex(&to_canonical(read.value()).map_err(|error| error.to_string())?);
    let statement = label_of(read.value()).map_err(|error| error.to_string())?;
    let body = &statement.predicate;
    let follows = body.follows.as_ref().and_then(|follows| follows.label.get("sha256"));
    if follows != Some(&label.digest) || digest == label.digest || body.as_of > asked.now {
        return Ok(None);
    }
    let digests = attestation.statement().and_then(|statement| statement.subjects.first());
    let digests = digests.map(|subject| subject.digest.clone()).unwrap_or_default();
    let question = Question {
        identity: asked.identity.clone(),
        issuer: asked.issuer.clone(),
        named: true,
        ..Question::about(ArtifactFile { digests, ..ArtifactFile::default() }, asked.now)
    };
    let finding = trust.attestations().find(attestation, &question);
    let followed = finding.is_verified() && signed(&finding);
    Ok(followed
        .then(|| format!("a later label follows it: of {}, tier {}; verify that one", body.as_of, body.tier.level)))
}
