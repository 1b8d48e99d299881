//! Catalogs beyond those of every label: what they come to, and that nothing of them bears on a tier.

use std::collections::BTreeMap;

use plimsoll_model::{Assurance, Evidence, LabelBody, Outcome, Statement, to_canonical};
use plimsoll_practices::Practices;

use super::{PRACTICES, practices, read, tool};
use crate::{entries, inconsistency, score, with_frameworks};

const FIXTURES: &[&str] = &[
    "criteria/answered.json",
    "criteria/exemplary.json",
    "criteria/neglected.json",
    "criteria/unreadable.json",
    "criteria/stale-data.json",
    "criteria/leaky.json",
    "criteria/dangerous.json",
    "evidence/tier-0.json",
    "evidence/tier-1.json",
    "evidence/tier-2.json",
    "evidence/tier-3.json",
    "evidence/tier-4.json",
];
const CRA: &str = "eu-cra-2024-2847";

/// Every catalog that is no version of another.
fn all() -> Vec<String> {
    PRACTICES.all_catalogs().iter().map(|catalog| catalog.id.clone()).collect()
}

fn with(evidence: &Evidence, ids: &[&str]) -> Statement {
    let ids: Vec<String> = ids.iter().map(|id| (*id).to_owned()).collect();
    with_frameworks(score(evidence, &PRACTICES, &tool()).unwrap(), evidence, &PRACTICES, &ids).unwrap()
}

fn came(label: &LabelBody, catalog: &str, entry: &str) -> (Outcome, Option<Assurance>) {
    let framework = label.frameworks.iter().find(|one| one.id == catalog).unwrap();
    let found = framework.entries.iter().find(|one| one.id == entry).unwrap();
    (found.outcome, found.assurance)
}

/// Evidence in which the maker answers one entry.
fn answering(path: &str, catalog: &str, entry: &str, answer: &str) -> Evidence {
    let mut evidence = read(path);
    let mut fact = evidence.facts.iter().find(|fact| fact.kind == "claim").unwrap().clone();
    for (name, value) in [("catalog", catalog), ("entry", entry), ("answer", answer), ("note", "because")] {
        fact.body.insert(name.to_owned(), value.into());
    }
    fact.subject.id = format!("{catalog}/{entry}");
    evidence.facts.push(fact);
    let report = evidence.kinds.get_mut("claim").unwrap();
    report.count += 1;
    report.searched_count += 1;
    evidence.sort();
    evidence
}

/// A law's requirement of which a criterion covers a part is never met by what is seen, in no fixture.
#[test]
fn what_is_covered_in_part_is_never_met_by_evidence() {
    let mut seen = 0;
    for path in FIXTURES {
        let body = score(&read(path), &PRACTICES, &tool()).unwrap().predicate;
        let judged: crate::Judged = body
            .criteria
            .iter()
            .map(|result| (result.id.clone(), crate::criteria::Judged { result: result.clone(), unavailable: false }))
            .collect();
        for catalog in PRACTICES.all_catalogs() {
            let found = entries::assess_by(catalog, &|_| None, &PRACTICES, &judged);
            for (rule, entry) in catalog.entries.iter().zip(&found.entries) {
                let Some(uncovered) = &rule.uncovered else { continue };
                assert!(
                    !matches!(entry.outcome, Outcome::Met | Outcome::NotApplicable),
                    "{path}: {}/{} is {:?}",
                    catalog.id,
                    rule.id,
                    entry.outcome
                );
                seen += usize::from(entry.outcome == Outcome::Partial);
                // Of what is known to hold it is said how far that goes; elsewhere it is no news.
                let says = entry.reason.ends_with(&format!("; not covered: {uncovered}"));
                assert!(says || entry.outcome != Outcome::Partial, "{}", entry.reason);
            }
        }
    }
    assert!(seen > 100, "{seen}: the fixtures show no part of anything");
}

