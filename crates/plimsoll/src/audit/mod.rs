//! An audit: the label computed again, the evidence collected again, and both judged by whoever audits.
//!
//! Nothing is believed that can be repeated. What cannot be, for want of an input, is named with its cure; only what rests on
//! that input may differ for it, and everything else that differs is a difference.

mod commits;
mod compare;
mod inputs;

pub(crate) use compare::fact_name;
pub use compare::{Differences, Place, diff_criteria, diff_entries, diff_evidence, diff_json};
pub use inputs::{differs_beyond, kinds_that_rest_on};
use plimsoll_collect::{Examination, Inputs, Progress, Target};
use plimsoll_model::{
    AUDIT_SCHEMA_VERSION, AuditCheck, AuditReport, AuditVerdict, AuditedLabel, CheckVerdict, Evidence, InputId, Judged,
    Repetition, RepetitionVerdict, Statement, one_line, sha256_hex, to_canonical,
};
use plimsoll_practices::Practices;
use plimsoll_trust::TrustPolicy;

use self::inputs::Missing;
use crate::{
    Check, Error, SignedLabel, VerificationPolicy,
    corroborate::{corroborate_by, with_countersignatures_of, without_countersignatures},
    refresh_evidence, tool,
    verify::{Given, Rescored, countersignatures, known, own_subjects, refuse_unreadable, verify_signed},
};

/// What is audited, and with what.
pub struct Audit<'a> {
    /// The signed label.
    pub bundle: &'a [u8],
    /// Whose signature counts, and what else is asked of the label.
    pub asked: VerificationPolicy<'a>,
    /// The trust policy of whoever audits.
    pub trust: &'a TrustPolicy,
    /// The practices of whoever audits.
    pub practices: &'a Practices,
    /// The repository, with the inputs of whoever made the label, and with those of whoever audits.
    pub repository: Option<Repository>,
}

/// A repository with the files of its release, and two sets of inputs. The revision, and moment and tool of the first inputs,
/// are taken from the evidence; no working copy is examined.
pub struct Repository {
    /// What is collected from again. Its files for inputs are those with which the label was made.
    pub target: Target,
    /// The inputs with which the label was made.
    pub theirs: Inputs,
    /// The trust policy by which whoever made the label judged countersignatures, where it is another than that of `theirs`.
    pub countersigned_by: Option<TrustPolicy>,
    /// The inputs of whoever audits.
    pub own: Inputs,
}

/// Audits a label.
///
/// An error is what keeps the question from being asked: a bundle that holds no label, a repository that cannot be read.
pub fn audit(audit: Audit<'_>, progress: Progress<'_>) -> Result<AuditReport, Error> {
    let signed = SignedLabel::read(audit.bundle)?;
    let body = &signed.statement.predicate;
    let (asked, practices, repository) = (&audit.asked, audit.practices, audit.repository);
    refuse_unreadable(&signed, audit.trust, asked)?;
    let repeated_at = repository.as_ref().and_then(|_| commit_of(&signed.statement));
    // Both take about as long, and neither needs what the other finds but the evidence itself.
    progress("reading the evidence");
    let given = asked.evidence.map(|bytes| Given::read(bytes, body));
    let evidence = match given.as_ref().map(Given::evidence) {
        None => None,
        Some(Ok(evidence)) => Some(evidence),
        Some(Err(reason)) => return Err(not_evidence(reason)),
    };
    let (first, second) = rayon::join(
        || {
            let again = given.as_ref().map(|given| (given, given.label(body, practices)));
            let rescored = again.as_ref().map(|(given, again)| (*given, again));
            let verification = verify_signed(&signed, audit.trust, practices, asked, rescored)?;
            Ok::<_, Error>((verification, scored(&signed, rescored, practices)?))
        },
        || match repository {
            None => {
                let reason = "no repository was given (--repo)";
                Ok((not_done(reason), unjudged(reason)))
            }
            Some(repository) => collected(&signed, evidence, repository, practices, asked, progress),
        },
    );
    let ((verification, score), (collect, judged)) = (first?, second?);
    let refused = verification.checks.iter().any(|check| {
        // The tier that was asked for is a wish of whoever asks, and no mark of the label.
        check.verdict == CheckVerdict::Failed && check.name != "tier" && check.name != "age"
    });
    let parts = [score.verdict, collect.verdict];
    let verdict = if refused || parts.contains(&RepetitionVerdict::Differs) {
        AuditVerdict::Differs
    } else if parts.iter().all(|part| *part == RepetitionVerdict::Identical) {
        AuditVerdict::Identical
    } else {
        AuditVerdict::Incomplete
    };
    Ok(AuditReport {
        schema_version: AUDIT_SCHEMA_VERSION.to_owned(),
        tool: tool(),
        time: audit.asked.now,
        verdict,
        label: AuditedLabel {
            digest: signed.digest.clone(),
            evidence: body.evidence.get("sha256").cloned().unwrap_or_default(),
            base: base_digest(body.evidence.get("sha256"), evidence)?,
            product: one_line(format!("{} {}", body.product.name, body.product.version).trim()),
            signer: verification.signer.clone(),
            subject: signed.statement.subject.clone(),
            as_of: body.as_of,
            expires: body.expires,
            tier: body.tier.level,
            tier_name: one_line(&body.tier.name),
            is_view: body.form() == plimsoll_model::LabelForm::SourceView,
        },
        checks: verification
            .checks
            .into_iter()
            .map(|check| of_commit(check, repeated_at.as_deref()))
            .map(|check| AuditCheck { name: check.name.to_owned(), verdict: check.verdict, reason: check.reason })
            .collect(),
        score,
        collect,
        judged,
    })
}

