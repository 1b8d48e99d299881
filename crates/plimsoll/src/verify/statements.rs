//! Statements that are known about a label: what takes it back, what follows it, who countersigned it.

use std::collections::BTreeSet;

use plimsoll_model::{
    COUNTERSIGNATURE_PREDICATE_TYPE, Follows, LabelBody, LabelForm, REVOCATION_PREDICATE_TYPE, Revocation, Statement,
    canonical_of, one_line, sha256_hex,
};
use plimsoll_trust::{ArtifactFile, Attestation, Finding, Layer, Question, Refusal, Signer, TrustPolicy};

use super::{LABEL_FILE, SignedLabel, VerificationPolicy, about_itself, file_digest, is_of_commit};
use crate::{
    Error,
    corroborate::{ReadCountersignature, read_countersignature, signer},
    label_of,
    signed_statement::SignedStatement,
};

/// What is known about a label beside it.
#[derive(Default)]
pub struct Known {
    /// Why it does not count any more.
    pub ended: Option<String>,
    /// Countersignatures that nobody who made them took back, whatever they are over.
    pub countersignatures: Vec<ReadCountersignature>,
    /// Was anything given that could end it?
    pub spoken: bool,
    /// What a person should know of the rest.
    pub notes: Vec<String>,
}

impl Known {
    /// A statement that cannot be read may be what ends the label: that it does not is not known.
    fn unread(&mut self, name: &str, reason: &str) {
        let reason = one_line(reason);
        self.ended
            .get_or_insert_with(|| format!("{} cannot be read, and may be what ends it: {reason}", one_line(name)));
    }
}

/// A revocation whose signature holds.
struct Taken {
    target: String,
    says: Revocation,
    by: SignerSet,
}

/// Everybody who signed a statement, each as if they had done so alone: a second signature takes nothing from the first.
pub(super) struct SignerSet(Vec<Finding>);

impl SignerSet {
    pub(super) fn of(attestation: &Attestation, first: &Finding, trust: &TrustPolicy) -> Self {
        let more = trust.attestations().signers(attestation);
        let more = more.into_iter().map(|(signer, party)| Finding { signer: Some(signer), party, ..first.clone() });
        Self(std::iter::once(first.clone()).chain(more).collect())
    }

    pub(super) fn all(&self) -> &[Finding] {
        &self.0
    }

    /// Did one and the same sign both?
    fn shares(&self, other: &[Finding], asked: &VerificationPolicy<'_>) -> bool {
        self.0.iter().any(|one| other.iter().any(|other| same(one, other, asked)))
    }
}

/// What comes of a signature: by a key that was asked for, else by somebody whom `asked` or the trust policy names.
pub(super) fn signed_as_asked(
    attestation: &Attestation,
    trust: &TrustPolicy,
    asked: &VerificationPolicy<'_>,
) -> Finding {
    let question = about_itself(attestation, asked);
    let mut finding = trust.attestations().find(attestation, &question);
    if asked.keys.is_empty() || finding.refusal.is_some() {
        return finding;
    }
    // A key that was asked for is asked for whoever else signed it, and whomever else the policy names.
    let hands = SignerSet::of(attestation, &finding, trust);
    let wanted = |one: &&Finding| match &one.signer {
        Some(Signer::Key { fingerprint, .. }) => asked.keys.contains(fingerprint),
        _ => false,
    };
    if let Some(one) = hands.all().iter().find(wanted) {
        return one.clone();
    }
    let who = finding.signer.as_ref().map(signer).unwrap_or_default();
    let reason = format!("{who} signed it, and not a key that was asked for (--key)");
    finding.refusal = Some(Refusal::new(Layer::Identity, reason));
    finding
}

