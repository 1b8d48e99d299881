//! Licences: a file counts as the licence whose text it has, and only where it has nothing else.

mod manifests;
mod ordinary;
mod texts;

#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

use jiff::civil::Date;

pub(super) use manifests::{facts as in_manifest, is_manifest};

use super::{PolicyFact, Statement};

/// Words of one file that are compared; the longest of the licences has less than half of them.
const MOST_WORDS: usize = 10_000;
/// Licences that are not open source, by what the first lines of their texts hold. No list of all is meant: what is recognised as no
/// licence is not known to be open source either.
const OTHERS: &[(&str, &str)] = &[
    ("business source license 1.1", "BUSL-1.1"),
    ("elastic license 2.0", "Elastic-2.0"),
    ("server side public license", "SSPL-1.0"),
    ("polyform noncommercial license 1.0.0", "PolyForm-Noncommercial-1.0.0"),
    ("polyform small business license 1.0.0", "PolyForm-Small-Business-1.0.0"),
];
/// Lines at whose begin the title of a text is.
const TITLE_LINES: usize = 3;

/// A file of licences: `licences` are those whose text it has, or that it names where it has none.
pub(super) fn read(text: &str, fact: &mut PolicyFact, _: Date) {
    let words = texts::words(text);
    if words.len() > MOST_WORDS {
        fact.statement = Some(Statement::NotUnderstood);
        fact.problems.push(format!("it has more than the {MOST_WORDS} words that are compared with licences"));
        return;
    }
    let lines: Vec<&str> = text.lines().collect();
    let found = texts::compare(&words, &lines);
    fact.licences.clone_from(&found.licences);
    if !found.licences.is_empty() {
        fact.statement = Some(Statement::Stated);
        if !found.foreign.is_empty() {
            fact.statement = Some(Statement::NotUnderstood);
            fact.problems.push(with_more(&found.licences, found.foreign.len()));
        }
        return;
    }
    let title: Vec<String> =
        lines.iter().filter(|line| !line.trim().is_empty()).take(TITLE_LINES).map(|line| line.to_lowercase()).collect();
    let title = title.join(" ").split_whitespace().collect::<Vec<_>>().join(" ");
    if let Some((_, id)) = OTHERS.iter().find(|(sign, _)| title.contains(sign)) {
        fact.licences.push(id);
        fact.statement = Some(Statement::Stated);
    } else if let Some(named) = ordinary::named(&lines) {
        // Many projects with several licences have such a file next to their texts.
        fact.licences = named;
        fact.statement = Some(Statement::Elsewhere);
    } else if fact.lines < 2 {
        fact.statement = Some(Statement::Nothing);
        fact.problems.push("it says next to nothing".to_owned());
    } else {
        fact.statement = Some(Statement::NotUnderstood);
        fact.problems.push(match found.nearest {
            Some(id) => format!("it has most of the text of {id}, and not all of it"),
            None => "its text is no licence that is recognised".to_owned(),
        });
    }
}

/// What is wrong with a file that has more than its licences.
fn with_more(licences: &[&str], lines: usize) -> String {
    let names: BTreeSet<&str> = licences.iter().copied().collect();
    let names: Vec<&str> = names.into_iter().collect();
    format!(
        "it has the text of {} and {} not of {}",
        names.join(" and "),
        if lines == 1 { "1 line that is".to_owned() } else { format!("{lines} lines that are") },
        if names.len() == 1 { "it" } else { "them" }
    )
}

/// Does the file hold a licence, whatever else it holds?
pub(super) fn holds_one(fact: &PolicyFact) -> bool {
    matches!(fact.kind, "licence" | "licence-of-part") && !fact.licences.is_empty()
}
