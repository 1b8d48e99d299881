//! Forms that other tools read: none says more than the label, and none breaks on what is in one.

use plimsoll_model::{Assurance, Outcome, Statement};
use plimsoll_render::{assessment, declarations, junit, svr, vsa};
use resvg::usvg::roxmltree::Document;
use serde_json::Value;

use crate::{cases, sample};

/// Every text of a value.
fn texts<'a>(value: &'a Value, found: &mut Vec<&'a str>) {
    match value {
        Value::String(text) => found.push(text),
        Value::Array(all) => all.iter().for_each(|one| texts(one, found)),
        Value::Object(all) => all.values().for_each(|one| texts(one, found)),
        _ => {}
    }
}

fn count(label: &Statement, outcome: Outcome) -> usize {
    label.predicate.criteria.iter().filter(|one| one.outcome == outcome).count()
}

#[test]
fn a_report_of_tests_counts_what_the_label_says() {
    for (name, label) in cases() {
        let text = junit(&label);
        let document = Document::parse(&text).unwrap_or_else(|error| panic!("{name}: {error}\n{text}"));
        let of = |tag: &str| document.descendants().filter(|node| node.has_tag_name(tag)).count();
        assert_eq!(of("testcase"), label.predicate.criteria.len(), "{name}");
        assert_eq!(of("failure"), count(&label, Outcome::Unmet) + count(&label, Outcome::Partial), "{name}");
        assert_eq!(of("error"), count(&label, Outcome::Unknown), "{name}");
        assert_eq!(of("skipped"), count(&label, Outcome::NotApplicable), "{name}");
        let suite = document.descendants().find(|node| node.has_tag_name("testsuite")).unwrap();
        for (attribute, tag) in
            [("tests", "testcase"), ("failures", "failure"), ("errors", "error"), ("skipped", "skipped")]
        {
            assert_eq!(suite.attribute(attribute), Some(of(tag).to_string().as_str()), "{name} {attribute}");
        }
    }
    insta::assert_snapshot!("contradicted.junit", junit(&sample::contradicted()));
}

#[test]
fn nothing_of_a_text_acts_in_another_form() {
    for hostile in ["]]>--><x a=\"b\">&\u{0}\u{1b}[31m\u{202e}\u{ffff}\n::set-output name=x::y", "", " ", "\u{1f600}"] {
        let mut label = sample::contradicted();
        for member in sample::texts(&mut label) {
            hostile.clone_into(member);
        }
        let text = junit(&label);
        assert!(Document::parse(&text).is_ok(), "{text}");
        for (name, value) in [
            ("svr", svr(&label)),
            ("vsa", vsa(&label)),
            ("declarations", declarations(&label)),
            ("oscal", assessment(&label)),
        ] {
            let mut all = Vec::new();
            // Subjects are those of the label, byte for byte.
            let mut value = value;
            if let Some(members) = value.as_object_mut() {
                members.remove("subject");
            }
            texts(&value, &mut all);
            let acts = |text: &&&str| {
                text.chars().any(|letter| letter.is_control() || matches!(letter, '\u{202e}' | '\u{ffff}'))
            };
            assert_eq!(all.iter().find(acts), None, "{name}");
        }
    }
}

fn properties(label: &Statement) -> Vec<String> {
    let value = svr(label);
    value["predicate"]["properties"].as_array().unwrap().iter().map(|one| one.as_str().unwrap().to_owned()).collect()
}

