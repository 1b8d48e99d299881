//! Labels of real histories whose blobs are mostly missing.

use std::{fs, path::PathBuf};

use serde_json::Value;

use crate::common::{AS_OF, run};

const FILES: [&str; 6] = ["evidence.json", "label.html", "label.json", "label.svg", "sbom.cdx.json", "sbom.spdx.json"];

pub fn history(name: &str) -> Option<PathBuf> {
    let folder = plimsoll_testkit::unpack(&format!("git-history/{name}.git.tar.zst"))?;
    Some(folder.join(format!("{name}.git")))
}

fn label(repository: &str, folder: &std::path::Path, jobs: &str) -> Vec<Vec<u8>> {
    let out = folder.display().to_string();
    let ran = run(&["label", repository, "--out", &out, "--as-of", AS_OF, "--jobs", jobs, "--quiet"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let mut names: Vec<String> =
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    assert_eq!(names, FILES);
    FILES.iter().map(|name| fs::read(folder.join(name)).unwrap()).collect()
}

#[test]
fn the_bytes_do_not_depend_on_threads_and_score_gives_them_again() {
    for name in ["ripgrep", "pypi-attestations", "sigstore-conformance"] {
        let Some(repository) = history(name) else { return };
        let repository = repository.display().to_string();
        let folder = tempfile::tempdir().unwrap();
        let first = label(&repository, folder.path(), "1");
        for jobs in ["2", "8", "2", "8"] {
            let again = label(&repository, folder.path(), jobs);
            for (file, (one, other)) in FILES.iter().zip(first.iter().zip(&again)) {
                assert!(one == other, "{name}: --jobs {jobs} gives another {file}");
            }
        }
        let scored = run(&["score", &folder.path().join("evidence.json").display().to_string()]);
        assert_eq!(scored.stdout.as_bytes(), fs::read(folder.path().join("label.json")).unwrap(), "{name}");
    }
}

#[test]
fn what_was_not_seen_is_on_the_label() {
    for (name, product) in [("ripgrep", "ripgrep"), ("pypi-attestations", "pypi-attestations")] {
        let Some(repository) = history(name) else { return };
        let label = crate::common::label_json(&repository);
        let body = &label["predicate"];
        assert_eq!(body["tier"]["level"], 0, "{name}: nobody claims anything");
        assert_eq!(body["product"]["name"], product);
        for kind in ["secret", "test-suite", "unsafe-code"] {
            let limitation = body["limitations"].as_array().unwrap().iter().find(|one| one["kind"] == kind).unwrap();
            assert_ne!(limitation["status"], "searched", "{name}: {kind}");
            assert!(limitation["reason"].as_str().unwrap().contains("the blob is missing"), "{limitation}");
        }
        let row = |id: &str| body["face"].as_array().unwrap().iter().find(|row| row["id"] == id).unwrap().clone();
        assert_eq!(row("secrets")["outcome"], "unknown");
        assert_eq!(row("secrets")["assurance"], Value::Null);
    }
}

#[test]
fn every_commit_is_classified_as_git_classifies_it() {
    for (name, commits) in [("ripgrep", 2287), ("pypi-attestations", 0), ("sigstore-conformance", 0)] {
        let Some(repository) = history(name) else { return };
        let Some(corpus) = plimsoll_testkit::corpus() else { return };
        let evidence = crate::common::evidence_json(&repository);
        let facts = crate::common::facts(&evidence, "commit");
        let table = fs::read_to_string(corpus.join(format!("git-history/{name}.expected.tsv"))).unwrap();
        let expected: std::collections::BTreeMap<&str, &str> = table
            .lines()
            .skip(1)
            .map(|line| {
                let mut cells = line.split('\t');
                (cells.next().unwrap(), cells.next().unwrap())
            })
            .collect();
        let whole = &crate::common::facts(&evidence, "history")[0]["body"];
        let count = usize::try_from(whole["commits"].as_u64().unwrap()).unwrap();
        assert!(count >= commits.max(100), "{name}: {count}");
        // Of those since the release each is stated; of all of them a digest is, and how many say that they are signed.
        assert_eq!(whole["sinceRelease"].as_u64().unwrap().min(250), facts.len() as u64, "{name}");
        assert_eq!(whole["everyCommit"]["marks"].as_str().unwrap().len(), 4 * count, "{name}");
        let git =
            std::process::Command::new("git").arg("--git-dir").arg(&repository).args(["rev-list", "HEAD"]).output();
        let walked = String::from_utf8(git.unwrap().stdout).unwrap();
        assert_eq!(walked.lines().count(), count, "{name}");
        let signed = walked.lines().filter(|id| expected[id] != "none").count();
        assert_eq!(whole["signed"].as_u64(), Some(signed as u64), "{name}");
        for fact in facts {
            let id = fact["subject"]["id"].as_str().unwrap();
            assert_eq!(fact["body"]["signature"], expected[id], "{name} {id}");
        }
    }
}
