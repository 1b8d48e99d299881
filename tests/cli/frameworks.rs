//! Catalogs that a label holds because someone asks for them, and what `catalog` shows of them.

use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::common::run;

const OSPS: &str = "osps-baseline-2026.08.28";

fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures").join(name)
}

fn json(arguments: &[&str]) -> Value {
    let ran = run(arguments);
    assert_eq!(ran.code, 0, "{arguments:?}: {}", ran.stderr);
    serde_json::from_str(&ran.stdout).unwrap()
}

fn scored(arguments: &[&str]) -> Value {
    let evidence = fixture("evidence/tier-2.json");
    json(&[&["score", evidence.to_str().unwrap()], arguments].concat())
}

#[test]
fn a_label_holds_a_catalog_that_is_asked_for_and_nothing_else_changes() {
    let plain = scored(&[]);
    assert!(plain["predicate"].get("frameworks").is_none());
    let mut label = scored(&["--catalog", OSPS, "--catalog", "ssdf-1.1"]);
    let frameworks = label["predicate"]["frameworks"].take();
    label["predicate"].as_object_mut().unwrap().remove("frameworks");
    assert_eq!(label, plain);
    // What every label holds in full is not there a second time.
    assert_eq!(frameworks.as_array().unwrap().len(), 1);
    let entries = frameworks[0]["entries"].as_array().unwrap();
    assert_eq!(entries.len(), 64);
    let members = |entry: &Value| entry.as_object().unwrap().keys().cloned().collect::<Vec<_>>();
    assert!(
        entries.iter().all(|entry| ["id", "outcome"].iter().all(|name| members(entry).iter().any(|one| one == name)))
    );
    assert!(entries.iter().all(|entry| members(entry).len() <= 3));
}

#[test]
fn a_catalog_that_is_asked_for_is_shown_in_each_form() {
    let evidence = fixture("evidence/tier-2.json");
    for (format, says) in [("text", "of 11 met"), ("markdown", "of 11 met"), ("html", "of 11 met")] {
        let ran = run(&["score", evidence.to_str().unwrap(), "--catalog", "nist-ir-8397", "--format", format]);
        assert_eq!(ran.code, 0, "{}", ran.stderr);
        let shown = ran.stdout.to_lowercase().split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(shown.contains(says) && shown.contains("does not mean conformity"), "{format}: {}", ran.stdout);
    }
    let ran = run(&["score", evidence.to_str().unwrap(), "--catalog", "eu-cra-2024-2847", "--format", "text"]);
    let from = ran.stdout.find("eu-cra-2024-2847").unwrap();
    insta::assert_snapshot!("cra_in_text", &ran.stdout[from..]);
    assert!(ran.stdout.lines().all(|line| line.chars().count() <= 80), "{}", ran.stdout);
}

#[test]
fn a_catalog_that_does_not_exist_is_refused_before_anything_is_collected() {
    let evidence = fixture("evidence/tier-2.json");
    for command in ["label", "score"] {
        let ran = run(&[command, evidence.to_str().unwrap(), "--catalog", "eu-cra-2024"]);
        assert_eq!((ran.code, ran.stdout.as_str()), (2, ""));
        assert!(
            ran.stderr.contains("there is no catalog \"eu-cra-2024\" (did you mean \"eu-cra-2024-2847\"?)"),
            "{}",
            ran.stderr
        );
    }
}

#[test]
fn what_decides_a_catalog_fits_a_terminal() {
    for arguments in [
        &["catalog", "show", "eu-cra-2024-2847"][..],
        &["catalog", "show", OSPS],
        &["catalog", "coverage"],
        &["catalog", "list"],
        &["catalog", "crosswalk", OSPS, "ssdf-1.1"],
    ] {
        let ran = run(arguments);
        assert_eq!(ran.code, 0, "{}", ran.stderr);
        for line in ran.stdout.lines() {
            assert!(line.chars().count() <= 80, "{arguments:?}: {line}");
        }
    }
    insta::assert_snapshot!("show_nist", run(&["catalog", "show", "nist-ir-8397"]).stdout);
    insta::assert_snapshot!("coverage_slsa", run(&["catalog", "coverage", "slsa-source-1.2"]).stdout);
    insta::assert_snapshot!("crosswalk", run(&["catalog", "crosswalk", "nist-ir-8397", "ssdf-1.1"]).stdout);
    insta::assert_snapshot!("explained", run(&["explain", "eu-cra-2024-2847/II.6"]).stdout);
}

/// Coverage says of every entry what decides it, the collectors included; what only the maker can say has none.
#[test]
fn coverage_names_criteria_collectors_and_fixtures() {
    let all = json(&["catalog", "coverage", "--format", "json"]);
    let mut entries = 0;
    for catalog in all["catalogs"].as_array().unwrap() {
        for entry in catalog["entries"].as_array().unwrap() {
            let filled = |name: &str| !entry[name].as_array().unwrap().is_empty();
            let id = &entry["id"];
            assert!(entry["reach"].is_string() && entry["reachable"].is_string(), "{id}");
            // A criterion may read what the maker states elsewhere in the same file: that is the maker's word as well.
            let by_maker = entry["by"] == "maker";
            let has_criteria = filled("criteria");
            assert!(has_criteria || by_maker, "{} {id}", catalog["id"]);
            for name in ["kinds", "collectors", "holdsIn", "failsIn", "unknownIn"] {
                assert_eq!(filled(name), has_criteria, "{} {id}: {name}", catalog["id"]);
            }
            assert!(by_maker || entry.get("uncovered").is_some() == (entry["by"] == "part"), "{id}");
            assert!(by_maker || entry.get("beyond").is_some() == (entry["by"] == "most"), "{id}");
            entries += 1;
        }
    }
    assert_eq!(entries, 19 + 3 + 4 + 42 + 31 + 64 + 11 + 67 + 25 + 49 + 22 + 11);
    let ran = run(&["catalog", "coverage", "nist"]);
    assert_eq!(ran.code, 2);
    assert!(ran.stderr.contains("did you mean \"nist-ir-8397\"?"), "{}", ran.stderr);
    assert!(
        run(&["catalog", "coverage", "nist-ir-8397", "--format", "markdown"])
            .stdout
            .contains("| `2.2` Tests are automated |")
    );
}

/// An id alone is one of a catalog that every label holds, where one has it.
#[test]
fn an_id_alone_means_the_catalog_of_every_label() {
    let alone = run(&["explain", "RV.1.2"]).stdout;
    assert!(alone.contains("(SSDF) 1.1)") && !alone.contains("draft"), "{alone}");
    assert!(run(&["explain", "ssdf-1.2-draft/RV.1.2"]).stdout.contains("Not covered:"));
    assert!(run(&["explain", "PO.6.1"]).stdout.contains("1.2, draft"));
}
