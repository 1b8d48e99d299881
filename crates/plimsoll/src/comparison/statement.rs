//! What a reader of the label sees first and no criterion decides: the rows of its face, and who says what about which software.

use plimsoll_model::{ChangeAbout, Direction, FaceRow, LabelBody, LabelChange, LabelForm, Product, Sign};

use super::{items::direction, resting::Resting};

const FOR_WORSE: &str = "whether it is for the worse cannot be seen here; a person has to decide";
const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// The rows that another item does not explain, and what the maker says of the product.
pub fn changes(
    before: &LabelBody,
    after: &LabelBody,
    explained: &[LabelChange],
    resting: &Resting<'_>,
) -> Vec<LabelChange> {
    let rows = before.face.iter().filter_map(|was| Some((was, after.face.iter().find(|is| is.id == was.id)?)));
    let mut found: Vec<LabelChange> = rows
        .filter_map(|(was, is)| {
            let direction = row(was, is, explained)?;
            let text = |row: &FaceRow| row.answer.clone().unwrap_or_else(|| row.text.clone());
            let same = text(was) == text(is);
            let word = |row: &FaceRow| if same { row.text.clone() } else { text(row) };
            Some(LabelChange {
                inputs: resting.differing().to_vec(),
                reason_before: was.text.clone(),
                reason_after: is.text.clone(),
                ..item("face", &is.id, &is.title, direction, &word(was), &word(is))
            })
        })
        .collect();
    // One of them without a maker's word is an item of its own.
    if before.form() == LabelForm::Label && after.form() == LabelForm::Label {
        found.extend(product(&before.product, &after.product));
    }
    found
}

fn item(group: &str, id: &str, title: &str, direction: Direction, before: &str, after: &str) -> LabelChange {
    let there = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    LabelChange {
        // The maker's word, as an entry is where no criterion explains it.
        about: ChangeAbout::Entry,
        id: format!("{group}/{id}"),
        title: title.to_owned(),
        direction,
        before: there(before),
        after: there(after),
        reason_before: String::new(),
        reason_after: if direction == Direction::Worse { FOR_WORSE.to_owned() } else { String::new() },
        places: Vec::new(),
        inputs: Vec::new(),
    }
}

/// Which way a row went, where what is behind it does not say so already.
fn row(was: &FaceRow, is: &FaceRow, explained: &[LabelChange]) -> Option<Direction> {
    if (was.outcome, was.assurance) != (is.outcome, is.assurance) {
        let direction = direction(Some((was.outcome, was.assurance)), Some((is.outcome, is.assurance)));
        let explains = |item: &LabelChange| item.direction == direction;
        // That it looks better says the item behind it, or nothing does.
        return (direction == Direction::Worse && !explained.iter().any(explains)).then_some(direction);
    }
    if was.sign != is.sign {
        return Some(match (was.sign, is.sign) {
            (Some(was), Some(is)) if rank(is) < rank(was) => Direction::Worse,
            (Some(Sign::Bad), Some(Sign::Weak | Sign::Good)) | (Some(Sign::Weak), Some(Sign::Good)) => {
                Direction::Better
            }
            _ => Direction::Other,
        });
    }
    let texts = |row: &FaceRow| format!("{} | {}", row.answer.as_deref().unwrap_or_default(), row.text);
    if a_day_is_earlier(&texts(was), &texts(is)) {
        return Some(Direction::Worse);
    }
    // The same sign for another answer: a weak one may be weaker now.
    if was.answer == is.answer {
        return None;
    }
    Some(match is.sign {
        Some(Sign::Weak | Sign::Bad) => Direction::Worse,
        _ => Direction::Other,
    })
}

/// How good a sign is. What was not looked at may be bad, and is no better than what was.
fn rank(sign: Sign) -> u8 {
    match sign {
        Sign::Good => 3,
        Sign::Weak => 2,
        Sign::Unknown => 1,
        Sign::Bad => 0,
    }
}

/// Two texts that differ in their days alone: is one of them earlier in the second?
fn a_day_is_earlier(one: &str, other: &str) -> bool {
    let ((one, days), (other, later)) = (days(one), days(other));
    one == other && days.iter().zip(&later).any(|(day, other)| other < day)
}

/// A text without its days, and its days as year, month and day of the month.
fn days(text: &str) -> (Vec<&str>, Vec<(u32, usize, u32)>) {
    let mut words: Vec<&str> = text.split_whitespace().collect();
    let mut found = Vec::new();
    let mut rest = Vec::new();
    words.reverse();
    while let Some(word) = words.pop() {
        let month = words.last().and_then(|month| MONTHS.iter().position(|one| one == month));
        let year = words.iter().rev().nth(1).map(|year| year.trim_matches(|letter: char| !letter.is_ascii_digit()));
        match (word.parse::<u32>().ok(), month, year.and_then(|year| year.parse::<u32>().ok())) {
            (Some(day), Some(month), Some(year)) => {
                found.push((year, month, day));
                words.truncate(words.len().saturating_sub(2));
            }
            _ => rest.push(word),
        }
    }
    (rest, found)
}

