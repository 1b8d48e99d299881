//! `plimsoll dispute`: where two issuers differ about one commit is found, named and explained.

use std::fs;

use serde_json::{Value, json};

use crate::{
    common::run,
    reports::{fact, folder_of, kept, read, root, tier_3},
};

fn dispute(one: &Value, other: &Value) -> (i32, Value) {
    let ((_a, a), (_b, b)) = (kept(one), kept(other));
    let ran = run(&["dispute", &a, &b, "--format", "json"]);
    assert!(ran.code < 2, "{}", ran.stderr);
    (ran.code, serde_json::from_str(&ran.stdout).unwrap())
}

type Plant = fn(&mut Value);

#[test]
fn each_planted_difference_is_found_and_explained() {
    let base = tier_3();
    assert_eq!(dispute(&base, &base).0, 0);
    let planted: [(&str, Plant, &str, &str); 9] = [
        ("as-of", |e| e["asOf"] = "2026-11-02T00:00:00Z".into(), "as-of", "two moments"),
        ("input", |e| e["inputs"]["advisories"]["revision"] = "def".into(), "input advisories", "other data"),
        (
            "input",
            |e| e["inputs"]["trust"] = json!({"source": "given", "digest": {"sha256": "00"}}),
            "input trust",
            "only B used this input",
        ),
        ("examined", |e| e["subject"]["worktree"] = true.into(), "examined", "did not examine the same files"),
        (
            "fact",
            |e| fact(e, "toolchain")["body"]["pinned"] = false.into(),
            "fact toolchain: rust-toolchain.toml /body/pinned",
            "states this wrongly",
        ),
        (
            "fact",
            |e| fact(e, "lockfile")["pointers"][0]["blob"] = "3".repeat(40).into(),
            "fact lockfile: Cargo.lock /pointers/0/blob",
            "states this wrongly",
        ),
        (
            "fact",
            |e| {
                e["facts"].as_array_mut().unwrap().retain(|fact| fact["kind"] != "test-suite");
                e["kinds"]["test-suite"]["count"] = 0.into();
            },
            "fact test-suite",
            "only A states this fact",
        ),
        (
            "searched",
            |e| {
                e["kinds"]["secret"]["status"] = "partial".into();
                e["kinds"]["secret"]["reason"] = "a file is too large".into();
            },
            "kind secret",
            "did not look through the same",
        ),
        (
            "fact",
            |e| {
                let facts = e["facts"].as_array_mut().unwrap().iter_mut();
                for claim in facts.filter(|fact| fact["kind"] == "claim" && fact["body"]["answer"] == "done") {
                    claim["body"]["answer"] = "no".into();
                }
            },
            "fact claim: ",
            "states this wrongly",
        ),
    ];
    for (kind, plant, place, says) in planted {
        let mut other = base.clone();
        plant(&mut other);
        let (code, found) = dispute(&base, &other);
        assert_eq!((code, &found["same"]), (1, &json!(false)), "{place}");
        let differences = found["differences"].as_array().unwrap();
        let one = differences.iter().find(|one| one["kind"] == kind && one["place"].as_str().unwrap().contains(place));
        let one = one.unwrap_or_else(|| panic!("{place}: {found:#}"));
        assert!(one["explanation"].as_str().unwrap().contains(says), "{place}: {one}");
    }
    // What follows is named: without tests the criterion about them falls.
    let mut other = base.clone();
    planted[6].1(&mut other);
    let (_, found) = dispute(&base, &other);
    let outcomes = found["outcomes"].as_array().unwrap();
    let tests = outcomes.iter().find(|one| one["id"] == "tests.present").unwrap();
    assert!(tests["because"].to_string().contains("fact test-suite"), "{tests}");
    // So are the entries that an answer of the maker decides.
    let mut answered = base.clone();
    planted[8].1(&mut answered);
    let (_, by_word) = dispute(&base, &answered);
    let entries = by_word["entries"].as_array().unwrap();
    assert!(!entries.is_empty() && by_word["outcomes"].as_array().unwrap().is_empty(), "{by_word:#}");
    assert!(entries.iter().all(|one| one["because"][0].as_str().unwrap().starts_with("fact claim: ")), "{entries:?}");
    // And the blob where it was seen.
    let suite = found["differences"].as_array().unwrap().iter().find(|one| one["kind"] == "fact").unwrap();
    assert!(suite["seen"][0].as_str().unwrap().contains("src/lib.rs (blob 2222"), "{suite}");
    let (_folder_a, a) = kept(&base);
    let (_folder_b, b) = kept(&other);
    let text = run(&["dispute", &a, &b]);
    assert_eq!(text.code, 1);
    insta::assert_snapshot!("dispute_of_a_fact", text.stdout);
}