/// Why the statement with the digest `own`, signed `by`, does not count any more, by what was given; nothing where it does.
pub(super) fn revoked(
    own: &str,
    by: &SignerSet,
    trust: &TrustPolicy,
    asked: &VerificationPolicy<'_>,
) -> Option<String> {
    for (name, bytes) in asked.with {
        let unread = |reason: &str| {
            let (name, reason) = (one_line(name), one_line(reason));
            Some(format!("{name} cannot be read, and may be what ends it: {reason}"))
        };
        let all = match Attestation::read_all(bytes) {
            Ok(all) => all,
            Err(refusal) => return unread(&refusal.reason),
        };
        let kind =
            |one: &&Attestation| one.statement().is_some_and(|one| one.predicate_type == REVOCATION_PREDICATE_TYPE);
        for one in all.iter().filter(kind) {
            match revocation(one, trust, asked) {
                Err(reason) => return unread(&reason),
                Ok(Ok(taken)) if taken.target == own && by.shares(taken.by.all(), asked) => {
                    return Some(format!("it was revoked on {}: {}", taken.says.time, one_line(&taken.says.reason)));
                }
                Ok(_) => {}
            }
        }
    }
    None
}

/// Reads every statement that was given, and those that lie in the label's own file.
pub(crate) fn known(label: &SignedLabel, by: &Finding, trust: &TrustPolicy, asked: &VerificationPolicy<'_>) -> Known {
    let mut known = Known::default();
    let mut taken = Vec::new();
    let by = SignerSet::of(&label.attestation, by, trust);
    let mut given: Vec<(String, Attestation)> = Vec::new();
    for (name, bytes) in asked.with {
        match Attestation::read_all(bytes) {
            Ok(all) => given.extend(all.into_iter().map(|one| (name.clone(), one))),
            // It was given because it may say something, and what it says is not known.
            Err(refusal) => known.unread(name, &refusal.reason),
        }
    }
    given.extend(label.others.iter().map(|one| ("the label's own file".to_owned(), one.clone())));
    for (name, attestation) in &given {
        let malformed = |known: &mut Known, reason: &str| {
            if is_by(attestation, &by, trust, asked) && may_be_about(attestation, label) {
                known.unread(name, reason);
            } else {
                known.notes.push(format!("{}: it counts for nothing: {reason}", one_line(name)));
            }
        };
        let kind = attestation.statement().map(|statement| statement.predicate_type.as_str()).unwrap_or_default();
        match kind {
            // One that cannot be used raises nothing, and whoever laid it there keeps nobody from asking.
            COUNTERSIGNATURE_PREDICATE_TYPE => match read_countersignature(attestation, trust, asked.now) {
                Ok(read) => known.countersignatures.push(read),
                Err(reason) => known.notes.push(format!("{}: it counts for nothing: {reason}", one_line(name))),
            },
            REVOCATION_PREDICATE_TYPE => match revocation(attestation, trust, asked) {
                Err(reason) => malformed(&mut known, &reason),
                Ok(Ok(one)) => taken.push(one),
                Ok(Err(reason)) => known.notes.push(format!(
                    "{}: a revocation whose signature is not verified counts for nothing ({reason})",
                    one_line(name)
                )),
            },
            // A view of somebody is no later word of a maker, and none of somebody else.
            kind if LabelForm::named(kind).is_some_and(|form| form != label.statement.predicate.form()) => {
                known.notes.push(format!(
                    "{}: an outside view ends no label, and a label no outside view: it counts for nothing here",
                    one_line(name)
                ));
            }
            kind if LabelForm::named(kind).is_some() => {
                known.spoken = true;
                match follower(attestation, label, &by, trust, asked) {
                    Err(reason) => malformed(&mut known, &reason),
                    Ok(Some(reason)) => known.ended = Some(reason),
                    Ok(None) => {}
                }
            }
            other => known.notes.push(format!(
                "{}: a statement that says nothing about labels (\"{}\")",
                one_line(name),
                one_line(other)
            )),
        }
    }
    known.spoken |= !taken.is_empty();
    let names = names(label);
    let before = label.statement.predicate.follows.as_ref().map(chain).unwrap_or_default();
    let own = label.digests();
    for one in &taken {
        let target = one.target.as_str();
        // What came in the place of what was taken back has not been taken back with it.
        let replaced = one.says.replaced_by.as_ref().and_then(|digest| digest.get("sha256"));
        let spared = replaced.is_some_and(|digest| own.contains(&digest.as_str())) && !own.contains(&target);
        if spared || !(names.contains(target) || before.contains(target)) {
            continue;
        }
        if by.shares(one.by.all(), asked) {
            let what = if names.contains(target) { "it" } else { "a label that it follows" };
            known.ended = Some(format!("{what} was taken back on {}: {}", one.says.time, one_line(&one.says.reason)));
        } else {
            let who = one.by.all().first().and_then(|first| first.signer.as_ref()).map(signer).unwrap_or_default();
            known.notes.push(format!("{who} wants to take it back and did not sign it: that counts for nothing"));
        }
    }
    // Whoever signed the label says nothing more by signing again. Keys that were asked for together may be those of maker
    // and auditor, and are no one for that.
    let alone = VerificationPolicy {
        keys: Vec::new(),
        identity: None,
        issuer: None,
        run_of: None,
        artifacts: Vec::new(),
        commit: None,
        ..*asked
    };
    let own =
        |one: &ReadCountersignature| one.finding.is_verified() && by.shares(std::slice::from_ref(&one.finding), &alone);
    if known.countersignatures.iter().any(own) {
        known.notes.push("a countersignature is by who signed the label: it counts for nothing".to_owned());
        known.countersignatures.retain(|one| !own(one));
    }
    let withdrawn = |one: &ReadCountersignature| {
        let made = std::slice::from_ref(&one.finding);
        taken.iter().any(|back| back.target == one.statement && back.by.shares(made, &alone))
    };
    let before = known.countersignatures.len();
    known.countersignatures.retain(|one| !withdrawn(one));
    if known.countersignatures.len() < before {
        known.notes.push("a countersignature was taken back by who made it".to_owned());
    }
    known
}

