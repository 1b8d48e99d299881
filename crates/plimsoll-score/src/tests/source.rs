//! How far the evidence alone carries, and the outside view: the maker's word moves neither.

use plimsoll_model::{
    Fact, KindStatus, LabelForm, SOURCE_VIEW_PREDICATE_TYPE, Sign, SourceLine, SourceView,
    body::{ANSWERED_BY_THE_MAKER, AdvisoryFinding, Body as _, ClaimsFile},
};
use proptest::prelude::*;
use serde_json::json;

use super::*;

const EVIDENCE: [&str; 9] = [
    "evidence/tier-0.json",
    "evidence/tier-1.json",
    "evidence/tier-2.json",
    "evidence/tier-3.json",
    "evidence/tier-4.json",
    "criteria/exemplary.json",
    "criteria/neglected.json",
    "criteria/contradicted.json",
    "criteria/stale-data.json",
];

fn line(evidence: &Evidence) -> SourceLine {
    label(evidence).source_line.unwrap()
}

fn words() -> Vec<String> {
    PRACTICES.tiers().source.word_of_maker.clone()
}

/// The same without anything that the maker says.
fn silent(mut evidence: Evidence) -> Evidence {
    let words = words();
    evidence.facts.retain(|fact| !words.contains(&fact.kind));
    for word in &words {
        if let Some(report) = evidence.kinds.get_mut(word) {
            (report.status, report.reason, report.count, report.searched_count) = (KindStatus::Searched, None, 0, 0);
        }
    }
    evidence
}

fn view(evidence: &Evidence) -> SourceView {
    label(evidence).source_view.unwrap()
}

fn sign(view: &SourceView, id: &str) -> Option<Sign> {
    view.rows.iter().find(|row| row.id == id).map(|row| row.sign)
}

#[test]
fn the_line_is_that_of_the_evidence_alone() {
    let shares = |path: &str| {
        let line = line(&read(path));
        let rungs: Vec<_> = line.rungs.iter().map(|rung| (rung.met, rung.asked)).collect();
        (line.level, rungs)
    };
    // The maker of the first says nothing that counts, and its evidence is poor; that of the others bears out their tiers.
    assert_eq!(shares("evidence/tier-0.json").0, 0);
    assert_eq!(shares("evidence/tier-2.json").0, 2);
    assert_eq!(shares("evidence/tier-3.json").0, 3);
    assert_eq!(shares("evidence/tier-4.json"), (4, vec![(1, 1), (20, 20), (5, 5), (3, 3)]));
}

#[test]
fn it_is_the_same_without_a_word_of_the_maker() {
    for path in EVIDENCE {
        let with = line(&read(path));
        assert_eq!(line(&silent(read(path))), with, "{path}");
    }
}

#[test]
fn an_exception_does_not_raise_it() {
    let mut evidence = read("evidence/tier-2.json");
    let findings = |path| read(path).facts.into_iter().filter(|fact| fact.kind == AdvisoryFinding::KIND);
    let mut finding: Fact = findings("evidence/tier-0.json").next().unwrap();
    finding.body.insert("handled".to_owned(), json!(true));
    let exception = json!([{ "file": "plimsoll.toml", "reason": "not reached", "until": "2026-12-20", "valid": true }]);
    finding.body.insert("exceptions".to_owned(), exception);
    evidence.facts.push(finding);
    evidence.kinds.get_mut(AdvisoryFinding::KIND).unwrap().count += 1;
    let label = label(&evidence);
    // The maker's word keeps the tier; the hole is there all the same.
    assert_eq!((label.tier.level, label.source_line.unwrap().level), (2, 0));
    let view = view(&silent(evidence));
    assert_eq!(sign(&view, "holes"), Some(Sign::Bad));
    // An answer about a copy has closed a gap: then nothing is known without it. One about what does not ship has not, and
    // answering it costs nothing.
    for (class, expected) in [("vendored", 0), ("test", 2)] {
        let mut evidence = read("evidence/tier-2.json");
        let mut finding: Fact = findings("evidence/tier-0.json").next().unwrap();
        finding.body.insert("handled".to_owned(), json!(true));
        finding.body.insert("class".to_owned(), json!(class));
        finding.body.insert("reach".to_owned(), json!("dev"));
        evidence.facts.push(finding);
        evidence.kinds.get_mut(AdvisoryFinding::KIND).unwrap().count += 1;
        assert_eq!(line(&evidence).level, expected, "{class}");
    }
    // So has one about a name alone.
    let mut evidence = read("evidence/tier-2.json");
    let report = evidence.kinds.get_mut(AdvisoryFinding::KIND).unwrap();
    report.limitations.push(format!("An advisory speaks of demo 1.0.0{ANSWERED_BY_THE_MAKER}"));
    let mut finding: Fact = findings("evidence/tier-0.json").next().unwrap();
    finding.body.insert("class".to_owned(), json!("test"));
    finding.body.insert("handled".to_owned(), json!(true));
    evidence.facts.push(finding);
    evidence.kinds.get_mut(AdvisoryFinding::KIND).unwrap().count += 1;
    assert_eq!(line(&evidence).level, 0);
}