/// The digest of evidence without countersignatures: what another countersignature is over.
fn base_digest(named: Option<&String>, evidence: Option<&Evidence>) -> Result<String, Error> {
    match evidence {
        Some(evidence) if evidence.inputs.contains_key(InputId::Countersignatures.name()) => {
            let mut base = without_countersignatures(evidence);
            base.sort();
            Ok(sha256_hex(&to_canonical(&base)?))
        }
        _ => Ok(named.cloned().unwrap_or_default()),
    }
}

fn commit_of(statement: &Statement) -> Option<String> {
    statement.subject.iter().find_map(|subject| subject.digest.get("gitCommit")).cloned()
}

/// Whoever audits a label at its own commit need not say which commit it has to be about.
fn of_commit(check: Check, commit: Option<&str>) -> Check {
    match commit {
        Some(commit) if check.name == "subject" && check.verdict == CheckVerdict::NotChecked => {
            Check { reason: format!("it names commit {}, which is collected again", one_line(commit)), ..check }
        }
        _ => check,
    }
}

fn not_evidence(reason: &str) -> Error {
    Error::Evidence { reason: one_line(reason) }
}

fn not_done(reason: impl Into<String>) -> Repetition {
    Repetition {
        verdict: RepetitionVerdict::NotDone,
        reason: reason.into(),
        missing: Vec::new(),
        differences: Vec::new(),
        more: 0,
    }
}

fn unjudged(reason: impl Into<String>) -> Judged {
    Judged { tier: None, tier_name: None, reason: reason.into(), advisories: None, trust: None, changes: Vec::new() }
}

fn done(verdict: RepetitionVerdict, reason: String, missing: Vec<String>, found: Differences) -> Repetition {
    Repetition { verdict, reason, missing, differences: found.told, more: found.more }
}

/// The label computed from the evidence again.
fn scored(signed: &SignedLabel, rescored: Option<Rescored<'_>>, practices: &Practices) -> Result<Repetition, Error> {
    let body = &signed.statement.predicate;
    let Some((given, again)) = rescored else {
        return Ok(not_done(
            "the evidence is not at hand: give it with --evidence, or lay evidence.json beside the bundle",
        ));
    };
    let digest = given.digest().map_err(not_evidence)?.to_owned();
    let again = again.as_ref().map_err(|reason| not_evidence(reason))?;
    let mut found = Differences::default();
    let other_evidence = body.evidence.get("sha256") != Some(&digest);
    if other_evidence {
        let named = body.evidence.get("sha256").map(|sha256| one_line(sha256));
        found.told.push(plimsoll_model::Difference {
            place: "digest of the evidence".to_owned(),
            audited: named,
            again: Some(digest),
        });
    }
    // Who signs in a pipeline may write subjects of their own beside the same label: each has to be one of the label's.
    let same =
        again.predicate == *body && signed.statement.extra == again.extra && own_subjects(&signed.statement, again);
    if !same {
        let label = diff_json(&json(&signed.statement)?, &json(again)?);
        found.more += label.more;
        found.told.extend(label.told);
    }
    let practices_differ = body.practices != *practices.digests();
    Ok(if found.is_empty() {
        done(
            RepetitionVerdict::Identical,
            if signed.statement == *again {
                "the label follows from the evidence, byte for byte".to_owned()
            } else {
                "what the label says follows from the evidence, byte for byte; whoever signed it names its subjects otherwise"
                    .to_owned()
            },
            Vec::new(),
            found,
        )
    } else if practices_differ {
        let missing = vec![
            "the practices are not those of then; they take --practices, or the version of plimsoll that scored"
                .to_owned(),
        ];
        // With other practices nothing can be told of the label but that the evidence is or is not its own.
        let verdict = if other_evidence { RepetitionVerdict::Differs } else { RepetitionVerdict::Incomplete };
        done(verdict, "the label was computed by other practices than those at hand".to_owned(), missing, found)
    } else {
        let reason = if body.tool == tool() {
            "another label follows from the evidence".to_owned()
        } else {
            format!(
                "another label follows from the evidence; it was computed by version {}",
                one_line(&body.tool.version)
            )
        };
        done(RepetitionVerdict::Differs, reason, Vec::new(), found)
    })
}

