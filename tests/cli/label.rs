//! From a repository to a label, and back from its evidence to the same bytes.

use plimsoll_testkit::Repo;

use crate::common::{AS_OF, facts, label_json, run, run_in};

const LOCK: &str = "version = 4\n\n[[package]]\nname = \"demo\"\nversion = \"1.2.3\"\ndependencies = [\"smallvec\"]\n\n[[package]]\nname = \"smallvec\"\nversion = \"0.6.9\"\nsource = \"registry+https://github.com/rust-lang/crates.io-index\"\nchecksum = \"0000000000000000000000000000000000000000000000000000000000000000\"\n";
const MANIFEST: &str =
    "[package]\nname = \"demo\"\nversion = \"1.2.3\"\nedition = \"2021\"\n\n[dependencies]\nsmallvec = \"0.6\"\n";

pub fn demo() -> Repo {
    Repo::new()
        .file("Cargo.toml", MANIFEST)
        .file("Cargo.lock", LOCK)
        .file("src/lib.rs", "#![forbid(unsafe_code)]\n#[test]\nfn a() {}\n")
        .file("SECURITY.md", "# Security\n\nWrite privately to security@acme.dev.\n\nThanks.\n")
}

#[test]
fn a_known_hole_is_found_and_holds_the_tier_down() {
    let repo = demo().commit("first");
    let label = label_json(repo.path());
    let body = &label["predicate"];
    assert_eq!(label["_type"], "https://in-toto.io/Statement/v1");
    assert_eq!(label["subject"][0]["digest"]["gitCommit"], repo.head().unwrap());
    assert_eq!(body["tier"]["level"], 0);
    assert_eq!(body["product"]["name"], "demo");
    let found: Vec<_> =
        body["findings"].as_array().unwrap().iter().map(|one| one["advisory"].as_str().unwrap()).collect();
    assert!(found.contains(&"RUSTSEC-2019-0009") && found.contains(&"RUSTSEC-2019-0012"), "{found:?}");
    let with_id = |list: &serde_json::Value, id: &str| {
        list.as_array().unwrap().iter().find(|one| one["id"] == id).unwrap().clone()
    };
    let entry = |catalog: &str, id: &str| with_id(&with_id(&body["catalogs"], catalog)["entries"], id);
    assert_eq!(entry("cswp-23", "C.1")["outcome"], "unmet");
    assert_eq!(entry("cswp-23", "S.2")["outcome"], "met");
    assert_eq!(with_id(&body["catalogs"], "ssdf-1.1")["entries"].as_array().unwrap().len(), 42);
    assert_eq!(body["face"].as_array().unwrap().len(), 7);
}

#[test]
fn the_six_files_are_written_and_score_gives_the_same_bytes() {
    let repo = demo().commit("first");
    let out = tempfile::tempdir().unwrap();
    let folder = out.path().join("label");
    let path = repo.path().display().to_string();
    let mut before: Option<Vec<Vec<u8>>> = None;
    for jobs in ["1", "2", "8"] {
        let ran =
            run(&["label", &path, "--out", &folder.display().to_string(), "--as-of", AS_OF, "--jobs", jobs, "--quiet"]);
        assert_eq!(ran.code, 0, "{}", ran.stderr);
        let names = ["evidence.json", "label.json", "label.svg", "label.html", "sbom.cdx.json", "sbom.spdx.json"];
        let bytes: Vec<Vec<u8>> = names.iter().map(|name| std::fs::read(folder.join(name)).unwrap()).collect();
        assert_eq!(std::fs::read_dir(&folder).unwrap().count(), names.len(), "something else was left behind");
        if let Some(before) = &before {
            assert!(*before == bytes, "--jobs {jobs} gives other bytes");
        }
        before = Some(bytes);
    }
    let scored = run(&["score", &folder.join("evidence.json").display().to_string()]);
    assert_eq!(scored.stdout.as_bytes(), std::fs::read(folder.join("label.json")).unwrap());
    let rendered = run(&["render", &folder.join("label.json").display().to_string(), "--format", "svg"]);
    assert_eq!(rendered.stdout.as_bytes(), std::fs::read(folder.join("label.svg")).unwrap());
}

#[test]
fn a_dropped_fact_is_refused_by_score() {
    let repo = demo().commit("first");
    let ran = run(&["collect", &repo.path().display().to_string(), "--as-of", AS_OF]);
    let mut evidence: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
    assert!(!facts(&evidence, "advisory-finding").is_empty());
    evidence["facts"].as_array_mut().unwrap().retain(|fact| fact["kind"] != "advisory-finding");
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), evidence.to_string()).unwrap();
    let ran = run(&["score", &file.path().display().to_string()]);
    assert_eq!((ran.code, ran.stdout.as_str()), (2, ""));
    assert!(ran.stderr.contains("facts of kind \"advisory-finding\", the file holds 0"), "{}", ran.stderr);
}

