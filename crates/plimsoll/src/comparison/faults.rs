//! Faults that a criterion points at: are there more of them now, or others?

use plimsoll_model::{CriterionResult, Direction, Outcome, Pointer};

/// Of a list of pointers that is this long, some may have been left out.
const MAYBE_CUT: usize = 10;

/// A criterion that finds faults and found some before and after, with the same outcome: which way did it go?
///
/// A fault that was not there before is worse, also where another one is gone. Where the label does not name every fault, and so does not
/// decide it, the answer is worse too: a gate must not pass what nobody can tell.
pub fn moved(was: &CriterionResult, is: &CriterionResult, counts_faults: bool) -> Option<Direction> {
    if !counts_faults || !matches!(is.outcome, Outcome::Unmet | Outcome::Partial) {
        return None;
    }
    let (one, other) = (number(&was.reason), number(&is.reason));
    // A reason without a number, and the same as before, counts nothing.
    if was.reason == is.reason && other.is_none() {
        return None;
    }
    let (gone, new) = apart(&was.pointers, &is.pointers);
    let full = |one: &CriterionResult| one.pointers.len() >= MAYBE_CUT;
    let order = || one.zip(other).map(|(one, other)| other.cmp(&one));
    if !is.pointers.iter().chain(&was.pointers).any(names_a_fault) {
        return None;
    }
    if full(was) || full(is) {
        return of_cut(was, &new, order());
    }
    // The database may have changed, or the file that was matched may be gone: the findings say which.
    let by_advisory = gone.iter().any(|pointer| pointer.advisory.is_some());
    match (new.is_empty(), gone.is_empty()) {
        (false, _) => Some(Direction::Worse),
        (true, false) => (!by_advisory).then_some(Direction::Better),
        // Several on one line are one place.
        (true, true) => match order()? {
            std::cmp::Ordering::Greater => Some(Direction::Worse),
            std::cmp::Ordering::Less => Some(Direction::Better),
            std::cmp::Ordering::Equal => None,
        },
    }
}

/// Where one of the lists may not be whole. Places are in the order of their paths, the first ones named.
fn of_cut(was: &CriterionResult, new: &[&Pointer], order: Option<std::cmp::Ordering>) -> Option<Direction> {
    let last = was.pointers.iter().filter_map(|pointer| pointer.path.as_ref()).max();
    let was_whole = was.pointers.len() < MAYBE_CUT;
    let surely_new = |pointer: &&&Pointer| was_whole || pointer.path.as_ref().is_some_and(|path| last > Some(path));
    if new.iter().any(|pointer| surely_new(&pointer)) {
        return Some(Direction::Worse);
    }
    match order {
        Some(std::cmp::Ordering::Less) => Some(Direction::Other),
        Some(std::cmp::Ordering::Equal) if new.is_empty() => None,
        _ => Some(Direction::Worse),
    }
}

fn names_a_fault(pointer: &Pointer) -> bool {
    pointer.path.is_some() || pointer.advisory.is_some()
}

/// The pointers that only the one list has and those that only the other has, each as often as it is there. Lines move with every change
/// above them, and a file that was renamed and is the same otherwise has no other faults.
fn apart<'a>(old: &'a [Pointer], new: &'a [Pointer]) -> (Vec<&'a Pointer>, Vec<&'a Pointer>) {
    let mut gone: Vec<&Pointer> = old.iter().filter(|pointer| names_a_fault(pointer)).collect();
    let mut come: Vec<&Pointer> = new.iter().filter(|pointer| names_a_fault(pointer)).collect();
    let same_place = |one: &Pointer, other: &Pointer| one.path == other.path && one.advisory == other.advisory;
    let same_file = |one: &Pointer, other: &Pointer| {
        one.blob.is_some() && (&one.blob, one.line, &one.advisory) == (&other.blob, other.line, &other.advisory)
    };
    for is_same in [&same_place as &dyn Fn(&Pointer, &Pointer) -> bool, &same_file] {
        come.retain(|pointer| match gone.iter().position(|old| is_same(old, pointer)) {
            Some(at) => {
                gone.remove(at);
                false
            }
            None => true,
        });
    }
    (gone, come)
}

/// The first number of a reason: how many faults there are.
fn number(reason: &str) -> Option<u64> {
    reason.split(|letter: char| !letter.is_ascii_digit()).find(|word| !word.is_empty())?.parse().ok()
}

/// The sum of the numbers of a reason.
fn sum(reason: &str) -> u64 {
    let words = reason.split(|letter: char| !letter.is_ascii_digit());
    words.filter_map(|word| word.parse::<u64>().ok()).fold(0, u64::saturating_add)
}

