use proptest::prelude::*;
use serde_json::{Value, json};

use super::{
    Format, Read, Report, Severity,
    report::{Purpose, State},
    *,
};

fn report(value: &Value) -> Result<(&'static str, Report), String> {
    of_text(&value.to_string())
}

fn of_text(text: &str) -> Result<(&'static str, Report), String> {
    match read(text.as_bytes())? {
        Read::Report(Format { name, .. }, report) => Ok((name, *report)),
        Read::Run(_) => Err("a record of a run".to_owned()),
    }
}

fn check(value: &Value) -> Report {
    report(value).unwrap_or_else(|reason| panic!("{reason}: {value}")).1
}

const COMMIT: &str = "0123456789abcdef0123456789abcdef01234567";

fn sarif() -> Value {
    json!({
        "version": "2.1.0",
        "runs": [{
            "tool": {"driver": {"name": "CodeQL", "semanticVersion": "2.20.1", "rules": [
                {"id": "a/serious", "properties": {"security-severity": "9.1"}},
                {"id": "a/note", "defaultConfiguration": {"level": "note"}},
            ]}},
            "invocations": [{"executionSuccessful": true, "endTimeUtc": "2026-10-30T23:30:00-02:00"}],
            "versionControlProvenance": [{"repositoryUri": "https://github.com/acme/demo", "revisionId": COMMIT}],
            "results": [],
        }],
    })
}

#[test]
fn a_whole_run_of_sarif_is_read() {
    let read = check(&sarif());
    assert_eq!((read.tool.as_str(), read.version.as_deref()), ("CodeQL", Some("2.20.1")));
    assert_eq!(read.purposes, [Purpose::SecurityAnalysis]);
    assert_eq!(read.commit.as_deref(), Some(COMMIT));
    assert_eq!(read.repository.as_deref(), Some("https://github.com/acme/demo"));
    assert_eq!(read.date, Some(jiff::civil::date(2026, 10, 31)));
    assert!(read.is_finished() && read.open.is_empty());
}

#[test]
fn a_run_of_sarif_that_is_not_whole_is_not_finished() {
    for (place, value) in [
        ("/runs/0/invocations", json!([])),
        ("/runs/0/invocations", json!(null)),
        ("/runs/0/invocations/0/executionSuccessful", json!(false)),
        ("/runs/0/invocations/0/executionSuccessful", json!("true")),
        ("/runs/0/invocations/0", json!({})),
        ("/runs/0/invocations/0", json!({"executionSuccessful": true, "exitSignalName": "SIGKILL"})),
        (
            "/runs/0/invocations/0",
            json!({"executionSuccessful": true, "toolExecutionNotifications": [{"level": "error", "message": {}}]}),
        ),
        (
            "/runs/0/invocations/0",
            json!({"executionSuccessful": true, "toolConfigurationNotifications": [{"level": "error"}]}),
        ),
        ("/runs/0/invocations/0", json!({"executionSuccessful": true, "toolExecutionNotifications": {}})),
        ("/runs/0/results", json!(null)),
        ("/runs/0/results", json!({})),
    ] {
        let mut value_of = sarif();
        *value_of.pointer_mut(place).unwrap() = value.clone();
        let read = check(&value_of);
        assert!(!read.is_finished() && read.unfinished().is_some(), "{place} {value}");
    }
    // One run that failed takes the other with it.
    let mut two = sarif();
    let mut failed = two["runs"][0].clone();
    failed["invocations"][0]["executionSuccessful"] = json!(false);
    two["runs"].as_array_mut().unwrap().push(failed);
    assert!(!check(&two).is_finished());
    // So does one that names no commit, or another.
    for provenance in [json!([]), json!([{"repositoryUri": "x"}]), json!([{"revisionId": "f".repeat(40)}])] {
        let mut two = sarif();
        let mut other = two["runs"][0].clone();
        other["versionControlProvenance"] = provenance.clone();
        two["runs"].as_array_mut().unwrap().push(other);
        assert!(!check(&two).is_finished(), "{provenance}");
    }
}

