//! `inspect sbom --profile` and `--against`: documents that others wrote.

use std::{fs, path::Path};

use serde_json::Value;

use crate::common::run;

const LOCK: &str = r#"version = 4
[[package]]
name = "app"
version = "1.0.0"
dependencies = ["left", "right"]
[[package]]
name = "left"
version = "1.0.0"
source = "registry+https://github.com/rust-lang/crates.io-index"
checksum = "00000000000000000000000000000000000000000000000000000000000000aa"
[[package]]
name = "right"
version = "2.0.0"
source = "registry+https://github.com/rust-lang/crates.io-index"
checksum = "00000000000000000000000000000000000000000000000000000000000000bb"
"#;

const SBOM: &str = r#"{"bomFormat":"CycloneDX","specVersion":"1.6","version":1,
"metadata":{"timestamp":"2026-01-02T03:04:05Z"},
"components":[
{"type":"library","name":"left","version":"1.0.0","purl":"pkg:cargo/left@1.0.0",
"hashes":[{"alg":"SHA-256","content":"00000000000000000000000000000000000000000000000000000000000000ab"}]},
{"type":"library","name":"right","version":"2.1.0","purl":"pkg:cargo/right@2.1.0"},
{"type":"library","name":"more","version":"1.0.0","purl":"pkg:cargo/more@1.0.0"}]}"#;

fn write(folder: &Path, name: &str, text: &str) -> String {
    let path = folder.join(name);
    fs::write(&path, text).unwrap();
    path.display().to_string()
}

#[test]
fn a_profile_is_told_field_by_field() {
    let folder = tempfile::tempdir().unwrap();
    let sbom = write(folder.path(), "sbom.json", SBOM);
    for (profile, answer, lines) in [
        ("ntia-2021", "ntia-2021: not met (4 of 7 required fields met)", vec!["Timestamp", "Supplier Name"]),
        ("cisa-2026", "cisa-2026: not met (7 of 17 required fields met)", vec!["SBOM Author Signature", "Coverage"]),
        ("bsi-2.1", "bsi-2.1: not met (5 of 14 required fields met)", vec!["Filename", "SBOM-URI (if it exists)"]),
    ] {
        let ran = run(&["inspect", "sbom", &sbom, "--profile", profile]);
        assert_eq!((ran.code, ran.stderr.as_str()), (0, ""));
        assert!(ran.stdout.contains(answer), "{}", ran.stdout);
        for line in lines {
            assert!(ran.stdout.contains(line), "{line}: {}", ran.stdout);
        }
        let long = ran.stdout.lines().skip(1).find(|line| line.chars().count() > 80);
        assert_eq!(long, None);
        let ran = run(&["inspect", "sbom", &sbom, "--profile", profile, "--format", "json"]);
        let report: Value = serde_json::from_str(&ran.stdout).unwrap();
        assert_eq!((&report["profile"], &report["verdict"]), (&profile.into(), &"not-met".into()));
        assert_eq!(report["document"]["components"], 3);
    }
    let ran = run(&["inspect", "sbom", &sbom, "--profile", "ntia-2021", "--format", "json"]);
    let report: Value = serde_json::from_str(&ran.stdout).unwrap();
    let supplier = &report["fields"][0];
    assert_eq!((&supplier["name"], &supplier["missing"]), (&"Supplier Name".into(), &3.into()));
    assert_eq!(supplier["missingFrom"], serde_json::json!(["left 1.0.0", "right 2.1.0", "more 1.0.0"]));
}

#[test]
fn a_broken_rule_is_told_and_the_fields_all_the_same() {
    let folder = tempfile::tempdir().unwrap();
    let broken =
        write(folder.path(), "sbom.json", &SBOM.replace("\"type\":\"library\",\"name\":\"more\"", "\"name\":\"more\""));
    let ran = run(&["inspect", "sbom", &broken, "--profile", "ntia-2021"]);
    assert_eq!(ran.code, 0);
    assert!(ran.stdout.contains("! not valid CycloneDX 1.6:\n  - /components/2: has no type\n"), "{}", ran.stdout);
    let ran = run(&["inspect", "sbom", &broken, "--against", &broken]);
    assert_eq!((ran.code, ran.stdout.as_str()), (2, ""));
    assert!(ran.stderr.contains("sbom.json: not valid CycloneDX 1.6: /components/2: has no type"), "{}", ran.stderr);
}

