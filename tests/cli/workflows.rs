//! Which CI files are read, and what is said of those that are not.

use plimsoll_testkit::Repo;

use crate::common::{evidence_json, facts, label_json};

const CI: &str = "on: [push, pull_request]\npermissions: {}\njobs:\n  test:\n    runs-on: ubuntu-latest\n    steps:\n      - uses: actions/checkout@v4\n      - run: cargo test\n";
const EVIL: &str = "on: pull_request_target\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - uses: actions/checkout@v1\n        with:\n          ref: ${{ github.event.pull_request.head.sha }}\n";
const ACTION: &str = "name: a\nruns:\n  using: composite\n  steps:\n    - uses: evil/thing@main\n    - run: echo \"${{ github.event.issue.title }}\"\n      shell: bash\n";
const NOTHING: &str = "name: a\nruns:\n  using: composite\n  steps: []\n";

fn with_ci() -> Repo {
    Repo::new().file(".github/workflows/ci.yml", CI).file("src/lib.rs", "")
}

fn outcome(label: &serde_json::Value, id: &str) -> String {
    let criteria = label["predicate"]["criteria"].as_array().unwrap();
    criteria.iter().find(|one| one["id"] == id).unwrap()["outcome"].as_str().unwrap().to_owned()
}

#[test]
fn no_folder_name_hides_an_action_that_is_used() {
    let uses = |path: &str| CI.replace("- run", &format!("- uses: ./{path}\n      - run"));
    for (workflow, path) in [
        (uses(".github/actions/test"), ".github/actions/test/action.yml"),
        (uses("ci/tests/setup/"), "ci/tests/setup/action.yaml"),
        (CI.to_owned(), ".github/actions/examples/action.yml"),
    ] {
        let repo = with_ci().file(".github/workflows/ci.yml", &workflow).file(path, ACTION).commit("first");
        let evidence = evidence_json(repo.path());
        let dangers = facts(&evidence, "workflow-danger");
        assert!(dangers.iter().any(|fact| fact["body"]["workflow"] == path), "{path}");
        assert_eq!(outcome(&label_json(repo.path()), "workflows.none-dangerous"), "unmet", "{path}");
    }
    // An action that an action uses, and one that nothing in the product uses.
    let nested = NOTHING.replace("[]", "\n    - uses: ./test/inner");
    let repo = with_ci()
        .file(".github/actions/a/action.yml", &nested)
        .file("test/inner/action.yml", ACTION)
        .file("test/other/action.yml", ACTION)
        .commit("first");
    let evidence = evidence_json(repo.path());
    // What is a habit of the workflow itself is not asked about.
    let dangers = facts(&evidence, "workflow-danger");
    let paths: Vec<_> = dangers
        .iter()
        .filter(|fact| fact["body"]["severity"] == "high")
        .map(|fact| fact["body"]["workflow"].clone())
        .collect();
    assert_eq!(paths, ["test/inner/action.yml"]);
}

#[test]
fn an_action_that_is_not_in_the_tree_is_a_gap() {
    let workflow = CI.replace("- run", "- uses: ./fetched/action\n      - run");
    let label = label_json(with_ci().file(".github/workflows/ci.yml", workflow).commit("first").path());
    assert_eq!(outcome(&label, "workflows.none-dangerous"), "unknown");
    // What it does to the checks behind it is not known either.
    assert_eq!(outcome(&label, "ci.tests-gate"), "unknown");
}

#[test]
fn a_link_in_place_of_a_workflow_is_a_gap() {
    let repo = with_ci().file("real/evil.yml", EVIL).symlink(".github/workflows/evil.yml", "../../real/evil.yml");
    assert_eq!(outcome(&label_json(repo.commit("first").path()), "workflows.none-dangerous"), "unknown");
}

