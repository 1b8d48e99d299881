//! Documents of each format, and what they say.

use serde_json::{Value, json};

use super::*;

mod written;

/// Each statement in one line: ids, product, component, status, reason, fault, time.
fn lines(document: &VexDocument) -> Vec<String> {
    let line = |one: &VexStatement| {
        let product = one.about.product.as_ref().map_or("-", |product| product.word());
        let version = one.about.product.as_ref().and_then(|product| product.version.as_deref()).unwrap_or("-");
        format!(
            "{} | {product} {version} | {} | {} | {} | {} | {}",
            one.ids.join(" "),
            one.about.component.as_deref().unwrap_or("all"),
            one.status.as_str(),
            one.reason,
            one.fault.as_deref().map_or("ok", |_| "fault"),
            one.time.map_or("no time".to_owned(), |time| time.to_string())
        )
    };
    document.statements.iter().map(line).collect()
}

fn check(value: &Value, expected: &[&str]) -> VexDocument {
    let document = read(&value.to_string()).unwrap();
    assert_eq!(lines(&document), expected, "{value}");
    document
}

fn openvex(version: &str, statements: &Value) -> Value {
    json!({"@context": format!("https://openvex.dev/ns{version}"), "@id": "https://a.example/1", "author": "A",
        "timestamp": "2026-01-01T00:00:00Z", "version": 1, "statements": statements})
}

#[test]
fn openvex_of_every_version_is_read() {
    let old = json!([{"vulnerability": "CVE-1", "products": ["pkg:cargo/app@1.0.0"], "subcomponents": ["pkg:cargo/time"],
        "status": "not_affected", "justification": "vulnerable_code_not_present"}]);
    let expected = "CVE-1 | pkg:cargo/app@1.0.0 - | pkg:cargo/time | not-affected | vulnerable_code_not_present | ok | 2026-01-01T00:00:00Z";
    for version in ["", "/v0.0.1", "/v0.0.2", "/v0.2.0"] {
        check(&openvex(version, &old), &[expected]);
    }
    let new = json!([{"vulnerability": {"@id": "https://a.example/CVE-1", "name": "CVE-1", "aliases": ["GHSA-1", "CVE-1"]},
        "timestamp": "2026-02-01T00:00:00Z", "last_updated": "2026-03-01T00:00:00Z",
        "products": [{"@id": "https://a.example/app", "identifiers": {"purl": "pkg:cargo/app"},
            "subcomponents": [{"@id": "pkg:cargo/time@1"}, {"@id": "x", "identifiers": {"purl": "pkg:cargo/old"}}]},
            {"@id": "pkg:cargo/other"}],
        "status": "not_affected", "impact_statement": "It is not called."}]);
    let rest = "not-affected | It is not called. | ok | 2026-03-01T00:00:00Z";
    check(
        &openvex("/v0.2.0", &new),
        &[
            &format!("CVE-1 GHSA-1 | pkg:cargo/app - | pkg:cargo/time@1 | {rest}"),
            &format!("CVE-1 GHSA-1 | pkg:cargo/app - | pkg:cargo/old | {rest}"),
            &format!("CVE-1 GHSA-1 | pkg:cargo/other - | all | {rest}"),
        ],
    );
    for version in ["/v0.3.0", "/v1", "/vx"] {
        assert!(
            matches!(read(&openvex(version, &old).to_string()), Err(NoVex::Unreadable(told)) if told.contains("not read"))
        );
    }
}

