use plimsoll_collect::vex::VEX_FORMS;
use serde_json::{Value, json};

use super::*;

fn exception(reason: &str, status: Option<&str>, said: Option<&str>, valid: bool) -> Value {
    json!({"file": "plimsoll.toml", "reason": reason, "status": status, "said": said, "until": "2027-01-01", "valid": valid})
}

fn finding(advisory: &str, kind: &str, change: &[(&str, Value)]) -> Value {
    let mut body = json!({
        "advisory": advisory, "aliases": ["CVE-1"], "vulnerability": advisory, "package": "time", "version": "0.1.43",
        "purl": "pkg:cargo/time@0.1.43", "kind": kind, "severity": "high", "cvss": null, "patched": [">= 0.2.23"],
        "affectedFunctions": [], "arch": [], "os": [], "published": null, "reach": "shipped", "class": "shipped",
        "lockfile": "Cargo.lock", "path": [], "exceptions": [], "handled": false,
    });
    for (name, value) in change {
        body[*name] = value.clone();
    }
    json!({"kind": FINDING.name, "subject": {"type": "component", "id": "x"}, "assurance": "verified", "pointers": [{"path": "x"}], "body": body})
}

fn evidence(facts: &[Value], status: &str) -> Evidence {
    let report = json!({"status": status, "collector": "advisories", "searched": "lockfiles", "searchedCount": 1,
        "count": facts.len(), "reason": (status != "searched").then_some("no lockfile"), "limitations": []});
    serde_json::from_value(json!({
        "schemaVersion": "1.0", "tool": {"name": "plimsoll", "version": "0"},
        "subject": {"commit": "ab", "objectFormat": "sha1", "committed": "2026-01-01T00:00:00Z", "artifacts": [], "worktree": false},
        "asOf": "2026-11-01T00:00:00Z", "inputs": {}, "kinds": {FINDING.name: report}, "facts": facts,
    }))
    .unwrap()
}

/// Ids, status, reason and time of each statement, as OpenVEX.
fn check(facts: &[Value], expected: &[&str]) {
    let form = VEX_FORMS.iter().find(|form| form.name == "openvex").unwrap();
    let document: Value = serde_json::from_str(&vex_document(&evidence(facts, "searched"), form).unwrap()).unwrap();
    let told = document["statements"].as_array().unwrap().iter().map(|one| {
        let words =
            ["impact_statement", "action_statement", "status_notes"].into_iter().find_map(|name| one[name].as_str());
        let (id, status, time) = (&one["vulnerability"]["name"], &one["status"], &one["timestamp"]);
        [id.as_str(), status.as_str(), words, time.as_str()].map(Option::unwrap_or_default).join(" | ")
    });
    assert_eq!(told.collect::<Vec<_>>(), expected, "{facts:?}");
}

#[test]
fn every_finding_is_answered_or_open() {
    let day = "2026-11-01T00:00:00Z";
    let (fix, none) = ("Versions without it: >= 0.2.23.", "No version without it is known.");
    let of = |exceptions: Vec<Value>| {
        let handled = exceptions.iter().any(|one| one["valid"] == true);
        finding("R-1", "vulnerability", &[("exceptions", exceptions.into()), ("handled", handled.into())])
    };
    check(&[of(vec![])], &[&format!("R-1 | under_investigation | No answer of the maker counts. {fix} | {day}")]);
    let ended = exception("not called", None, Some("2025-01-01T00:00:00Z"), false);
    check(
        &[of(vec![ended.clone()])],
        &[&format!("R-1 | under_investigation | No answer of the maker counts. {fix} | {day}")],
    );
    let good = exception("not called", None, Some("2026-10-01T00:00:00Z"), true);
    check(&[of(vec![ended, good.clone()])], &["R-1 | not_affected | not called | 2026-10-01T00:00:00Z"]);
    check(
        &[of(vec![exception("not called", None, None, true)])],
        &[&format!("R-1 | not_affected | not called | {day}")],
    );
    let fixed = exception("fixed in this version: patched", Some("fixed"), Some("2026-10-01T00:00:00Z"), true);
    check(&[of(vec![fixed])], &["R-1 | fixed | patched | 2026-10-01T00:00:00Z"]);
    let affected = |reason: &str| exception(reason, Some("affected"), Some("2026-10-02T00:00:00Z"), false);
    check(&[of(vec![affected("affected: wait")])], &["R-1 | affected | wait | 2026-10-02T00:00:00Z"]);
    check(&[of(vec![affected("affected")])], &[&format!("R-1 | affected | {fix} | 2026-10-02T00:00:00Z")]);
    let unpatched = finding("R-1", "vulnerability", &[("patched", json!([]))]);
    check(&[unpatched], &[&format!("R-1 | under_investigation | No answer of the maker counts. {none} | {day}")]);
    // A time that is to come is not repeated.
    let future = exception("affected", Some("affected"), Some("2027-10-02T00:00:00Z"), false);
    check(&[of(vec![future])], &[&format!("R-1 | affected | {fix} | {day}")]);
}

#[test]
fn one_vulnerability_of_one_component_is_one_statement_and_answered_everywhere_or_open() {
    let good = exception("not called", None, Some("2026-10-01T00:00:00Z"), true);
    let handled = |lockfile: &str| {
        finding(
            "R-1",
            "vulnerability",
            &[("exceptions", json!([good])), ("handled", true.into()), ("lockfile", lockfile.into())],
        )
    };
    let other = |lockfile: &str| finding("R-1", "vulnerability", &[("lockfile", lockfile.into())]);
    check(&[handled("a"), handled("b")], &["R-1 | not_affected | not called | 2026-10-01T00:00:00Z"]);
    let open = "R-1 | under_investigation | No answer of the maker counts. Versions without it: >= 0.2.23. | 2026-11-01T00:00:00Z";
    check(&[handled("a"), other("b")], &[open]);
    let alias = finding("R-2", "vulnerability", &[("vulnerability", "R-1".into())]);
    check(&[other("a"), alias], &[open]);
}

#[test]
fn what_is_no_vulnerability_or_does_not_ship_is_there_where_it_is_answered() {
    let good = exception("we know", None, Some("2026-10-01T00:00:00Z"), true);
    let answered = [("exceptions", json!([good])), ("handled", json!(true))];
    let answer = ["R-1 | not_affected | we know | 2026-10-01T00:00:00Z"];
    for kind in ["unmaintained", "unsound", "notice"] {
        check(&[finding("R-1", kind, &[])], &[]);
        check(&[finding("R-1", kind, &answered)], &answer);
    }
    check(&[finding("yanked:time@0.1.43", "yanked", &answered)], &[]);
    for (member, value) in [("reach", "dev"), ("reach", "build"), ("class", "test")] {
        check(&[finding("R-1", "vulnerability", &[(member, value.into())])], &[]);
        let both: Vec<_> = answered.iter().cloned().chain([(member, value.into())]).collect();
        check(&[finding("R-1", "vulnerability", &both)], &answer);
    }
}

/// A document without statements says that nothing is known; where nothing was looked at there is no document.
#[test]
fn where_nothing_was_looked_at_there_is_no_document() {
    for form in VEX_FORMS {
        assert!(vex_document(&evidence(&[], "searched"), form).is_ok());
        assert!(vex_document(&evidence(&[], "partial"), form).is_ok());
        let error = vex_document(&evidence(&[], "unavailable"), form).unwrap_err();
        assert!(error.to_string().contains("no lockfile"), "{error}");
        let mut without = evidence(&[], "searched");
        without.kinds.clear();
        assert!(vex_document(&without, form).is_err());
    }
}
