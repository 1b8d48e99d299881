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

fn example() -> String {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/example/practices").display().to_string()
}

/// The example of a folder that only adds: it is valid, its demands are asked, and the label is by nobody else's practices.
#[test]
fn the_example_of_own_practices_demands_more() {
    let given = example();
    let ran = run(&["catalog", "check", "--practices", &given]);
    assert_eq!(ran.code, 0, "{}", ran.stdout);
    assert!(ran.stdout.contains("example-suppliers-1: 3 of 3 entries"), "{}", ran.stdout);
    let repo = crate::label::demo().commit("first");
    let path = repo.path().display().to_string();
    let arguments = ["label", &path, "--as-of", crate::common::AS_OF, "--format", "json", "--practices", &given];
    let label: serde_json::Value = serde_json::from_str(&run(&arguments).stdout).unwrap();
    let body = &label["predicate"];
    assert!(body.get("practicesOf").is_none());
    let second = body["ladder"].as_array().unwrap().iter().find(|rung| rung["level"] == 2).unwrap();
    for entry in ["S.1", "S.3"] {
        assert!(second["missing"].to_string().contains(&format!("example-suppliers-1/{entry}")), "{second}");
    }
    let report = run(&["report", "suppliers", &path, "--practices", &given]);
    assert_eq!(report.code, 0, "{}", report.stderr);
    assert!(report.stdout.contains("Rules for suppliers of Example Ltd."), "{}", report.stdout);
}

/// A folder with mistakes in what it adds.
#[test]
fn what_only_adds_is_checked_as_well() {
    let more = |text: &str| format!("[[more]]\n{text}\n");
    for (file, text, says) in [
        (
            "tiers/own.toml",
            more("level = 9\nat = \"observed\"\nby = \"evidence\"\ncriteria = [\"deps.locked\"]"),
            "there is no tier 9",
        ),
        (
            "tiers/own.toml",
            more("level = 0\nat = \"observed\"\nby = \"evidence\"\ncriteria = [\"deps.locked\"]"),
            "there is no tier 0",
        ),
        ("tiers/own.toml", more("level = 2\nat = \"observed\"\nby = \"evidence\""), "it demands nothing"),
        (
            "tiers/own.toml",
            more("level = 2\nat = \"observed\"\nby = \"evidence\"\ncriteria = [\"deps.lockd\"]"),
            "is no entry and no criterion",
        ),
        ("tiers/own.toml", more("level = 2\nat = \"seen\"\nby = \"evidence\""), "tiers/own.toml:"),
        ("tiers/own.toml", "[limits]\n".to_owned() + &more("level = 2"), "unknown field `limits`"),
        ("tiers/own.toml", "[[tier]]\nlevel = 0\n".to_owned() + &more("level = 2"), "exactly one file that has tiers"),
        (
            "tiers/own.toml",
            more("level = 2\nat = \"corroborated\"\nby = \"evidence\"\ncriteria = [\"deps.locked\"]"),
            "can come to",
        ),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(file);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, &text).unwrap();
        let ran = run(&["catalog", "check", "--practices", &folder.path().display().to_string()]);
        assert_eq!(ran.code, 1, "{text}: {}{}", ran.stdout, ran.stderr);
        assert!(ran.stdout.contains(says), "{text}: {}", ran.stdout);
    }
}

/// Who lays other tiers, criteria or tools over those that are built in has it on every face of the label.
#[test]
fn a_label_by_other_practices_says_so_everywhere() {
    let whole = practices();
    let repo = crate::label::demo().commit("first");
    let path = repo.path().display().to_string();
    let tools = "[[tool]]\nrun = [\"mytest\"]\nis = [\"test\"]\n".to_owned();
    let tiers = whole["tiers/plimsoll.toml"].replacen("advisory_max_days = 180", "advisory_max_days = 9000", 1);
    let criteria = format!("{}# other\n", whole["criteria/history.toml"]);
    for (file, text) in [("tiers/plimsoll.toml", tiers), ("criteria/history.toml", criteria), ("tools/own.toml", tools)]
    {
        for (name, says) in [(Some("Softies <b>Inc."), "practices of Softies"), (None, "changed practices")] {
            let folder = tempfile::tempdir().unwrap();
            let target = folder.path().join(file);
            std::fs::create_dir_all(target.parent().unwrap()).unwrap();
            std::fs::write(&target, &text).unwrap();
            if let Some(name) = name {
                std::fs::write(folder.path().join("practices.toml"), format!("of = \"{name}\"\n")).unwrap();
            }
            let given = folder.path().display().to_string();
            let form = |format: &str| {
                let ran =
                    run(&["label", &path, "--as-of", crate::common::AS_OF, "--format", format, "--practices", &given]);
                assert_eq!(ran.code, 0, "{file}: {}", ran.stderr);
                ran.stdout
            };
            for format in ["text", "svg", "html", "markdown"] {
                let shown = form(format).split_whitespace().collect::<Vec<_>>().join(" ");
                assert!(shown.contains(says), "{file} {format}: {shown}");
                assert!(format == "text" || !shown.contains("<b>Inc"), "{file} {format}: {shown}");
            }
            assert!(form("badge").contains("other practices"));
            for format in ["summary", "sarif", "junit", "oscal", "cyclonedx-declarations", "annotations"] {
                assert!(form(format).contains("not by those of Plimsoll"), "{file} {format}");
            }
            assert!(form("env").contains("\nPLIMSOLL_PRACTICES_OF="), "{file}");
            let report = |format: &str| {
                run(&[
                    "report",
                    "cisa-form",
                    &path,
                    "--as-of",
                    crate::common::AS_OF,
                    "--format",
                    format,
                    "--practices",
                    &given,
                ])
            };
            for format in ["text", "html", "markdown", "json", "statement", "gemara"] {
                let shown = report(format).stdout.split_whitespace().collect::<Vec<_>>().join(" ");
                assert!(shown.contains("not by those of Plimsoll"), "{file} {format}");
            }
            assert_eq!(report("bestpractices").code, 2, "{file}");
            let label: serde_json::Value = serde_json::from_str(&form("json")).unwrap();
            assert_eq!(label["predicate"]["practicesOf"], name.unwrap_or_default(), "{file}");
        }
    }
}