#[test]
fn what_openvex_leaves_out_is_seen() {
    let of = |change: &dyn Fn(&mut Value)| {
        let mut statement = json!({"vulnerability": {"name": "CVE-1"}, "products": [{"@id": "pkg:cargo/app"}],
            "status": "not_affected", "justification": "component_not_present"});
        change(&mut statement);
        let document = read(&openvex("/v0.2.0", &json!([statement])).to_string()).unwrap();
        (lines(&document).pop().unwrap_or_default(), document.unread.join("; "))
    };
    let set = |member: &'static str, value: Value| of(&move |statement| statement[member] = value.clone());
    assert!(of(&|_| {}).0.contains("| ok |"));
    for (member, value) in [
        ("justification", json!("because")),
        ("justification", Value::Null),
        ("justification", json!(["component_not_present"])),
        ("justification", json!("code_not_reachable")),
    ] {
        assert!(set(member, value.clone()).0.contains("| fault |"), "{value}");
    }
    for (member, value) in
        [("timestamp", json!("soon")), ("last_updated", json!(3)), ("timestamp", json!("2026-01-01"))]
    {
        // Its own time is no time: that of the document is not in its place.
        assert!(set(member, value.clone()).0.ends_with("no time"), "{value}");
    }
    for (member, value, told) in [
        ("vulnerability", Value::Null, "no vulnerability"),
        ("vulnerability", json!(""), "no vulnerability"),
        ("products", json!([]), "no product"),
        ("products", json!("pkg:cargo/app"), "no product"),
        ("subcomponents", json!([{"@id": "time"}]), "without a package URL"),
    ] {
        let (line, unread) = set(member, value.clone());
        assert!(line.is_empty() && unread.contains(told), "{member} {value}: {line} {unread}");
    }
    // What its status says is not known: it leaves open what it is about.
    for value in [json!("harmless"), Value::Null, json!("Not_Affected"), json!(["not_affected"])] {
        let (line, unread) = set("status", value.clone());
        assert!(
            line.contains("| under-investigation | what it says is no word of its format | ok |"),
            "{value}: {line}"
        );
        assert!(unread.contains("no status"), "{value}: {unread}");
    }
    // A component without a package URL is never the product as a whole, where the statement answers.
    let (line, _) = of(&|statement| statement["products"][0]["subcomponents"] = json!([{"hashes": {"sha-256": "00"}}]));
    assert_eq!(line, "");
    for statements in [Value::Null, json!({}), json!("x")] {
        assert!(matches!(read(&openvex("/v0.2.0", &statements).to_string()), Err(NoVex::Unreadable(_))));
    }
    let undated = json!({"@context": "https://openvex.dev/ns/v0.2.0", "statements": [{"vulnerability": "CVE-1",
        "products": ["pkg:cargo/app"], "status": "fixed"}]});
    check(&undated, &["CVE-1 | pkg:cargo/app - | all | fixed |  | ok | no time"]);
}

#[test]
fn two_names_of_a_product_of_openvex_agree_or_are_none() {
    let of = |id: &str, purl: &str| {
        let statement = json!([{"vulnerability": "CVE-1", "products": [{"@id": id, "identifiers": {"purl": purl}}], "status": "fixed"}]);
        let document = read(&openvex("/v0.2.0", &statement).to_string()).unwrap();
        document.statements[0].about.product.clone().unwrap().purl
    };
    for (id, purl, expected) in [
        ("https://a.example", "pkg:cargo/app", Some("pkg:cargo/app")),
        ("pkg:cargo/app", "pkg:cargo/app", Some("pkg:cargo/app")),
        ("pkg:cargo/app@0.5", "pkg:cargo/app", Some("pkg:cargo/app@0.5")),
        ("pkg:cargo/app", "pkg:cargo/app@0.5", Some("pkg:cargo/app@0.5")),
        ("pkg:cargo/app#sub", "pkg:cargo/app@0.5", Some("pkg:cargo/app@0.5#sub")),
        ("pkg:cargo/app@1", "pkg:cargo/app#sub", Some("pkg:cargo/app@1#sub")),
        ("pkg:cargo/app@1", "pkg:cargo/app@2", None),
        ("pkg:cargo/other", "pkg:cargo/app", None),
        ("pkg:npm/app", "pkg:cargo/app", None),
        ("pkg:cargo/app#a", "pkg:cargo/app#b", None),
        ("pkg:cargo/app?arch=a", "pkg:cargo/app?arch=b", None),
        ("pkg:", "pkg:cargo/app", None),
    ] {
        assert_eq!(of(id, purl).as_deref(), expected, "{id} {purl}");
    }
}

fn cyclonedx(version: &str, analysis: &Value, affects: &Value) -> Value {
    json!({"bomFormat": "CycloneDX", "specVersion": version, "version": 1,
        "metadata": {"timestamp": "2026-01-01T00:00:00Z",
            "component": {"bom-ref": "app", "type": "application", "name": "app", "version": "1.0.0"}},
        "components": [{"bom-ref": "t", "type": "library", "name": "time", "version": "0.1.43", "purl": "pkg:cargo/time@0.1.43",
            "components": [{"bom-ref": "inner", "type": "library", "name": "in", "version": "2", "purl": "pkg:cargo/in"}]},
            {"bom-ref": "bare", "type": "library", "name": "bare"},
            {"bom-ref": "twice", "type": "library", "name": "a", "purl": "pkg:cargo/a"},
            {"bom-ref": "twice", "type": "library", "name": "b", "purl": "pkg:cargo/b"}],
        "vulnerabilities": [{"id": "CVE-1", "references": [{"id": "GHSA-1", "source": {"name": "GitHub"}}],
            "analysis": analysis, "affects": affects}]})
}

