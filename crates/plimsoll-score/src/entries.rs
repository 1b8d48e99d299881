//! One entry of a catalog: what its criteria came to, and what the producer says.

use plimsoll_model::{
    Assurance, CatalogResult, Claimed, EntryResult, Evidence, Outcome, Support,
    body::{BodyError, Claim},
};
use plimsoll_practices::{Catalog, Entry, Practices};

use crate::Judged;

/// The maker's answers in `evidence`. Leaving out one that cannot be read would leave out what contradicts it, or let the answer
/// about the whole practice take its place.
pub(crate) fn claims(evidence: &Evidence) -> Result<Vec<Claim>, BodyError> {
    evidence.bodies().collect()
}

/// Judges every entry of `catalog` by the claims of the producer.
pub(crate) fn assess(catalog: &Catalog, claims: &[Claim], practices: &Practices, criteria: &Judged) -> CatalogResult {
    let own = claims.iter().filter(|claim| claim.catalog == catalog.id);
    let claims: Vec<(String, Claimed)> = own.map(|claim| (claim.entry.clone(), claimed(claim))).collect();
    assess_by(catalog, &|entry| claim_on(entry, &claims), practices, criteria)
}

/// The same by the producer's answers that `claimed` gives for each entry.
pub(crate) fn assess_by(
    catalog: &Catalog,
    claimed: &dyn Fn(&str) -> Option<Claimed>,
    practices: &Practices,
    criteria: &Judged,
) -> CatalogResult {
    CatalogResult {
        id: catalog.id.clone(),
        title: catalog.title.clone(),
        entries: catalog.entries.iter().map(|entry| judge(entry, claimed(&entry.id), practices, criteria)).collect(),
    }
}

fn claimed(claim: &Claim) -> Claimed {
    Claimed {
        answer: claim.answer.as_str().to_owned(),
        note: claim.note.clone(),
        date: claim.date,
        review_by: claim.review_by,
        current: claim.current,
    }
}

/// The producer's answer about `entry`: its own, else that of the practice it belongs to (`PO.1` for `PO.1.1`).
fn claim_on(entry: &str, claims: &[(String, Claimed)]) -> Option<Claimed> {
    let own = claims.iter().find(|(id, _)| id == entry);
    // A whole group (`PO`, `C`) is no practice: one line must not answer for all of it.
    let practices = claims.iter().filter(|(id, _)| id.contains('.'));
    let practice =
        || practices.clone().find(|(id, _)| entry.strip_prefix(id.as_str()).is_some_and(|rest| rest.starts_with('.')));
    own.or_else(practice).map(|(_, claimed)| claimed.clone())
}

fn judge(entry: &Entry, claimed: Option<Claimed>, practices: &Practices, criteria: &Judged) -> EntryResult {
    let supports: Vec<Support> = entry
        .supported_by
        .iter()
        .chain(&entry.strengthened_by)
        .chain(&entry.corroborated_by)
        .filter_map(|id| criteria.get(id))
        .map(|judged| Support {
            criterion: judged.result.id.clone(),
            outcome: judged.result.outcome,
            assurance: judged.result.assurance,
        })
        .collect();
    let base: Vec<&Support> =
        supports.iter().filter(|support| entry.supported_by.contains(&support.criterion)).collect();
    let among = |ids: &[String]| supports.iter().filter(|one| ids.contains(&one.criterion)).collect::<Vec<_>>();
    let raised = [among(&entry.strengthened_by), among(&entry.corroborated_by)];
    let claimed = claimed.filter(|_| entry.claimable);
    let by_evidence = by_evidence(&base, &raised, criteria).map(|came| of_a_part(came, entry));
    let applies = applies(entry, practices, criteria);
    // What the maker states in another line of the same file was not seen.
    let seen = by_evidence.as_ref().filter(|_| !entry.supported_by.iter().all(|id| practices.is_word_of_maker(id)));
    let seen = seen.map(|(_, _, reason)| format!("; seen: {reason}")).unwrap_or_default();
    let (outcome, assurance, reason) = decide(entry, by_evidence, claimed.as_ref(), applies, &seen);
    let is_seen = outcome == Outcome::Met && assurance > Some(Assurance::Declared);
    EntryResult {
        id: entry.id.clone(),
        group: entry.group.clone(),
        title: entry.title.clone(),
        outcome,
        assurance,
        reach: entry.reach,
        claimable: entry.claimable,
        ask: if claimed.is_some() { String::new() } else { entry.ask.clone() },
        pending: entry.pending.clone(),
        not_looked_at: entry.beyond.clone().filter(|_| is_seen),
        reason,
        supported_by: supports,
        claimed,
        contradicted: false,
        pointers: Vec::new(),
    }
}

