//! Which tier can be relied on.

use plimsoll_collect::{base, corroborate_by, doubt};
use plimsoll_model::{DigestSet, Evidence, ResourceDescriptor, Statement, one_line, sha256_hex, to_canonical};
use plimsoll_trust::TrustPolicy;

use super::{Answer, Asked, Known, SignedLabel, canonical_digest};
use crate::{Error, Rules, tool};

/// Was it judged by the practices that are at hand? By others, a tier is another word.
pub(super) fn practices(statement: &Statement, rules: &dyn Rules, answer: &mut Answer) {
    let (own, other) = (rules.digests(), &statement.predicate.practices);
    if own == *other {
        answer.passed("practices", format!("it was judged by the practices at hand ({} files)", own.len()));
        return;
    }
    let odd = other.iter().find(|(path, digest)| own.get(*path) != Some(digest)).map(|(path, _)| path);
    let odd = odd.or_else(|| own.keys().find(|path| !other.contains_key(*path)));
    let which = odd.map(|path| one_line(path)).unwrap_or_default();
    answer.failed(
        "practices",
        format!("it was judged by other practices than those at hand ({which} differs): give them with --practices, if you want to go by them"),
    );
}

/// Gives the tier that can be relied on: what is stated, and for what rests on others no more than what comes out again.
pub(super) fn counted(
    signed: &SignedLabel,
    known: &Known,
    trust: &TrustPolicy,
    rules: &dyn Rules,
    asked: &Asked<'_>,
    answer: &mut Answer,
) -> Result<u8, Error> {
    let body = &signed.statement.predicate;
    let stated = body.tier.level;
    let evidence = evidence(signed, rules, asked, answer)?;
    let others = rules.tier_by_others();
    let without = others.map_or(stated, |level| stated.min(level.saturating_sub(1)));
    let Some(evidence) = evidence else {
        let told = format!(
            "tier {stated} rests on the word of somebody else: to rely on more than tier {without}, give the evidence (--evidence) and the countersignatures (--with)"
        );
        let reason = if without < stated { told } else { "it does not rest on any".to_owned() };
        answer.not_checked("countersignature", reason);
        return Ok(without);
    };
    let mut plain = base(&evidence);
    plain.sort();
    let digest = sha256_hex(&to_canonical(&plain)?);
    let claimant = Some(body.product.claimant.as_str()).filter(|claimant| !claimant.is_empty());
    let mut good = Vec::new();
    for one in &known.countersignatures {
        let by = one_line(&one.says.auditor.name);
        let over = one.says.evidence.get("sha256").is_some_and(|sha256| *sha256 == digest);
        let reason = doubt(one, trust, claimant).or_else(|| (!over).then(|| "it is over other evidence".to_owned()));
        match reason {
            None => good.push(by),
            Some(reason) => answer.note(format!("the countersignature of {by} does not count: {reason}")),
        }
    }
    // By what was read and kept: a copy of one that was taken back does not bring it back.
    let again = corroborate_by(&plain, &known.countersignatures, trust)?;
    let again = plimsoll_score::score(&again, rules.practices()?, &tool())?.predicate.tier.level;
    match (good.as_slice(), again < stated) {
        ([], false) => answer.not_checked("countersignature", "it does not rest on any"),
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

/// The evidence, where it was given and is the one that the label is of.
fn evidence(
    signed: &SignedLabel,
    rules: &dyn Rules,
    asked: &Asked<'_>,
    answer: &mut Answer,
) -> Result<Option<Evidence>, Error> {
    let body = &signed.statement.predicate;
    let Some(bytes) = asked.evidence else {
        answer.not_checked("evidence", "no evidence was given (--evidence)");
        return Ok(None);
    };
    let digest = match canonical_digest(bytes) {
        Ok((_, digest)) => digest,
        Err(reason) => {
            answer.failed("evidence", format!("it cannot be read: {reason}"));
            return Ok(None);
        }
    };
    if body.evidence.get("sha256") != Some(&digest) {
        answer.failed("evidence", format!("the label is of other evidence: what was given has the SHA-256 {digest}"));
        return Ok(None);
    }
    let practices = rules.practices()?;
    let scored = Evidence::from_json(bytes).map_err(|error| error.to_string()).and_then(|evidence| {
        let again = plimsoll_score::score(&evidence, practices, &body.tool).map_err(|error| error.to_string())?;
        Ok((evidence, again))
    });
    Ok(match scored {
        Err(reason) => {
            answer.failed("evidence", format!("no label follows from it: {}", one_line(&reason)));
            None
        }
        Ok((_, again)) if !own_subjects(&signed.statement, &again) => {
            answer.failed("evidence", "the label is about something that the evidence is not about");
            None
        }
        Ok((evidence, again)) if again.predicate == *body => {
            answer.passed("evidence", "the label follows from it");
            Some(evidence)
        }
        Ok((_, again)) if body.tool == tool() => {
            let level = again.predicate.tier.level;
            answer.failed("evidence", format!("another label follows from it, of tier {level}"));
            None
        }
        Ok((evidence, _)) => {
            let version = one_line(&body.tool.version);
            answer.not_checked(
                "evidence",
                format!("it is the evidence of the label, which version {version} computed: this one computes another"),
            );
            Some(evidence)
        }
    })
}

/// Is each subject of a label one of those that follow from its evidence? Who signs in a pipeline may name them anew, leave
/// some out, and name the label itself as the file that it is.
pub(crate) fn own_subjects(label: &Statement, again: &Statement) -> bool {
    let file = to_canonical(again).ok().map(|bytes| DigestSet::from([("sha256".to_owned(), sha256_hex(&bytes))]));
    let own = |one: &ResourceDescriptor| again.subject.iter().any(|other| other.digest == one.digest);
    label.subject.iter().all(|one| own(one) || Some(&one.digest) == file.as_ref())
}

/// Is it enough?
pub(super) fn enough(statement: &Statement, counted: u8, asked: &Asked<'_>, answer: &mut Answer) {
    let tier = &statement.predicate.tier;
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