#[test]
fn a_sarif_log_without_a_subject_names_none() {
    for value in [json!(null), json!([]), json!([{}]), json!([{"revisionId": ""}]), json!([{"branch": "main"}])] {
        let mut log = sarif();
        log["runs"][0]["versionControlProvenance"] = value.clone();
        assert_eq!(check(&log).commit, None, "{value}");
    }
}

#[test]
fn each_result_of_sarif_counts_once_and_as_serious_as_it_is() {
    use Severity::{High, Low, Medium, Unrated};
    for (result, expected) in [
        (json!({"ruleId": "a/serious"}), Some(High)),
        (json!({"ruleIndex": 0, "level": "note"}), Some(High)),
        (json!({"rule": {"id": "a/serious"}}), Some(High)),
        (json!({"ruleId": "a/note"}), Some(Low)),
        (json!({"ruleId": "a/note", "level": "error"}), Some(High)),
        (json!({"ruleId": "other"}), Some(Medium)),
        (json!({"ruleId": "other", "level": "odd"}), Some(Unrated)),
        (json!({}), Some(Medium)),
        (json!({"ruleId": "other", "kind": "open"}), Some(Unrated)),
        (json!({"ruleId": "other", "kind": "review"}), Some(Unrated)),
        (json!({"ruleId": "other", "kind": "review", "level": "note"}), Some(Low)),
        (json!({"ruleId": "other", "kind": "review", "level": "none"}), Some(Unrated)),
        (json!({"ruleId": "other", "kind": "open", "level": "error"}), Some(High)),
        (json!({"ruleId": "other", "kind": "pass"}), None),
        (json!({"ruleId": "other", "kind": "notApplicable"}), None),
        (json!({"ruleId": "other", "baselineState": "absent"}), None),
        (json!({"ruleId": "other", "baselineState": "unchanged"}), Some(Medium)),
        (json!({"ruleId": "other", "properties": {"security-severity": "x"}}), Some(Unrated)),
        (json!({"ruleId": "other", "suppressions": []}), Some(Medium)),
        (json!({"ruleId": "other", "suppressions": [{"kind": "inSource"}]}), None),
        (json!({"ruleId": "other", "suppressions": [{"status": "accepted"}]}), None),
        (json!({"ruleId": "other", "suppressions": [{"status": "underReview"}]}), Some(Medium)),
        (json!({"ruleId": "other", "suppressions": [{"status": "accepted"}, {"status": "rejected"}]}), Some(Medium)),
    ] {
        let mut log = sarif();
        log["runs"][0]["results"] = json!([result.clone()]);
        let read = check(&log);
        let open: Vec<_> = read.open.keys().copied().collect();
        assert_eq!(open, expected.into_iter().collect::<Vec<_>>(), "{result}");
    }
}

#[test]
fn a_log_of_several_tools_is_for_what_all_are_for() {
    let mut log = sarif();
    let mut other = log["runs"][0].clone();
    other["tool"]["driver"]["name"] = json!("ESLint");
    log["runs"].as_array_mut().unwrap().push(other);
    let read = check(&log);
    assert!(read.purposes.is_empty() && read.tool == "CodeQL, ESLint");
    let mut log = sarif();
    log["runs"][0]["tool"]["driver"]["name"] = json!("A tool that nobody knows");
    assert!(check(&log).purposes.is_empty());
}

#[test]
fn what_is_no_report_is_refused_with_its_reason() {
    for (text, reason) in [
        ("", "not JSON"),
        ("{}", "no format"),
        ("[]", "an empty list names no tool"),
        ("null", "no format"),
        ("[1]", "no format"),
        ("{\"runs\":[]}", "no format"),
        ("{\"version\":\"2.1.0\",\"runs\":[]}", "without a run"),
        ("{\"version\":\"2.1.0\",\"runs\":[{}]}", "names no tool"),
        ("{\"version\":\"2.1.0-rtm.5\",\"runs\":[{}]}", "a version that is not read"),
        ("{\"version\":\"2.1.0\",\"version\":\"2.1.0\",\"runs\":[]}", "not JSON"),
        ("{\"version\":\"2.1.0\",\"runs\":[],\"scorecard\":{},\"checks\":[],\"repo\":{}}", "could be of"),
        ("{\"plimsollRun\":1,\"plimsollForgeSettings\":1}", "could be of two"),
        ("{\"plimsollForgeSettings\":1}", "no object"),
        ("{\"plimsollForgeSettings\":1,\"settings\":{}}", "missing field"),
        ("{\"type\":\"diagnostic\",\"fields\":{}}\n{\"type\":\"other\",\"fields\":{}}", "a line of another format"),
        ("{\"type\":\"diagnostic\",\"fields\":{}}\n{", "not JSON"),
        ("{\"assessment-results\":{}}", "no metadata"),
        ("{\"conclusion\":\"perhaps\",\"failures\":[]}", "not known"),
    ] {
        let error = of_text(text).unwrap_err();
        assert!(error.contains(reason), "{text}: {error}");
    }
    assert!(read(b"\xff\xfe").is_err());
}

