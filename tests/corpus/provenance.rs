//! Verdicts on attestations are those of other verifiers, where they look at the same.
//!
//! Needs the packages of `requirements-provenance.txt` in the Python that `PLIMSOLL_PYTHON` names: without them the test says
//! that it was skipped; with `CI` set that is a failure.

#![allow(clippy::print_stderr, reason = "what could not be compared is said")]

use std::{collections::BTreeMap, path::Path, process::Command};

use serde_json::Value;

use crate::{
    common::run,
    provenance_cases::{arguments, cases, folder},
};

/// What the others say, by case; `None` where they are missing.
fn peers(cases: &Path) -> Option<BTreeMap<String, Value>> {
    let python = std::env::var_os("PLIMSOLL_PYTHON").unwrap_or_else(|| "python3".into());
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/corpus/provenance_peers.py");
    let output = match Command::new(python).arg(script).arg(cases.join("cases.json")).arg(cases).output() {
        Ok(output) if output.status.code() != Some(3) => output,
        missing => {
            let cure = "pip install -r tests/corpus/requirements-provenance.txt, or set PLIMSOLL_PYTHON";
            assert!(std::env::var_os("CI").is_none(), "other verifiers are missing: {cure} ({missing:?})");
            eprintln!("skipped: other verifiers of attestations are missing: {cure}");
            return None;
        }
    };
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(!text.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
    let rows = text.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    Some(rows.map(|row| (row["case"].as_str().unwrap().to_owned(), row)).collect())
}

/// Compares each case on which one of the others has something to say, and gives how many there were.
fn compare(folder: &Path) -> Option<usize> {
    let peers = peers(folder)?;
    let policies = tempfile::tempdir().unwrap();
    let (mut compared, mut wrong) = (0, Vec::new());
    for case in cases(folder) {
        let name = case["case"].as_str().unwrap();
        let theirs = &peers[name];
        // It did not run, or said yes and does not look at what is wrong.
        if theirs["agrees"].is_null() {
            continue;
        }
        // npm's subjects have the longer digest alone.
        let codes: Vec<i32> = ["sha256", "sha512"]
            .iter()
            .filter_map(|digest| arguments(folder, &case, digest, policies.path()))
            // What names no artifact is a question that is not answered.
            .filter(|arguments| arguments.iter().any(|one| one.starts_with("--artifact")))
            .map(|arguments| run(&arguments.iter().map(String::as_str).collect::<Vec<_>>()).code)
            .collect();
        // A file behind a list of checksums is not asked about here.
        if codes.is_empty() {
            continue;
        }
        let ours = if codes.contains(&0) { "pass" } else { "fail" };
        compared += 1;
        if theirs["result"] != ours {
            wrong.push(format!("{name}: {ours} ({codes:?}), and {} says {}", theirs["tool"], theirs));
        }
    }
    assert!(wrong.is_empty(), "{} of {compared}\n{}", wrong.len(), wrong.join("\n"));
    eprintln!("{compared} of {} cases compared", peers.len());
    Some(compared)
}

#[test]
fn verdicts_on_made_attestations_are_those_of_other_verifiers() {
    assert!(compare(&folder()).is_none_or(|compared| compared > 200));
}

#[test]
fn verdicts_on_real_attestations_are_those_of_other_verifiers() {
    let Some(folder) = plimsoll_testkit::corpus().map(|corpus| corpus.join("sigstore")) else { return };
    assert!(compare(&folder).is_none_or(|compared| compared > 40));
}