/// A tier that asks the maker alone is none that evidence carries.
#[test]
fn what_asks_nothing_is_not_carried() {
    let kinds = kinds();
    let kinds: Vec<&str> = kinds.iter().map(String::as_str).collect();
    let mut files = plimsoll_practices::embedded_files();
    let tiers = files.get_mut("tiers/plimsoll.toml").unwrap();
    let asked = "[[tier.demands]]\nat = \"declared\"\nby = \"evidence\"\ncriteria = [\"advisories.none-serious\"]\n";
    assert!(tiers.contains(asked));
    *tiers = tiers.replace(asked, "");
    let practices = Practices::load(&files, &kinds).unwrap_or_else(|problems| panic!("{problems}"));
    for (path, expected) in [("evidence/tier-0.json", 0), ("evidence/tier-3.json", 3)] {
        let label = score(&silent(read(path)), &practices, &tool()).unwrap().predicate;
        assert_eq!(label.source_line.as_ref().unwrap().level, expected, "{path}");
        assert_eq!(inconsistency(&label, &practices), None, "{path}");
    }
}

#[test]
fn only_silence_gives_an_outside_view() {
    let form = |evidence: &Evidence| {
        let statement = score(evidence, &PRACTICES, &tool()).unwrap();
        assert_eq!(statement.predicate_type, statement.predicate.form().predicate_type());
        statement.predicate.form()
    };
    for path in EVIDENCE {
        let spoken = read(path).facts.iter().any(|fact| ["claims-file", "claim"].contains(&fact.kind.as_str()));
        let expected = if spoken { LabelForm::Label } else { LabelForm::SourceView };
        assert_eq!(form(&read(path)), expected, "{path}");
        assert_eq!(form(&silent(read(path))), LabelForm::SourceView, "{path}");
        // What was not looked for is no silence, and neither is a file that says nothing that can be understood.
        for status in [KindStatus::Partial, KindStatus::Unavailable] {
            let mut evidence = silent(read(path));
            let report = evidence.kinds.get_mut(ClaimsFile::KIND).unwrap();
            (report.status, report.reason) = (status, Some("the tree could not be read".to_owned()));
            assert_eq!(form(&evidence), LabelForm::Label, "{path}");
        }
        let mut evidence = silent(read(path));
        evidence.kinds.remove(ClaimsFile::KIND);
        assert_eq!(form(&evidence), LabelForm::Label, "{path}");
    }
    let statement = score(&silent(read("evidence/tier-4.json")), &PRACTICES, &tool()).unwrap();
    assert_eq!(statement.predicate_type, SOURCE_VIEW_PREDICATE_TYPE);
    assert_eq!((statement.predicate.tier.level, statement.predicate.source_line.unwrap().level), (0, 4));
}

#[test]
fn a_cross_is_for_what_was_looked_for() {
    let best = view(&silent(read("evidence/tier-4.json")));
    assert!(best.rows.iter().all(|row| row.sign == Sign::Good), "{:#?}", best.rows);
    // Whatever could not be looked at is a question, and never bad.
    let evidence = silent(read("evidence/tier-4.json"));
    for kind in evidence.kinds.keys().filter(|kind| !words().contains(kind)) {
        let mut blind = evidence.clone();
        blind.facts.retain(|fact| fact.kind != *kind);
        let report = blind.kinds.get_mut(kind).unwrap();
        (report.status, report.count, report.reason) = (KindStatus::Unavailable, 0, Some("not given".to_owned()));
        let rows = view(&blind).rows;
        assert!(rows.iter().all(|row| matches!(row.sign, Sign::Good | Sign::Unknown)), "without {kind}: {rows:#?}");
    }
    let neglected = view(&silent(read("criteria/neglected.json")));
    assert_eq!(sign(&neglected, "holes"), Some(Sign::Bad));
    assert_eq!(sign(&neglected, "origin"), Some(Sign::Weak));
    for row in &neglected.rows {
        assert!(!row.title.is_empty() && !row.text.is_empty(), "{row:?}");
        assert_eq!(row.sign == Sign::Unknown, row.title.ends_with('?'), "{row:?}");
    }
}