#[test]
fn zizmor_counts_what_is_not_ignored() {
    let finding = |severity: &str, ignored: bool| json!({"ident": "template-injection", "ignored": ignored, "determinations": {"severity": severity}});
    let read = check(&json!([finding("High", false), finding("High", true), finding("Odd", false)]));
    assert_eq!((read.open[&Severity::High], read.open[&Severity::Unrated], read.suppressed), (1, 1, 1));
    // It says neither of what it is nor that it came to its end.
    assert!(!read.is_finished() && read.commit.is_none());
    assert!([0, 11, 14].into_iter().all(zizmor::ended) && [1, 2, 3, 10, 15, -1].iter().all(|one| !zizmor::ended(*one)));
}

fn scorecard() -> Value {
    json!({
        "date": "2026-10-20T04:05:06Z", "repo": {"name": "github.com/acme/demo", "commit": COMMIT},
        "scorecard": {"version": "v5.0.0", "commit": "ff"}, "score": 7.1,
        "checks": [
            {"name": "Code-Review", "score": 10}, {"name": "Branch-Protection", "score": -1}, {"name": "Fuzzing", "score": 0},
            {"name": "SAST", "score": 7}, {"name": "Odd", "score": 11},
        ],
    })
}

#[test]
fn a_check_of_scorecard_that_is_not_decided_is_not_known() {
    let read = check(&scorecard());
    let states: Vec<_> = read.checks.iter().map(|one| (one.id.as_str(), one.state, one.score)).collect();
    assert_eq!(
        states,
        [
            ("Code-Review", State::Met, Some(10)),
            ("Branch-Protection", State::Unknown, None),
            ("Fuzzing", State::Unmet, Some(0)),
            ("SAST", State::Partly, Some(7)),
            ("Odd", State::Unknown, None),
        ]
    );
    assert_eq!(read.commit.as_deref(), Some(COMMIT));
    assert!(read.is_finished() && read.purposes == [Purpose::Practices]);
    for (place, value, refused) in [
        ("/checks", json!([]), false),
        ("/checks/0/name", json!(""), true),
        ("/checks/1/name", json!("Code-Review"), true),
        ("/checks", json!({}), true),
    ] {
        let mut other = scorecard();
        *other.pointer_mut(place).unwrap() = value;
        assert_eq!(report(&other).map_or(true, |(_, read)| !read.is_finished() && refused), refused, "{place}");
    }
}

fn deny(lines: &[Value]) -> String {
    lines.iter().map(|line| format!("{line}\n")).collect::<Vec<_>>().concat()
}

#[test]
fn cargo_deny_is_whole_with_its_summary_alone() {
    let found = |severity: &str| json!({"type": "diagnostic", "fields": {"code": "rejected", "severity": severity}});
    let counts = |errors: u64| json!({"errors": errors, "warnings": 0, "notes": 0, "helps": 0});
    let all = |errors: u64| {
        json!({"type": "summary", "fields": {
            "advisories": counts(errors), "bans": counts(0), "licenses": counts(0), "sources": counts(0)}})
    };
    let clean = of_text(&deny(&[all(0)])).unwrap().1;
    assert!(clean.is_finished() && clean.open.is_empty());
    assert_eq!(clean.purposes, [Purpose::Vulnerabilities, Purpose::DependencyPolicy]);
    let bad = of_text(&deny(&[found("error"), found("warning"), all(1)])).unwrap().1;
    assert!(bad.is_finished());
    assert_eq!((bad.open[&Severity::High], bad.open[&Severity::Medium]), (1, 1));
    for lines in [
        vec![found("warning")],
        // More was counted than is there: something was cut out.
        vec![all(1)],
        vec![json!({"type": "summary", "fields": {"advisories": {}}})],
        vec![json!({"type": "log", "fields": {"level": "ERROR", "message": "no index"}}), all(0)],
    ] {
        assert!(!of_text(&deny(&lines)).unwrap().1.is_finished(), "{lines:?}");
    }
    assert!(of_text(&deny(&[all(0), all(0)])).is_err());
    let one = json!({"type": "summary", "fields": {"licenses": counts(0)}});
    assert!(of_text(&deny(&[one])).unwrap().1.purposes.is_empty());
}

