//! Labels of real histories are signed, and audited by somebody who has the repository alone.

use std::fs;

use serde_json::Value;

use crate::{
    common::{AS_OF, run},
    histories::history,
};

#[test]
fn labels_of_real_histories_come_out_the_same_again() {
    for name in ["ripgrep", "pypi-attestations", "sigstore-conformance"] {
        let Some(repository) = history(name) else { return };
        let repository = repository.display().to_string();
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name).display().to_string();
        let done = |arguments: &[&str]| {
            let ran = run(&[arguments, &["--quiet"]].concat());
            assert_eq!(ran.code, 0, "{name}: {arguments:?}: {}{}", ran.stdout, ran.stderr);
            ran.stdout
        };
        done(&["label", &repository, "--as-of", AS_OF, "--out", &path("")]);
        done(&["key", "generate", "--no-passphrase", "--out", &path("maker")]);
        done(&["sign", &path("label.json"), "--assessor", "A reader", "--key", &path("maker.key")]);
        let asked = |evidence: &str| {
            let bundle = path("label.sigstore.json");
            let all = ["audit", &bundle, "--repo", &repository, "--key", &path("maker.pub"), "--evidence", evidence];
            run(&[&all[..], &["--as-of", "2026-11-20T00:00:00Z", "--format", "json", "--quiet"]].concat())
        };
        let ran = asked(&path("evidence.json"));
        let report: Value = serde_json::from_str(&ran.stdout).unwrap();
        assert_eq!((ran.code, &report["verdict"]), (0, &"identical".into()), "{name}: {}", ran.stdout);
        for part in ["score", "collect"] {
            assert_eq!(report[part]["verdict"], "identical", "{name}: {}", report[part]);
        }
        // One commit that is said to have been signed, and everything else as it was.
        let mut evidence: Value = serde_json::from_slice(&fs::read(path("evidence.json")).unwrap()).unwrap();
        let all = evidence["facts"].as_array_mut().unwrap();
        let commit = all.iter_mut().find(|fact| fact["kind"] == "commit").unwrap();
        commit["body"]["forged"] = true.into();
        let id = commit["subject"]["id"].as_str().unwrap().to_owned();
        fs::write(path("forged.json"), evidence.to_string()).unwrap();
        let ran = asked(&path("forged.json"));
        let report: Value = serde_json::from_str(&ran.stdout).unwrap();
        assert_eq!((ran.code, &report["verdict"]), (1, &"differs".into()), "{name}");
        let places = report["collect"]["differences"].to_string();
        assert!(places.contains(&format!("fact commit: {id} /body/forged")), "{name}: {places}");
        // Of a commit that has no fact of its own, the digest over all of them tells, and which one it is.
        let mut evidence: Value = serde_json::from_slice(&fs::read(path("evidence.json")).unwrap()).unwrap();
        let every = &mut fact_of(&mut evidence, "history")["body"]["everyCommit"];
        let marks = every["marks"].as_str().unwrap();
        let other = if marks.starts_with('0') { "1" } else { "0" };
        every["marks"] = format!("{other}{}", &marks[1..]).into();
        every["sha256"] = "0".repeat(64).into();
        let head = evidence["subject"]["commit"].as_str().unwrap().to_owned();
        fs::write(path("forged.json"), evidence.to_string()).unwrap();
        let ran = asked(&path("forged.json"));
        let report: Value = serde_json::from_str(&ran.stdout).unwrap();
        assert_eq!((ran.code, &report["verdict"]), (1, &"differs".into()), "{name}");
        let first = report["collect"]["differences"][0]["place"].as_str().unwrap();
        assert_eq!(first, format!("fact history: commit {head}, the newest that differs"), "{name}");
    }
}

fn fact_of<'a>(evidence: &'a mut Value, kind: &str) -> &'a mut Value {
    evidence["facts"].as_array_mut().unwrap().iter_mut().find(|fact| fact["kind"] == kind).unwrap()
}
