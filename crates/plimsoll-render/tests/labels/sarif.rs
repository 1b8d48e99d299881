//! What readers of SARIF count on, on every label and on hostile ones.

use std::collections::BTreeSet;

use plimsoll_model::{Outcome, Pointer, Statement};
use serde_json::Value;

use crate::{cases, sample};

fn log(label: &Statement) -> Value {
    serde_json::from_str(&plimsoll_render::sarif(label)).unwrap()
}

fn results(log: &Value) -> &Vec<Value> {
    log["runs"][0]["results"].as_array().unwrap()
}

/// Every text that a reader of the log shows: it makes no link and no image.
fn no_link(value: &Value) {
    match value {
        Value::Object(members) => {
            for (name, member) in members {
                if let (true, Some(text)) = (["text", "markdown"].contains(&name.as_str()), member.as_str()) {
                    let links = text.match_indices("](").any(|(at, _)| !text[..at].ends_with('\\'));
                    assert!(!links, "{text:?} makes a link");
                }
                no_link(member);
            }
        }
        Value::Array(members) => members.iter().for_each(no_link),
        _ => {}
    }
}

/// What must hold for any label.
pub fn check(label: &Statement) {
    let log = log(label);
    assert_eq!(log["version"], "2.1.0");
    no_link(&log);
    let rules = log["runs"][0]["tool"]["driver"]["rules"].as_array().unwrap();
    let ids: BTreeSet<&str> = rules.iter().map(|rule| rule["id"].as_str().unwrap()).collect();
    assert_eq!(ids.len(), rules.len(), "a rule appears twice");
    for rule in rules {
        for text in [&rule["shortDescription"]["text"], &rule["fullDescription"]["text"]] {
            assert!(text.as_str().unwrap().chars().count() <= 1024 * 2);
        }
    }
    for result in results(&log) {
        let rule = usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap();
        assert_eq!(rules[rule]["id"], result["ruleId"]);
        let places = result["locations"].as_array().unwrap();
        assert!(!places.is_empty());
        for place in places {
            let place = &place["physicalLocation"];
            let uri = place["artifactLocation"]["uri"].as_str().unwrap();
            assert!(!uri.is_empty() && !uri.starts_with('/') && !uri.contains([':', '\\', ' ', '<', '"']), "{uri}");
            assert!(uri.split('/').all(|part| !matches!(part, "" | "." | "..")), "{uri}");
            assert!(place["region"]["startLine"].as_u64() >= Some(1));
        }
        assert_eq!(result["partialFingerprints"].as_object().unwrap().len(), 2);
        assert!(result.get("suppressions").is_none(), "nothing hides a result");
    }
}

#[test]
fn every_case_keeps_the_rules() {
    for (_, label) in cases() {
        check(&label);
    }
}

#[test]
fn nothing_that_is_not_met_is_left_out() {
    for (name, label) in cases() {
        let log = log(&label);
        let told: BTreeSet<&str> = results(&log).iter().map(|result| result["ruleId"].as_str().unwrap()).collect();
        for criterion in &label.predicate.criteria {
            let open = !matches!(criterion.outcome, Outcome::Met | Outcome::NotApplicable);
            assert_eq!(told.contains(criterion.id.as_str()), open, "{name}: {}", criterion.id);
        }
        for finding in &label.predicate.findings {
            assert!(told.contains(finding.advisory.as_str()), "{name}: {}", finding.advisory);
        }
        let seen = log["runs"][0]["invocations"][0]["toolExecutionNotifications"].as_array().unwrap().len();
        assert_eq!(seen, label.predicate.limitations.len());
    }
}

#[test]
fn the_makers_word_hides_no_finding() {
    let mut label = sample::sample(0);
    let count = label.predicate.findings.len();
    assert!(count > 0);
    for finding in &mut label.predicate.findings {
        finding.exceptions = vec![plimsoll_model::FindingException {
            file: "plimsoll.toml".to_owned(),
            reason: "we say so".to_owned(),
            who: None,
            until: None,
            valid: true,
        }];
    }
    let told = log(&label);
    let findings: Vec<_> =
        results(&told).iter().filter(|result| result["properties"].get("package").is_some()).collect();
    assert_eq!(findings.len(), count);
    assert!(findings.iter().all(|result| result["message"]["text"].as_str().unwrap().contains("we say so")));
}

#[test]
fn a_contradiction_is_an_error_and_stands_once() {
    let label = sample::contradicted();
    let told = log(&label);
    let found: Vec<_> = results(&told).iter().filter(|result| result["ruleId"] == "secrets.none").collect();
    assert_eq!(found.len(), 1);
    assert_eq!(found[0]["level"], "error");
    assert_eq!(found[0]["locations"][0]["physicalLocation"]["region"]["startLine"], 1);
}

#[test]
fn fingerprints_outlive_lines_and_order() {
    let label = sample::sample(1);
    let prints = |label: &Statement| -> BTreeSet<String> {
        results(&log(label)).iter().map(|result| result["partialFingerprints"].to_string()).collect()
    };
    let mut moved = label.clone();
    for criterion in &mut moved.predicate.criteria {
        criterion.pointers.iter_mut().for_each(|pointer| pointer.line = Some(999));
    }
    moved.predicate.criteria.reverse();
    moved.predicate.findings.reverse();
    assert_eq!(prints(&label), prints(&moved));
}

#[test]
fn no_pointer_leads_out_of_the_tree() {
    for path in ["/etc/passwd", "../../x", "file:///x", "https://example.org/x", "C:\\x", "a\u{202e}b", "a b\"<c>", ""]
    {
        let mut label = sample::contradicted();
        label.predicate.contradictions[0].pointers = vec![Pointer::path(path).at_line(0)];
        for criterion in &mut label.predicate.criteria {
            criterion.pointers = vec![Pointer::path(path)];
        }
        for finding in &mut label.predicate.findings {
            path.clone_into(&mut finding.lockfile);
        }
        check(&label);
    }
}
