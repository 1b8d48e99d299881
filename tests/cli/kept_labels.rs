//! Labels as they are kept: with the catalogs that were asked for, signed; and of earlier versions of the schema.

use std::fs;

use serde_json::{Value, json};

use crate::{
    common::{AS_OF, run},
    label::demo,
    labels::{Made, done},
};

/// Every catalog that a label holds on demand alone.
const ON_DEMAND: &[&str] = &["osps", "cisa-form-1.0", "article-25", "eu-cra", "nist-ir-8397", "s2c2f-1.1"];

fn with_catalogs(made: &Made, to: &str) {
    let mut arguments = vec!["label".to_owned(), made.repository(), "--as-of".to_owned(), AS_OF.to_owned()];
    for id in ON_DEMAND {
        arguments.extend(["--catalog".to_owned(), (*id).to_owned()]);
    }
    arguments.extend(["--out".to_owned(), made.path(to)]);
    done(&arguments.iter().map(String::as_str).collect::<Vec<_>>());
}

#[test]
fn a_signed_label_with_catalogs_is_verified_and_computed_again() {
    let made = Made::of(
        demo().file("plimsoll.toml", "schema = 1\ndate = 2026-10-01\nreview-by = 2027-10-01\n[product]\nname = \"demo\"\nversion = \"1.2.3\"\n").commit("first"),
    );
    with_catalogs(&made, "");
    let label: Value = serde_json::from_slice(&fs::read(made.file("label.json")).unwrap()).unwrap();
    assert_eq!(label["predicate"]["frameworks"].as_array().unwrap().len(), ON_DEMAND.len());
    done(&["sign", &made.path("label.json"), "--key", &made.path("maker.key")]);
    let verified = made.verify(&["--repo", &made.repository(), "--evidence", &made.path("evidence.json")]);
    assert_eq!((verified.code, verified.stderr.as_str()), (0, ""), "{}", verified.stdout);
    let audited = made.audit(&made.path("label.sigstore.json"), &[]);
    assert_eq!((audited.code, audited.stderr.as_str()), (0, ""), "{}", audited.stdout);
    // One entry that is better than the evidence gives it, signed by the same key: the audit names it.
    let at = |label: &Value| label["predicate"]["frameworks"][0]["entries"].as_array().unwrap().clone();
    let open = at(&label).iter().position(|entry| entry["outcome"] == "unknown").unwrap();
    let better = made.changed("label.json", "better.json", |label| {
        let entry = &mut label["predicate"]["frameworks"][0]["entries"][open];
        entry["outcome"] = json!("met");
        entry["assurance"] = json!("observed");
    });
    done(&["sign", &better, "--key", &made.path("maker.key"), "--out", &made.path("better.sigstore.json")]);
    let audited = made.audit(&made.path("better.sigstore.json"), &[]);
    assert_eq!(audited.code, 1, "{}", audited.stdout);
    assert!(audited.stdout.contains("frameworks"), "{}", audited.stdout);
}

/// What 1.4 left out, earlier labels hold: they are read as they are.
#[test]
fn labels_of_earlier_schemas_are_read() {
    let made = Made::of(demo().file("plimsoll.toml", "schema = 1\n").commit("first"));
    for version in ["1.0", "1.2", "1.3"] {
        let old = made.changed("label.json", "old.json", |label| {
            let body = &mut label["predicate"];
            body["schemaVersion"] = json!(version);
            for catalog in body["catalogs"].as_array_mut().unwrap() {
                for entry in catalog["entries"].as_array_mut().unwrap() {
                    entry["pointers"] = json!([{"path": "Cargo.toml", "blob": "1".repeat(40)}]);
                    entry["notLookedAt"] = Value::Null;
                    entry.as_object_mut().unwrap().remove("notLookedAt");
                    entry["ask"] = json!("Is this so?");
                }
            }
            for criterion in body["criteria"].as_array_mut().unwrap() {
                criterion["fix"] = json!("Do it.");
                criterion["effort"] = json!("hours");
            }
        });
        for format in ["text", "svg", "html", "markdown", "badge", "sarif"] {
            let ran = run(&["render", &old, "--format", format]);
            assert_eq!((ran.code, ran.stderr.as_str()), (0, ""), "{version} {format}");
            assert!(!ran.stdout.is_empty(), "{version} {format}");
        }
    }
    let next = made.changed("label.json", "next.json", |label| label["predicate"]["schemaVersion"] = json!("2.0"));
    assert_eq!(run(&["render", &next]).code, 2);
}