/// The digests by which a label is meant: its own, and that of the label to which only countersignatures were added.
fn names(label: &SignedLabel) -> BTreeSet<&str> {
    let before = &label.statement.predicate.countersigned;
    let before = before.iter().filter_map(|one| one.label.get("sha256").map(String::as_str));
    label.digests().into_iter().chain(before).collect()
}

/// The digests of the labels that one follows, near and far.
fn chain(follows: &Follows) -> BTreeSet<&str> {
    let all = std::iter::once(&follows.label).chain(&follows.earlier);
    all.filter_map(|digest| digest.get("sha256").map(String::as_str)).collect()
}

/// Gives the countersignatures among the statements that were given, whoever took them back.
pub(crate) fn countersignatures(
    trust: &TrustPolicy,
    asked: &VerificationPolicy<'_>,
) -> Result<Vec<ReadCountersignature>, Error> {
    let mut found = Vec::new();
    for (name, bytes) in asked.with {
        let refuse = |reason: String| Error::Statement { name: name.clone(), reason };
        for one in Attestation::read_all(bytes).map_err(|refusal| refuse(refusal.reason))? {
            if one.statement().is_some_and(|one| one.predicate_type == COUNTERSIGNATURE_PREDICATE_TYPE) {
                // As above: what cannot be used is as if it were not there.
                found.extend(read_countersignature(&one, trust, asked.now).ok());
            }
        }
    }
    Ok(found)
}

/// Refuses statements that were given and cannot be read.
pub(crate) fn refuse_unreadable(
    label: &SignedLabel,
    trust: &TrustPolicy,
    asked: &VerificationPolicy<'_>,
) -> Result<(), Error> {
    for (name, bytes) in asked.with {
        let refuse = |reason: String| Error::Statement { name: name.clone(), reason };
        for one in Attestation::read_all(bytes).map_err(|refusal| refuse(refusal.reason))? {
            let by = SignerSet(Vec::new());
            match one.statement().map(|statement| statement.predicate_type.as_str()) {
                Some(REVOCATION_PREDICATE_TYPE) => drop(revocation(&one, trust, asked).map_err(refuse)?),
                Some(kind) if LabelForm::named(kind).is_some() => {
                    drop(follower(&one, label, &by, trust, asked).map_err(refuse)?);
                }
                _ => {}
            }
        }
    }
    Ok(())
}