#[test]
fn cargo_vet_looked_at_something_or_says_nothing() {
    let whole = check(&json!({"conclusion": "success", "vetted_fully": [{"name": "a", "version": "1.0.0"}]}));
    assert!(whole.is_finished() && whole.open.is_empty());
    let exempted =
        check(&json!({"conclusion": "success", "vetted_fully": [], "vetted_with_exemptions": [{"name": "a"}]}));
    assert!(exempted.is_finished() && exempted.open[&Severity::Low] == 1);
    let none = check(&json!({"conclusion": "success", "vetted_fully": []}));
    assert!(!none.is_finished());
    let failed = check(&json!({"conclusion": "fail (vetting)", "failures": [{"name": "a"}]}));
    assert!(failed.is_finished() && failed.open[&Severity::Medium] == 1);
    let violated = check(&json!({"conclusion": "fail (violation)", "violations": {"a": []}}));
    assert!(violated.open[&Severity::High] == 1);
}

#[test]
fn osv_scanner_counts_each_group_and_what_is_in_none() {
    let package = |groups: Value, known: usize| json!({"package": {"name": "a"}, "groups": groups, "vulnerabilities": vec![json!({"id": "x"}); known]});
    let of = |packages: Value| json!({"results": [{"source": {"path": "Cargo.lock"}, "packages": packages}]});
    let read = check(&of(json!([
        package(json!([{"ids": ["GHSA-1", "CVE-1"], "max_severity": "9.8"}]), 2),
        package(json!([{"ids": ["GHSA-2"], "max_severity": ""}]), 1),
        package(json!([]), 1),
    ])));
    assert_eq!((read.open[&Severity::High], read.open[&Severity::Unrated]), (1, 2));
    // What it ends with says whether it looked; an empty list does not.
    let empty = check(&json!({"results": []}));
    assert!(!empty.is_finished() && empty.open.is_empty() && empty.commit.is_none());
    assert!(
        osv_scanner::ended(0)
            && osv_scanner::ended(1)
            && [127, 128, 130, 2, -1].iter().all(|one| !osv_scanner::ended(*one))
    );
}

fn oscal() -> Value {
    json!({"assessment-results": {
        "uuid": "x",
        "metadata": {"title": "A review", "oscal-version": "1.1.2", "props": [{"name": "commit", "value": COMMIT}]},
        "results": [{
            "uuid": "y", "start": "2026-10-01T00:00:00Z", "end": "2026-10-02T00:00:00Z",
            "findings": [
                {"target": {"target-id": "ac-1", "status": {"state": "satisfied"}}},
                {"target": {"target-id": "ac-2", "status": {"state": "satisfied"}}},
                {"target": {"target-id": "ac-2", "status": {"state": "not-satisfied"}}},
                {"target": {"target-id": "ac-3", "status": {"state": "perhaps"}}},
            ],
        }],
    }})
}

#[test]
fn a_control_that_is_found_both_ways_is_not_satisfied() {
    let read = check(&oscal());
    let states: Vec<_> = read.checks.iter().map(|one| (one.id.as_str(), one.state)).collect();
    assert_eq!(states, [("ac-1", State::Met), ("ac-2", State::Unmet), ("ac-3", State::Unknown)]);
    assert!(read.is_finished() && read.commit.as_deref() == Some(COMMIT));
    assert_eq!(read.date, Some(jiff::civil::date(2026, 10, 2)));
    let mut going_on = oscal();
    going_on["assessment-results"]["results"][0].as_object_mut().unwrap().remove("end");
    assert!(!check(&going_on).is_finished());
    let mut two = oscal();
    two["assessment-results"]["metadata"]["props"] =
        json!([{"name": "commit", "value": COMMIT}, {"name": "commit", "value": "f"}]);
    assert!(!check(&two).is_finished());
}

