//! Tests that are written down and that no run takes in are none.

use plimsoll_testkit::Repo;

use crate::common::label_json;

/// The outcome of `tests.present` over a repository of these files.
fn check(expected: &str, files: &[(&str, &str)]) {
    let repo: Repo = files.iter().fold(Repo::new(), |repo, (path, text)| repo.file(path, text)).commit("first");
    let label = label_json(repo.path());
    let criteria = label["predicate"]["criteria"].as_array().unwrap();
    let found = criteria.iter().find(|criterion| criterion["id"] == "tests.present").unwrap();
    assert_eq!(found["outcome"], expected, "{files:?}: {}", found["reason"]);
}

const TEST: &str = "pub fn b() {}\n#[test]\nfn a() { b() }\n";
const PLAIN: &str = "pub fn b() {}\n";

fn package(name: &str) -> String {
    format!("[package]\nname = \"{name}\"\nversion = \"1.0.0\"\nedition = \"2021\"\n")
}

#[test]
fn packages_that_no_run_of_the_workspace_takes_in() {
    let own = package("own");
    let (app, other) = (package("app"), package("other"));
    let workspace = |more: &str| format!("{app}[workspace]\n{more}");
    check("met", &[("Cargo.toml", &app), ("src/lib.rs", TEST)]);
    check("unmet", &[("Cargo.toml", &app), ("src/lib.rs", PLAIN)]);
    let two = |root: &str, expected: &str| {
        check(
            expected,
            &[("Cargo.toml", root), ("src/lib.rs", PLAIN), ("other/Cargo.toml", &other), ("other/src/lib.rs", TEST)],
        );
    };
    two(&workspace("members = [\"other\"]\n"), "met");
    two(&workspace("members = [\"*\"]\nexclude = [\"other\"]\n"), "unknown");
    two(&app, "unknown");
    check(
        "unmet",
        &[
            ("Cargo.toml", &app),
            ("src/lib.rs", PLAIN),
            ("tests/fixtures/own/Cargo.toml", &own),
            ("tests/fixtures/own/src/lib.rs", TEST),
        ],
    );
}

#[test]
fn files_that_a_runner_leaves_out() {
    let python = "from app import f\n\ndef test_a():\n    assert f() == 1\n";
    let project = "[project]\nname = \"app\"\nversion = \"1\"\n";
    let rest: &[(&str, &str)] = &[("app.py", "def f():\n    return 1\n")];
    let with = |expected: &str, more: &[(&str, &str)]| check(expected, &[rest, more].concat());
    with("met", &[("pyproject.toml", project), ("tests/test_a.py", python)]);
    with("unknown", &[("tests/test_a.py", python), ("pytest.ini", "[pytest]\ntestpaths = elsewhere\n")]);
    with("unknown", &[("tests/check_a.py", python)]);
    with(
        "unmet",
        &[("tests/test_a.py", &format!("import pytest\npytest.skip('x', allow_module_level=True)\n{python}"))],
    );
    let go = "package a\n\nimport \"testing\"\n\nfunc TestA(t *testing.T) {\n\tif f() != 1 {\n\t\tt.Fatal(1)\n\t}\n}\n";
    let rest: &[(&str, &str)] =
        &[("go.mod", "module a.dev/a\n\ngo 1.22\n"), ("a.go", "package a\n\nfunc f() int { return 1 }\n")];
    let with = |expected: &str, more: &[(&str, &str)]| check(expected, &[rest, more].concat());
    with("met", &[("a_test.go", go)]);
    let main = "package a\n\nimport (\n\t\"os\"\n\t\"testing\"\n)\n\nfunc TestMain(m *testing.M) {\n";
    with("met", &[("a_test.go", go), ("main_test.go", &format!("{main}\tsetup()\n\tos.Exit(m.Run())\n}}\n"))]);
    with("met", &[("a_test.go", go), ("main_test.go", &format!("{main}\tcode := m.Run()\n\tos.Exit(code)\n}}\n"))]);
    with("unmet", &[("a_test.go", go), ("main_test.go", &format!("{main}\tos.Exit(0)\n}}\n"))]);
    with("unmet", &[("a_test.go", go), ("main_test.go", &format!("{main}\tos.Exit(0)\n\tm.Run()\n}}\n"))]);
    with("unknown", &[("a_test.go", &format!("//go:build never_set\n\n{go}"))]);
}
