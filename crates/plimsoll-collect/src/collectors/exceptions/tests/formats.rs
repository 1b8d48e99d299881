//! What CSAF and CycloneDX say of products and versions, and what of it counts here.

use super::*;

/// Does one of the statements of the documents count for the finding of the first lockfile?
fn counts(documents: &[(&str, String)]) -> bool {
    let exceptions = read_all(documents);
    let found = exceptions.on(&finding("Cargo.lock", TIME, "RUSTSEC-2020-0001", &[]), day("2026-11-01"));
    found.iter().any(|one| one.valid)
}

/// Status, vendor, branches below it by category and name, and what identifies it.
type OfCsaf<'a> = (&'a str, &'a str, &'a [(&'a str, &'a str)], serde_json::Value);

/// A document of CSAF about products, each by the branches below its vendor and what identifies it, with its status.
fn csaf(products: &[OfCsaf<'_>]) -> String {
    let (mut tree, mut stated) = (Vec::new(), serde_json::json!({}));
    for (number, (status, vendor, branches, helper)) in products.iter().enumerate() {
        let id = format!("P{number}");
        let product = serde_json::json!({"product_id": id, "name": "x", "product_identification_helper": helper});
        stated[*status] = serde_json::json!([id]);
        let mut inner = serde_json::json!({"product": product});
        for (place, (category, name)) in branches.iter().rev().chain(&[("vendor", *vendor)]).enumerate() {
            if place > 0 {
                inner = serde_json::json!({"branches": [inner]});
            }
            inner["category"] = (*category).into();
            inner["name"] = (*name).into();
        }
        tree.push(inner);
    }
    serde_json::json!({
        "document": {"category": "csaf_vex", "csaf_version": "2.0", "publisher": {"category": "vendor", "name": "Acme"},
            "tracking": {"status": "final", "current_release_date": "2026-06-01T12:00:00Z"}},
        "product_tree": {"branches": tree},
        "vulnerabilities": [{"cve": "CVE-2020-1", "product_status": stated,
            "flags": [{"label": "component_not_present", "product_ids": ["P0", "P1"]}]}]})
    .to_string()
}

#[test]
fn branches_of_csaf_say_which_product_and_versions_are_meant() {
    let none = serde_json::json!({});
    let purl = |purl: &str| serde_json::json!({"purl": purl});
    let uri = |uri: &str| serde_json::json!({"x_generic_uris": [{"namespace": "https://a.example", "uri": uri}]});
    let (app, all) = ([("product_name", "app"), ("product_version", "1.0.0")], [("product_name", "app")]);
    let with = |category: &'static str, name: &'static str| [("product_name", "app"), (category, name)];
    let is_counted = |vendor: &str, branches: &[(&str, &str)], helper: &serde_json::Value| {
        counts(&[("csaf.json", csaf(&[("known_not_affected", vendor, branches, helper.clone())]))])
    };
    for (vendor, branches, helper, expected) in [
        ("Acme", &app[..], none.clone(), true),
        ("acme", &all, none.clone(), true),
        ("Acme", &[("product_name", "The App"), ("product_version", "3.0.0")], none.clone(), true),
        ("EvilCorp", &app, purl("pkg:cargo/app"), true),
        ("EvilCorp", &[("product_version", "3.0.0")], uri("https://github.com/acme/app"), true),
        // A name that another maker has as well.
        ("EvilCorp", &app, none.clone(), false),
        ("EvilCorp", &all, none.clone(), false),
        ("", &app, none.clone(), false),
        ("EvilCorp", &app, uri("https://github.com/evil/app"), false),
        ("EvilCorp", &app, purl("pkg:cargo/other"), false),
        ("EvilCorp", &app, purl("pkg:cargo/app?repository_url=https://other.example"), false),
        // Another version, or some of them.
        ("Acme", &with("product_version", "0.5"), none.clone(), false),
        ("Acme", &with("product_version", "0.5"), purl("pkg:cargo/app"), false),
        ("Acme", &with("product_version", "0.5"), purl("pkg:cargo/app@1.0.0"), false),
        ("Acme", &with("product_version", "0.5"), uri("https://github.com/acme/app"), false),
        ("Acme", &with("product_version", "vers:semver/<0.5"), none.clone(), false),
        ("Acme", &with("product_version_range", "<0.5"), none.clone(), false),
        ("Acme", &with("product_version_range", "vers:cargo/<0.5"), purl("pkg:cargo/app"), false),
        ("Acme", &[("product_version", "0.5"), ("product_name", "app")], none.clone(), false),
        ("Acme", &[("product_version_range", "<0.5"), ("product_name", "app")], none.clone(), false),
        // Some of it.
        ("Acme", &with("service_pack", "legacy-lts"), none.clone(), false),
        ("Acme", &with("patch_level", "3"), none.clone(), false),
        ("Acme", &with("architecture", "x86_64"), purl("pkg:cargo/app"), false),
        ("Acme", &with("language", "de"), none.clone(), false),
        ("Acme", &with("host_name", "a"), none.clone(), false),
        ("Acme", &with("legacy", "old"), none.clone(), false),
        ("Acme", &with("specification", "a"), none.clone(), false),
        ("Acme", &with("made_up", "1.0.0"), purl("pkg:cargo/app"), false),
        ("Acme", &with("", ""), none.clone(), false),
        ("Acme", &[("product_name", "app"), ("product_version", "1.0.0"), ("platform", "a")], none.clone(), false),
        ("Acme", &app, serde_json::json!({"purl": "pkg:cargo/app", "serial_numbers": ["1"]}), false),
    ] {
        assert_eq!(is_counted(vendor, branches, &helper), expected, "{vendor} {branches:?} {helper}");
    }
}

#[test]
fn what_is_open_for_versions_that_are_not_read_withdraws_what_was_said_before() {
    let none = serde_json::json!({});
    let early = serde_json::json!({"timestamp": "2026-02-01T00:00:00Z"});
    let before = || ("a.vex.json", document(&[statement("pkg:cargo/app", TIME, "not_affected", &early)]));
    let (range, other) = ([("product_name", "app"), ("product_version_range", "<2")], [("product_name", "other")]);
    let exact = [("product_name", "app"), ("product_version", "1.0.0")];
    assert!(counts(&[before()]));
    for (status, branches, expected) in [
        ("known_affected", &range[..], false),
        ("under_investigation", &range, false),
        ("made_up", &exact, false),
        ("unknown", &exact, false),
        ("recommended", &exact, true),
        ("known_affected", &other, true),
        ("made_up", &other, true),
        ("fixed", &range, true),
    ] {
        let after = ("csaf.json", csaf(&[(status, "Acme", branches, none.clone())]));
        assert_eq!(counts(&[before(), after]), expected, "{status} {branches:?}");
    }
    // In one document the exact version goes before the range that it may be in.
    let both = |range_status: &'static str, branches: &[(&str, &str)]| {
        counts(&[(
            "csaf.json",
            csaf(&[("fixed", "Acme", &exact, none.clone()), (range_status, "Acme", branches, none.clone())]),
        )])
    };
    assert!(both("known_affected", &range) && !both("known_affected", &exact) && !both("made_up", &exact));
}

