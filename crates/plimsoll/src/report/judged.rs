//! The kind of answer that a report gives of an entry or a criterion: by evidence, by the maker's word, or none.

use plimsoll_model::{Assurance, CriterionResult, EntryResult, Outcome, ReportAnswer};
use plimsoll_practices::Entry;
use plimsoll_score::{WholeEntry, line_by_line};

use super::{Sources, entry};

/// An entry, or a criterion, with its answer.
pub(super) struct Judged {
    pub(super) outcome: Outcome,
    pub(super) assurance: Option<Assurance>,
    pub(super) reason: String,
    pub(super) contradicted: bool,
    pub(super) answer: ReportAnswer,
}

/// Judges an entry by its result. `is_seen` says that its criteria have places, or what was looked through.
pub(super) fn of_entry(entry: &Entry, result: &EntryResult, is_seen: bool, sources: &Sources<'_>) -> Judged {
    let whole = line_by_line(entry, result, sources.practices, &|id| entry::criterion(sources, id));
    let is_said = result.claimed.as_ref().is_some_and(|claimed| claimed.current);
    with_answer(whole, is_said, is_seen)
}

/// Judges a criterion by its result.
pub(super) fn of_criterion(one: &CriterionResult, is_seen: bool) -> Judged {
    let whole =
        WholeEntry { outcome: one.outcome, assurance: one.assurance, reason: one.reason.clone(), contradicted: false };
    with_answer(whole, false, is_seen)
}

fn with_answer(whole: WholeEntry, is_said: bool, is_seen: bool) -> Judged {
    let answer = answer(&whole, is_said, is_seen);
    let WholeEntry { outcome, assurance, reason, contradicted } = whole;
    Judged { outcome, assurance, reason, contradicted, answer }
}

/// A yes needs a place, or what was looked through, or the maker's own line; without one it is open.
fn answer(whole: &WholeEntry, is_said: bool, is_seen: bool) -> ReportAnswer {
    let holds = matches!(whole.outcome, Outcome::Met | Outcome::NotApplicable) && !whole.contradicted;
    match whole.assurance {
        Some(assurance) if holds && assurance > Assurance::Declared && is_seen => ReportAnswer::Evidence,
        Some(Assurance::Declared) if holds && (is_said || is_seen) => ReportAnswer::Word,
        _ => ReportAnswer::Open,
    }
}
