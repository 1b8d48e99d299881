use serde_json::json;

use super::*;
use crate::collectors::exceptions::tests::{finding, read_all};

const TIME: &str = "pkg:cargo/time@0.1.43";

/// A document whose statements are each about one vulnerability, and say what `more` has.
fn document(statements: &[(&str, &str, serde_json::Value)]) -> String {
    let statements = statements.iter().map(|(id, product, more)| {
        let mut one = json!({"vulnerability": {"name": id}, "products": [{"@id": product}], "status": "not_affected",
            "justification": "component_not_present", "timestamp": "2026-06-01T00:00:00Z"});
        for (name, value) in more.as_object().into_iter().flatten() {
            one[name] = value.clone();
        }
        one
    });
    json!({"@context": "https://openvex.dev/ns/v0.2.0", "statements": statements.collect::<Vec<_>>()}).to_string()
}

/// What is said of the use of statements on 2026-11-01, where `found` is known.
fn told(statements: &[(&str, &str, serde_json::Value)], found: &[AdvisoryFinding]) -> Vec<String> {
    let exceptions = read_all(&[("a.vex.json", document(statements))]);
    let found: Vec<&AdvisoryFinding> = found.iter().collect();
    let today = "2026-11-01".parse().unwrap();
    let told = told_of_use(&exceptions, &exceptions.used(&found, today), today);
    assert!(told.iter().all(|sentence| is_of_use(sentence)), "{told:?}");
    told
}

fn known(patched: &[&str]) -> AdvisoryFinding {
    finding("Cargo.lock", TIME, "RUSTSEC-1", patched)
}

#[test]
fn what_is_in_order_is_not_talked_about() {
    assert_eq!(told(&[("RUSTSEC-1", TIME, json!({}))], &[known(&[])]), Vec::<String>::new());
    // Open statements answer nothing, and need no finding that they would answer.
    let open = json!({"status": "under_investigation"});
    assert_eq!(told(&[("RUSTSEC-2", TIME, open)], &[]), Vec::<String>::new());
}

#[test]
fn each_thing_to_do_has_its_sentence() {
    let none = json!({});
    for (id, product, more, found, expected) in [
        (
            "RUSTSEC-2",
            TIME,
            none.clone(),
            vec![known(&[])],
            "1 exception answers no finding and can be removed: RUSTSEC-2 (a.vex.json).",
        ),
        (
            "RUSTSEC-1",
            TIME,
            none.clone(),
            vec![],
            "1 exception answers no finding and can be removed: RUSTSEC-1 (a.vex.json).",
        ),
        (
            "RUSTSEC-1",
            TIME,
            json!({"timestamp": "2025-10-31T00:00:00Z"}),
            vec![known(&[])],
            "1 exception counts no longer: the time that it was given has passed: RUSTSEC-1 (a.vex.json) on 2026-10-31.",
        ),
        (
            "RUSTSEC-1",
            TIME,
            json!({"justification": null}),
            vec![known(&[])],
            "1 exception has no reason or no end that counts, and so nothing is answered: RUSTSEC-1 (a.vex.json).",
        ),
        (
            "RUSTSEC-1",
            TIME,
            json!({"timestamp": "some day"}),
            vec![known(&[])],
            "1 exception has no reason or no end that counts, and so nothing is answered: RUSTSEC-1 (a.vex.json).",
        ),
        (
            "RUSTSEC-1",
            TIME,
            none.clone(),
            vec![known(&[">= 0.2.23", "^0.1.44"])],
            "1 exception answers what a newer version fixes: RUSTSEC-1 (a.vex.json): time >= 0.2.23 or ^0.1.44.",
        ),
        (
            "RUSTSEC-1",
            "pkg:cargo/app@9.0.0",
            none.clone(),
            vec![known(&[])],
            "1 VEX statement about another product or version, without effect here: RUSTSEC-1 (a.vex.json).",
        ),
        (
            "RUSTSEC-9",
            TIME,
            json!({"status": "affected"}),
            vec![known(&[])],
            "1 VEX statement says affected without a finding by this advisory data: RUSTSEC-9 (a.vex.json).",
        ),
    ] {
        assert_eq!(told(&[(id, product, more.clone())], &found), [expected], "{id} {product} {more}");
    }
}