/// Who answers for it, where to turn to, and what of it is meant.
fn product(was: &Product, is: &Product) -> Vec<LabelChange> {
    let texts = [
        ("claimant", "Who makes the claims", &was.claimant, &is.claimant),
        ("contact", "Where to report a problem", &was.contact, &is.contact),
        ("url", "The page with more", &was.url, &is.url),
    ];
    let texts = texts.into_iter().filter(|(_, _, was, is)| was != is).map(|(id, title, was, is)| {
        item("product", id, title, if was.is_empty() { Direction::Better } else { Direction::Worse }, was, is)
    });
    let has_all = |list: &[String], of: &[String]| of.iter().all(|one| list.contains(one));
    let (inside, before) = (&is.scope_inside, &was.scope_inside);
    // No list means the whole.
    let narrower = !inside.is_empty() && (before.is_empty() || !has_all(inside, before));
    let lists = [
        ("scope-inside", "What the label is about", before, inside, narrower),
        (
            "scope-outside",
            "What the label is not about",
            &was.scope_outside,
            &is.scope_outside,
            !has_all(&was.scope_outside, &is.scope_outside),
        ),
    ];
    let lists = lists.into_iter().filter(|(_, _, was, is, _)| was != is).map(|(id, title, was, is, narrower)| {
        let direction = if narrower { Direction::Worse } else { Direction::Other };
        item("product", id, title, direction, &was.join("; "), &is.join("; "))
    });
    texts.chain(lists).collect()
}

#[cfg(test)]
mod tests {
    use plimsoll_model::{Assurance, Outcome};

    use super::*;

    #[test]
    fn a_row_that_looks_worse_is_worse() {
        let row_of = |sign: Sign, answer: &str, text: &str| FaceRow {
            id: "row".to_owned(),
            title: "Row".to_owned(),
            text: text.to_owned(),
            sign: Some(sign),
            answer: Some(answer.to_owned()),
            outcome: Outcome::Met,
            assurance: Some(Assurance::Declared),
            contradicted: false,
        };
        for (was, is, expected) in [
            ((Sign::Good, "none", ""), (Sign::Weak, "shares", ""), Some(Direction::Worse)),
            ((Sign::Weak, "", ""), (Sign::Bad, "", ""), Some(Direction::Worse)),
            ((Sign::Weak, "", ""), (Sign::Unknown, "", ""), Some(Direction::Worse)),
            ((Sign::Unknown, "", ""), (Sign::Bad, "", ""), Some(Direction::Worse)),
            ((Sign::Bad, "", ""), (Sign::Unknown, "", ""), Some(Direction::Other)),
            ((Sign::Bad, "", ""), (Sign::Good, "", ""), Some(Direction::Better)),
            ((Sign::Unknown, "", ""), (Sign::Weak, "shares", ""), Some(Direction::Other)),
            ((Sign::Weak, "stores", ""), (Sign::Weak, "shares", ""), Some(Direction::Worse)),
            ((Sign::Good, "none", ""), (Sign::Good, "no data", ""), Some(Direction::Other)),
            (
                (Sign::Good, "", "until 29 Feb 2028; last change 30 Nov 2026"),
                (Sign::Good, "", "until 15 Dec 2026; last change 30 Nov 2026"),
                Some(Direction::Worse),
            ),
            (
                (Sign::Good, "", "until 1 Dec 2026; last change 29 Nov 2026"),
                (Sign::Good, "", "until 2 Jan 2027; last change 30 Nov 2026"),
                None,
            ),
            ((Sign::Good, "", "4 commits"), (Sign::Good, "", "3 commits"), None),
            ((Sign::Good, "a", "b"), (Sign::Good, "a", "b"), None),
        ] {
            let (one, other) = (row_of(was.0, was.1, was.2), row_of(is.0, is.1, is.2));
            assert_eq!(row(&one, &other, &[]), expected, "{was:?} {is:?}");
        }
        let (met, unmet) =
            (row_of(Sign::Good, "", ""), FaceRow { outcome: Outcome::Unmet, ..row_of(Sign::Bad, "", "") });
        assert_eq!(row(&met, &unmet, &[]), Some(Direction::Worse));
        assert_eq!(row(&unmet, &met, &[]), None, "what is behind it says so");
        assert_eq!(row(&met, &unmet, &[item("a", "b", "", Direction::Worse, "", "")]), None, "it is explained");
    }

    #[test]
    fn another_word_of_the_maker_may_be_worse() {
        let list = |words: &str| words.split_whitespace().map(ToOwned::to_owned).collect::<Vec<String>>();
        let of = |claimant: &str, contact: &str, inside: &str, outside: &str| Product {
            claimant: claimant.to_owned(),
            contact: contact.to_owned(),
            scope_inside: list(inside),
            scope_outside: list(outside),
            ..Product::default()
        };
        for (was, is, expected) in [
            (of("a", "b", "", ""), of("a", "b", "", ""), vec![]),
            (of("a", "b", "", ""), of("a", "c", "", ""), vec![("product/contact", Direction::Worse)]),
            (of("a", "b", "", ""), of("", "b", "", ""), vec![("product/claimant", Direction::Worse)]),
            (of("", "b", "", ""), of("a", "b", "", ""), vec![("product/claimant", Direction::Better)]),
            (of("", "", "", ""), of("", "", "", "x"), vec![("product/scope-outside", Direction::Worse)]),
            (of("", "", "", "x y"), of("", "", "", "x"), vec![("product/scope-outside", Direction::Other)]),
            (of("", "", "", ""), of("", "", "x", ""), vec![("product/scope-inside", Direction::Worse)]),
            (of("", "", "x y", ""), of("", "", "x", ""), vec![("product/scope-inside", Direction::Worse)]),
            (of("", "", "x", ""), of("", "", "x y", ""), vec![("product/scope-inside", Direction::Other)]),
        ] {
            let found = product(&was, &is);
            let found: Vec<_> = found.iter().map(|one| (one.id.as_str(), one.direction)).collect();
            assert_eq!(found, expected, "{was:?} {is:?}");
        }
    }
}