#[test]
fn a_view_is_good_for_as_long_as_its_data() {
    let label = label(&silent(read("evidence/tier-2.json")));
    // Its advisory data is of 25 October 2026 and proves nothing after 180 days; 90 days are the most.
    assert_eq!(label.expires.to_string(), "2027-01-30T00:00:00Z");
    let mut old = silent(read("evidence/tier-2.json"));
    let data = old.facts.iter_mut().filter(|fact| fact.kind == "advisory-database");
    data.for_each(|fact| drop(fact.body.insert("date".to_owned(), json!("2026-05-10"))));
    assert_eq!(super::label(&old).expires.to_string(), "2026-11-06T23:59:59Z");
}

#[test]
fn what_was_changed_by_hand_does_not_follow() {
    type Change = fn(&mut LabelBody);
    let changes: [(&str, Change); 9] = [
        ("evidence carries", |label| label.source_line.as_mut().unwrap().level = 3),
        ("evidence carries", |label| label.source_line.as_mut().unwrap().rungs[2].missing.clear()),
        ("evidence carries", |label| {
            let rung = &mut label.source_line.as_mut().unwrap().rungs[2];
            rung.met += rung.missing.len() as u64;
            rung.missing.clear();
        }),
        ("evidence carries", |label| drop(label.source_line.as_mut().unwrap().rungs.pop())),
        ("does not follow", |label| {
            label.source_view.as_mut().unwrap().rows.iter_mut().for_each(|row| row.sign = Sign::Good);
        }),
        ("does not follow", |label| label.source_view.as_mut().unwrap().rows[0].title = "All is well".to_owned()),
        ("does not follow", |label| drop(label.source_view.as_mut().unwrap().rows.remove(0))),
        ("does not follow", |label| {
            let rows = &mut label.source_view.as_mut().unwrap().rows;
            rows.push(rows[0].clone());
        }),
        ("holds the maker's word", |label| label.product.claimant = "Example Works Ltd.".to_owned()),
    ];
    for path in EVIDENCE {
        assert_eq!(inconsistency(&label(&silent(read(path))), &PRACTICES), None, "{path}");
    }
    for (says, change) in changes {
        let mut label = label(&silent(read("evidence/tier-2.json")));
        change(&mut label);
        let found = inconsistency(&label, &PRACTICES).unwrap_or_default();
        assert!(found.contains(says), "{says}: {found}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// It never falls when claims are added, and never rises by them: any of the maker's facts may be there or not.
    #[test]
    fn claims_do_not_move_the_line(path in 0..EVIDENCE.len(), keep in proptest::collection::vec(any::<bool>(), 400)) {
        let whole = read(EVIDENCE[path]);
        let words = words();
        let mut part = whole.clone();
        let mut keep = keep.into_iter().cycle();
        part.facts.retain(|fact| !words.contains(&fact.kind) || keep.next().unwrap());
        for word in &words {
            let count = part.facts.iter().filter(|fact| fact.kind == *word).count() as u64;
            if let Some(report) = part.kinds.get_mut(word) {
                report.count = count;
            }
        }
        prop_assert_eq!(line(&part), line(&whole));
    }

    /// It never rises when evidence is hidden: a kind that was not looked at has no facts.
    #[test]
    fn hidden_evidence_does_not_raise_the_line(path in 0..EVIDENCE.len(), hide in proptest::collection::vec(any::<bool>(), 60)) {
        let whole = read(EVIDENCE[path]);
        let mut part = whole.clone();
        for ((kind, report), _) in part.kinds.iter_mut().zip(&hide).filter(|(_, hide)| **hide) {
            part.facts.retain(|fact| fact.kind != *kind);
            (report.status, report.count, report.reason) = (KindStatus::Unavailable, 0, Some("not given".to_owned()));
        }
        let (before, after) = (line(&whole), line(&part));
        prop_assert!(after.level <= before.level);
        for (before, after) in before.rungs.iter().zip(&after.rungs) {
            prop_assert!(before.missing.iter().all(|id| after.missing.contains(id)), "{before:?} {after:?}");
        }
    }
}