#[test]
fn members_that_are_not_known_survive() {
    let repo = demo().commit("first");
    let ran = run(&["collect", &repo.path().display().to_string(), "--as-of", AS_OF]);
    let mut evidence: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
    evidence["schemaVersion"] = "1.7".into();
    evidence["fromTheFuture"] = serde_json::json!({"a": 1});
    evidence["facts"][0]["alsoNew"] = true.into();
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), evidence.to_string()).unwrap();
    let one = run(&["score", &file.path().display().to_string()]);
    assert_eq!(one.code, 0, "{}", one.stderr);
    evidence["fromTheFuture"]["a"] = 2.into();
    std::fs::write(file.path(), evidence.to_string()).unwrap();
    let other = run(&["score", &file.path().display().to_string()]);
    assert_ne!(one.stdout, other.stdout, "the digest of the evidence leaves out what is not known");
    evidence["schemaVersion"] = "2.0".into();
    std::fs::write(file.path(), evidence.to_string()).unwrap();
    assert_eq!(run(&["score", &file.path().display().to_string()]).code, 2);
}

#[test]
fn fail_below_is_the_answer_no() {
    let repo = demo().commit("first");
    let ran = run(&["label", &repo.path().display().to_string(), "--as-of", AS_OF, "--fail-below", "1"]);
    assert_eq!(ran.code, 1);
    assert!(ran.stdout.contains("NOT RATED") && ran.stderr.contains("there is no tier"));
    let repo = demo().file("plimsoll.toml", "schema = 1\n").commit("first");
    let ran = run(&["label", &repo.path().display().to_string(), "--as-of", AS_OF, "--fail-below", "1"]);
    assert_eq!(ran.code, 1);
    assert!(ran.stdout.contains("TIER 0 of 4") && ran.stderr.contains("below 1"), "{}", ran.stderr);
}

#[test]
fn the_working_copy_is_marked() {
    let repo = demo().commit("first").checkout();
    std::fs::write(repo.path().join("CONTRIBUTING.md"), "# How\n\nlike this\n\nand that\n").unwrap();
    let path = repo.path().display().to_string();
    let label = |more: &[&str]| {
        let mut arguments = vec!["label", &path, "--as-of", AS_OF, "--format", "json"];
        arguments.extend(more);
        let ran = run(&arguments);
        assert_eq!(ran.code, 0, "{}", ran.stderr);
        ran.stdout
    };
    assert!(!label(&[]).contains("CONTRIBUTING.md\",\"outcome"));
    let with = label(&["--worktree"]);
    assert!(with.contains("files of a working copy were examined"), "it is not said that the working copy counts");
    assert_ne!(label(&[]), with);
}

