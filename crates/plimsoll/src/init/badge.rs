//! What answers in `.bestpractices.json` speak for.

use plimsoll_collect::profile::BadgeAnswer;
use plimsoll_model::{body::Answer, excerpt};
use plimsoll_practices::Practices;
use serde::Deserialize;

use super::known::SeenAnswer;

/// Which question of the badge answers which entry: data, as are the entries themselves.
const ROWS: &str = include_str!("badge.toml");
/// Characters of the project's words.
const LONGEST: usize = 80;

#[derive(Deserialize)]
struct Rows {
    row: Vec<Row>,
}

#[derive(Deserialize)]
struct Row {
    badge: String,
    catalog: String,
    entry: String,
    answer: Answer,
}

/// Gives the answers for entries that `practices` have. `Unmet` is an honest no.
pub(super) fn answers(badge: &[BadgeAnswer], practices: &Practices) -> Vec<SeenAnswer> {
    let rows = toml::from_str::<Rows>(ROWS).map(|rows| rows.row).unwrap_or_default();
    let mut found: Vec<SeenAnswer> = Vec::new();
    for row in rows {
        let entries = practices.catalogs().iter().filter(|one| one.id == row.catalog).flat_map(|one| &one.entries);
        let is_asked = entries.into_iter().any(|entry| entry.id == row.entry && entry.claimable);
        let Some(said) = badge.iter().find(|one| one.criterion == row.badge).filter(|_| is_asked) else { continue };
        let words = if said.justification.is_empty() { String::new() } else { format!(": {}", said.justification) };
        found.push(SeenAnswer {
            catalog: row.catalog,
            entry: row.entry,
            answer: if said.met { row.answer } else { Answer::No },
            seen: format!("{}{}", said.from, excerpt(&words, LONGEST)),
            observed: false,
        });
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_is_about_an_entry_that_there_is() {
        let practices = crate::practices(None).unwrap();
        let rows = toml::from_str::<Rows>(ROWS).unwrap().row;
        let said = |met| {
            let all = rows.iter().map(|row| BadgeAnswer {
                criterion: row.badge.clone(),
                met,
                justification: "a\u{1b}b".to_owned(),
                from: "f:1".to_owned(),
            });
            answers(&all.collect::<Vec<_>>(), &practices)
        };
        assert_eq!(said(true).len(), rows.len());
        assert!(said(true).iter().all(|one| !one.observed && !one.seen.contains('\u{1b}')));
        assert!(said(false).iter().all(|one| one.answer == Answer::No));
        assert_eq!(answers(&[], &practices), []);
    }
}