#[test]
fn many_actions_hide_no_workflow() {
    let mut repo = with_ci().file(".github/workflows/evil.yml", EVIL);
    for number in 0..1999 {
        repo = repo.file(&format!(".github/actions/a{number:04}/action.yml"), NOTHING);
    }
    let evidence = evidence_json(repo.commit("first").path());
    let dangers = facts(&evidence, "workflow-danger");
    assert!(dangers.iter().any(|fact| fact["body"]["rule"] == "privileged-checkout"));
    for kind in ["workflow", "workflow-job", "workflow-action", "workflow-permission", "workflow-danger"] {
        assert_eq!(evidence["kinds"][kind]["status"], "partial", "{kind}");
    }
    assert!(evidence["kinds"]["workflow-danger"]["reason"].as_str().unwrap().contains("1 more CI files"));
}

#[test]
fn the_ci_of_other_systems_is_read_or_not_known() {
    let scripts = "[cargo test, cargo clippy -- -D warnings]";
    let jenkins = "pipeline { agent any\n stages { stage('t') { steps { sh 'cargo test'\n sh 'cargo clippy -- -D warnings' } } } }\n";
    for (path, text, expected) in [
        (
            ".circleci/config.yml",
            "version: 2.1\njobs:\n  test: {docker: [{image: 'rust:1.95'}], steps: [checkout, {run: cargo test}, {run: cargo clippy -- -D warnings}]}\nworkflows: {all: {jobs: [test]}}\n".to_owned(),
            "met",
        ),
        (
            "azure-pipelines.yml",
            "trigger: [main]\npr: [main]\nsteps: [{script: cargo test}, {script: cargo clippy -- -D warnings}]\n".to_owned(),
            "met",
        ),
        (".woodpecker/test.yml", format!("when: [{{event: [push, pull_request]}}]\nsteps: [{{image: rust, commands: {scripts}}}]\n"), "met"),
        ("Jenkinsfile", jenkins.to_owned(), "unknown"),
        ("Jenkinsfile", "node { sh 'cargo test' }\n".to_owned(), "unknown"),
        (".buildkite/pipeline.yml", format!("steps: [{{command: {scripts}}}]\n"), "unknown"),
        (".cirrus.yml", format!("task: {{name: t, test_script: {scripts}}}\n"), "unknown"),
        (".travis.yml", format!("language: rust\nscript: {scripts}\n"), "unknown"),
        (".teamcity/settings.kts", "x\n".to_owned(), "unknown"),
        (".circleci/config.yml", "version: 2.1\njobs: [\n".to_owned(), "unknown"),
    ] {
        let test = "#[cfg(test)]\nmod tests {\n    #[test]\n    fn holds() {\n        assert!(super::x());\n    }\n}\n";
        let manifest = "[package]\nname = \"demo\"\nversion = \"1.0.0\"\n";
        let repo = Repo::new().file("Cargo.toml", manifest).file("src/lib.rs", test).file(path, &text).commit("first");
        let label = label_json(repo.path());
        for id in ["ci.tests-gate", "ci.lint-gates"] {
            assert_eq!(outcome(&label, id), expected, "{path}: {id}: {text}");
        }
        // What is dangerous in them is not looked for.
        assert_eq!(outcome(&label, "workflows.none-dangerous"), "unknown", "{path}");
    }
}

#[test]
fn a_bot_that_updates_other_things_does_not_count() {
    let check = |ecosystem: &str| {
        let bot = format!(
            "version: 2\nupdates:\n  - package-ecosystem: {ecosystem}\n    directory: /\n    schedule:\n      interval: weekly\n"
        );
        let manifest = "[package]\nname = \"demo\"\nversion = \"1.0.0\"\n\n[dependencies]\nsmallvec = \"1\"\n";
        let repo = with_ci().file(".github/dependabot.yml", bot).file("Cargo.toml", manifest).commit("first");
        let label = label_json(repo.path());
        [outcome(&label, "deps.updated-by-bot"), outcome(&label, "advisories.watched")]
    };
    assert_eq!(check("cargo"), ["met", "met"]);
    assert_eq!(check("github-actions"), ["unmet", "unmet"]);
    assert_eq!(check("npm"), ["unmet", "unmet"]);
}
