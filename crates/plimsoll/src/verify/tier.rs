//! Which tier can be relied on.

use jiff::SignedDuration;
use plimsoll_collect::collectors::countersignatures::COUNTERSIGNATURE;
use plimsoll_model::{
    DigestSet, Evidence, LabelBody, LabelForm, ResourceDescriptor, Statement, one_line, sha256_hex, to_canonical,
};
use plimsoll_practices::Practices;
use plimsoll_trust::TrustPolicy;

use super::{Answer, Known, SignedLabel, VerificationPolicy, canonical_digest};
use crate::{
    Error, Rules,
    corroborate::{corroborate_by, doubt, without_countersignatures},
    read_evidence, tool,
};

/// What is not known without the evidence: a label agrees with itself, whatever its criteria were made to say.
const WITHOUT_EVIDENCE: &str =
    "no evidence was given (--evidence): that its criteria came out as it says is the word of who signed";
/// No demand of its tier is met by the word of somebody else.
const RESTS_ON_NONE: &str = "its tier does not rest on any";

/// Was it judged by the practices that are at hand? By others, a tier is another word. What those say of any label has to
/// hold of this one: for how long it may be relied on, what its tier is called, and what follows from its own criteria, unless
/// the whole label is held to evidence that was given (`is_held`). Gives whether the last holds.
pub(super) fn practices(
    statement: &Statement,
    rules: &dyn Rules,
    is_held: bool,
    answer: &mut Answer,
) -> Result<bool, Error> {
    let body = &statement.predicate;
    let (own, other) = (rules.digests(), &body.practices);
    if own != *other {
        let odd = other.iter().find(|(path, digest)| own.get(*path) != Some(digest)).map(|(path, _)| path);
        let odd = odd.or_else(|| own.keys().find(|path| !other.contains_key(*path)));
        let which = odd.map(|path| one_line(path)).unwrap_or_default();
        answer.failed(
            "practices",
            format!("it was judged by other practices than those at hand ({which} differs): give them with --practices, if you want to go by them"),
        );
        return Ok(true);
    }
    let Some(tiers) = rules.tiers() else {
        answer.failed("practices", "the tiers of the practices at hand cannot be read");
        return Ok(true);
    };
    let inconsistent = if is_held { None } else { plimsoll_score::inconsistency(body, rules.practices()?) };
    let is_sound = inconsistent.is_none();
    let latest = body.as_of.checked_add(SignedDuration::from_hours(tiers.label_days.saturating_mul(24)));
    let (level, name) = (body.tier.level, &body.tier.name);
    if latest.map_or(true, |latest| body.expires > latest) {
        answer.failed(
            "practices",
            format!(
                "it says that it is good until {}, and a label is good for {}",
                body.expires,
                plimsoll_model::plural(tiers.label_days, "day", "days")
            ),
        );
    } else if tiers.names.get(&level) != Some(name) {
        answer.failed("practices", format!("it calls tier {level} \"{}\", which it is not called", one_line(name)));
    } else if let Some(reason) = inconsistent {
        answer.failed("practices", format!("it contradicts itself: {reason}"));
    } else {
        answer.passed(
            "practices",
            format!("it was judged by the practices at hand ({})", plimsoll_model::plural(own.len(), "file", "files")),
        );
    }
    Ok(is_sound)
}

/// Evidence that was given.
pub(crate) struct Given {
    /// SHA-256 of its bytes where the label names those, else of its canonical form; why there is none.
    digest: Result<String, String>,
    /// The evidence, its facts in their order; why it is none.
    evidence: Result<Evidence, String>,
}

impl Given {
    /// Reads the evidence of a label.
    ///
    /// The digest that a label names is that of canonical bytes. Bytes that have it need not be written anew to be told; what
    /// is read out of them is hashed again where the label is computed.
    pub fn read(bytes: &[u8], label: &LabelBody) -> Self {
        let plain = sha256_hex(bytes);
        let evidence = read_evidence(bytes).map_err(|error| error.to_string()).map(|mut evidence| {
            evidence.sort();
            evidence
        });
        let digest = match &evidence {
            _ if label.evidence.get("sha256") == Some(&plain) => Ok(plain),
            // Facts in another order are the same evidence.
            Ok(evidence) => to_canonical(evidence).map(|bytes| sha256_hex(&bytes)).map_err(|error| error.to_string()),
            Err(_) => canonical_digest(bytes).map(|(_, digest)| digest),
        };
        Self { digest, evidence }
    }