#[test]
fn two_lists_are_compared() {
    let folder = tempfile::tempdir().unwrap();
    let sbom = write(folder.path(), "sbom.json", SBOM);
    let lockfile = write(folder.path(), "Cargo.lock", LOCK);
    let ran = run(&["inspect", "sbom", &sbom, "--against", &lockfile]);
    assert_eq!((ran.code, ran.stderr.as_str()), (0, ""));
    for line in [
        "1 of 3 components of A are in B (33%)\n",
        "extra, in A alone: 1\n  - pkg:cargo/more@1.0.0\n",
        "other version: 1\n  - pkg:cargo/right: 2.1.0 in A, 2.0.0 in B\n",
        "other hash: 1\n  - pkg:cargo/left@1.0.0: SHA256\n",
    ] {
        assert!(ran.stdout.contains(line), "{line}: {}", ran.stdout);
    }
    let ran = run(&["inspect", "sbom", &sbom, "--against", &sbom, "--format", "json"]);
    let found: Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!((&found["here"], &found["hereInThere"], &found["thereInHere"]), (&3.into(), &3.into(), &3.into()));
    for name in ["missing", "extra", "otherVersion", "otherHash", "notRead"] {
        assert_eq!(found[name], serde_json::json!([]), "{name}");
    }
}

#[test]
fn our_own_document_lists_what_the_folder_has() {
    let folder = tempfile::tempdir().unwrap();
    let crate_folder = folder.path().join("app");
    fs::create_dir_all(crate_folder.join("src")).unwrap();
    write(&crate_folder, "Cargo.lock", LOCK);
    let manifest = "[package]\nname = \"app\"\nversion = \"1.0.0\"\n[dependencies]\nleft = \"1\"\nright = \"2\"\n";
    write(&crate_folder, "Cargo.toml", manifest);
    write(&crate_folder.join("src"), "lib.rs", "");
    let path = crate_folder.display().to_string();
    for form in ["cyclonedx", "cyclonedx-1.6", "cyclonedx-1.7", "spdx", "spdx-3.0.1"] {
        let ran = run(&["inspect", "sbom", &path, "--format", form, "--as-of", "2026-11-01T00:00:00Z"]);
        assert_eq!(ran.code, 0, "{}", ran.stderr);
        let sbom = write(folder.path(), "written.json", &ran.stdout);
        let ran = run(&["inspect", "sbom", &sbom, "--against", &path, "--format", "json"]);
        assert_eq!(ran.code, 0, "{form}: {}", ran.stderr);
        let found: Value = serde_json::from_str(&ran.stdout).unwrap();
        assert_eq!((&found["there"], &found["thereInHere"]), (&2.into(), &2.into()), "{form}: {found}");
        for name in ["missing", "otherVersion", "otherHash"] {
            assert_eq!(found[name], serde_json::json!([]), "{form} {name}");
        }
    }
}

#[test]
fn what_cannot_be_asked_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let sbom = write(folder.path(), "sbom.json", SBOM);
    let lockfile = write(folder.path(), "Cargo.lock", LOCK);
    let here = folder.path().display().to_string();
    for (arguments, told) in [
        (vec!["--profile", "ntia-2020"], "possible values: ntia-2021, cisa-2026, bsi-2.1"),
        (vec!["--profile", "bsi-2.1", "--against", &sbom], "cannot be used with"),
        (vec!["--profile", "bsi-2.1", "--format", "spdx"], "--profile reports as text or json"),
        (vec!["--against", &sbom, "--format", "cyclonedx"], "--against reports as text or json"),
        (vec!["--against", "missing.json"], "missing.json"),
    ] {
        let ran = run(&[vec!["inspect", "sbom", sbom.as_str()], arguments.clone()].concat());
        assert_eq!((ran.code, ran.stdout.as_str()), (2, ""), "{arguments:?}");
        assert!(ran.stderr.contains(told), "{}", ran.stderr);
    }
    for target in [&lockfile, &here] {
        let ran = run(&["inspect", "sbom", target, "--profile", "ntia-2021"]);
        assert_eq!(ran.code, 2);
        let told = if target == &here { "name the file of an SBOM" } else { "neither CycloneDX nor SPDX" };
        assert!(ran.stderr.contains(told), "{}", ran.stderr);
    }
}
