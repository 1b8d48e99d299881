//! A signed report against what is asked of it. It states no tier: what can be relied on is that a known signer issued it, for
//! which commit and day, and, with its evidence at hand, that every answer follows from that.

use plimsoll_model::{
    REPORT_PREDICATE_TYPE, Report, Statement, canonical_of, is_version_one, one_line, sha256_hex, to_canonical,
};
use plimsoll_trust::{Attestation, TrustPolicy};
use serde::Deserialize as _;

use super::{
    Answer, Verification, VerificationPolicy, days_old,
    statements::{self, SignerSet},
    told_signer,
};
use crate::{CodeHost, Error, Rules, read_evidence, report, report_statement};

/// A report taken out of what it was signed in.
pub(super) struct SignedReport {
    statement: Statement<Report>,
    /// SHA-256 of its canonical bytes.
    digest: String,
    attestation: Attestation,
}

/// Gives the report statement in a value, signed or not.
///
/// Refused, in words: what is no report, another major version of it, and one that is about no commit, or not about that which it
/// says it is about.
pub(crate) fn report_of(value: &serde_json::Value) -> Result<Statement<Report>, String> {
    let read = Statement::<Report>::deserialize(value)
        .map_err(|error| format!("not a report: {}", one_line(&error.to_string())))?;
    if read.predicate_type != REPORT_PREDICATE_TYPE || read.statement_type != plimsoll_model::STATEMENT_TYPE {
        return Err(format!("not a report: its predicate type is \"{}\"", one_line(&read.predicate_type)));
    }
    let version = &read.predicate.schema_version;
    if !is_version_one(version) {
        let version = one_line(version);
        return Err(format!("a report of schema version {version}; this version of plimsoll reads 1.0, 1.1 and so on"));
    }
    if read.subject != report_statement(&read.predicate).subject {
        return Err("a report whose subjects are not those that it names in its text".to_owned());
    }
    Ok(read)
}

impl SignedReport {
    /// Takes the report out of a bundle, where that holds one and nothing else.
    pub fn read(file: &[u8]) -> Option<Result<Self, Error>> {
        let refuse = |reason: String| Error::Bundle { reason };
        let mut all = Attestation::read_all(file).ok()?;
        let is_report =
            |one: &Attestation| one.statement().is_some_and(|one| one.predicate_type == REPORT_PREDICATE_TYPE);
        if !all.iter().any(is_report) {
            return None;
        }
        let (Some(attestation), true) = (all.pop(), all.is_empty()) else {
            return Some(Err(refuse("it holds a report next to other statements: give one".to_owned())));
        };
        let (Some(payload), Some(read)) = (attestation.payload(), attestation.statement()) else {
            return Some(Err(refuse("nobody has signed it; `plimsoll sign` does".to_owned())));
        };
        let statement = report_of(read.value()).map_err(refuse);
        let digest = canonical_of(read.value(), payload).map(|bytes| sha256_hex(&bytes)).map_err(Error::from);
        Some(statement.and_then(|statement| Ok(Self { statement, digest: digest?, attestation })))
    }
}

/// Answers everything that `asked` asks of a signed report.
pub(super) fn verify(
    signed: &SignedReport,
    trust: &TrustPolicy,
    rules: &dyn Rules,
    asked: &VerificationPolicy<'_>,
) -> Result<Verification, Error> {
    let mut answer = Answer::default();
    let body = &signed.statement.predicate;
    answer.passed("format", format!("a report of schema version {}", one_line(&body.schema_version)));
    let finding = statements::signed_as_asked(&signed.attestation, trust, asked);
    if let Some(refusal) = &finding.refusal {
        answer.failed("signature", format!("{}: {}", refusal.layer.as_str(), refusal.reason));
        return Ok(answer.done(None, None, 0));
    }
    answer.passed("signature", told_signer(&finding, trust));
    subject(&signed.statement, asked, &mut answer);
    if body.as_of > asked.now {
        answer.failed("validity", format!("it is about {}, which is to come", body.as_of));
    } else {
        answer.passed("validity", format!("it is about {} and says nothing of later days", body.as_of));
    }
    days_old(body.as_of, asked, &mut answer);
    revocation(signed, &SignerSet::of(&signed.attestation, &finding, trust), trust, asked, &mut answer);
    let own = rules.digests();
    if own == body.practices {
        answer.passed("practices", "it was made by the practices at hand");
    } else {
        answer.failed(
            "practices",
            "it was made by other practices than those at hand: give them with --practices, if you want to go by them",
        );
    }
    follows(signed, rules, asked, &mut answer)?;
    if asked.min_tier.is_some() {
        answer.failed("tier", "a report states no tier: verify the label (--min-tier)");
    }
    let party = finding.party.as_deref().and_then(|id| trust.party(id));
    match (party, &body.issuer.name) {
        (Some(party), Some(issuer)) if party.name != *issuer => answer.note(format!(
            "it is signed by {}, and the issuer that it names is {}",
            one_line(&party.name),
            one_line(issuer)
        )),
        _ => {}
    }
    if body.subject.worktree {
        answer.note("it is about files of a working copy, which are in no commit: nobody can repeat it".to_owned());
    }
    let counts = &body.counts;
    let title = format!(
        "{} for {} {}: {} of {} answered, {} of them by evidence",
        one_line(&body.catalog.title),
        one_line(&body.subject.name),
        one_line(&body.subject.version),
        counts.evidence.saturating_add(counts.word),
        counts.entries,
        counts.evidence
    );
    let mut done = answer.done(None, Some((&finding, trust)), 0);
    done.form = Some("report");
    done.report = Some(title);
    done.label_digest = Some(signed.digest.clone());
    Ok(done)
}

