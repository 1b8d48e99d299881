//! What pipelines read, and the program as a subcommand of cargo.

use std::process::Command;

use serde_json::Value;

use crate::{
    common::{AS_OF, run},
    label::demo,
};

/// A form of the demo's label, from `label` itself.
fn form(repository: &str, format: &str) -> String {
    let ran = run(&["label", repository, "--as-of", AS_OF, "--format", format, "--quiet"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    ran.stdout
}

#[test]
fn a_label_and_its_file_give_the_same_forms() {
    let repo = demo().commit("first");
    let path = repo.path().display().to_string();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("label.json");
    std::fs::write(&file, form(&path, "json")).unwrap();
    for format in plimsoll_render::FORMS.iter().map(|form| form.name) {
        let rendered = run(&["render", &file.display().to_string(), "--format", format]);
        assert_eq!((rendered.code, rendered.stdout), (0, form(&path, format)), "{format}");
    }
}

#[test]
fn code_scanning_gets_the_known_hole_at_its_lockfile() {
    let repo = demo().commit("first");
    let log: Value = serde_json::from_str(&form(&repo.path().display().to_string(), "sarif")).unwrap();
    let results = log["runs"][0]["results"].as_array().unwrap();
    let hole = results.iter().find(|result| result["ruleId"] == "RUSTSEC-2019-0009").unwrap();
    assert_eq!(hole["level"], "error");
    assert_eq!(hole["locations"][0]["physicalLocation"]["artifactLocation"]["uri"], "Cargo.lock");
    let text = log.to_string();
    assert!(!text.contains(&repo.path().display().to_string()), "no path of this machine is in it");
}

#[test]
fn the_next_step_gets_the_tier_and_the_commit() {
    let repo = demo().commit("first");
    let lines = form(&repo.path().display().to_string(), "env");
    assert!(lines.contains("PLIMSOLL_TIER=0\n"), "{lines}");
    assert!(lines.contains(&format!("PLIMSOLL_COMMIT={}\n", repo.head().unwrap())), "{lines}");
}

#[test]
fn the_predicate_stands_alone() {
    let repo = demo().commit("first");
    let path = repo.path().display().to_string();
    let label = form(&path, "json");
    let predicate = form(&path, "predicate");
    assert!(label.contains(&predicate), "byte for byte what stands in the label");
    let label: Value = serde_json::from_str(&label).unwrap();
    assert_eq!(serde_json::from_str::<Value>(&predicate).unwrap(), label["predicate"]);
}

#[test]
fn what_is_no_label_has_no_form() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("label.json");
    std::fs::write(&file, "{}").unwrap();
    for format in plimsoll_render::FORMS.iter().map(|form| form.name) {
        let ran = run(&["render", &file.display().to_string(), "--format", format]);
        assert_eq!((ran.code, ran.stdout.as_str()), (2, ""), "{format}");
    }
}

#[test]
fn cargo_starts_the_same_program() {
    let repo = demo().commit("first");
    let path = repo.path().display().to_string();
    let cargo = |arguments: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_cargo-plimsoll"));
        command.env_clear().env("COLUMNS", "80").envs(std::env::vars_os().filter(|(name, _)| name == "PATH"));
        let output = command.args(arguments).output().unwrap();
        (output.status.code(), String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap())
    };
    let label = [
        "label",
        path.as_str(),
        "--as-of",
        AS_OF,
        "--format",
        "env",
        "--resolver",
        "lockfile",
        "--no-cache",
        "--quiet",
    ];
    let (code, told, _) = cargo(&[&["plimsoll"], &label[..]].concat());
    assert_eq!((code, told), (Some(0), form(&path, "env")));
    let (code, told, _) = cargo(&["plimsoll", "label", "--help"]);
    assert_eq!(code, Some(0));
    assert!(told.contains("Usage: cargo plimsoll label "), "{told}");
    // The word is dropped once: a second one is a command that there is not.
    let (code, told, said) = cargo(&["plimsoll", "plimsoll"]);
    assert_eq!((code, told.as_str()), (Some(2), ""));
    assert!(said.contains("cargo plimsoll"), "{said}");
}
