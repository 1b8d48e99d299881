//! What came out differently between two labels, one by one, and which way it went.

use std::collections::{BTreeMap, BTreeSet};

use plimsoll_model::{
    Assurance, ChangeAbout, Contradiction, CriterionResult, Direction, EntryResult, LabelBody, LabelChange, Outcome,
    Pointer,
};
use plimsoll_practices::Quantifier;

use super::{findings, resting::Resting};

/// Places of one item.
const MOST_PLACES: usize = 5;
/// Of a list of pointers that is this long, some may have been left out.
const MAYBE_CUT: usize = 10;

/// Gives every item, the most important first: claims that are disproved, criteria, claims, findings.
pub fn all(before: &LabelBody, after: &LabelBody, resting: &Resting<'_>) -> Vec<LabelChange> {
    let mut found = contradictions(&before.contradictions, &after.contradictions, resting);
    let criteria = criteria(before, after, resting);
    let entries = entries(before, after, &criteria, resting);
    found.extend(criteria);
    found.extend(entries);
    found.extend(findings::changes(&before.findings, &after.findings, &resting.finding()));
    found
}

fn contradictions(before: &[Contradiction], after: &[Contradiction], resting: &Resting<'_>) -> Vec<LabelChange> {
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
    let gone = before.iter().filter(|one| !is_in(one, after)).map(|one| item(one, Direction::Better));
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
        let direction = more_places(was, is, resting.counts_faults(id))?;
        after =
            Some(format!("{}, in {} places", is.outcome, if direction == Direction::Worse { "more" } else { "fewer" }));
        direction
    } else {
        direction(state(was), state(is))
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
            let direction = direction(Some(state(was)), Some(state(is)));
            let explains = |item: &LabelChange| {
                item.direction == direction && is.supported_by.iter().any(|support| support.criterion == item.id)
            };
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
fn direction(was: Option<State>, is: Option<State>) -> Direction {
    use Outcome::{Met, NotApplicable, Partial, Unknown, Unmet};
    let (Some((one, before)), Some((other, after))) = (was, is) else { return Direction::Other };
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

/// A criterion that finds faults and found some before and after: is a file named now that was not, and none the less? Whatever rests
/// on the number of places has to have another reason, or nothing is said.
fn more_places(was: &CriterionResult, is: &CriterionResult, counts_faults: bool) -> Option<Direction> {
    let faulty = matches!(is.outcome, Outcome::Unmet | Outcome::Partial);
    if !counts_faults || !faulty || was.reason == is.reason {
        return None;
    }
    if was.pointers.len() >= MAYBE_CUT || is.pointers.len() >= MAYBE_CUT {
        return None;
    }
    let paths = |one: &CriterionResult| -> BTreeSet<String> {
        one.pointers.iter().filter_map(|pointer| pointer.path.clone()).collect()
    };
    let (old, new) = (paths(was), paths(is));
    match (new.is_superset(&old), old.is_superset(&new)) {
        (true, false) => Some(Direction::Worse),
        (false, true) => Some(Direction::Better),
        _ => None,
    }
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
    }

    #[test]
    fn a_new_place_counts_only_where_faults_are_pointed_at() {
        let result = |reason: &str, paths: &[&str]| CriterionResult {
            id: "a.b".to_owned(),
            asks: String::new(),
            outcome: Outcome::Unmet,
            assurance: None,
            reason: reason.to_owned(),
            why: String::new(),
            fix: String::new(),
            effort: String::new(),
            refs: Vec::new(),
            pointers: paths.iter().map(|path| Pointer::path(*path)).collect(),
        };
        let many: Vec<String> = (0..MAYBE_CUT).map(|number| number.to_string()).collect();
        let many: Vec<&str> = many.iter().map(String::as_str).collect();
        for (was, is, counts, expected) in [
            (result("1", &["a"]), result("2", &["a", "b"]), true, Some(Direction::Worse)),
            (result("2", &["a", "b"]), result("1", &["b"]), true, Some(Direction::Better)),
            (result("1", &["a"]), result("2", &["a", "b"]), false, None),
            (result("1", &["a"]), result("1", &["a", "b"]), true, None),
            (result("1", &["a"]), result("one", &["b"]), true, None),
            (result("1", &["a"]), result("2", &["a"]), true, None),
            (result("1", &["a"]), result("2", &many), true, None),
        ] {
            assert_eq!(more_places(&was, &is, counts), expected, "{:?} {:?}", was.pointers, is.pointers);
        }
    }
}
