//! The reasons of all criteria over none, one and two of everything: each is a sentence that a person could have written.

use plimsoll_model::{Evidence, Fact, KindStatus};

use crate::{
    score,
    tests::{practices, read, tool},
};

/// What makes a text no sentence: a number beside the wrong form of a word, or a character that was meant for a parser.
fn fault(text: &str) -> Option<String> {
    if text.contains("\\'") || text.contains("\\\"") || text.contains("  ") || text.trim().is_empty() {
        return Some("escaped, doubled or empty".to_owned());
    }
    let words: Vec<&str> =
        text.split([' ', '(', ')']).map(|word| word.trim_end_matches([',', ';', ':', '.'])).collect();
    let is_number = |word: &str| {
        (1..10).contains(&word.chars().count())
            && word.chars().all(|letter| letter.is_ascii_digit() || letter == '\u{202f}')
    };
    for (at, word) in words.iter().enumerate().filter(|(_, word)| is_number(word)) {
        let after = |number: usize| words.get(at + number).copied().unwrap_or_default();
        let (noun, verb) = (after(1), after(2));
        let plural_verb = ["are", "have", "ship", "say", "were", "do", "pass", "lie"].contains(&verb);
        let singular_verb = ["is", "has", "ships", "says", "was", "does", "tests", "lints", "lies"].contains(&verb);
        let is_plural = noun.ends_with('s')
            && !noun.ends_with("ous")
            && !["is", "has", "was", "does", "says", "ships", "less"].contains(&noun);
        let is_date = after(1).len() == 3 && after(2).len() == 4 && is_number(after(2));
        if is_date {
            continue;
        }
        if *word == "1" && (is_plural || plural_verb || ["are", "have"].contains(&noun)) {
            return Some(format!("1 {noun} {verb}"));
        }
        let is_of = at.checked_sub(1).and_then(|before| words.get(before)) == Some(&"of");
        if *word != "1" && !is_of && (["is", "has"].contains(&noun) || is_plural && singular_verb) {
            return Some(format!("{word} {noun} {verb}"));
        }
    }
    None
}

/// The evidence with `count` facts of one kind: as many copies of the first as it takes.
fn with(evidence: &Evidence, kind: &str, count: usize) -> Evidence {
    let mut evidence = evidence.clone();
    let own: Vec<Fact> = evidence.facts_of(kind).cloned().collect();
    evidence.facts.retain(|fact| fact.kind != kind);
    evidence.facts.extend(own.iter().cycle().take(if own.is_empty() { 0 } else { count }).cloned());
    let found = evidence.facts_of(kind).count() as u64;
    if let Some(report) = evidence.kinds.get_mut(kind).filter(|report| report.status != KindStatus::Unavailable) {
        report.count = found;
    }
    evidence
}

#[test]
fn every_reason_is_a_sentence_for_none_one_and_two() {
    let mut wrong: Vec<String> = Vec::new();
    let mut seen = 0;
    let practices = practices();
    let label = |evidence: &Evidence| score(evidence, &practices, &tool()).unwrap().predicate;
    for path in ["criteria/exemplary.json", "criteria/neglected.json", "criteria/leaky.json", "criteria/dangerous.json"]
    {
        let evidence = read(path);
        let kinds: Vec<String> = evidence.kinds.keys().cloned().collect();
        let labels = kinds.iter().flat_map(|kind| (0..3).map(|count| label(&with(&evidence, kind, count))));
        for label in std::iter::once(label(&evidence)).chain(labels) {
            for criterion in &label.criteria {
                seen += 1;
                if let Some(fault) = fault(&criterion.reason) {
                    wrong.push(format!("{}: {fault}: {}", criterion.id, criterion.reason));
                }
            }
            for row in label.face.iter().filter(|row| fault(&row.text).is_some()) {
                wrong.push(format!("row {}: {}", row.id, row.text));
            }
        }
    }
    wrong.sort();
    wrong.dedup();
    assert!(seen > 1000, "{seen} reasons are too few to say anything");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_fault_is_found() {
    for (text, expected) in [
        ("1 commit is signed", false),
        ("1 commit of 2 is signed", false),
        ("2 commits are signed", false),
        ("0 jobs test", false),
        ("until 31 Dec 2028", false),
        ("1 packages are not", true),
        ("1 package are not", true),
        ("2 packages is not", true),
        ("3 jobs tests on every change", true),
        ("everybody\\'s task", true),
        ("", true),
    ] {
        assert_eq!(fault(text).is_some(), expected, "{text}");
    }
}