fn json(statement: &Statement) -> Result<serde_json::Value, Error> {
    serde_json::to_value(statement).map_err(|error| Error::Label { reason: error.to_string() })
}

/// The evidence collected again, and what it would be to whoever audits.
fn collected(
    signed: &SignedLabel,
    evidence: Option<&Evidence>,
    repository: Repository,
    practices: &Practices,
    asked: &VerificationPolicy<'_>,
    progress: Progress<'_>,
) -> Result<(Repetition, Judged), Error> {
    let body = &signed.statement.predicate;
    let Repository { mut target, mut theirs, countersigned_by, mut own } = repository;
    let commit = commit_of(&signed.statement);
    let commit = commit.or_else(|| evidence.map(|evidence| evidence.subject.commit.clone()));
    let Some(commit) = commit else {
        let reason = "neither the label nor evidence names a commit";
        return Ok((not_done(reason), unjudged(reason)));
    };
    target.rev = Some(commit);
    target.worktree = false;
    let named = evidence.map_or(&body.inputs, |evidence| &evidence.inputs);
    target.every_version = named.contains_key(InputId::References.name());
    theirs.files.extend(std::mem::take(&mut target.files));
    let first = evidence.and_then(|evidence| evidence.follows.as_ref()).map(|follows| follows.examined);
    theirs.as_of = first.or_else(|| evidence.map(|evidence| evidence.as_of)).unwrap_or(body.as_of);
    theirs.tool = evidence.map_or_else(|| body.tool.clone(), |evidence| evidence.tool.clone());
    own.as_of = asked.now;
    let left_out = evidence.map(|evidence| inputs::leave_out(&mut theirs, evidence)).unwrap_or_default();
    let examination = Examination::open(&target, &theirs, progress)?;
    let mut repetition = again(signed, evidence, &examination, (&theirs, countersigned_by.as_ref()), asked, progress)?;
    repetition.missing.extend(left_out);
    progress("judging by your own policy");
    let judged = judged(signed, evidence, &examination, &own, practices, asked, progress)?;
    Ok((repetition, judged))
}

