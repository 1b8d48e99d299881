//! What came out differently between two labels, one by one, and which way it went.

use std::collections::{BTreeMap, BTreeSet};

use plimsoll_model::{
    Assurance, ChangeAbout, Contradiction, CriterionResult, Direction, EntryResult, LabelBody, LabelChange, Outcome,
    Pointer,
};
use plimsoll_practices::Quantifier;

use super::{faults, findings, resting::Resting, statement};

/// Places of one item.
const MOST_PLACES: usize = 5;

/// Gives every item, the most important first: claims that are disproved, criteria, claims, findings, and what is on the face of the
/// label.
pub fn all(before: &LabelBody, after: &LabelBody, resting: &Resting<'_>) -> Vec<LabelChange> {
    let criteria = criteria(before, after, resting);
    let mut found = contradictions(&before.contradictions, &after.contradictions, &criteria, resting);
    let entries = entries(before, after, &criteria, resting);
    found.extend(criteria);
    found.extend(entries);
    let still = findings::Still::of(before, after);
    found.extend(findings::changes(&before.findings, &after.findings, &still, &resting.finding()));
    let rest = statement::changes(before, after, &found, resting);
    found.extend(rest);
    found
}

fn contradictions(
    before: &[Contradiction],
    after: &[Contradiction],
    criteria: &[LabelChange],
    resting: &Resting<'_>,
) -> Vec<LabelChange> {
    let is_in = |one: &Contradiction, list: &[Contradiction]| {
        list.iter().any(|other| (&other.entry, &other.criterion) == (&one.entry, &one.criterion))
    };
    let item = |one: &Contradiction, direction: Direction| {
        let is_new = direction == Direction::Worse;
        let word = |there: bool| there.then(|| "the source disproves the claim".to_owned());
        let reason = |there: bool| if there { one.reason.clone() } else { String::new() };
        LabelChange {
            about: ChangeAbout::Contradiction,
            id: one.entry.clone(),
            title: one.title.clone(),
            direction,
            before: word(!is_new),
            after: word(is_new),
            reason_before: reason(!is_new),
            reason_after: reason(is_new),
            places: one.pointers.iter().take(MOST_PLACES).cloned().collect(),
            inputs: resting.criterion(&one.criterion),
        }
    };
    let new = after.iter().filter(|one| !is_in(one, before)).map(|one| item(one, Direction::Worse));
    // What disproved it may be hidden and not cured.
    let hidden = |one: &Contradiction| {
        criteria.iter().any(|item| item.id == one.criterion && item.direction == Direction::Other)
    };
    let cured = |one: &Contradiction| if hidden(one) { Direction::Other } else { Direction::Better };
    let gone = before.iter().filter(|one| !is_in(one, after)).map(|one| item(one, cured(one)));
    new.chain(gone).collect()
}

fn criteria(before: &LabelBody, after: &LabelBody, resting: &Resting<'_>) -> Vec<LabelChange> {
    let by_id = |body: &LabelBody| -> BTreeMap<String, CriterionResult> {
        body.criteria.iter().map(|one| (one.id.clone(), one.clone())).collect()
    };
    let (one, other) = (by_id(before), by_id(after));
    let ids: BTreeSet<&String> = one.keys().chain(other.keys()).collect();
    let pairs = ids.into_iter().map(|id| (id, one.get(id), other.get(id)));
    pairs.filter_map(|(id, was, is)| criterion(id, was, is, resting)).collect()
}