#[test]
fn an_analysis_of_cyclonedx_is_read() {
    let not = json!({"state": "not_affected", "justification": "code_not_reachable", "detail": "never called"});
    let rest = "not-affected | code_not_reachable: never called | ok | 2026-01-01T00:00:00Z";
    let line = |component: &str| format!("CVE-1 GHSA-1 | app 1.0.0 | {component} | {rest}");
    for version in ["1.4", "1.5", "1.6", "1.7"] {
        check(&cyclonedx(version, &not, &json!([{"ref": "t"}])), &[&line("pkg:cargo/time@0.1.43")]);
    }
    for (reference, component) in [
        ("app", "all"),
        ("inner", "pkg:cargo/in@2"),
        ("pkg:cargo/direct@1", "pkg:cargo/direct@1"),
        ("urn:cdx:f08a6ccd-4dce-4759-bd84-c626675d60a7/1#pkg%3Acargo%2Flinked%401", "pkg:cargo/linked@1"),
    ] {
        check(&cyclonedx("1.6", &not, &json!([{"ref": reference}])), &[&line(component)]);
    }
    for reference in ["bare", "twice", "nowhere", "", "urn:cdx:x/1#some", "urn:cdx:x/1", "urn:cdx:x/1#pkg%3"] {
        let document = check(&cyclonedx("1.6", &not, &json!([{"ref": reference}])), &[]);
        assert!(!document.unread.is_empty(), "{reference}");
    }
    for version in ["1.3", "1.8", "2.0", ""] {
        assert!(
            matches!(read(&cyclonedx(version, &not, &json!([])).to_string()), Err(NoVex::Unreadable(_))),
            "{version}"
        );
    }
    // An SBOM without an analysis has no statement.
    let plain = json!({"bomFormat": "CycloneDX", "specVersion": "1.6", "vulnerabilities": [{"id": "CVE-1", "affects": [{"ref": "t"}]}]});
    assert_eq!(read(&plain.to_string()), Err(NoVex::Other));
}

#[test]
fn states_of_cyclonedx_mean_what_they_say() {
    let of = |analysis: Value| {
        let document = read(&cyclonedx("1.6", &analysis, &json!([{"ref": "t"}])).to_string()).unwrap();
        lines(&document).pop().map(|line| line.split(" | ").skip(3).collect::<Vec<_>>().join(" | ")).unwrap_or_default()
    };
    let day = "2026-01-01T00:00:00Z";
    for (analysis, expected) in [
        (json!({"state": "not_affected"}), format!("not-affected |  | fault | {day}")),
        (json!({"state": "not_affected", "justification": "trust_me"}), format!("not-affected |  | fault | {day}")),
        (json!({"state": "not_affected", "detail": "x"}), format!("not-affected | x | ok | {day}")),
        (
            json!({"state": "false_positive", "justification": "code_not_present"}),
            format!("not-affected |  | fault | {day}"),
        ),
        (json!({"state": "false_positive", "detail": "other code"}), format!("not-affected | other code | ok | {day}")),
        (json!({"state": "resolved"}), format!("fixed |  | ok | {day}")),
        (json!({"state": "resolved_with_pedigree"}), format!("fixed |  | ok | {day}")),
        (json!({"state": "exploitable", "detail": "x"}), format!("affected | x | ok | {day}")),
        (json!({"state": "in_triage"}), format!("under-investigation |  | ok | {day}")),
        (
            json!({"state": "in_triage", "firstIssued": "2026-02-01T00:00:00Z"}),
            "under-investigation |  | ok | 2026-02-01T00:00:00Z".to_owned(),
        ),
        (json!({"state": "resolved", "lastUpdated": "x"}), "fixed |  | ok | no time".to_owned()),
        (
            json!({"state": "fine", "detail": "x"}),
            format!("under-investigation | what it says is no word of its format | ok | {day}"),
        ),
        (json!({}), format!("under-investigation | what it says is no word of its format | ok | {day}")),
    ] {
        assert_eq!(of(analysis.clone()), expected, "{analysis}");
    }
}

