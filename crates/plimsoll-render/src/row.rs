//! A row of the face as every form shows it: a sign for good or bad, a title that answers, and how well that is known.

use plimsoll_model::{Assurance, FaceRow, Outcome, Sign};

use crate::words;

/// What a form shows of a row.
pub(crate) struct Shown<'a> {
    pub(crate) sign: Sign,
    /// What it is about, whatever it comes to.
    pub(crate) topic: &'a str,
    /// The title as an answer, or as a question.
    pub(crate) title: &'a str,
    /// What was found.
    pub(crate) text: &'a str,
    /// How well it is known; nothing where nothing is.
    pub(crate) known: Option<Assurance>,
    pub(crate) contradicted: bool,
}

impl<'a> Shown<'a> {
    pub(crate) fn of(row: &'a FaceRow) -> Self {
        let sign = sign(row);
        // A title that answers belongs to the sign that it was written for.
        let title = row.answer.as_deref().filter(|title| row.sign == Some(sign) && !title.trim().is_empty());
        Self {
            sign,
            topic: &row.title,
            title: title.unwrap_or(&row.title),
            text: &row.text,
            known: row.assurance.filter(|_| sign != Sign::Unknown),
            contradicted: row.contradicted,
        }
    }

    /// The word next to the bar.
    pub(crate) fn how(&self) -> &'static str {
        self.known.map_or(if self.sign == Sign::Unknown { "not known" } else { "" }, words::step)
    }
}

/// The sign of a row, never better than what it came to. Labels before schema version 1.2 have none, and were drawn with a cross
/// where they were not met.
fn sign(row: &FaceRow) -> Sign {
    if row.contradicted {
        return Sign::Bad;
    }
    match (row.sign, row.outcome) {
        (None | Some(Sign::Good), Outcome::Met | Outcome::NotApplicable) => Sign::Good,
        (None | Some(Sign::Good), Outcome::Partial) => Sign::Weak,
        (None, Outcome::Unmet) => Sign::Bad,
        (None, Outcome::Unknown) | (Some(Sign::Good), _) => Sign::Unknown,
        (Some(sign), _) => sign,
    }
}

/// The mark of a sign; its word is always next to it or in the title.
pub(crate) fn mark(sign: Sign) -> &'static str {
    match sign {
        Sign::Good => "✓",
        Sign::Weak => "!",
        Sign::Bad => "✗",
        Sign::Unknown => "?",
    }
}

/// A sign in words.
pub(crate) fn word(sign: Sign) -> &'static str {
    match sign {
        Sign::Good => "good",
        Sign::Weak => "weak",
        Sign::Bad => "bad",
        Sign::Unknown => "not known",
    }
}

/// What the signs mean, for legends.
pub(crate) fn meaning(sign: Sign) -> &'static str {
    match sign {
        Sign::Good => "it is as it should be",
        Sign::Weak => "it is so in part",
        Sign::Bad => "it was looked for and found wanting",
        Sign::Unknown => "it was not looked at or not said, or what was seen does not decide it",
    }
}

/// `5 good · 1 weak · 3 not known`; what there is none of is left out.
pub(crate) fn counts(signs: impl Iterator<Item = Sign>) -> String {
    let signs: Vec<Sign> = signs.collect();
    let count = |sign: Sign| signs.iter().filter(|other| **other == sign).count();
    let all = Sign::ALL.into_iter().map(|sign| (count(sign), word(sign))).filter(|(count, _)| *count > 0);
    all.map(|(count, word)| format!("{count} {word}")).collect::<Vec<_>>().join(" · ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(sign: Option<Sign>, outcome: Outcome, contradicted: bool) -> FaceRow {
        FaceRow {
            id: "holes".to_owned(),
            title: "Known security holes".to_owned(),
            text: "none".to_owned(),
            sign,
            answer: Some("No known security holes".to_owned()),
            outcome,
            assurance: Some(Assurance::Observed),
            contradicted,
        }
    }

    #[test]
    fn no_row_is_better_than_what_it_came_to() {
        use Outcome::{Met, NotApplicable, Partial, Unknown, Unmet};
        use Sign::{Bad, Good, Weak};
        for (sign, outcome, contradicted, expected) in [
            (Some(Good), Met, false, Good),
            (Some(Good), NotApplicable, false, Good),
            (Some(Good), Met, true, Bad),
            (Some(Good), Partial, false, Weak),
            (Some(Good), Unmet, false, Sign::Unknown),
            (Some(Good), Unknown, false, Sign::Unknown),
            (Some(Weak), Met, false, Weak),
            (Some(Bad), Met, false, Bad),
            (Some(Sign::Unknown), Met, false, Sign::Unknown),
            (Some(Bad), Unknown, false, Bad),
            (None, Met, false, Good),
            (None, Partial, false, Weak),
            (None, Unmet, false, Bad),
            (None, Unknown, false, Sign::Unknown),
        ] {
            let row = row(sign, outcome, contradicted);
            let shown = Shown::of(&row);
            assert_eq!(shown.sign, expected, "{sign:?} {outcome} {contradicted}");
            let answers = shown.title == "No known security holes";
            assert!(!answers || sign == Some(expected), "{sign:?} {outcome}: a title of another sign");
            assert_eq!(
                shown.known.is_none(),
                expected == Sign::Unknown,
                "{sign:?} {outcome}: what is not known has no bar"
            );
        }
    }

    #[test]
    fn counts_name_what_there_is() {
        for (signs, expected) in [
            (vec![], ""),
            (vec![Sign::Good], "1 good"),
            (vec![Sign::Unknown, Sign::Bad, Sign::Good, Sign::Bad], "1 good · 2 bad · 1 not known"),
            (vec![Sign::Weak], "1 weak"),
        ] {
            assert_eq!(counts(signs.into_iter()), expected);
        }
    }
}
