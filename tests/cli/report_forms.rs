//! A report in the forms of others: a Gemara evaluation log, and proposals for the Best Practices Badge. Neither says more than it.

use std::{collections::BTreeMap, path::Path};

use serde_json::Value;

use crate::common::run;

fn report(catalog: &str, evidence: &str, format: &str) -> Value {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures").join(evidence).display().to_string();
    let ran = run(&["report", catalog, &path, "--format", format]);
    assert_eq!(ran.code, 0, "{catalog} {evidence}: {}", ran.stderr);
    serde_json::from_str(&ran.stdout).unwrap()
}

fn text<'v>(value: &'v Value, member: &str) -> &'v str {
    value[member].as_str().unwrap_or_else(|| panic!("{member} in {value}"))
}

const EVIDENCE: [&str; 5] = [
    "criteria/exemplary.json",
    "criteria/contradicted.json",
    "criteria/neglected.json",
    "criteria/dangerous.json",
    "evidence/tier-2.json",
];

#[test]
fn a_gemara_log_passes_what_evidence_answers_and_nothing_else() {
    let mut seen = BTreeMap::new();
    for evidence in EVIDENCE {
        let own = report("osps", evidence, "json");
        let log = report("osps", evidence, "gemara");
        assert_eq!(text(&log["metadata"], "type"), "EvaluationLog");
        let mut logs = BTreeMap::new();
        for evaluation in log["evaluations"].as_array().unwrap() {
            let control = text(&evaluation["control"], "entry-id");
            let mut results = Vec::new();
            for one in evaluation["assessment-logs"].as_array().unwrap() {
                let id = text(&one["requirement"], "entry-id");
                assert_eq!(id.rsplit_once('.').unwrap().0, control);
                assert!(
                    !one["steps"].as_array().unwrap().is_empty()
                        && !one["applicability"].as_array().unwrap().is_empty()
                );
                results.push(text(one, "result"));
                assert!(logs.insert(id.to_owned(), one.clone()).is_none(), "{id} twice");
            }
            // The worst of its requirements.
            let order = ["Failed", "Unknown", "Needs Review", "Passed", "Not Applicable"];
            let worst = order.iter().find(|result| results.contains(*result)).unwrap();
            assert_eq!(text(evaluation, "result"), *worst, "{control}");
        }
        let entries = own["entries"].as_array().unwrap();
        assert_eq!(entries.len(), logs.len());
        for entry in entries {
            let result = text(&logs[&format!("OSPS-{}", text(entry, "id"))], "result").to_owned();
            let by_evidence = text(entry, "answer") == "evidence";
            assert_eq!(result == "Passed", by_evidence && text(entry, "outcome") == "met", "{entry}");
            assert!(text(entry, "outcome") != "unknown" || result == "Unknown", "{entry}");
            assert!(entry["contradicted"] != true || result == "Failed", "{entry}");
            *seen.entry(result).or_insert(0) += 1;
        }
    }
    for result in ["Passed", "Failed", "Needs Review", "Unknown"] {
        assert!(seen.contains_key(result), "{seen:?}");
    }
}

#[test]
fn proposals_for_the_badge_are_what_is_answered() {
    for (catalog, prefix) in [("osps", "osps_"), ("best-practices", "")] {
        let mut met = 0;
        for evidence in EVIDENCE {
            let own = report(catalog, evidence, "json");
            let proposals = report(catalog, evidence, "bestpractices");
            let mut expected = 0;
            for entry in own["entries"].as_array().unwrap() {
                let name = format!("{prefix}{}", text(entry, "id").to_lowercase().replace(['.', '-'], "_"));
                let status = proposals[format!("{name}_status")].as_str();
                let (answer, outcome) = (text(entry, "answer"), text(entry, "outcome"));
                let right = match (answer, outcome) {
                    _ if entry["contradicted"] == true => Some("Unmet"),
                    ("open", "unmet") => Some("Unmet"),
                    ("open", _) => None,
                    (_, "met") => Some("Met"),
                    (_, "not-applicable") => Some("N/A"),
                    _ => None,
                };
                assert_eq!(status, right, "{evidence} {name}");
                expected += usize::from(status.is_some());
                met += usize::from(status == Some("Met"));
                if status.is_some() {
                    let why = text(&proposals, &format!("{name}_justification"));
                    assert!(!why.is_empty() && why.chars().count() <= 1500, "{name}: {why}");
                }
            }
            assert_eq!(proposals.as_object().unwrap().len(), 2 * expected);
        }
        assert!(met > 0, "{catalog}");
    }
}

#[test]
fn what_has_no_such_form_is_refused() {
    let evidence =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/evidence/tier-2.json").display().to_string();
    let ran = run(&["report", "eu-cra", &evidence, "--format", "bestpractices"]);
    assert_eq!(ran.code, 2);
    assert!(ran.stderr.contains("the badge takes no answers about eu-cra-2024-2847"), "{}", ran.stderr);
    let form = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/example/questions.toml").display().to_string();
    for format in ["gemara", "bestpractices"] {
        let ran = run(&["answer", &form, &evidence, "--format", format]);
        assert_eq!(ran.code, 2);
        assert!(ran.stderr.contains("questionnaire"), "{}", ran.stderr);
    }
}