fn again(
    signed: &SignedLabel,
    evidence: Option<&Evidence>,
    examination: &Examination<'_>,
    (theirs, countersigned_by): (&Inputs, Option<&TrustPolicy>),
    asked: &VerificationPolicy<'_>,
    progress: Progress<'_>,
) -> Result<Repetition, Error> {
    let mut again = examination.evidence(theirs, progress)?;
    let Some(audited) = evidence else {
        // Without the evidence its digest is what can be compared.
        let digest = sha256_hex(&to_canonical(&again)?);
        let named = signed.statement.predicate.evidence.get("sha256");
        return Ok(if named == Some(&digest) {
            let reason = "evidence with the digest that the label names was collected again".to_owned();
            done(RepetitionVerdict::Identical, reason, Vec::new(), Differences::default())
        } else {
            let reason =
                "evidence with another digest was collected; what differs is told where the evidence is at hand";
            let missing = vec!["the evidence: give it with --evidence".to_owned()];
            done(RepetitionVerdict::Incomplete, reason.to_owned(), missing, Differences::default())
        });
    };
    if let Some(follows) = &audited.follows {
        let database = theirs.database().map_err(|reason| Error::Advisories { reason })?;
        again = refresh_evidence(&again, &database, audited.as_of, follows.clone(), &audited.tool)?;
    }
    if audited.inputs.contains_key(InputId::Countersignatures.name()) {
        let policy = countersigned_by.unwrap_or(&theirs.policy);
        again = corroborate_by(&again, &countersignatures(policy, asked)?, policy)?;
    }
    again.sort();
    let mut found = if *audited == again { Differences::default() } else { diff_evidence(audited, &again) };
    if found.is_empty() && *audited != again {
        let reason = "the evidence differs in a way that no member tells".to_owned();
        return Ok(done(RepetitionVerdict::Differs, reason, Vec::new(), found));
    }
    if found.is_empty() {
        let count = audited.facts.len();
        let mut reason = match count {
            1 => "the same fact was collected again, byte for byte".to_owned(),
            _ => format!("the same {count} facts were collected again, byte for byte"),
        };
        if let Some(other) = inputs::other_version(audited) {
            reason = format!("{reason}; {other}");
        }
        if audited.follows.is_some() {
            reason.push_str("; the label that it follows is named by digest and was not audited");
        }
        return Ok(done(RepetitionVerdict::Identical, reason, Vec::new(), found));
    }
    found.told.splice(..0, commits::first_that_differ(audited, &again, examination));
    let mut missing = inputs::missing(audited, &again, examination.target(), theirs);
    missing.told.extend(inputs::later_tags(audited, &again));
    // A version excuses nothing, and may be why.
    missing.told.extend(inputs::other_version(audited));
    if audited.subject.worktree {
        // Whoever wrote it could have written anything: nobody else has these files.
        let reason =
            "the evidence differs: it was collected from a working copy, whose files are in no commit".to_owned();
        return Ok(done(RepetitionVerdict::Differs, reason, missing.told, found));
    }
    let odd = found.places.iter().find(|(place, _)| !rests_on(place, audited, &again, &missing));
    Ok(if let Some((_, odd)) = odd {
        let reason = format!("the evidence differs: {odd}");
        done(RepetitionVerdict::Differs, reason, missing.told, found)
    } else {
        let reason = "all that could be repeated came out the same".to_owned();
        done(RepetitionVerdict::Incomplete, reason, missing.told, found)
    })
}

/// May what differs at this place differ for want of an input?
fn rests_on(place: &Place, audited: &Evidence, again: &Evidence, missing: &Missing) -> bool {
    let mut same = audited.subject.clone();
    same.artifacts.clone_from(&again.subject.artifacts);
    missing.excuses(place) && (*place != Place::Examined || same == again.subject)
}

/// What the label would be by the policy, the practices and the advisories of whoever audits.
fn judged(
    signed: &SignedLabel,
    evidence: Option<&Evidence>,
    examination: &Examination<'_>,
    own: &Inputs,
    practices: &Practices,
    asked: &VerificationPolicy<'_>,
    progress: Progress<'_>,
) -> Result<Judged, Error> {
    let mut mine = examination.evidence(own, progress)?;
    if let Some(evidence) = evidence.filter(|_| !asked.with.is_empty()) {
        // A countersignature is over the evidence of the label; what it is worth is told by the own policy. One that was
        // taken back, and one of whoever signed the label, are worth nothing.
        let policy = &own.policy;
        let known = known(signed, &signed.signature(policy, asked), policy, asked);
        let theirs = corroborate_by(&without_countersignatures(evidence), &known.countersignatures, policy)?;
        mine = with_countersignatures_of(&mine, &theirs);
    }
    let statement = plimsoll_score::judge(&mine, plimsoll_model::DigestSet::new(), practices, &tool())?;
    let tier = &statement.predicate.tier;
    let advisories = mine.inputs.get(InputId::Advisories.name()).cloned();
    let trust = own.policy.digest();
    let reason = format!(
        "by your trust policy, the practices at hand, and advisories of {}{}, as of {}",
        advisories.as_ref().and_then(|input| input.date).map_or("an unknown day".to_owned(), |date| date.to_string()),
        match advisories.as_ref().and_then(|input| input.lacks) {
            Some(lacks) if lacks > 0 => format!(" (which lack {lacks} that Plimsoll has built in, and prove nothing)"),
            _ => String::new(),
        },
        own.as_of
    );
    Ok(Judged {
        tier: Some(tier.level),
        tier_name: Some(tier.name.clone()),
        reason,
        advisories,
        trust: Some(trust),
        changes: diff_criteria(&signed.statement.predicate, &statement.predicate),
    })
}
