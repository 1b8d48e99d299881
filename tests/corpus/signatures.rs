//! Every verdict on the shared histories is that of git, gpg, ssh-keygen and openssl.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use serde_json::Value;

use crate::common::run;

/// Sets that are repositories, and sets that are raw commits.
const REPOSITORIES: &[&str] = &["pypi-attestations", "sigstore-conformance", "ripgrep"];
/// The day on which the real programs were asked.
const AS_OF: &str = "2026-11-23";
const OBJECTS: &[&str] = &["bitcoin-sample", "tampered-shared"];

fn histories() -> Option<PathBuf> {
    Some(plimsoll_testkit::corpus()?.join("git-history"))
}

fn verdicts(set: &str, as_of: &str) -> Option<BTreeMap<String, Value>> {
    let histories = histories()?;
    let mut arguments: Vec<String> = ["inspect", "signatures"].map(ToOwned::to_owned).to_vec();
    let unpacked: PathBuf;
    if OBJECTS.contains(&set) {
        unpacked = plimsoll_testkit::unpack(&format!("git-history/{set}.commits.tar.zst"))?;
        arguments.extend(["--objects".to_owned(), unpacked.join("commits").display().to_string()]);
    } else {
        unpacked = plimsoll_testkit::unpack(&format!("git-history/{set}.git.tar.zst"))?;
        arguments.extend([unpacked.join(format!("{set}.git")).display().to_string(), "--all".to_owned()]);
    }
    for keys in ["keys/github-web-flow.asc", "keys/bitcoin-core-guix.sigs"] {
        arguments.extend(["--keyring".to_owned(), histories.join(keys).display().to_string()]);
    }
    let signers = histories.join(format!("{set}.allowed_signers"));
    if signers.exists() {
        arguments.extend(["--allowed-signers".to_owned(), signers.display().to_string()]);
    }
    arguments.extend(["--format", "jsonl", "--no-cache", "--as-of", as_of].map(ToOwned::to_owned));
    let ran = run(&arguments.iter().map(String::as_str).collect::<Vec<_>>());
    assert_eq!(ran.code, 0, "{set}: {}", ran.stderr);
    let named = ran.stdout.lines().map(|line| {
        let value: Value = serde_json::from_str(line).unwrap();
        let name = value.get("commit").or_else(|| value.get("tag")).and_then(Value::as_str).unwrap().to_owned();
        (name, value)
    });
    Some(named.collect())
}

fn rows(file: &Path) -> Vec<Vec<String>> {
    let text = std::fs::read_to_string(file).unwrap();
    text.lines().skip(1).map(|line| line.split('\t').map(ToOwned::to_owned).collect()).collect()
}

#[test]
fn every_commit_has_the_verdict_of_the_real_programs() {
    let Some(histories) = histories() else { return };
    for set in REPOSITORIES.iter().chain(OBJECTS) {
        let Some(found) = verdicts(set, AS_OF) else { return };
        let rows = rows(&histories.join(format!("{set}.expected.tsv")));
        assert!(rows.len() >= 12, "{set}");
        let mut wrong = Vec::new();
        for row in &rows {
            let [commit, scheme, expected, exit, ..] = row.as_slice() else { panic!("{row:?}") };
            let one = &found[commit];
            let (scheme, expected, git) = match (scheme.as_str(), expected.as_str()) {
                // These rows were proven up to the chain alone: nothing in them proves the time.
                ("x509", "good_cms_fulcio_chain") => ("gitsign", "no_time_proof", "E"),
                ("ssh", "good_unknown_principal") => ("ssh", "untrusted", "U"),
                ("openpgp", "no_pubkey") => ("openpgp", "unknown_key", "E"),
                ("openpgp", "expired_key") => ("openpgp", "expired_key", "Y"),
                (scheme, "good") => (scheme, "good", "G"),
                (scheme, "bad") => (scheme, "bad", "B"),
                ("none", "unsigned") => ("none", "unsigned", "N"),
                other => panic!("{other:?}"),
            };
            if one["scheme"] != scheme || one["verdict"] != expected || one["git"] != git {
                wrong.push(format!("{set} {commit}: {one} instead of {scheme} {expected}"));
            }
            // git exits with 0 for what it trusts; a principal that is not known is told and not refused.
            let passes = one["verdict"] == "good" || one["verdict"] == "untrusted" && exit == "0";
            assert!(exit != "0" || passes || scheme == "gitsign", "{set} {commit}: exit {exit}, {one}");
        }
        assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), rows.len(), wrong.join("\n"));
    }
}

#[test]
fn every_signed_tag_has_the_verdict_of_git() {
    let Some(histories) = histories() else { return };
    let Some(found) = verdicts("ripgrep", AS_OF) else { return };
    let mut annotated = 0;
    for row in rows(&histories.join("ripgrep.tags.tsv")) {
        let [tag, object, signature, exit, ..] = row.as_slice() else { panic!("{row:?}") };
        if object != "tag" {
            assert!(!found.contains_key(tag), "{tag} is a mere name");
            continue;
        }
        annotated += 1;
        let one = &found[tag];
        assert_eq!(one["scheme"], signature.as_str(), "{tag}");
        assert_eq!(one["verdict"] == "good", exit == "0", "{tag}: {one}");
    }
    assert!(annotated > 10);
}

#[test]
fn an_ended_key_held_when_it_signed() {
    let Some(found) = verdicts("ripgrep", AS_OF) else { return };
    let ended: Vec<&Value> =
        found.values().filter(|one| one["key"] == "5DE3E0509C47EA3CF04A42D34AEE18F83AFDEB23").collect();
    assert_eq!(ended.len(), 114);
    for one in ended {
        assert_eq!((&one["verdict"], &one["as_of"]), (&"expired_key".into(), &"expired_key".into()), "{one}");
        assert_eq!((&one["at_commit"], &one["by"]), (&"good".into(), &"forge".into()), "{one}");
    }
    // The key ended on 16 January 2024: the day before it was good for all of them.
    let Some(before) = verdicts("ripgrep", "2024-01-15") else { return };
    assert!(
        before
            .values()
            .filter(|one| one["by"] == "forge")
            .all(|one| one["verdict"] == "good" || one["at_commit"] == "good")
    );
    assert_eq!(before.values().filter(|one| one["verdict"] == "expired_key").count(), 0);
}
