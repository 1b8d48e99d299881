//! Claims files, right and wrong.

use super::*;

const GOOD: &str = r#"schema = 1
date = 2026-11-01
review-by = "2027-11-01"
[product]
name = "Example Notes"
claimant = "Example Works Ltd."
contact = "security@acme.example"
[support]
status = "supported"
until = 2028-11-30
update-method = "notice"
[claims."ssdf-1.1"]
"PO.1" = "done"
"PO.2.2" = { answer = "planned", note = "spring", review-by = 2026-12-01 }
[data.personal]
collects = false
[[exception]]
advisory = "RUSTSEC-2020-0001"
reason = "not reachable"
who = "Ada, security"
until = 2027-01-01
[paths]
fixture = ["corpus/**"]
"#;

#[test]
fn a_good_file_is_understood() {
    let claims = parse(GOOD).unwrap();
    assert_eq!(claims.claims.len(), 2);
    assert_eq!(claims.claims[1].review_by.to_string(), "2026-12-01");
    assert_eq!((claims.claims[0].answer, claims.claims[0].line), (plimsoll_model::body::Answer::Done, 13));
    assert_eq!(claims.support.until.unwrap().to_string(), "2028-11-30");
    assert_eq!(claims.path_classes().unwrap().word("corpus/x").unwrap().as_str(), "fixture");
    assert_eq!(claims.data[0].collects, Some(false));
    assert_eq!(claims.exceptions[0].who.as_deref(), Some("Ada, security"));
    assert_eq!(parse(&GOOD.replace("who = \"Ada, security\"\n", "")).unwrap().exceptions[0].who, None);
}

