//! What is said of the catalogs that were asked for, the same in every form.

use plimsoll_model::{FrameworkResult, Outcome};

use crate::words;

/// In the order of what a reader looks for first.
const ORDER: [Outcome; 5] = [Outcome::Met, Outcome::Partial, Outcome::Unmet, Outcome::Unknown, Outcome::NotApplicable];

/// `3 of 31 met, 9 partly, 19 open`. What is not known and what is not met are both open.
pub(crate) fn tally(framework: &FrameworkResult) -> String {
    let count = |outcome| framework.count(outcome);
    let (met, partly, spared) = (count(Outcome::Met), count(Outcome::Partial), count(Outcome::NotApplicable));
    let all = framework.entries.len();
    let spared_text = if spared == 0 { String::new() } else { format!(", {spared} not applicable") };
    format!("{met} of {all} met, {partly} partly, {} open{spared_text}", all - met - partly - spared)
}

/// The ids of the entries under each outcome that one of them came to; those of `met` with what is known of them.
pub(crate) fn by_outcome(framework: &FrameworkResult) -> Vec<(Outcome, String)> {
    let ids = |outcome: Outcome| {
        let entries = framework.entries.iter().filter(|entry| entry.outcome == outcome);
        let named = entries.map(|entry| match entry.assurance {
            Some(assurance) if outcome == Outcome::Met => format!("{} ({assurance})", words::clean(&entry.id)),
            _ => words::clean(&entry.id),
        });
        named.collect::<Vec<_>>().join(", ")
    };
    ORDER.into_iter().map(|outcome| (outcome, ids(outcome))).filter(|(_, ids)| !ids.is_empty()).collect()
}

/// Where the titles are, and that it is no statement of conformity.
pub(crate) fn explained(framework: &FrameworkResult) -> String {
    let id = words::clean(&framework.id);
    format!(
        "`plimsoll catalog show {id}` has the titles. An entry that is met does not mean conformity with a law or standard."
    )
}

#[cfg(test)]
mod tests {
    use plimsoll_model::{Assurance, FrameworkEntry};

    use super::*;

    #[test]
    fn every_entry_is_counted_once_and_markup_of_an_id_acts_on_nothing() {
        let entry = |id: &str, outcome, assurance| FrameworkEntry { id: id.to_owned(), outcome, assurance };
        let framework = FrameworkResult {
            id: "x-1\u{1b}[31m".to_owned(),
            version: "1".to_owned(),
            entries: vec![
                entry("A", Outcome::Met, Some(Assurance::Observed)),
                entry("B", Outcome::Partial, Some(Assurance::Observed)),
                entry("C", Outcome::Unmet, None),
                entry("D", Outcome::Unknown, None),
                entry("E", Outcome::NotApplicable, Some(Assurance::Declared)),
            ],
        };
        assert_eq!(tally(&framework), "1 of 5 met, 1 partly, 2 open, 1 not applicable");
        let said: Vec<String> = by_outcome(&framework).into_iter().map(|(_, ids)| ids).collect();
        assert_eq!(said, ["A (observed)", "B", "C", "D", "E"]);
        assert!(!explained(&framework).contains('\u{1b}'));
    }
}