#[test]
fn versions_of_cyclonedx_narrow_what_is_affected() {
    let of = |state: &str, reference: &str, versions: Value| {
        let analysis = json!({"state": state, "detail": "x"});
        let document = cyclonedx("1.6", &analysis, &json!([{"ref": reference, "versions": versions}]));
        let document = read(&document.to_string()).unwrap();
        let components = document.statements.iter().map(|one| match (&one.about.component, &one.about.product) {
            (Some(component), _) => component.clone(),
            (None, product) => product.as_ref().and_then(|product| product.version.clone()).unwrap_or_default(),
        });
        components.collect::<Vec<_>>().join(" ")
    };
    let both = json!([{"version": "1", "status": "affected"}, {"version": "2", "status": "unaffected"}]);
    for (state, reference, versions, expected) in [
        ("not_affected", "t", json!([{"version": "0.1.43"}]), "pkg:cargo/time@0.1.43"),
        ("not_affected", "t", json!([{"version": "0.1.44"}]), ""),
        ("not_affected", "t", json!([{"range": "vers:cargo/<1"}]), ""),
        ("not_affected", "app", json!([{"range": "vers:cargo/<1"}]), ""),
        ("resolved", "t", json!([{"range": "vers:cargo/<1", "status": "unaffected"}]), ""),
        ("exploitable", "t", json!([{"range": "vers:cargo/<1"}]), "pkg:cargo/time@0.1.43"),
        ("not_affected", "pkg:cargo/x", both.clone(), "pkg:cargo/x@1 pkg:cargo/x@2"),
        ("resolved", "pkg:cargo/x", both.clone(), "pkg:cargo/x@2"),
        ("exploitable", "pkg:cargo/x", both, "pkg:cargo/x@1"),
        ("not_affected", "pkg:cargo/x", json!([{"version": "1", "status": "unknown"}]), ""),
        ("resolved", "app", json!([{"version": "1.0.1", "status": "unaffected"}]), "1.0.1"),
    ] {
        assert_eq!(of(state, reference, versions.clone()), expected, "{state} {reference} {versions}");
    }
}

fn csaf(status: &str, change: impl Fn(&mut Value)) -> Value {
    let mut value = json!({
        "document": {"category": "csaf_vex", "csaf_version": "2.0", "title": "t",
            "tracking": {"status": "final", "current_release_date": "2026-01-01T00:00:00Z"}},
        "product_tree": {
            "branches": [{"category": "vendor", "name": "Acme", "branches": [{"category": "product_name", "name": "app",
                "branches": [{"category": "product_version", "name": "1.0.0",
                    "product": {"product_id": "APP", "name": "Acme app 1.0.0"}}]}]}],
            "full_product_names": [
                {"product_id": "TIME", "name": "time", "product_identification_helper": {"purl": "pkg:cargo/time@0.1.43"}},
                {"product_id": "NEW", "name": "new", "product_identification_helper": {"purls": ["pkg:cargo/a", "pkg:cargo/b"]}}],
            "relationships": [{"category": "default_component_of", "product_reference": "TIME",
                "relates_to_product_reference": "APP", "full_product_name": {"product_id": "TIME-IN-APP", "name": "x"}},
                {"category": "installed_with", "product_reference": "TIME",
                "relates_to_product_reference": "APP", "full_product_name": {"product_id": "WITH", "name": "x"}}],
            "product_groups": [{"group_id": "G", "product_ids": ["TIME-IN-APP", "APP"]}]},
        "vulnerabilities": [{"cve": "CVE-1", "ids": [{"system_name": "GitHub", "text": "GHSA-1"}],
            "flags": [{"label": "component_not_present", "group_ids": ["G"]}]}]});
    value["vulnerabilities"][0]["product_status"] = json!({status: ["TIME-IN-APP"]});
    change(&mut value);
    value
}