#[test]
fn the_makers_word_meets_what_evidence_covers_in_part_and_no_more_than_as_declared() {
    let exemplary = "criteria/exemplary.json";
    assert_eq!(
        came(&with(&read(exemplary), &[CRA]).predicate, CRA, "I.1"),
        (Outcome::Partial, Some(Assurance::Observed))
    );
    for (answer, outcome, assurance) in [
        ("done", Outcome::Met, Some(Assurance::Declared)),
        ("partly", Outcome::Partial, Some(Assurance::Declared)),
        // A part that is seen is not taken away.
        ("no", Outcome::Partial, Some(Assurance::Observed)),
        ("not-applicable", Outcome::Partial, Some(Assurance::Observed)),
    ] {
        let evidence = answering(exemplary, CRA, "I.1", answer);
        assert_eq!(came(&with(&evidence, &[CRA]).predicate, CRA, "I.1"), (outcome, assurance), "{answer}");
    }
}

/// Every entry is there once, and nothing else of the label differs.
#[test]
fn what_is_shown_next_to_a_label_bears_on_nothing_in_it() {
    let ids = all();
    let without_draft: Vec<&str> = ids.iter().map(String::as_str).collect();
    for path in FIXTURES {
        let evidence = read(path);
        let plain = score(&evidence, &PRACTICES, &tool()).unwrap();
        let mut full = with(&evidence, &without_draft);
        assert_eq!(full.predicate.frameworks.len(), PRACTICES.all_catalogs().len() - PRACTICES.catalogs().len());
        assert_eq!(inconsistency(&full.predicate, &PRACTICES), None, "{path}");
        full.predicate.frameworks.clear();
        assert_eq!(plain, full, "{path}");
    }
}

/// A signed label with all catalogs stays small: a DSSE envelope holds the statement in base64.
#[test]
fn a_label_with_every_catalog_is_small() {
    let ids = all();
    let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
    assert!(ids.len() >= 10, "{ids:?}");
    for path in FIXTURES {
        let bytes = to_canonical(&with(&read(path), &ids)).unwrap().len();
        let plain = to_canonical(&with(&read(path), &[])).unwrap().len();
        let signed = bytes.div_ceil(3) * 4;
        assert!(signed < 197_500, "{path}: {signed} bytes before the signature, {plain} without the catalogs");
        assert!(bytes - plain < 20_000, "{path}: {} bytes for the catalogs", bytes - plain);
    }
}

type Change = fn(&mut LabelBody);

#[test]
fn a_framework_that_does_not_follow_from_the_criteria_is_found_out() {
    let evidence = read("criteria/exemplary.json");
    let good = with(&evidence, &[CRA, "nist-ir-8397"]).predicate;
    let changes: [(&str, Change); 8] = [
        ("I.1 does not follow", |label| {
            let entry = &mut label.frameworks[0].entries[0];
            (entry.outcome, entry.assurance) = (Outcome::Met, Some(Assurance::Observed));
        }),
        ("I.1 does not follow", |label| label.frameworks[0].entries[0].assurance = Some(Assurance::Verified)),
        ("2.2 does not follow", |label| label.frameworks[1].entries[1].assurance = Some(Assurance::Corroborated)),
        ("is not that of the practices", |label| drop(label.frameworks[0].entries.pop())),
        ("is not that of the practices", |label| label.frameworks[0].version = "2".to_owned()),
        ("there is no catalog", |label| label.frameworks[0].id = "eu-cra-2030".to_owned()),
        ("twice", |label| label.frameworks.push(label.frameworks[0].clone())),
        ("is not that of the practices", |label| label.frameworks.reverse()),
    ];
    for (says, change) in changes {
        let mut label = good.clone();
        change(&mut label);
        let found = inconsistency(&label, &PRACTICES);
        assert!(found.as_ref().is_some_and(|reason| reason.contains(says)), "{says}: {found:?}");
    }
}