fn settings() -> Value {
    json!({
        "plimsollForgeSettings": 1, "repository": "https://github.com/acme/demo", "date": "2026-10-30T10:00:00Z",
        "gatheredBy": "gh api as release-bot", "commit": COMMIT,
        "settings": {"pullRequestRequired": true, "approvalsRequired": 1, "forcePushAllowed": false},
    })
}

#[test]
fn settings_that_are_not_given_are_not_known() {
    let own = check(&settings()).settings.unwrap();
    assert_eq!((own.pull_request_required, own.approvals_required), (Some(true), Some(1)));
    assert_eq!((own.force_push_allowed, own.deletion_allowed, own.two_factor_required), (Some(false), None, None));
    for (place, value) in [
        ("/plimsollForgeSettings", json!(2)),
        ("/date", json!("yesterday")),
        ("/gatheredBy", json!(" ")),
        ("/settings/pullRequestRequired", json!("yes")),
        ("/settings/approvalsRequired", json!(-1)),
        ("/settings/approvalsRequired", json!(200)),
        ("/repository", json!(null)),
        ("/settings", json!({"pullRequestsRequired": true})),
        ("/settings", json!({"statusChecksRequired": [""]})),
        ("/settings", json!([])),
    ] {
        let mut other = settings();
        *other.pointer_mut(place).unwrap() = value.clone();
        assert!(report(&other).is_err(), "{place} {value}");
    }
}

#[test]
fn a_record_of_runs_is_whole_or_refused() {
    let record = json!({
        "plimsollRun": 1, "repository": "https://github.com/acme/demo", "commit": COMMIT, "date": "2026-10-30T10:00:00Z",
        "reports": [{"sha256": "0".repeat(64), "exitCode": 0}],
    });
    assert!(matches!(read(record.to_string().as_bytes()), Ok(Read::Run(_))));
    for (place, value) in [
        ("/plimsollRun", json!(2)),
        ("/commit", json!("main")),
        ("/commit", json!("0123456")),
        ("/date", json!(null)),
        ("/reports", json!([{"sha256": "x", "exitCode": 0}])),
        ("/reports", json!([{"sha256": "0".repeat(64)}])),
        ("/reports", json!([{"sha256": "0".repeat(64), "exitCode": 0}, {"sha256": "0".repeat(64), "exitCode": 1}])),
    ] {
        let mut other = record.clone();
        *other.pointer_mut(place).unwrap() = value.clone();
        assert!(read(other.to_string().as_bytes()).is_err(), "{place} {value}");
    }
}

/// JSON that is made of the names that the formats know.
fn json_like() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        "(2.1.0|success|error|satisfied|High|[ -~]{0,8})".prop_map(Value::from),
    ];
    let name = "(version|runs|tool|driver|name|results|invocations|executionSuccessful|scorecard|checks|repo|score|type|fields|\
                severity|conclusion|failures|source|packages|groups|ids|assessment-results|metadata|findings|target|status|\
                plimsollRun|plimsollForgeSettings|settings|ident|determinations|suppressions|properties)";
    leaf.prop_recursive(6, 60, 6, move |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
            proptest::collection::btree_map(name, inner, 0..6).prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn no_bytes_make_it_panic(bytes: Vec<u8>) {
        let _ = read(&bytes);
    }

    #[test]
    fn no_json_makes_it_panic_and_a_report_says_why_it_is_not_finished(value in json_like()) {
        if let Ok((_, report)) = report(&value) {
            prop_assert_eq!(report.is_finished(), report.unfinished().is_none());
        }
    }

    #[test]
    fn a_truncated_log_is_never_read(cut in 0_usize..600) {
        let text = sarif().to_string();
        if cut < text.len() {
            prop_assert!(of_text(&text[..cut]).is_err());
        }
    }
}