/// Did who signed the label sign this as well?
fn is_by(attestation: &Attestation, by: &SignerSet, trust: &TrustPolicy, asked: &VerificationPolicy<'_>) -> bool {
    let question = about_itself(attestation, asked);
    let mut finding = trust.attestations().find(attestation, &question);
    if finding.refusal.is_some() && asked.names_certificate() {
        // Another key or workflow of the same party is another signer.
        finding = trust
            .attestations()
            .find(attestation, &Question { identity: None, issuer: None, run_of: None, ..question });
    }
    finding.is_verified() && by.shares(SignerSet::of(attestation, &finding, trust).all(), asked)
}

/// Can it be about this label, as far as its subjects say? What names neither a digest of it nor another commit can.
fn may_be_about(attestation: &Attestation, label: &SignedLabel) -> bool {
    let Some(statement) = attestation.statement() else { return true };
    let commits =
        |of: &str| label.statement.subject.iter().any(|one| one.digest.get("gitCommit").is_some_and(|own| own == of));
    let names = names(label);
    let subjects = &statement.subjects;
    let named: Vec<&String> = subjects.iter().filter_map(|one| one.digest.get("gitCommit")).collect();
    if LabelForm::named(&statement.predicate_type).is_some() {
        return named.is_empty() || named.iter().any(|commit| commits(commit));
    }
    let digests: Vec<&String> = subjects.iter().filter_map(|one| one.digest.get("sha256")).collect();
    digests.is_empty() || digests.iter().any(|digest| names.contains(digest.as_str()))
}

/// Is it the same key, the same identity, another key of the same party, or another of those who were asked for together?
fn same(one: &Finding, other: &Finding, asked: &VerificationPolicy<'_>) -> bool {
    let party = one.party.is_some() && one.party == other.party;
    let signer = match (&one.signer, &other.signer) {
        (Some(Signer::Key { fingerprint: one, .. }), Some(Signer::Key { fingerprint: other, .. })) => {
            one == other || (asked.keys.contains(one) && asked.keys.contains(other))
        }
        (
            Some(Signer::Certificate { identity, issuer, claims, .. }),
            Some(Signer::Certificate { identity: other, issuer: other_issuer, claims: other_claims, .. }),
        ) => {
            let fit = |identity: &str| asked.identity.as_ref().is_some_and(|rule| rule.holds(identity));
            // Everyone who calls a workflow of another repository has its identity.
            let run = claims.repository == other_claims.repository;
            issuer == other_issuer && run && (identity == other || (fit(identity) && fit(other)))
        }
        _ => false,
    };
    party || signer
}

/// A revocation, or why its signature is not verified. An error is what is no revocation at all.
fn revocation(
    attestation: &Attestation,
    trust: &TrustPolicy,
    asked: &VerificationPolicy<'_>,
) -> Result<Result<Taken, String>, String> {
    let SignedStatement { predicate: says, subject: target, .. } = SignedStatement::<Revocation>::read(attestation)?;
    // One that is dated ahead is still the word of who signed: what is taken back is not good until then.
    let question = Question {
        identity: asked.identity.clone(),
        issuer: asked.issuer.clone(),
        run_of: asked.run_of.clone(),
        ..Question::about(ArtifactFile::of_digest("sha256", &target), asked.now)
    };
    let mut finding = trust.attestations().find(attestation, &question);
    if finding.refusal.is_some() && asked.names_certificate() {
        // Whoever countersigned is somebody else than who signed the label.
        finding = trust
            .attestations()
            .find(attestation, &Question { identity: None, issuer: None, run_of: None, ..question });
    }
    if let Some(refusal) = &finding.refusal {
        return Ok(Err(refusal.reason.clone()));
    }
    Ok(Ok(Taken { target, says, by: SignerSet::of(attestation, &finding, trust) }))
}