#[test]
fn what_no_catalog_is_called_is_refused_with_what_is_meant() {
    let evidence = read("criteria/exemplary.json");
    let refused = |ids: &[&str]| {
        let ids: Vec<String> = ids.iter().map(|id| (*id).to_owned()).collect();
        let statement = score(&evidence, &PRACTICES, &tool()).unwrap();
        with_frameworks(statement, &evidence, &PRACTICES, &ids).unwrap_err().to_string()
    };
    assert!(refused(&["eu-cra-2024"]).contains("did you mean \"eu-cra-2024-2847\"?"));
    assert!(refused(&["\u{1b}[31mx"]).contains("there is no catalog \""));
    assert!(!refused(&["\u{1b}[31mx"]).contains('\u{1b}'));
}

/// Two versions of one framework, both beyond those of every label, are refused.
#[test]
fn two_versions_of_one_framework_are_refused() {
    let mut files = plimsoll_practices::embedded_files();
    let next = files["catalogs/nist-ir-8397.toml"].replacen("id = \"nist-ir-8397\"", "id = \"nist-ir-8397-2\"", 1);
    let next = next.replacen("version = \"", "version = \"2 of ", 1);
    files.insert("catalogs/nist-ir-8397-2.toml".to_owned(), next);
    let evidence = read("criteria/exemplary.json");
    let kinds: Vec<&str> = evidence.kinds.keys().map(String::as_str).collect();
    let two = Practices::load(&files, &kinds).unwrap();
    let ids = ["nist-ir-8397".to_owned(), "nist-ir-8397-2".to_owned()];
    let statement = score(&evidence, &two, &tool()).unwrap();
    let error = with_frameworks(statement, &evidence, &two, &ids).unwrap_err().to_string();
    assert!(error.contains("two versions of one framework"), "{error}");
}

/// For each task of the SSDF that evidence can decide there is a fixture that reaches it and one that does not; every entry of
/// every catalog has a reach that it can come to, or says why not.
#[test]
fn each_entry_that_evidence_decides_is_reached_in_one_fixture_and_not_in_another() {
    let practices = practices();
    let mut found: BTreeMap<(String, String), (bool, bool)> = BTreeMap::new();
    for path in FIXTURES {
        let body = score(&read(path), &practices, &tool()).unwrap().predicate;
        let judged: crate::Judged = body
            .criteria
            .iter()
            .map(|result| (result.id.clone(), crate::criteria::Judged { result: result.clone(), unavailable: false }))
            .collect();
        for catalog in practices.all_catalogs() {
            let came = entries::assess_by(catalog, &|_| None, &practices, &judged);
            for (rule, entry) in catalog.entries.iter().zip(came.entries) {
                if rule.supported_by.is_empty() {
                    continue;
                }
                let reached = match rule.uncovered {
                    Some(_) => entry.outcome == Outcome::Partial,
                    None => entry.outcome == Outcome::Met,
                };
                let seen = found.entry((catalog.id.clone(), rule.id.clone())).or_default();
                seen.0 |= reached;
                seen.1 |= !reached;
            }
        }
    }
    let lacking: Vec<_> = found.iter().filter(|(_, seen)| **seen != (true, true)).collect();
    assert!(lacking.is_empty(), "{lacking:?}");
    let ssdf = practices.catalog("ssdf-1.1").unwrap();
    let decided = found.keys().filter(|(catalog, _)| catalog == "ssdf-1.1").count();
    let by_maker = ssdf.entries.iter().filter(|entry| entry.supported_by.is_empty());
    assert!(by_maker.clone().all(|entry| entry.reach == Assurance::Declared || entry.pending.is_some()));
    assert_eq!(decided + by_maker.count(), 42);
    for entry in practices.all_catalogs().iter().flat_map(|catalog| &catalog.entries) {
        assert!(entry.reachable == entry.reach || entry.pending.is_some(), "{}", entry.id);
    }
}
