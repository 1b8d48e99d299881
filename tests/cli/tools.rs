//! A tool is a row: one more is known where a file of practices has it, evidence names the file, and a wrong row is refused.

use std::{fs, path::Path};

use plimsoll_testkit::Repo;
use serde_json::Value;

use crate::common::{AS_OF, facts, run};

const CI: &str = "on: [push, pull_request]\npermissions: {}\njobs:\n  checks:\n    runs-on: ubuntu-latest\n    steps:\n      - uses: actions/checkout@v4\n      - run: ourcheck --strict\n";
const ROW: &str = "[[tool]]\nrun = [\"ourcheck\"]\nis = [\"lint\"]\nof = [\"Python\"]\noptions = \"--strict\"\nvoid = \"--list\"\npasses = \"--exit-zero\"\n";

/// Practices with one file of tools.
fn practices(text: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("tools")).unwrap();
    fs::write(folder.path().join("tools/ours.toml"), text).unwrap();
    folder
}

fn evidence(repository: &Path, practices: Option<&Path>) -> Value {
    let (repository, practices) = (repository.display().to_string(), practices.map(|path| path.display().to_string()));
    let mut arguments = vec!["collect", &repository, "--as-of", AS_OF, "--quiet"];
    arguments.extend(practices.iter().flat_map(|path| ["--practices", path]));
    let ran = run(&arguments);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    serde_json::from_str(&ran.stdout).unwrap()
}

fn gated(evidence: &Value) -> Value {
    facts(evidence, "workflow-job")[0]["body"]["gatedPurposes"].clone()
}

fn with_ci(command: &str) -> Repo {
    let workflow = CI.replace("ourcheck --strict", command);
    Repo::new().file(".github/workflows/ci.yml", &workflow).file("src/a.py", "x = 1\n").commit("first")
}

#[test]
fn a_row_more_is_a_tool_more_and_evidence_names_it() {
    let repo = with_ci("ourcheck --strict");
    let ours = practices(ROW);
    let (before, after) = (evidence(repo.path(), None), evidence(repo.path(), Some(ours.path())));
    assert_eq!((gated(&before), gated(&after)), (serde_json::json!([]), serde_json::json!(["lint"])));
    // What was kept of the commit is not taken for other tools.
    assert_eq!(evidence(repo.path(), None), before);
    let digest = |evidence: &Value| evidence["inputs"]["tools"]["digest"]["sha256"].as_str().unwrap().to_owned();
    assert_ne!(digest(&before), digest(&after));
    // Nothing but the job, and the name of the input, differs.
    let rest = |evidence: &Value| -> Vec<Value> {
        let others = evidence["facts"].as_array().unwrap().iter().filter(|fact| fact["kind"] != "workflow-job");
        others.cloned().collect()
    };
    assert_eq!(rest(&before), rest(&after));
    // The words of the row decide.
    for (command, expected) in [
        ("ourcheck", serde_json::json!(["lint"])),
        ("ourcheck --exit-zero", serde_json::json!([])),
        ("ourcheck --list", serde_json::json!([])),
        ("ourcheck --unknown", serde_json::json!([])),
        ("ourcheck --version", serde_json::json!([])),
        ("ourcheck --help", serde_json::json!([])),
        ("ourcheck || true", serde_json::json!([])),
        ("othercheck", serde_json::json!([])),
    ] {
        assert_eq!(gated(&evidence(with_ci(command).path(), Some(ours.path()))), expected, "{command}");
    }
}

#[test]
fn a_label_names_the_tools_by_its_inputs() {
    let repo = with_ci("ourcheck --strict");
    let (path, ours) = (repo.path().display().to_string(), practices(ROW));
    let given = ours.path().display().to_string();
    let label = |more: &[&str]| -> Value {
        let mut arguments = vec!["label", &path, "--as-of", AS_OF, "--format", "json", "--quiet"];
        arguments.extend(more);
        serde_json::from_str(&run(&arguments).stdout).unwrap()
    };
    let (before, after) = (label(&[]), label(&["--practices", &given]));
    assert_ne!(before["predicate"]["inputs"]["tools"], after["predicate"]["inputs"]["tools"]);
    // The label has the file next to the others, and says that these are not the built-in practices.
    let (mut files, own) = (after["predicate"]["practices"].clone(), "tools/ours.toml");
    assert!(files.as_object_mut().unwrap().remove(own).is_some());
    assert_eq!(before["predicate"]["practices"], files);
    assert!(before["predicate"].get("practicesOf").is_none());
    assert_eq!(after["predicate"]["practicesOf"], "");
}

#[test]
fn a_wrong_row_is_refused_with_its_place() {
    for (text, says) in [
        (ROW.replace("lint", "linting"), "practices/tools/ours.toml:3: \"linting\" is no purpose"),
        (ROW.replace("Python", "Snake"), "practices/tools/ours.toml:4: \"Snake\" is no language"),
        (ROW.replace("ourcheck", "cargo test"), "the command \"cargo test\" has two rows"),
        (ROW.replace("ourcheck", ""), "practices/tools/ours.toml:2: \"\" is no command"),
        (ROW.replace("\"--strict\"", "\"\""), "practices/tools/ours.toml:5: options is empty"),
        (ROW.replace("void", "voids"), "practices/tools/ours.toml:6: unknown field `voids`"),
        (ROW.replace("]]", "]"), "practices/tools/ours.toml:1:"),
    ] {
        let folder = practices(&text);
        let given = folder.path().display().to_string();
        let ran = run(&["catalog", "check", "--practices", &given]);
        assert_eq!(ran.code, 1, "{text}: {}{}", ran.stdout, ran.stderr);
        assert!(ran.stdout.contains(says), "{text}: {}", ran.stdout);
        // What is broken collects nothing.
        let repo = with_ci("ourcheck");
        let ran = run(&["collect", &repo.path().display().to_string(), "--practices", &given]);
        assert_eq!((ran.code, ran.stdout.as_str()), (2, ""), "{text}");
    }
}