/// Why a later label by the same signer ends this one; nothing where it does not.
///
/// It does where it names this one as a label that it follows, near or far, and where it speaks of the same commit for a
/// later moment: of two statements of one signer about one thing the later one counts. Of two that differ and are of one
/// moment neither does.
fn follower(
    attestation: &Attestation,
    label: &SignedLabel,
    by: &SignerSet,
    trust: &TrustPolicy,
    asked: &VerificationPolicy<'_>,
) -> Result<Option<String>, String> {
    let (Some(payload), Some(read)) = (attestation.payload(), attestation.statement()) else {
        return Err("a label that nobody has signed".to_owned());
    };
    let digest = sha256_hex(&canonical_of(read.value(), payload).map_err(|error| error.to_string())?);
    let statement = label_of(read.value()).map_err(|error| error.to_string())?;
    let body = &statement.predicate;
    let named = body.follows.as_ref().is_some_and(|follows| !chain(follows).is_disjoint(&names(label)));
    let later = body.as_of > label.statement.predicate.as_of && is_of_the_same(&statement, &label.statement);
    if !(named || later || differs(&statement, &digest, label)) || label.own == digest || body.as_of > asked.now {
        return Ok(None);
    }
    let followed = is_by(attestation, by, trust, asked);
    let how = match (named, later) {
        (true, _) => "a later label follows it",
        (false, true) => "a later label speaks of the same",
        (false, false) => "another label of the same moment says something else",
    };
    Ok(followed.then(|| format!("{how}: of {}, tier {}; verify that one", body.as_of, body.tier.level)))
}

/// Is `one` of the moment of `label` and of the same, and says something else? Neither is made from the other.
fn differs(one: &Statement, digest: &str, label: &SignedLabel) -> bool {
    let (own, other) = (&one.predicate, &label.statement.predicate);
    // Under whose name a view was signed makes no other view of it.
    let unnamed = |body: &LabelBody| {
        let mut body = body.clone();
        body.source_view.iter_mut().for_each(|view| view.assessor = None);
        body
    };
    if own.as_of != other.as_of || unnamed(own) == unnamed(other) || files(one) != files(&label.statement) {
        return false;
    }
    let from = own.countersigned.iter().filter_map(|one| one.label.get("sha256").map(String::as_str));
    let mut theirs = std::iter::once(digest).chain(file_digest(one)).chain(from);
    let mut known = names(label);
    known.extend(other.follows.iter().flat_map(chain));
    is_of_the_same(one, &label.statement) && !theirs.any(|digest| known.contains(digest))
}

/// The files of a release that a label names.
fn files(statement: &Statement) -> BTreeSet<&str> {
    let all = statement.subject.iter();
    let files = all.filter(|one| one.name != LABEL_FILE && !one.digest.contains_key("gitCommit"));
    files.filter_map(|one| one.digest.get("sha256").map(String::as_str)).collect()
}

/// Does `one` speak of the same commit as `other`? What name and version it gives the product is the signer's choice, and
/// makes no other thing of it.
///
/// Files of the release that `other` names have to be in `one` as well, unless that names none: a pipeline may label each
/// file by itself.
fn is_of_the_same(one: &Statement, other: &Statement) -> bool {
    let commit =
        |statement: &Statement| statement.subject.iter().find_map(|subject| subject.digest.get("gitCommit")).cloned();
    let (of_one, of_other) = (files(one), files(other));
    let covers = of_one.is_superset(&of_other);
    match (commit(one), commit(other)) {
        (Some(one), Some(other)) => one == other && (of_one.is_empty() || covers),
        (Some(commit), None) => (of_one.is_empty() || covers) && is_of_commit(other, &commit),
        (None, Some(commit)) => (of_one.is_empty() || covers) && is_of_commit(one, &commit),
        // Signed as files, neither says its commit; a file of a release is of one.
        (None, None) => covers && !of_other.is_empty(),
    }
}