    /// The evidence, where it is one.
    pub fn evidence(&self) -> Result<&Evidence, &str> {
        self.evidence.as_ref().map_err(String::as_str)
    }

    /// Its digest, where it has one.
    pub fn digest(&self) -> Result<&str, &str> {
        self.digest.as_deref().map_err(String::as_str)
    }

    /// The label that follows from it, as the program that the label names would have computed it; why none does.
    pub fn label(&self, label: &LabelBody, practices: &Practices) -> Result<Statement, String> {
        let evidence = self.evidence.as_ref().map_err(Clone::clone)?;
        let mut again = plimsoll_score::score(evidence, practices, &label.tool).map_err(|error| error.to_string())?;
        // Whose view it is was said when it was signed, and follows from no evidence.
        if let (Some(again), Some(view)) = (&mut again.predicate.source_view, &label.source_view) {
            again.assessor.clone_from(&view.assessor);
        }
        let ids: Vec<String> = label.frameworks.iter().map(|framework| framework.id.clone()).collect();
        plimsoll_score::with_frameworks(again, evidence, practices, &ids).map_err(|error| error.to_string())
    }
}

/// Evidence that was given, and the label that follows from it.
pub(crate) type Rescored<'a> = (&'a Given, &'a Result<Statement, String>);

/// Gives the tier that can be relied on: what is stated, and for what rests on others no more than what comes out again.
pub(super) fn counted(
    signed: &SignedLabel,
    known: &Known,
    trust: &TrustPolicy,
    rules: &dyn Rules,
    rescored: Option<Rescored<'_>>,
    answer: &mut Answer,
) -> Result<u8, Error> {
    let body = &signed.statement.predicate;
    let stated = body.tier.level;
    let found = evidence(signed, rescored, answer);
    // Where it cannot be told which tiers rest on others, all do.
    let others = rules.tiers().map_or(Some(0), |tiers| tiers.by_others);
    let without = others.map_or(stated, |level| stated.min(level.saturating_sub(1)));
    let Some((evidence, again)) = found else {
        let told = format!(
            "tier {stated} rests on the word of somebody else: to rely on more than tier {without}, give the evidence (--evidence) and the countersignatures (--with)"
        );
        let reason = if without < stated { told } else { RESTS_ON_NONE.to_owned() };
        answer.not_checked("countersignature", reason);
        return Ok(without);
    };
    // The facts of its own say what whoever made the label took countersignatures for.
    let own = evidence.facts_of(COUNTERSIGNATURE.name).next().is_some();
    if known.countersignatures.is_empty() && !own {
        answer.not_checked("countersignature", RESTS_ON_NONE);
        return Ok(stated.min(again.predicate.tier.level));
    }
    let mut plain = without_countersignatures(evidence);
    plain.sort();
    let digest = sha256_hex(&to_canonical(&plain)?);
    let claimant = Some(body.product.claimant.as_str()).filter(|claimant| !claimant.is_empty());
    let (mut good, mut counting) = (Vec::new(), Vec::new());
    for one in &known.countersignatures {
        // By the name that the reader's policy has: anybody may call themselves anything.
        let party = one.finding.party.as_deref().and_then(|id| trust.party(id));
        let by = match party {
            Some(party) => one_line(&party.name),
            None => format!("somebody who calls themselves \"{}\"", one_line(&one.says.auditor.name)),
        };
        let over = one.says.evidence.get("sha256").is_some_and(|sha256| *sha256 == digest);
        let reason = doubt(one, trust, claimant).or_else(|| (!over).then(|| "it is over other evidence".to_owned()));
        match reason {
            None => {
                good.push(by);
                counting.push(one.clone());
            }
            Some(reason) => answer.note(format!("the countersignature of {by} does not count: {reason}")),
        }
    }
    // By what was read and kept: a copy of one that was taken back does not bring it back.
    let again = corroborate_by(&plain, &counting, trust)?;
    let again = plimsoll_score::judge(&again, DigestSet::new(), rules.practices()?, &tool())?.predicate.tier.level;
    match (good.as_slice(), again < stated) {
        ([], false) => answer.not_checked("countersignature", RESTS_ON_NONE),
        ([], true) => answer.not_checked(
            "countersignature",
            format!("nobody whom your trust policy has as independent countersigned it: it comes to tier {again}"),
        ),
        (names, false) => answer.passed("countersignature", format!("by {}", names.join(", "))),
        (names, true) => answer.not_checked(
            "countersignature",
            format!("by {}, and yet no more than tier {again} comes of it", names.join(", ")),
        ),
    }
    Ok(stated.min(again))
}