fn criterion(
    id: &str,
    was: Option<&CriterionResult>,
    is: Option<&CriterionResult>,
    resting: &Resting<'_>,
) -> Option<LabelChange> {
    let state = |one: Option<&CriterionResult>| one.map(|one| (one.outcome, one.assurance));
    let pointers = |one: Option<&CriterionResult>| one.map(|one| one.pointers.clone()).unwrap_or_default();
    let (old, new) = (pointers(was), pointers(is));
    let mut after = is.map(|one| word(one.outcome, one.assurance));
    let direction = if state(was) == state(is) {
        let (was, is) = (was?, is?);
        let direction = faults::moved(was, is, resting.counts_faults(id))?;
        let which = match direction {
            Direction::Worse if only_in(&old, &new).is_empty() => "in more places",
            Direction::Worse => "in more or other places",
            Direction::Better | Direction::Other => "in fewer places",
        };
        after = Some(format!("{}, {which}", is.outcome));
        direction
    } else {
        match direction(state(was), state(is)) {
            Direction::Better if resting.is_met_by_none(id) && was.zip(is).is_some_and(elsewhere) => Direction::Other,
            direction => direction,
        }
    };
    let reason = |one: Option<&CriterionResult>| one.map(|one| one.reason.clone()).unwrap_or_default();
    Some(LabelChange {
        about: ChangeAbout::Criterion,
        id: id.to_owned(),
        title: is.or(was).map(|one| one.asks.clone()).unwrap_or_default(),
        direction,
        before: was.map(|one| word(one.outcome, one.assurance)),
        after,
        reason_before: reason(was),
        reason_after: reason(is),
        places: match direction {
            Direction::Better if !only_in(&old, &new).is_empty() => only_in(&old, &new),
            _ => places(&old, &new),
        },
        inputs: resting.criterion(id),
    })
}

/// Claims that no criterion explains: an entry whose criteria moved the same way is their sum.
fn entries(before: &LabelBody, after: &LabelBody, criteria: &[LabelChange], resting: &Resting<'_>) -> Vec<LabelChange> {
    let mut found = Vec::new();
    for catalog in &after.catalogs {
        let old = before.catalogs.iter().find(|one| one.id == catalog.id);
        for is in &catalog.entries {
            let Some(was) = old.and_then(|old| old.entries.iter().find(|one| one.id == is.id)) else { continue };
            let state = |one: &EntryResult| (one.outcome, one.assurance);
            if state(was) == state(is) {
                continue;
            }
            let supports = |item: &LabelChange| is.supported_by.iter().any(|support| support.criterion == item.id);
            let direction = match direction(Some(state(was)), Some(state(is))) {
                // What its criterion does not call better is no better as a sum.
                Direction::Better
                    if is.assurance != Some(Assurance::Declared)
                        && criteria.iter().any(|item| {
                            item.direction == Direction::Other && item.after.is_some() && supports(item)
                        }) =>
                {
                    Direction::Other
                }
                direction => direction,
            };
            let explains = |item: &LabelChange| item.direction == direction && supports(item);
            if criteria.iter().any(explains) {
                continue;
            }
            found.push(LabelChange {
                about: ChangeAbout::Entry,
                id: format!("{}/{}", catalog.id, is.id),
                title: is.title.clone(),
                direction,
                before: Some(word(was.outcome, was.assurance)),
                after: Some(word(is.outcome, is.assurance)),
                reason_before: was.reason.clone(),
                reason_after: is.reason.clone(),
                places: places(&was.pointers, &is.pointers),
                inputs: if ran_out(was, is) { resting.moment() } else { Vec::new() },
            });
        }
    }
    found
}

/// Is the claim the same, and did its day of review alone come or go?
fn ran_out(was: &EntryResult, is: &EntryResult) -> bool {
    was.claimed.as_ref().zip(is.claimed.as_ref()).is_some_and(|(one, other)| {
        one.current != other.current
            && (&one.answer, one.date, one.review_by) == (&other.answer, other.date, other.review_by)
    })
}

type State = (Outcome, Option<Assurance>);