#[test]
fn an_analysis_of_cyclonedx_is_of_its_product_and_versions() {
    let json = |text: &str| serde_json::from_str::<serde_json::Value>(text).unwrap();
    let link = r#"{"ref": "urn:cdx:f08a6ccd-4dce-4759-bd84-c626675d60a7/1#pkg%3Acargo%2Ftime%400.1.43"}"#;
    let (time, purl) = (r#"{"ref": "t"}"#, r#"{"name": "app", "purl": "pkg:cargo/app"}"#);
    let document = |product: &str, affected: &str, state: &str| {
        let mut document = serde_json::json!({"bomFormat": "CycloneDX", "specVersion": "1.6",
            "metadata": {"timestamp": "2026-06-01T12:00:00Z"},
            "components": [{"bom-ref": "t", "type": "library", "name": "time", "purl": TIME},
                {"bom-ref": "o", "type": "application", "name": "other", "purl": "pkg:cargo/other",
                    "components": [{"bom-ref": "inner", "type": "library", "name": "time", "purl": TIME}]}],
            "vulnerabilities": [{"id": "CVE-2020-1", "analysis": {"state": state, "detail": "x"}, "affects": [json(affected)]}]});
        if !product.is_empty() {
            document["metadata"]["component"] = json(product);
        }
        document.to_string()
    };
    for (product, affected, expected) in [
        (purl, time, true),
        (purl, link, true),
        (r#"{"name": "x", "purl": "pkg:cargo/app", "version": "1.0.0"}"#, time, true),
        (r#"{"name": "app", "version": "1.0.0", "supplier": {"name": "Acme"}}"#, time, true),
        ("", r#"{"ref": "pkg:cargo/time@0.1.43"}"#, true),
        (purl, r#"{"ref": "t", "versions": [{"version": "0.1.43"}]}"#, true),
        // Another product, or a name that it may have as well.
        (r#"{"name": "app", "version": "1.0.0"}"#, time, false),
        (r#"{"name": "app", "version": "1.0.0", "supplier": {"name": "EvilCorp"}}"#, time, false),
        (r#"{"name": "app", "publisher": "EvilCorp"}"#, time, false),
        (r#"{"name": "app", "purl": "pkg:cargo/app?repository_url=https://other.example"}"#, time, false),
        (r#"{"name": "app", "purl": "pkg:cargo/other"}"#, time, false),
        (purl, r#"{"ref": "inner"}"#, false),
        ("", r#"{"ref": "inner"}"#, false),
        ("", link, false),
        // Another version, or some of them.
        (r#"{"name": "app", "purl": "pkg:cargo/app", "version": "0.5"}"#, time, false),
        (r#"{"name": "app", "purl": "pkg:cargo/app@1.0.0", "version": "0.5"}"#, time, false),
        (r#"{"name": "app", "version": "0.5", "supplier": {"name": "Acme"}}"#, time, false),
        (purl, r#"{"ref": "t", "versions": [{"range": "vers:cargo/<1"}]}"#, false),
        (purl, r#"{"ref": "t", "versions": [{"version": "0.1.43", "range": "vers:cargo/<1"}]}"#, false),
        (purl, r#"{"ref": "t", "versions": {"version": "0.1.0"}}"#, false),
        (purl, r#"{"ref": "t", "versions": [3]}"#, false),
    ] {
        let text = document(product, affected, "not_affected");
        assert_eq!(counts(&[("a.vex.json", text)]), expected, "{product} {affected}");
    }
    // What is open for a range, or in words that are not known, withdraws what was said before.
    let early = serde_json::json!({"timestamp": "2026-02-01T00:00:00Z"});
    let before = || ("a.vex.json", super::document(&[statement("pkg:cargo/app", TIME, "not_affected", &early)]));
    let range = r#"{"ref": "t", "versions": [{"range": "vers:cargo/<1"}]}"#;
    for (product, affected, state, expected) in [
        (purl, range, "exploitable", false),
        (purl, time, "fine", false),
        (purl, r#"{"ref": "nowhere"}"#, "exploitable", false),
        (r#"{"name": "app"}"#, time, "in_triage", false),
        (r#"{"name": "x", "purl": "pkg:cargo/other"}"#, time, "fine", true),
        (purl, r#"{"ref": "o"}"#, "exploitable", true),
        (purl, range, "resolved", true),
    ] {
        let after = ("b.vex.json", document(product, affected, state));
        assert_eq!(counts(&[before(), after]), expected, "{product} {affected} {state}");
    }
}