/// The evidence, where it was given and is the one that the label is of, and the label that follows from it.
fn evidence<'a>(
    signed: &SignedLabel,
    rescored: Option<Rescored<'a>>,
    answer: &mut Answer,
) -> Option<(&'a Evidence, &'a Statement)> {
    let body = &signed.statement.predicate;
    let Some((given, again)) = rescored else {
        answer.not_checked("evidence", WITHOUT_EVIDENCE);
        return None;
    };
    let digest = match given.digest() {
        Ok(digest) => digest,
        Err(reason) => {
            answer.failed("evidence", format!("it cannot be read: {}", one_line(reason)));
            return None;
        }
    };
    if body.evidence.get("sha256").map(String::as_str) != Some(digest) {
        answer.failed("evidence", format!("the label is of other evidence: what was given has the SHA-256 {digest}"));
        return None;
    }
    let (evidence, again) = match (given.evidence(), again) {
        (Ok(evidence), Ok(again)) => (evidence, again),
        (Err(reason), _) => {
            answer.failed("evidence", format!("no label follows from it: {}", one_line(reason)));
            return None;
        }
        (_, Err(reason)) => {
            answer.failed("evidence", format!("no label follows from it: {}", one_line(reason)));
            return None;
        }
    };
    if !own_subjects(&signed.statement, again) {
        answer.failed("evidence", "the label is about something that the evidence is not about");
        None
    } else if again.predicate == *body {
        answer.passed("evidence", "the label follows from it");
        Some((evidence, again))
    } else {
        // Another version may judge otherwise; whether it did is told by that version, and not by believing the label.
        let level = again.predicate.tier.level;
        let by = if body.tool == tool() {
            String::new()
        } else {
            format!(
                "; it says that version {} computed it, which `plimsoll audit` of that version can tell",
                one_line(&body.tool.version)
            )
        };
        answer.failed("evidence", format!("another label follows from it, of tier {level}{by}"));
        None
    }
}

/// Is each subject of a label one of those that follow from its evidence? Who signs in a pipeline may name them anew, leave
/// some out, and name the label itself as the file that it is.
pub(crate) fn own_subjects(label: &Statement, again: &Statement) -> bool {
    let file = to_canonical(again).ok().map(|bytes| DigestSet::from([("sha256".to_owned(), sha256_hex(&bytes))]));
    let own = |one: &ResourceDescriptor| again.subject.iter().any(|other| other.digest == one.digest);
    label.subject.iter().all(|one| own(one) || Some(&one.digest) == file.as_ref())
}

/// Is it enough?
pub(super) fn enough(statement: &Statement, counted: u8, asked: &VerificationPolicy<'_>, answer: &mut Answer) {
    let tier = &statement.predicate.tier;
    if statement.predicate.form() == LabelForm::SourceView {
        match asked.min_tier {
            Some(least) => answer.failed(
                "tier",
                format!("tier {least} was asked for, and this is no maker's label: an outside view has no tier"),
            ),
            None => answer.not_checked("tier", "an outside view has no tier"),
        }
        return;
    }
    let stated = if counted == tier.level { String::new() } else { format!(" (it states tier {})", tier.level) };
    match asked.min_tier {
        Some(least) if counted < least => {
            answer.failed("tier", format!("tier {counted} counts, and {least} was asked for{stated}"));
        }
        Some(least) => answer.passed("tier", format!("tier {counted} counts, and {least} was asked for{stated}")),
        None => {
            answer.not_checked("tier", format!("tier {counted} counts{stated}; no lowest tier was given (--min-tier)"));
        }
    }
}
