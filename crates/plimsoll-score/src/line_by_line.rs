//! How an entry is answered where someone answers for each line: in a report, and in the frameworks that a label was asked for.
//!
//! - What criteria show of a part (`uncovered`, `beyond`) answers no whole entry; the maker's word may.
//! - The maker's word does not count over a counter-example that was found.
//! - That something was looked for and not found does not show that an entry is not met, where a part of it lies elsewhere.

use plimsoll_model::{Assurance, CriterionResult, EntryResult, Outcome};
use plimsoll_practices::{Entry, Practices, Quantifier};

/// An entry, judged as a whole.
#[derive(Clone, Debug)]
pub struct WholeEntry {
    /// What it comes to.
    pub outcome: Outcome,
    /// How sure that is.
    pub assurance: Option<Assurance>,
    /// Why.
    pub reason: String,
    /// Does the evidence speak against what the maker says?
    pub contradicted: bool,
}

/// Judges `entry` as a whole by its `result` in a label. `criterion` gives what a criterion came to.
pub fn line_by_line<'a>(
    entry: &Entry,
    result: &EntryResult,
    practices: &Practices,
    criterion: &dyn Fn(&str) -> Option<&'a CriterionResult>,
) -> WholeEntry {
    let mut whole = WholeEntry {
        outcome: result.outcome,
        assurance: result.assurance,
        reason: result.reason.clone(),
        contradicted: result.contradicted,
    };
    let word = result.claimed.as_ref().filter(|claimed| claimed.current);
    let base = entry.supported_by.iter().filter_map(|id| criterion(id));
    let against = base.into_iter().find(|one| is_counter_example(one, practices));
    if let Some(beyond) = &entry.beyond {
        whole.of_a_part(beyond, result, word.is_some_and(|claimed| claimed.answer == "done"));
    }
    if let Some(against) = against.filter(|_| whole.outcome == Outcome::Met && !whole.contradicted) {
        whole.contradicted = true;
        whole.outcome = Outcome::Unmet;
        whole.assurance = None;
        whole.reason = format!("the evidence speaks against what the maker says: {}", against.reason);
    }
    if whole.outcome == Outcome::Partial && word.is_none() {
        whole.reason = with_what_holds(entry, &whole.reason, criterion);
    }
    let is_part = entry.uncovered.is_some() || entry.beyond.is_some();
    if whole.outcome == Outcome::Unmet && word.is_none() && is_part && against.is_none() && !whole.contradicted {
        whole.outcome = Outcome::Unknown;
    }
    whole
}

impl WholeEntry {
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

/// The reason of what is met in part: first what holds of it, then what does not.
fn with_what_holds<'a>(entry: &Entry, reason: &str, criterion: &dyn Fn(&str) -> Option<&'a CriterionResult>) -> String {
    let held = entry.supported_by.iter().filter_map(|id| criterion(id)).filter(|one| one.outcome == Outcome::Met);
    let held: Vec<&str> = held.map(|one| one.reason.as_str()).filter(|text| !reason.contains(text)).collect();
    if held.is_empty() { reason.to_owned() } else { format!("{}; but: {reason}", held.join("; ")) }
}

/// Is it a criterion that something was found against, which would have to hold everywhere?
fn is_counter_example(one: &CriterionResult, practices: &Practices) -> bool {
    let rule = practices.criteria().get(&one.id);
    one.outcome == Outcome::Unmet
        && rule.is_some_and(|rule| rule.quantifier == Quantifier::Every && rule.assurance > Assurance::Declared)
        && !one.pointers.is_empty()
}