/// A criterion that nothing speaks against any more: are there as many faults as before, at places that it does not count?
pub fn only_elsewhere(was: &CriterionResult, is: &CriterionResult) -> bool {
    was.outcome != Outcome::Met
        && is.outcome == Outcome::Met
        && sum(&is.reason) > 0
        && sum(&is.reason) >= sum(&was.reason)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn result(reason: &str, pointers: Vec<Pointer>) -> CriterionResult {
        CriterionResult {
            id: "a.b".to_owned(),
            asks: String::new(),
            outcome: Outcome::Unmet,
            assurance: None,
            reason: reason.to_owned(),
            why: String::new(),
            fix: String::new(),
            effort: String::new(),
            refs: Vec::new(),
            pointers,
        }
    }

    /// Words as places: `PATH`, or `PATH=BLOB`.
    fn at(places: &str) -> Vec<Pointer> {
        let one = |place: &str| match place.split_once('=') {
            Some((path, blob)) => Pointer { blob: Some(blob.to_owned()), ..Pointer::path(path) },
            None => Pointer::path(place),
        };
        places.split_whitespace().map(one).collect()
    }

    #[test]
    fn a_fault_that_was_not_there_is_worse() {
        const TEN: &str = "b c d e f g h i j k";
        for (was, is, expected) in [
            (("1", "a"), ("2", "a b"), Some(Direction::Worse)),
            (("2", "a b"), ("1", "b"), Some(Direction::Better)),
            // Another one, while one is gone.
            (("2", "a b"), ("2", "b c"), Some(Direction::Worse)),
            (("1", "a"), ("one", "b"), Some(Direction::Worse)),
            (("3", "a b c"), ("2", "a d"), Some(Direction::Worse)),
            // A second one in a file that has one, and on the same line.
            (("1", "a=1"), ("2", "a=2 a=2"), Some(Direction::Worse)),
            (("2", "a=2 a=2"), ("1", "a=1"), Some(Direction::Better)),
            (("1", "a"), ("2", "a"), Some(Direction::Worse)),
            (("2", "a"), ("1", "a"), Some(Direction::Better)),
            (("1", "a"), ("1", "a b"), Some(Direction::Worse)),
            // The file was changed, or renamed.
            (("1", "a=1"), ("1", "a=2"), None),
            (("1", "a=1"), ("1", "b=1"), None),
            (("1", "a=1"), ("1", "b=2"), Some(Direction::Worse)),
            (("1", "a=1"), ("2", "a=1 b=1"), Some(Direction::Worse)),
            // The list may be cut.
            (("10", TEN), ("12", TEN), Some(Direction::Worse)),
            (("9", "b c d e f g h i j"), ("10", TEN), Some(Direction::Worse)),
            (("12", TEN), ("12", TEN), None),
            (("12", TEN), ("11", TEN), Some(Direction::Other)),
            (("12", TEN), ("11", "a b c d e f g h i j"), Some(Direction::Worse)),
            (("12", TEN), ("11", "c d e f g h i j k l"), Some(Direction::Other)),
            (("12", TEN), ("12", "c d e f g h i j k l"), Some(Direction::Worse)),
            (("some", TEN), ("others", TEN), Some(Direction::Worse)),
            // Nothing is counted, or nothing pointed at.
            (("no job does it", "a"), ("no job does it", "a b"), None),
            (("0 of 3", ""), ("0 of 4", ""), None),
        ] {
            let (one, other) = (result(was.0, at(was.1)), result(is.0, at(is.1)));
            assert_eq!(moved(&one, &other, true), expected, "{was:?} {is:?}");
            assert_eq!(moved(&one, &other, false), None, "{was:?} {is:?}: it counts no faults");
        }
        let commits = |count: usize| vec![Pointer { commit: Some("1".to_owned()), ..Pointer::default() }; count];
        assert_eq!(moved(&result("1 of 3", commits(3)), &result("2 of 4", commits(4)), true), None);
    }

    #[test]
    fn what_went_elsewhere_is_not_cured() {
        for (was, is, expected) in [
            ("1 key or token was found", "none in what ships; 1 in tests", true),
            ("1 key or token was found; 1 more elsewhere", "none in what ships; 1 in tests", false),
            ("1 key or token was found", "none found", false),
        ] {
            let after = CriterionResult { outcome: Outcome::Met, ..result(is, Vec::new()) };
            assert_eq!(only_elsewhere(&result(was, Vec::new()), &after), expected, "{was} / {is}");
            assert!(!only_elsewhere(&after, &after), "{was} / {is}");
        }
    }
}