#[test]
fn init_plan_and_explain_lead_upwards() {
    let repo = demo().commit("first").checkout();
    let ran = run_in(repo.path(), &["init", "--as-of", AS_OF]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let text = std::fs::read_to_string(repo.path().join("plimsoll.toml")).unwrap();
    assert!(text.contains("\nname = \"demo\"") && text.contains("# contact = \"security@acme.dev\""), "{text}");
    let again = run_in(repo.path(), &["init", "--as-of", AS_OF]);
    assert!(again.code == 2 && again.stderr.contains("it is there already"));
    let label = run_in(repo.path(), &["label", "--worktree", "--as-of", AS_OF, "--format", "json"]);
    assert!(label.stdout.contains("\"kind\":\"claim\"") || label.code == 0, "{}", label.stderr);
    let plan = run_in(repo.path(), &["plan", "--as-of", AS_OF]);
    assert_eq!(plan.code, 0, "{}", plan.stderr);
    assert!(plan.stdout.contains("From no label to tier 1 (Declared)"), "{}", plan.stdout);
    assert!(plan.stdout.contains("advisories.none-serious") && plan.stdout.contains("plimsoll.toml"));
    assert!(plan.stdout.lines().all(|line| line.chars().count() <= 80), "{}", plan.stdout);
    let label = run_in(repo.path(), &["label", "--as-of", AS_OF, "--format", "json"]).stdout;
    let (given, file) = (repo.path().join("given.json"), repo.path().join("given.json").display().to_string());
    std::fs::write(given, label).unwrap();
    for (id, names) in [("PW.8", "PW.8.1"), ("ssdf-1.1/PW.8", "PW.8.2"), ("ssdf-1.1", "PO.1.1"), ("cswp-23", "C.1")] {
        for more in [&["explain", id][..], &["explain", id, &file], &["explain", id, &file, "--format", "json"]] {
            let ran = run(more);
            assert!(ran.code == 0 && ran.stdout.contains(names), "{more:?}: {}{}", ran.stdout, ran.stderr);
        }
    }
    for more in [&["explain", "PW.99", &file][..], &["explain", "PW.99", &file, "--format", "json"]] {
        assert_eq!(run(more).code, 2);
    }
    let (of_file, of_repository) = (
        run(&["explain", "reporting.policy-published", &file]),
        run_in(repo.path(), &["explain", "reporting.policy-published", ".", "--as-of", AS_OF]),
    );
    assert_eq!(of_repository.code, 0, "{}", of_repository.stderr);
    assert!(of_file.stdout.contains("SECURITY.md"), "{}", of_file.stdout);
    assert_eq!(of_file.stdout, of_repository.stdout);
    for id in ["PO.3.2", "cswp-23/C.1", "advisories.none-known", "Observed"] {
        let ran = run(&["explain", id]);
        assert_eq!(ran.code, 0, "{id}: {}", ran.stderr);
        assert!(
            ran.stdout.lines().all(|line| line.chars().count() <= 80 || line.starts_with("    ")),
            "{}",
            ran.stdout
        );
    }
    assert_eq!(run(&["explain", "XX.1"]).code, 2);
}

#[test]
fn one_collector_alone() {
    let repo = demo().commit("first");
    let path = repo.path().display().to_string();
    let ran = run(&["inspect", "policies", &path, "--as-of", AS_OF]);
    assert!(ran.code == 0 && ran.stdout.contains("SECURITY.md"), "{}{}", ran.stdout, ran.stderr);
    let ran = run(&["inspect", "sbom", &path, "--format", "cyclonedx", "--as-of", AS_OF]);
    let document: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!(document["bomFormat"], "CycloneDX");
    let ran = run(&["inspect", "nothing", &path]);
    assert!(ran.code == 2 && ran.stderr.contains("unrecognized subcommand 'nothing'"));
}

#[test]
fn help_shows_examples_and_completions_are_printed() {
    for command in ["label", "collect", "score", "render", "explain", "plan", "init", "inspect"] {
        let ran = run(&[command, "--help"]);
        assert!(ran.code == 0 && ran.stdout.contains("Examples:"), "{command}");
    }
    let collectors = plimsoll_collect::COLLECTORS.iter().map(|collector| collector.name());
    for kind in collectors.chain(["package", "dependencies"]) {
        let ran = run(&["inspect", kind, "--help"]);
        let example = format!("plimsoll inspect {kind} ");
        assert!(ran.code == 0 && ran.stdout.contains(&example), "{kind}: {}{}", ran.stdout, ran.stderr);
    }
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        assert!(run(&["completions", shell]).stdout.contains("plimsoll"));
    }
}

#[test]
fn a_version_that_was_taken_back_is_told_where_the_index_is_given() {
    let repo = demo().commit("first");
    let path = repo.path().display().to_string();
    let index = tempfile::tempdir().unwrap();
    let folder = index.path().join("sm/al");
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(index.path().join("config.json"), "{}").unwrap();
    std::fs::write(folder.join("smallvec"), "{\"name\":\"smallvec\",\"vers\":\"0.6.9\",\"yanked\":true}\n").unwrap();
    let index = index.path().display().to_string();
    let ran = run(&["collect", &path, "--as-of", AS_OF, "--index", &index]);
    let evidence: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
    let findings = facts(&evidence, "advisory-finding");
    let yanked = findings.iter().find(|fact| fact["body"]["kind"] == "yanked").unwrap();
    assert_eq!(yanked["body"]["advisory"], "yanked:smallvec@0.6.9");
    assert!(evidence["inputs"]["registry-index"]["digest"]["sha256"].is_string());
    let ran = run(&["collect", &path, "--as-of", AS_OF]);
    let evidence: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
    assert!(facts(&evidence, "advisory-finding").iter().all(|fact| fact["body"]["kind"] != "yanked"));
    let limitations = evidence["kinds"]["advisory-finding"]["limitations"].to_string();
    assert!(limitations.contains("--index"), "{limitations}");
    let lockfile = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(lockfile.path(), LOCK).unwrap();
    let lockfile = lockfile.path().display().to_string();
    let ran = run(&["inspect", "advisories", &lockfile, "--index", &index, "--format", "json"]);
    assert!(ran.stdout.contains("\"yanked\""), "{}", ran.stdout);
    let empty = tempfile::tempdir().unwrap();
    let gone = empty.path().join("gone").display().to_string();
    let ran = run(&["collect", &path, "--as-of", AS_OF, "--index", &gone]);
    assert!(ran.code == 2 && ran.stderr.contains("not a registry index"), "{}", ran.stderr);
}
