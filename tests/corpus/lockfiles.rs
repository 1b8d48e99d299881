//! Real lockfiles: the advisories that cargo-audit found in them, and every package in the SBOM.

use std::{collections::BTreeSet, fs, path::PathBuf};

use serde_json::Value;

use crate::common::{AS_OF, run};

fn cases() -> Vec<(PathBuf, Value)> {
    let Some(corpus) = plimsoll_testkit::corpus() else { return Vec::new() };
    let folder = corpus.join("lockfiles");
    let expected: Value = serde_json::from_slice(&fs::read(folder.join("expected.json")).unwrap()).unwrap();
    let cases = expected["cases"].as_array().unwrap();
    assert_eq!(cases.len(), 8);
    cases.iter().map(|case| (folder.join(case["case"].as_str().unwrap()), case.clone())).collect()
}

type Set = BTreeSet<(String, String, String)>;

fn expected(case: &Value, kind: &str) -> Set {
    let list = if kind == "vulnerability" { &case["vulnerabilities"] } else { &case["warnings"][kind] };
    let word = |value: &Value| value.as_str().unwrap().to_owned();
    list.as_array().into_iter().flatten().map(|one| (word(&one[0]), word(&one[1]), word(&one[2]))).collect()
}

#[test]
fn inspect_advisories_lists_what_cargo_audit_lists() {
    let cases = cases();
    if cases.is_empty() {
        return;
    }
    let database = plimsoll_testkit::unpack("advisories/rustsec-advisory-db.tar.zst").unwrap().join("advisory-db");
    let database = database.display().to_string();
    let mut findings = 0;
    for (folder, case) in &cases {
        let lockfile = folder.join("Cargo.lock").display().to_string();
        for more in [&[][..], &["--advisories", &database][..]] {
            let mut arguments = vec!["inspect", "advisories", &lockfile, "--format", "json"];
            arguments.extend(more);
            let ran = run(&arguments);
            assert_eq!(ran.code, 0, "{}", ran.stderr);
            let found: Value = serde_json::from_str(&ran.stdout).unwrap();
            assert!(found["database"].is_object());
            for kind in ["vulnerability", "unmaintained", "unsound"] {
                let word = |value: &Value| value.as_str().unwrap().to_owned();
                let set: Set = found["findings"]
                    .as_array()
                    .unwrap()
                    .iter()
                    .filter(|one| one["kind"] == kind)
                    .map(|one| (word(&one["advisory"]), word(&one["package"]), word(&one["version"])))
                    .collect();
                assert_eq!(set, expected(case, kind), "{lockfile} {kind} {more:?}");
                findings += set.len();
            }
        }
    }
    assert!(findings > 100, "{findings}");
}

#[test]
fn inspect_sbom_lists_every_package_of_the_lockfile() {
    for (folder, case) in cases() {
        let name = case["case"].as_str().unwrap();
        let manifests = plimsoll_testkit::unpack(&format!("lockfiles/{name}/manifests.tar.zst")).unwrap().join(name);
        let lock = fs::read_to_string(folder.join("Cargo.lock")).unwrap();
        let lock: toml::Value = toml::from_str(&lock).unwrap();
        let packages = lock["package"].as_array().unwrap();
        assert!(packages.len() > 50, "{name}");
        let manifests = manifests.display().to_string();
        let document = |format: &str| {
            let ran = run(&["inspect", "sbom", &manifests, "--format", format, "--as-of", AS_OF]);
            assert_eq!(ran.code, 0, "{}", ran.stderr);
            serde_json::from_str::<Value>(&ran.stdout).unwrap()
        };
        let (cyclonedx, spdx) = (document("cyclonedx"), document("spdx"));
        let listed = |list: &Value, name: &str, version: &str| -> BTreeSet<(String, String)> {
            let word = |value: &Value| value.as_str().unwrap_or_default().to_owned();
            list.as_array().unwrap().iter().map(|one| (word(&one[name]), word(&one[version]))).collect()
        };
        let cyclonedx = listed(&cyclonedx["components"], "name", "version");
        let spdx = listed(&spdx["packages"], "name", "versionInfo");
        for package in packages {
            let pair = (package["name"].as_str().unwrap().to_owned(), package["version"].as_str().unwrap().to_owned());
            assert!(cyclonedx.contains(&pair), "{name}: {pair:?} is missing in CycloneDX");
            assert!(spdx.contains(&pair), "{name}: {pair:?} is missing in SPDX");
        }
    }
}