#[test]
fn only_what_is_verified_is_a_property() {
    for level in 0..=4 {
        let label = sample::sample(level);
        let tiers = properties(&label).iter().filter(|one| one.starts_with("PLIMSOLL_TIER_")).count();
        assert_eq!(tiers, usize::from(label.predicate.tier.level), "{level}");
    }
    let mut label = sample::sample(3);
    let entry = &mut label.predicate.catalogs[0].entries[0];
    (entry.outcome, entry.assurance) = (Outcome::Met, Some(Assurance::Observed));
    let shown = properties(&label);
    assert!(shown.iter().any(|one| one.ends_with("_OBSERVED")), "{shown:?}");
    assert!(!shown.iter().any(|one| one.ends_with("_DECLARED")), "{shown:?}");
    for catalog in &mut label.predicate.catalogs {
        for entry in &mut catalog.entries {
            entry.assurance = entry.assurance.map(|_| Assurance::Declared);
        }
    }
    assert!(properties(&label).iter().all(|one| one.starts_with("PLIMSOLL_TIER_")));
    for outcome in [Outcome::Partial, Outcome::Unmet, Outcome::Unknown, Outcome::NotApplicable] {
        let mut label = sample::sample(3);
        for entry in label.predicate.catalogs.iter_mut().flat_map(|catalog| &mut catalog.entries) {
            entry.outcome = outcome;
        }
        assert!(properties(&label).iter().all(|one| one.starts_with("PLIMSOLL_TIER_")), "{outcome:?}");
        assert_eq!(vsa(&label)["predicate"]["verificationResult"], "FAILED", "{outcome:?}");
    }
    // What holds by the rules of somebody else is another property, and no level of SLSA.
    let mut label = sample::sample(3);
    label.predicate.practices_of = Some("Somebody".to_owned());
    let others = properties(&label);
    assert!(!others.is_empty() && others.iter().all(|one| one.starts_with("OTHER_PRACTICES_")), "{others:?}");
    assert_eq!(vsa(&label)["predicate"]["verifiedLevels"][0], "FAILED");
    assert_eq!(vsa(&label)["predicate"]["policy"]["uri"], "urn:plimsoll:other-practices");
    // Files of a working copy are of no commit.
    let mut label = sample::sample(3);
    label.predicate.worktree = true;
    assert!(properties(&label).is_empty());
    assert_eq!(vsa(&label)["predicate"]["verifiedLevels"][0], "FAILED");
}

#[test]
fn the_word_of_the_maker_satisfies_no_finding() {
    for (name, label) in cases() {
        let value = assessment(&label);
        let result = &value["assessment-results"]["results"][0];
        let entries: Vec<_> = label.predicate.catalogs.iter().flat_map(|catalog| &catalog.entries).collect();
        let findings = result["findings"].as_array().unwrap();
        assert_eq!(findings.len(), entries.len(), "{name}");
        for (finding, entry) in findings.iter().zip(entries) {
            let satisfied = finding["target"]["status"]["state"] == "satisfied";
            let shown = entry.outcome == Outcome::Met && entry.assurance > Some(Assurance::Declared);
            assert_eq!(satisfied, shown, "{name} {}", entry.id);
        }
        let ids: Vec<&Value> = result["observations"].as_array().unwrap().iter().map(|one| &one["uuid"]).collect();
        for finding in findings {
            for related in finding.get("related-observations").and_then(Value::as_array).into_iter().flatten() {
                assert!(ids.contains(&&related["observation-uuid"]), "{name}");
            }
        }
    }
}

#[test]
fn what_is_not_known_has_no_score() {
    for (name, label) in cases() {
        let value = declarations(&label);
        let attestations = value["declarations"]["attestations"].as_array().unwrap();
        for (attestation, catalog) in attestations.iter().zip(&label.predicate.catalogs) {
            for (map, entry) in attestation["map"].as_array().unwrap().iter().zip(&catalog.entries) {
                let score = map["conformance"]["score"].as_f64();
                let expected = match entry.outcome {
                    Outcome::Met => Some(1.0),
                    Outcome::Partial => Some(0.5),
                    Outcome::Unmet => Some(0.0),
                    Outcome::Unknown | Outcome::NotApplicable => None,
                };
                assert_eq!(score, expected, "{name} {}", entry.id);
                assert_eq!(
                    map.get("claims").is_some(),
                    matches!(entry.outcome, Outcome::Met | Outcome::Partial),
                    "{name}"
                );
            }
        }
    }
}