/// Why the producer's word that an entry does not apply does not count; nothing where it may.
///
/// It counts where the catalog says that there are products to which the entry does not apply, and never against what is
/// seen: a criterion that the catalog names for this and that is met shows that the question arises; where it names none, one
/// that is not met. The producer's own word shows nothing.
fn applies(entry: &Entry, practices: &Practices, criteria: &Judged) -> Option<String> {
    if !entry.may_not_apply {
        return Some("it applies to every product".to_owned());
    }
    let seen =
        |id: &&String| practices.criteria().get(*id).is_some_and(|criterion| criterion.assurance > Assurance::Declared);
    let speaks: &dyn Fn(Outcome) -> bool = if entry.applies_where.is_empty() {
        &|outcome| matches!(outcome, Outcome::Unmet | Outcome::Partial)
    } else {
        &|outcome| outcome == Outcome::Met
    };
    let asked: Vec<&String> = if entry.applies_where.is_empty() {
        entry.supported_by.iter().chain(&entry.contradicted_by).collect()
    } else {
        entry.applies_where.iter().collect()
    };
    let judged = asked.into_iter().filter(seen).filter_map(|id| criteria.get(id));
    judged
        .into_iter()
        .find(|judged| speaks(judged.result.outcome))
        .map(|judged| format!("the evidence says otherwise: {}", judged.result.reason))
}

/// What criteria came to.
type Came = (Outcome, Option<Assurance>, String);

/// The same, or nothing where there are no criteria.
type ByEvidence = Option<Came>;

/// What criteria come to that leave a part of the entry uncovered: partly met at the most, and nothing where they do not apply,
/// for the rest may apply.
fn of_a_part((outcome, assurance, reason): Came, entry: &Entry) -> Came {
    let Some(uncovered) = &entry.uncovered else { return (outcome, assurance, reason) };
    let with_rest = || format!("{reason}; not covered: {uncovered}");
    match outcome {
        Outcome::Met | Outcome::Partial => (Outcome::Partial, assurance, with_rest()),
        Outcome::NotApplicable => (Outcome::Unknown, None, with_rest()),
        // Where not even the part is known to hold, what lies beyond it is no news.
        Outcome::Unmet | Outcome::Unknown => (outcome, assurance, reason),
    }
}

