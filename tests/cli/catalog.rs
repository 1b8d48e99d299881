//! `catalog check`: what it counts, and the ways in which it says no.

use std::{collections::BTreeMap, path::Path};

use crate::common::run;

#[test]
fn every_task_and_every_attestation_is_there() {
    let ran = run(&["catalog", "check"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    // By name: a catalog that is added changes nothing here.
    let unfolded = ran.stdout.replace('\n', " ");
    for says in [
        "cswp-23: 19 of 19 entries of Recommended Criteria for Cybersecurity Labeling of Consumer Software; 17 decided by \
         criteria, 2 by the maker alone ",
        "slsa-build-1.2: 3 of 3 entries of Supply-chain Levels for Software Artifacts, Build track; 3 decided by criteria, \
         0 by the maker alone ",
        "slsa-source-1.2: 4 of 4 entries of Supply-chain Levels for Software Artifacts, Source track; 4 decided by \
         criteria, 0 by the maker alone ",
        "ssdf-1.1: 42 of 42 entries of Secure Software Development Framework (SSDF) 1.1; 35 decided by criteria, 7 by the \
         maker alone ",
    ] {
        assert!(unfolded.contains(says), "{says:?} is not in {}", ran.stdout);
    }
    let tiers = ran.stdout.find("tier 0 ").unwrap();
    insta::assert_snapshot!(&ran.stdout[tiers..]);
}

fn practices() -> BTreeMap<String, String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../practices");
    let mut files = BTreeMap::new();
    for folder in ["vocabulary", "criteria", "catalogs", "tiers"] {
        for entry in std::fs::read_dir(root.join(folder)).unwrap() {
            let entry = entry.unwrap();
            let name = entry.file_name().into_string().unwrap();
            files.insert(format!("{folder}/{name}"), std::fs::read_to_string(entry.path()).unwrap());
        }
    }
    files
}

#[test]
fn a_broken_copy_is_refused() {
    let whole = practices();
    for (file, from, to, says) in [
        ("catalogs/ssdf-1.1.toml", "id = \"PO.1.2\"", "id = \"PO.1.1\"", "PO.1.1 appears twice"),
        ("catalogs/ssdf-1.1.toml", "entries = 42", "entries = 41", "none may be left out"),
        ("catalogs/ssdf-1.1.toml", "group = \"PO\"", "group = \"PQ\"", "there is no group \"PQ\""),
        ("catalogs/ssdf-1.1.toml", "\"policy.decisions\"", "\"policy.contributed\"", "is no criterion"),
        ("catalogs/cswp-23.toml", "id = \"C.4\"", "id = \"C.9\"", "C.4"),
        ("criteria/ci.toml", "met = \"workflow_job.exists(", "met = \"workflow_job.exists((", "not a CEL expression"),
        ("criteria/ci.toml", "met = \"workflow_job.exists(", "met = \"jobs.exists(", "\"jobs\""),
        (
            "vocabulary/plimsoll.toml",
            "is = \"x['class'] == 'shipped'\"",
            "is = \"x['class'] ==\"",
            "vocabulary/plimsoll.toml:",
        ),
        ("vocabulary/plimsoll.toml", "name = \"shipped\"", "name = \"given\"", "there is no function \"shipped\""),
        (
            "criteria/ci.toml",
            "met = \"workflow_job.exists(",
            "met = \"any(workflow_job) || workflow_job.exists(",
            "there is no function \"any\"",
        ),
        ("criteria/ci.toml", "quantifier = \"some\"", "quantifier = \"most\"", "unknown variant `most`"),
        ("criteria/ci.toml", "why = ", "because = ", "unknown field `because`"),
        ("criteria/ci.toml", "[[criterion]]", "[[criterion]", "criteria/ci.toml:"),
        ("criteria/ci.toml", "needs = [\"workflow-job\"]", "needs = []", "needs no evidence"),
        ("tiers/plimsoll.toml", "level = 2", "level = 7", "tiers go up from 0"),
        (
            "tiers/plimsoll.toml",
            "at = \"observed\"\nby = \"evidence\"\nentries = [\n",
            "at = \"corroborated\"\nby = \"evidence\"\nentries = [\n",
            "can come to",
        ),
        ("tiers/plimsoll.toml", "entries = [\"*\"]", "entries = [\"S.1\"]", "no cap for every other contradiction"),
    ] {
        let text = &whole[file];
        assert!(text.contains(from), "{file} does not hold {from}");
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(file);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, text.replacen(from, to, 1)).unwrap();
        let given = folder.path().display().to_string();
        let ran = run(&["catalog", "check", "--practices", &given]);
        assert_eq!(ran.code, 1, "{file}: {from} -> {to}: {}{}", ran.stdout, ran.stderr);
        assert!(ran.stdout.contains(says), "{from} -> {to}: {}", ran.stdout);
        // What is broken judges nothing.
        assert_eq!(run(&["explain", "PS.1.1", "--practices", &given]).code, 2);
    }
}

#[test]
fn an_organisation_may_ask_more() {
    let mut files = practices();
    let tiers = files.get_mut("tiers/plimsoll.toml").unwrap();
    *tiers = tiers.replacen(
        "criteria = [\"claims.attestations-answered\"",
        "criteria = [\"deps.locked\", \"claims.attestations-answered\"",
        1,
    );
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("tiers")).unwrap();
    std::fs::write(folder.path().join("tiers/plimsoll.toml"), &files["tiers/plimsoll.toml"]).unwrap();
    let given = folder.path().display().to_string();
    let ran = run(&["catalog", "check", "--practices", &given, "--format", "json"]);
    assert_eq!(ran.code, 0, "{}{}", ran.stdout, ran.stderr);
    // The label names other practices than the built-in ones by their digest.
    let repo = crate::label::demo().without("Cargo.lock").commit("first");
    let path = repo.path().display().to_string();
    let label = |more: &[&str]| {
        let mut arguments = vec!["label", &path, "--as-of", crate::common::AS_OF, "--format", "json"];
        arguments.extend(more);
        let label: serde_json::Value = serde_json::from_str(&run(&arguments).stdout).unwrap();
        let first = label["predicate"]["ladder"].as_array().unwrap().iter().find(|rung| rung["level"] == 1).unwrap();
        let missing = first["missing"].to_string();
        (label["predicate"]["practices"].clone(), missing.contains("deps.locked"))
    };
    let (built_in, asked) = label(&[]);
    let (other, asked_more) = label(&["--practices", &given]);
    assert_ne!(built_in, other);
    assert!(!asked && asked_more);
}