/// One that is about no component of the product is named twice: it answers nothing, and why.
#[test]
fn an_exception_about_a_component_that_is_not_here_is_told() {
    let told = |product: &str| told(&[("RUSTSEC-1", product, json!({}))], &[known(&[])]).join(" ");
    let absent = "1 exception is about a component that is not here: RUSTSEC-1 (a.vex.json).";
    for product in ["pkg:cargo/time@0.1.44", "pkg:npm/time", "pkg:cargo/tim"] {
        assert!(told(product).contains(absent) && told(product).contains(IDLE), "{product}: {}", told(product));
    }
    for product in [TIME, "pkg:cargo/time", "pkg:cargo/core", "pkg:cargo/app"] {
        assert!(!told(product).contains(ABSENT), "{product}: {}", told(product));
    }
}

#[test]
fn exceptions_that_all_end_on_one_day_are_told() {
    let ids = ["RUSTSEC-1", "RUSTSEC-2", "RUSTSEC-3"];
    let found: Vec<_> = ids.iter().map(|id| finding("Cargo.lock", TIME, id, &[])).collect();
    let with = |last: &str| {
        let of = |time: &str| json!({"timestamp": time});
        let first = "2026-06-01T00:00:00Z";
        told(&[(ids[0], TIME, of(first)), (ids[1], TIME, of(first)), (ids[2], TIME, of(last))], &found)
    };
    assert_eq!(
        with("2026-06-01T09:00:00Z"),
        ["3 exceptions end on one day, 2027-06-01; look at each of them by itself: RUSTSEC-1 (a.vex.json), \
          RUSTSEC-2 (a.vex.json), RUSTSEC-3 (a.vex.json)."]
    );
    // Two of a day are chance, and what ended or is refused ends on no day to come.
    for last in ["2026-06-02T00:00:00Z", "2025-06-01T00:00:00Z", "some day"] {
        assert!(with(last).iter().all(|sentence| !sentence.contains("on one day")), "{last}");
    }
}

/// What evidence holds is enough to say the same on another day, without the documents.
#[test]
fn evidence_gives_the_same_exceptions() {
    let statements = [
        ("RUSTSEC-1", TIME, json!({})),
        ("RUSTSEC-1", "pkg:cargo/app@9.0.0", json!({})),
        ("RUSTSEC-1", "pkg:cargo/app@1.0.0", json!({"status": "fixed", "timestamp": "2026-05-01T00:00:00Z"})),
        ("RUSTSEC-1", TIME, json!({"status": "affected", "timestamp": "2026-04-01T00:00:00Z"})),
    ];
    let exceptions = read_all(&[("a.vex.json", document(&statements))]);
    let known = known(&[]);
    let today = "2026-11-01".parse().unwrap();
    let (report, facts) = exception_kind(&exceptions, &[&known], today).finish("advisories");
    let evidence: Evidence = serde_json::from_value(json!({
        "schemaVersion": "1.0", "tool": {"name": "plimsoll", "version": "0"},
        "subject": {"commit": "ab", "objectFormat": "sha1", "committed": "2026-01-01T00:00:00Z", "artifacts": [], "worktree": false},
        "asOf": "2026-11-01T00:00:00Z", "inputs": {}, "kinds": {EXCEPTION.name: report}, "facts": facts,
    }))
    .unwrap();
    let again = exceptions_of(&evidence, &crate::collectors::exceptions::tests::components()).unwrap();
    for day in ["2026-01-01", "2026-11-01", "2027-05-02", "2027-06-02"] {
        let day = day.parse().unwrap();
        assert_eq!(again.on(&known, day), exceptions.on(&known, day));
        assert_eq!(exception_kind(&again, &[&known], day).facts(), exception_kind(&exceptions, &[&known], day).facts());
    }
    assert!(!again.on(&known, today).is_empty());
}