#[test]
fn the_profile_vex_of_csaf_is_read() {
    let day = "2026-01-01T00:00:00Z";
    let line = |rest: &str| format!("CVE-1 GHSA-1 | app 1.0.0 | pkg:cargo/time@0.1.43 | {rest}");
    let not = format!("not-affected | component_not_present | ok | {day}");
    check(&csaf("known_not_affected", |_| {}), &[&line(&not)]);
    check(&csaf("known_not_affected", |value| value["document"]["csaf_version"] = json!("2.1")), &[&line(&not)]);
    for (status, word) in [
        ("fixed", "fixed"),
        ("first_fixed", "fixed"),
        ("known_affected", "affected"),
        ("first_affected", "affected"),
        ("last_affected", "affected"),
        ("under_investigation", "under-investigation"),
        ("unknown", "under-investigation"),
    ] {
        check(&csaf(status, |_| {}), &[&line(&format!("{word} |  | ok | {day}"))]);
    }
    check(&csaf("recommended", |_| {}), &[]);
    let open = line(&format!("under-investigation | what it says is no word of its format | ok | {day}"));
    let document = check(&csaf("not_affected", |_| {}), &[&open]);
    assert!(document.unread.iter().any(|told| told.contains("does not know")));
    let threat = |value: &mut Value| {
        value["vulnerabilities"][0]["flags"] = json!([]);
        value["vulnerabilities"][0]["threats"] =
            json!([{"category": "impact", "details": "not called", "product_ids": ["TIME-IN-APP"]}]);
    };
    check(&csaf("known_not_affected", threat), &[&line(&format!("not-affected | not called | ok | {day}"))]);
    // The flag's own day goes before that of the document.
    let dated = |value: &mut Value| value["vulnerabilities"][0]["flags"][0]["date"] = json!("2025-06-01T00:00:00Z");
    let expected = line("not-affected | component_not_present | ok | 2025-06-01T00:00:00Z");
    check(&csaf("known_not_affected", dated), &[&expected]);
}

#[test]
fn what_csaf_leaves_out_is_seen() {
    let fault = |change: &dyn Fn(&mut Value)| {
        let document = read(&csaf("known_not_affected", change).to_string()).unwrap();
        lines(&document).iter().all(|line| line.contains("| fault |")) && !document.statements.is_empty()
    };
    assert!(!fault(&|_| {}));
    let flags = |flags: Value| move |value: &mut Value| value["vulnerabilities"][0]["flags"] = flags.clone();
    for one in [
        json!([]),
        json!([{"label": "component_not_present"}]),
        json!([{"label": "component_not_present", "product_ids": ["APP"]}]),
        json!([{"label": "because", "group_ids": ["G"]}]),
        json!([{"label": "component_not_present", "group_ids": ["H"]}]),
    ] {
        assert!(fault(&flags(one.clone())), "{one}");
    }
    assert!(fault(&|value| value["document"]["tracking"]["status"] = json!("draft")));
    let product = |id: &'static str| {
        move |value: &mut Value| {
            value["vulnerabilities"][0]["product_status"] = json!({"known_not_affected": [id]});
        }
    };
    for id in ["WITH", "NOTHING", ""] {
        let document = read(&csaf("", product(id)).to_string()).unwrap();
        assert!(document.statements.is_empty() && document.unread.is_empty() == id.is_empty(), "{id}");
    }
    let by_itself = read(&csaf("", product("NEW")).to_string()).unwrap();
    assert_eq!(by_itself.statements.len(), 2);
    for (member, value) in [("category", json!("csaf_security_advisory")), ("csaf_version", json!("3.0"))] {
        let document = csaf("known_not_affected", |document| document["document"][member] = value.clone());
        assert!(matches!(read(&document.to_string()), Err(NoVex::Unreadable(_))), "{member}");
    }
}

#[test]
fn what_is_no_document_is_none() {
    for text in [
        "{}",
        "[]",
        "3",
        "\"x\"",
        r#"{"@context": "https://schema.org"}"#,
        r#"{"bomFormat": "SPDX"}"#,
        r#"{"document": {}}"#,
    ] {
        assert_eq!(read(text), Err(NoVex::Other), "{text}");
    }
    for text in ["", "{", r#"{"statements": [], "statements": []}"#] {
        assert!(matches!(read(text), Err(NoVex::Unreadable(_))), "{text}");
    }
}

/// A product of counts of a small document is as bounded as a large document.
#[test]
fn statements_are_bounded() {
    let many = |count: usize| (0..count).map(|n| json!({"@id": format!("pkg:cargo/a{n}")})).collect::<Vec<_>>();
    let statement =
        json!({"vulnerability": "CVE-1", "products": many(300), "subcomponents": many(300), "status": "affected"});
    let document = read(&openvex("/v0.2.0", &json!([statement])).to_string()).unwrap();
    assert_eq!(document.statements.len(), MOST);
    assert!(document.unread.iter().any(|told| told.contains("only the first")));
}
