//! How an entry is answered in a report, by its result in the label. A report is stricter: whoever files it answers for each line.
//!
//! - What criteria show of a part (`uncovered`, `beyond`) answers no whole entry; the maker's word may.
//! - The maker's word does not count over a counter-example that was found.
//! - That something was looked for and not found does not show that an entry is not met, where a part of it lies elsewhere.

use plimsoll_model::{Assurance, CriterionResult, EntryResult, Outcome, ReportAnswer, ReportPlace, ReportSearched};
use plimsoll_practices::{Entry, Quantifier};

use super::Sources;

/// An entry, or a criterion, with its answer.
pub(super) struct Judged {
    pub(super) outcome: Outcome,
    pub(super) assurance: Option<Assurance>,
    pub(super) reason: String,
    pub(super) contradicted: bool,
    pub(super) answer: ReportAnswer,
}

/// Judges an entry by its result. `shown` and `searched` are the places, or what was looked through, that its criteria have.
pub(super) fn of_entry(
    entry: &Entry,
    result: &EntryResult,
    criteria: &[&CriterionResult],
    shown: &[ReportPlace],
    searched: &[ReportSearched],
    sources: &Sources<'_>,
) -> Judged {
    let mut judged = Judged {
        outcome: result.outcome,
        assurance: result.assurance,
        reason: result.reason.clone(),
        contradicted: result.contradicted,
        answer: ReportAnswer::Open,
    };
    let word = result.claimed.as_ref().filter(|claimed| claimed.current);
    let done = word.is_some_and(|claimed| claimed.answer == "done");
    let is_seen = !shown.is_empty() || !searched.is_empty();
    let base: Vec<&&CriterionResult> = criteria.iter().filter(|one| entry.supported_by.contains(&one.id)).collect();
    let against = base.iter().find(|one| is_counter_example(one, sources));
    if let Some(beyond) = &entry.beyond {
        judged.of_a_part(beyond, result, done);
    }
    if let Some(against) = against.filter(|_| judged.outcome == Outcome::Met && !judged.contradicted) {
        judged.contradicted = true;
        judged.outcome = Outcome::Unmet;
        judged.assurance = None;
        judged.reason = format!("the evidence speaks against what the maker says: {}", against.reason);
    }
    let is_part = entry.uncovered.is_some() || entry.beyond.is_some();
    if judged.outcome == Outcome::Unmet && word.is_none() && is_part && against.is_none() && !judged.contradicted {
        judged.outcome = Outcome::Unknown;
    }
    judged.answer = answer(&judged, result.claimed.as_ref().is_some_and(|claimed| claimed.current), is_seen);
    judged
}

/// Judges a criterion by its result.
pub(super) fn of_criterion(one: &CriterionResult, is_seen: bool) -> Judged {
    let mut judged = Judged {
        outcome: one.outcome,
        assurance: one.assurance,
        reason: one.reason.clone(),
        contradicted: false,
        answer: ReportAnswer::Open,
    };
    judged.answer = answer(&judged, false, is_seen);
    judged
}

impl Judged {
    /// What is met by evidence of a part only: in part, or by the maker's word for all of it.
    fn of_a_part(&mut self, beyond: &str, result: &EntryResult, done: bool) {
        let by_evidence = self.assurance > Some(Assurance::Declared);
        let note = result.claimed.as_ref().map(|claimed| claimed.note.trim()).filter(|note| !note.is_empty());
        let note = note.map(|note| format!(": {note}")).unwrap_or_default();
        match self.outcome {
            Outcome::Met if by_evidence && done => {
                self.assurance = Some(Assurance::Declared);
                self.reason =
                    format!("the maker says it is done{note}; seen: {}; not covered: {beyond}", result.reason);
            }
            Outcome::Met if by_evidence => {
                self.outcome = Outcome::Partial;
                self.reason = format!("{}; not covered: {beyond}", result.reason);
            }
            Outcome::NotApplicable if by_evidence => {
                self.outcome = Outcome::Unknown;
                self.assurance = None;
                self.reason = format!("{}; not covered: {beyond}", result.reason);
            }
            _ => {}
        }
    }
}

/// A yes needs a place, or what was looked through, or the maker's own line; without one it is open.
fn answer(judged: &Judged, is_said: bool, is_seen: bool) -> ReportAnswer {
    let holds = matches!(judged.outcome, Outcome::Met | Outcome::NotApplicable) && !judged.contradicted;
    match judged.assurance {
        Some(assurance) if holds && assurance > Assurance::Declared && is_seen => ReportAnswer::Evidence,
        Some(Assurance::Declared) if holds && (is_said || is_seen) => ReportAnswer::Word,
        _ => ReportAnswer::Open,
    }
}

/// Is it a criterion that something was found against, which would have to hold everywhere?
fn is_counter_example(one: &CriterionResult, sources: &Sources<'_>) -> bool {
    let rule = sources.practices.criteria().get(&one.id);
    one.outcome == Outcome::Unmet
        && rule.is_some_and(|rule| rule.quantifier == Quantifier::Every && rule.assurance > Assurance::Declared)
        && !one.pointers.is_empty()
}