#[test]
fn a_wrong_file_is_refused_with_place_cause_and_cure() {
    for (from, to, says) in [
        ("claimant", "clamant", "line 6: `clamant` is not known; did you mean `claimant`?"),
        ("schema = 1", "schema = 2", "schema: 2 is not a version"),
        ("\"2027-11-01\"", "\"2025-11-01\"", "review-by 2025-11-01 lies before"),
        ("\"2027-11-01\"", "\"2037-11-01\"", "more than 3 years"),
        ("\"2027-11-01\"", "\"next year\"", "line 3: \"next year\" is not a day"),
        ("2026-11-01\n", "2026-11-01T00:00:00Z\n", "line 2"),
        ("security@acme.example", "call us", "\"call us\" is no address"),
        ("security@acme.example", "javascript:alert(1)", "is no address"),
        ("security@acme.example", "left-pad@1.3.0", "[product] contact: \"left-pad@1.3.0\" has no host"),
        ("security@acme.example", "security@example.org", "is on a domain that is reserved for samples"),
        ("security@acme.example", "no-reply@acme.dev", "is one that no one reads"),
        ("security@acme.example", "http://10.0.0.1/", "has no host"),
        ("security@acme.example", "https://.", "has no host"),
        ("reason = \"not reachable\"", "reason = \"TODO\"", "[[exception]] 1: it needs"),
        ("reason = \"not reachable\"", "reason = \"write why here\"", "[[exception]] 1: it needs"),
        ("[support]", "[scope]\ninside = [\"TODO\"]\n[support]", "[scope] inside: \"TODO\" is a placeholder"),
        ("[support]", "platforms = [\"Linux\", \"tbd\"]\n[support]", "[product] platforms: \"tbd\" is a placeholder"),
        ("[support]", "delivery = \"n/a\"\n[support]", "[product] delivery: \"n/a\" is a placeholder"),
        ("\"Example Works Ltd.\"", "\"no one\"", "[product] claimant: \"no one\" is a placeholder"),
        ("\"done\"", "\"yes\"", "line 13"),
        ("\"done\"", "\"not-applicable\"", "line 13: [claims.\"ssdf-1.1\"] \"PO.1\": not-applicable needs a note"),
        ("[data.personal]", "[data.privat]", "line 15"),
        ("reason = \"not reachable\"", "reason = \" \"", "[[exception]] 1: it needs"),
        ("\"Ada, security\"", "\" \"", "[[exception]] 1: `who` is the person who answers for it"),
        ("until = 2027-01-01\n", "", "missing field `until`"),
        ("corpus/**", "**", "[paths] fixture: \"**\" also matches \"Cargo.toml\""),
        ("name = \"Example Notes\"", "name = \"\"", "[product] name: it is empty"),
        ("\"Example Works Ltd.\"", "\" \"", "[product] claimant: it is empty"),
        ("[support]", "version = \"\"\n[support]", "[product] version: it is empty"),
        ("[support]", "[scope]\ninside = [\"\"]\n[support]", "[scope] inside: it is empty"),
        ("[product]", "[product", "line 4"),
        ("\"Example Works Ltd.\"", "\"\\u3164\"", "[product] claimant: it is empty"),
        ("\"Example Works Ltd.\"", "\"\\u2800\\u115F\"", "[product] claimant: it is empty"),
        ("\"Example Works Ltd.\"", "\".\"", "[product] claimant: it is empty"),
        ("reason = \"not reachable\"", "reason = \"\\u3164\"", "[[exception]] 1: it needs"),
        ("[support]", "[suport]", "`suport` is not known; did you mean `support`?"),
        ("update-method", "update_method", "did you mean `update-method`?"),
        ("\"notice\"", "\"notcie\"", "did you mean `notice`?"),
        ("\"done\"", "\"doen\"", "line 13: an answer is done, partly, planned, no or not-applicable"),
        ("\"Example Works Ltd.\"", "\"Your Name\"", "[product] claimant: \"Your Name\" is a placeholder"),
        (
            "\"Example Notes\"",
            "\"ACME Corp placeholder\"",
            "[product] name: \"ACME Corp placeholder\" is a placeholder",
        ),
        (
            "[support]",
            "url = \"https://example.com\"\n[support]",
            "[product] url: \"https://example.com\" is on a domain",
        ),
        ("[support]", "[colours]", "`colours` is no field of this table"),
    ] {
        let text = GOOD.replacen(from, to, 1);
        assert_ne!(text, GOOD, "{from}");
        let error = parse(&text).and_then(|claims| claims.path_classes()).map(|_| ()).unwrap_err().to_string();
        assert!(error.contains(says), "{from} -> {to}: {error}");
    }
}

proptest::proptest! {
    #[test]
    fn no_text_makes_it_panic(text: String, at in 0_usize..700, with: String) {
        read_anything(&text);
        crate::manifest::read_anything(&text);
        let mut changed = GOOD.to_owned();
        let at = at.min(changed.len());
        changed.insert_str(at, &with);
        read_anything(&changed);
        crate::manifest::read_anything(&changed);
    }
}

#[test]
fn a_mistake_loses_neither_name_nor_version() {
    for (text, expected) in [
        (GOOD.replace("claimant", "clamant"), Some(("Example Notes", None))),
        (GOOD.replace("[support]", "version = \"1.0\"\n[suport]"), Some(("Example Notes", Some("1.0")))),
        (GOOD.replace("[product]", "[product"), None),
        (GOOD.replace("2026-11-01", "2026-13-45"), Some(("Example Notes", None))),
        (GOOD.replace("2028-11-30", "2028-11-31"), Some(("Example Notes", None))),
        (GOOD.replace("claimant =", "version = '2.0' # now\nclaimant"), Some(("Example Notes", Some("2.0")))),
        (GOOD.replace("\"Example Notes\"", "\"Your Product\""), None),
        (GOOD.replace("\"Example Notes\"", "\".\""), None),
    ] {
        let found = file::named(&text);
        assert_eq!(found.as_ref().map(|(name, version)| (name.as_str(), version.as_deref())), expected, "{text}");
    }
}