fn decide(
    entry: &Entry,
    by_evidence: ByEvidence,
    claimed: Option<&Claimed>,
    applies: Option<String>,
    seen: &str,
) -> (Outcome, Option<Assurance>, String) {
    if let Some((Outcome::Met | Outcome::NotApplicable, _, _)) = &by_evidence {
        // What is seen beats what is said.
        return by_evidence.unwrap_or((Outcome::Unknown, None, String::new()));
    }
    if let Some(claimed) = claimed {
        let note = if claimed.note.trim().is_empty() { String::new() } else { format!(": {}", claimed.note.trim()) };
        if !claimed.current {
            let reason = format!(
                "the maker's answer counts from {} until {}, and not on this day",
                claimed.date, claimed.review_by
            );
            return by_evidence.map_or((Outcome::Unknown, None, reason.clone()), |(outcome, assurance, seen)| {
                (outcome, assurance, format!("{seen}; {reason}"))
            });
        }
        let said = Some(Assurance::Declared);
        match claimed.answer.as_str() {
            "done" => return (Outcome::Met, said, format!("the maker says it is done{note}{seen}")),
            "not-applicable" if !claimed.note.trim().is_empty() && applies.is_none() => {
                return (Outcome::NotApplicable, said, format!("the maker says it does not apply{note}"));
            }
            "partly" => return (Outcome::Partial, said, format!("the maker says it is partly done{note}{seen}")),
            "planned" | "no" | "not-applicable" => {
                let reason = match (claimed.answer.as_str(), applies) {
                    ("not-applicable", why) => {
                        let why = why.unwrap_or_else(|| "it does not say why".to_owned());
                        format!("the maker says it does not apply{note}, which does not count: {why}{seen}")
                    }
                    (answer, _) => format!("the maker says: {answer}{note}{seen}"),
                };
                let is_no = claimed.answer != "not-applicable";
                return match by_evidence {
                    // A part that is seen is not taken away by modesty.
                    Some((Outcome::Partial, assurance, _)) => (Outcome::Partial, assurance, reason),
                    None | Some((Outcome::Unknown, ..)) if !is_no => (Outcome::Unknown, None, reason),
                    _ => (Outcome::Unmet, None, reason),
                };
            }
            _ => {}
        }
    }
    by_evidence.unwrap_or_else(|| {
        let reason = if let Some(pending) = entry.pending.as_ref().filter(|_| entry.supported_by.is_empty()) {
            let pending = pending.trim_end_matches('.');
            let says_so = pending.starts_with("this version");
            if says_so { pending.to_owned() } else { format!("this version does not look at it: {pending}") }
        } else if entry.claimable {
            "only the maker can say, and has not".to_owned()
        } else {
            "nothing in the evidence speaks of it".to_owned()
        };
        (Outcome::Unknown, None, reason)
    })
}

/// What the criteria alone come to; nothing where there are none.
///
/// Each of `raised` counts only where all before it are met: who comes to the same as nothing has proven nothing.
fn by_evidence(base: &[&Support], raised: &[Vec<&Support>], criteria: &Judged) -> ByEvidence {
    if base.is_empty() {
        return None;
    }
    let reason_of = |support: &Support| {
        criteria.get(&support.criterion).map(|judged| judged.result.reason.clone()).unwrap_or_default()
    };
    let least = |supports: &[&Support]| supports.iter().filter_map(|support| support.assurance).min();
    let holds = |support: &&&Support| matches!(support.outcome, Outcome::Met | Outcome::NotApplicable);
    let held = base.iter().filter(holds).count();
    if held == base.len() {
        if base.iter().all(|support| support.outcome == Outcome::NotApplicable) {
            let reason = base.iter().map(|support| reason_of(support)).collect::<Vec<_>>().join("; ");
            return Some((Outcome::NotApplicable, least(base), reason));
        }
        let mut assurance = least(base);
        let mut shown: Vec<&Support> = base.to_vec();
        for stronger in raised.iter().filter(|stronger| !stronger.is_empty()) {
            if !stronger.iter().all(|support| support.outcome == Outcome::Met) {
                break;
            }
            assurance = assurance.max(least(stronger));
            shown.clone_from(stronger);
        }
        let reason = shown.iter().map(|support| reason_of(support)).collect::<Vec<_>>().join("; ");
        return Some((Outcome::Met, assurance, reason));
    }
    let mut lacking: Vec<&&Support> = base.iter().filter(|support| !holds(support)).collect();
    // What is known to lack comes before what is not known.
    lacking.sort_by_key(|support| support.outcome == Outcome::Unknown);
    let reason = lacking.iter().map(|support| reason_of(support)).collect::<Vec<_>>().join("; ");
    let partly = base.iter().any(|support| matches!(support.outcome, Outcome::Met | Outcome::Partial));
    let outcome = if lacking.iter().all(|support| support.outcome == Outcome::Unknown) {
        // What is not known may hold as well: nothing that was looked at is missing.
        Outcome::Unknown
    } else if partly {
        Outcome::Partial
    } else if lacking.iter().any(|support| support.outcome == Outcome::Unmet) {
        Outcome::Unmet
    } else {
        Outcome::Unknown
    };
    let assurance = if outcome == Outcome::Partial { least(base) } else { None };
    Some((outcome, assurance, reason))
}