fn subject(statement: &Statement<Report>, asked: &VerificationPolicy<'_>, answer: &mut Answer) {
    if asked.artifacts.is_empty() && asked.commit.is_none() {
        answer.not_checked("subject", "what it has to be about was not said (--artifact, --repo)");
        return;
    }
    let of = |algorithm: &str, digest: &String| {
        statement.subject.iter().any(|one| one.digest.get(algorithm) == Some(digest))
    };
    if let Some((name, _)) = asked.artifacts.iter().find(|(_, sha256)| !of("sha256", sha256)) {
        answer.failed("subject", format!("it is not about {}: no subject has its SHA-256", one_line(name)));
    } else if let Some(commit) = asked.commit.as_ref().filter(|commit| !of("gitCommit", commit)) {
        let own = one_line(&statement.predicate.subject.commit);
        answer.failed("subject", format!("it is about commit {own}, and not about commit {commit}"));
    } else if asked.commit.is_some() && statement.predicate.subject.worktree {
        answer.failed("subject", "it is about files of a working copy, which are in no commit");
    } else {
        let files = asked.artifacts.iter().map(|(name, _)| one_line(name));
        let about: Vec<String> = files.chain(asked.commit.iter().map(|commit| format!("commit {commit}"))).collect();
        answer.passed("subject", format!("it is about {}", about.join(", ")));
    }
}

/// Has the signer revoked it, by a statement that was given? What cannot be read may do so.
fn revocation(
    signed: &SignedReport,
    by: &SignerSet,
    trust: &TrustPolicy,
    asked: &VerificationPolicy<'_>,
    answer: &mut Answer,
) {
    if asked.with.is_empty() {
        answer.not_checked("revocation", "no revocations were given (--with)");
        return;
    }
    match statements::revoked(&signed.digest, by, trust, asked) {
        Some(reason) => answer.failed("revocation", reason),
        None => answer.passed("revocation", "nothing that was given revokes it"),
    }
}

/// Does every answer follow from the evidence that was given?
fn follows(
    signed: &SignedReport,
    rules: &dyn Rules,
    asked: &VerificationPolicy<'_>,
    answer: &mut Answer,
) -> Result<(), Error> {
    let body = &signed.statement.predicate;
    let Some(bytes) = asked.evidence else {
        answer.not_checked("evidence", "no evidence was given (--evidence): its answers are the word of who signed");
        return Ok(());
    };
    let mut evidence = match read_evidence(bytes) {
        Ok(evidence) => evidence,
        Err(error) => {
            answer.failed("evidence", error.to_string());
            return Ok(());
        }
    };
    evidence.sort();
    let practices = rules.practices()?;
    let Some(catalog) = practices.catalog(&body.catalog.id) else {
        answer.failed(
            "evidence",
            "it answers a questionnaire, or a catalog that is not at hand: it cannot be made again",
        );
        return Ok(());
    };
    let host = body.subject.repository.as_deref().and_then(CodeHost::of);
    match report(&evidence, catalog, practices, host.as_ref()) {
        Err(error) => answer.failed("evidence", error.to_string()),
        Ok(again) if again.evidence != body.evidence => {
            answer.failed("evidence", "it was made from other evidence than what was given");
        }
        Ok(mut again) => {
            // The program that made it is named by its signer.
            again.tool.clone_from(&body.tool);
            let bytes = to_canonical(&report_statement(&again))?;
            // By its bytes: what this version does not read of it follows from nothing.
            if sha256_hex(&bytes) == signed.digest {
                answer.passed("evidence", "each of its answers follows from the evidence that was given");
            } else {
                answer.failed("evidence", differs(&again, body));
            }
        }
    }
    Ok(())
}

/// The first thing in which a report differs from the one that its evidence gives.
fn differs(again: &Report, stated: &Report) -> String {
    let of_entries = again.entries.iter().zip(&stated.entries).find(|(one, other)| one != other);
    match of_entries {
        Some((one, _)) => {
            format!("its entry {} is not what the evidence gives: do not rely on it", one_line(&one.id))
        }
        None => "what it says besides its entries is not what the evidence gives: do not rely on it".to_owned(),
    }
}