/// Which way an outcome went.
///
/// That a question does not arise any more, or cannot be answered any more, is never an improvement: taking the evidence away must not
/// look like a cure. That it could be answered with yes and now cannot is a loss.
pub fn direction(was: Option<State>, is: Option<State>) -> Direction {
    use Outcome::{Met, NotApplicable, Partial, Unknown, Unmet};
    let (Some((one, before)), Some((other, after))) = (was, is) else {
        // Two labels by the same practices have the same criteria, or are not compared.
        return if was.is_some() { Direction::Worse } else { Direction::Other };
    };
    match (one, other) {
        (Met, Met) | (Partial, Partial) => match before.cmp(&after) {
            std::cmp::Ordering::Less => Direction::Better,
            std::cmp::Ordering::Greater => Direction::Worse,
            std::cmp::Ordering::Equal => Direction::Other,
        },
        (Partial | Unmet | Unknown, Met) | (Unmet | Unknown, Partial) => Direction::Better,
        (Met, Partial | Unmet | Unknown)
        | (Partial, Unmet | Unknown)
        | (Unknown, Unmet)
        | (NotApplicable, Partial | Unmet) => Direction::Worse,
        _ => Direction::Other,
    }
}

fn elsewhere((was, is): (&CriterionResult, &CriterionResult)) -> bool {
    faults::only_elsewhere(was, is)
}

/// The places of `new` that `old` does not name; where there is none, all of `new`: what was named before explains nothing where there
/// is something new.
fn places(old: &[Pointer], new: &[Pointer]) -> Vec<Pointer> {
    let mut found = only_in(new, old);
    if found.is_empty() {
        found = new.iter().take(MOST_PLACES).cloned().collect();
    }
    found
}

/// The places that one list names and the other does not. A line alone makes no other place.
fn only_in(one: &[Pointer], other: &[Pointer]) -> Vec<Pointer> {
    let is_new = |pointer: &&Pointer| !other.iter().any(|old| old.path == pointer.path && old.tag == pointer.tag);
    one.iter().filter(is_new).take(MOST_PLACES).cloned().collect()
}

fn word(outcome: Outcome, assurance: Option<Assurance>) -> String {
    match assurance {
        Some(assurance) => format!("{outcome} ({assurance})"),
        None => outcome.to_string(),
    }
}

impl Resting<'_> {
    /// Is a criterion met where there is nothing that it looks for?
    fn is_met_by_none(&self, id: &str) -> bool {
        self.counts_faults(id) && self.one(id).is_some_and(|criterion| criterion.empty_is_met)
    }

    /// Does a criterion look for faults, and point at them?
    fn counts_faults(&self, id: &str) -> bool {
        self.one(id).is_some_and(|criterion| {
            criterion.quantifier == Quantifier::Every
                && criterion.shows.as_ref().is_some_and(|shows| shows.source() != "true")
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn taking_evidence_away_is_never_better() {
        use Outcome::{Met, NotApplicable, Partial, Unknown, Unmet};
        let (seen, said) = (Some(Assurance::Observed), Some(Assurance::Declared));
        for (was, is, expected) in [
            ((Unmet, None), (Met, seen), Direction::Better),
            ((Unknown, None), (Met, said), Direction::Better),
            ((Unknown, None), (Partial, seen), Direction::Better),
            ((Met, said), (Met, seen), Direction::Better),
            ((Met, seen), (Met, said), Direction::Worse),
            ((Met, seen), (Unknown, None), Direction::Worse),
            ((Partial, seen), (Unknown, None), Direction::Worse),
            ((Met, seen), (Partial, seen), Direction::Worse),
            ((Unknown, None), (Unmet, None), Direction::Worse),
            ((NotApplicable, seen), (Unmet, None), Direction::Worse),
            ((NotApplicable, seen), (Partial, seen), Direction::Worse),
            ((Unmet, None), (Unknown, None), Direction::Other),
            ((Unmet, None), (NotApplicable, said), Direction::Other),
            ((Partial, seen), (NotApplicable, said), Direction::Other),
            ((Met, seen), (NotApplicable, seen), Direction::Other),
            ((NotApplicable, seen), (Met, seen), Direction::Other),
            ((NotApplicable, seen), (Unknown, None), Direction::Other),
            ((Met, seen), (Met, seen), Direction::Other),
        ] {
            assert_eq!(direction(Some(was), Some(is)), expected, "{was:?} {is:?}");
        }
        assert_eq!(direction(None, Some((Met, seen))), Direction::Other);
        assert_eq!(direction(Some((Unmet, None)), None), Direction::Worse);
    }
}