#[test]
fn what_decides_nothing_pushes_out_nothing_that_decides() {
    let base = tier_3();
    let mut other = base.clone();
    // Facts that no criterion comes out differently by, before the one that decides.
    let one = fact(&mut other, "component").clone();
    let facts = other["facts"].as_array_mut().unwrap();
    for at in 0..400 {
        let mut more = one.clone();
        more["subject"]["id"] = format!("pkg:cargo/more@0.0.{at}").into();
        facts.push(more);
    }
    facts.retain(|fact| fact["kind"] != "test-suite");
    let components = facts.iter().filter(|fact| fact["kind"] == "component").count();
    other["kinds"]["component"]["count"] = components.into();
    other["kinds"]["test-suite"]["count"] = 0.into();
    let (code, found) = dispute(&base, &other);
    assert_eq!(code, 1);
    assert!(found["more"].as_u64().unwrap() > 0, "{}", found["more"]);
    let outcomes = found["outcomes"].as_array().unwrap();
    let tests = outcomes.iter().find(|one| one["id"] == "tests.present").unwrap();
    assert!(tests["because"].to_string().contains("fact test-suite"), "{tests}");
}

#[test]
fn labels_of_other_rules_and_of_other_evidence_are_named() {
    let folder = tempfile::tempdir().unwrap();
    let put = |name: &str, change: fn(&mut Value)| {
        let to = folder.path().join(name);
        fs::create_dir(&to).unwrap();
        fs::copy(root("fixtures/evidence/tier-3.json"), to.join("evidence.json")).unwrap();
        let scored = run(&["score", &to.join("evidence.json").display().to_string()]);
        let mut label: Value = serde_json::from_str(&scored.stdout).unwrap();
        change(&mut label);
        fs::write(to.join("label.json"), label.to_string()).unwrap();
        to.display().to_string()
    };
    let ours = put("ours", |_| {});
    for (name, change, says) in [
        (
            "rules",
            (|label| label["predicate"]["practices"]["tiers/plimsoll.toml"]["sha256"] = "0".repeat(64).into())
                as fn(&mut Value),
            "practices tiers/plimsoll.toml",
        ),
        ("evidence", |label| label["predicate"]["evidence"]["sha256"] = "0".repeat(64).into(), "label of B"),
    ] {
        let ran = run(&["dispute", &ours, &put(name, change)]);
        assert_eq!(ran.code, 1, "{}", ran.stderr);
        assert!(ran.stdout.contains(says), "{name}: {}", ran.stdout);
    }
    assert_eq!(run(&["dispute", &ours, &put("same", |_| {})]).code, 0);
}

#[test]
fn what_cannot_be_compared_is_refused() {
    let base = tier_3();
    let mut commit = base.clone();
    commit["subject"]["commit"] = "4".repeat(40).into();
    let mut tool = base.clone();
    tool["tool"]["version"] = "0.0.9".into();
    let (_a, a) = kept(&base);
    for (other, says) in [(commit, "two commits"), (tool, "plimsoll 0.0.9"), (json!({}), "not an evidence file")] {
        let (_b, b) = kept(&other);
        let ran = run(&["dispute", &a, &b]);
        assert_eq!((ran.code, ran.stdout.as_str()), (2, ""), "{says}");
        assert!(ran.stderr.contains(says) && ran.stderr.lines().count() == 1, "{}", ran.stderr);
    }
    let empty = tempfile::tempdir().unwrap();
    let ran = run(&["dispute", &a, &empty.path().display().to_string()]);
    assert_eq!(ran.code, 2);
    assert!(ran.stderr.contains("there is no evidence.json"), "{}", ran.stderr);
}

#[test]
fn a_forged_label_is_named_in_a_dispute() {
    let (good, forged) = (folder_of(&tier_3()), folder_of(&tier_3()));
    let paths = [&good, &forged].map(|folder| folder.path().display().to_string());
    let dispute = |a: &str, b: &str| run(&["dispute", a, b, "--format", "json"]);
    assert_eq!(dispute(&paths[0], &paths[1]).code, 0);
    let file = forged.path().join("label.json");
    let label = read(&file);
    let changes: [(&str, Plant); 5] = [
        ("tier", |label| label["predicate"]["tier"]["level"] = json!(4)),
        ("expires", |label| label["predicate"]["expires"] = "2036-01-01T00:00:00Z".into()),
        ("catalogs", |label| label["predicate"]["catalogs"][0]["entries"][0]["reason"] = "so it is".into()),
        ("product", |label| label["predicate"]["product"]["name"] = "other".into()),
        ("subject", |label| label["subject"][0]["digest"]["gitCommit"] = "0".repeat(40).into()),
    ];
    for (what, change) in changes {
        let mut changed = label.clone();
        change(&mut changed);
        fs::write(&file, changed.to_string()).unwrap();
        let ran = dispute(&paths[0], &paths[1]);
        assert_eq!(ran.code, 1, "{what}: {}{}", ran.stdout, ran.stderr);
        let found: Value = serde_json::from_str(&ran.stdout).unwrap();
        let places: Vec<&str> =
            found["differences"].as_array().unwrap().iter().map(|one| one["place"].as_str().unwrap()).collect();
        let named = format!("label of B: {what}");
        assert!(places.iter().any(|place| place.starts_with(&named)), "{what}: {places:?}");
        // Next to evidence alone it is found, too.
        let alone = good.path().join("evidence.json").display().to_string();
        assert_eq!(dispute(&alone, &paths[1]).code, 1, "{what}");
    }
}
