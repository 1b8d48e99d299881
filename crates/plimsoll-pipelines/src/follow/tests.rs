//! Scripts that runners of the tree have. A gate has its bare name, what passes whatever it finds a `~`, what is not known a `?`.

use crate::{
    commands::{Answer, Evaluator, Fails, How},
    shell::{self, Shell},
    tree,
};

fn judged(files: &[(&'static str, &'static str)], script: &str) -> String {
    let mut made = tree::Made(files.to_vec());
    made.0.extend(tree::TESTED);
    let mut to = Evaluator::new(&made);
    shell::run(&mut to, script, Shell::Strict, How { sure: true, fails: Fails::Yes });
    let mut shown: Vec<String> = Vec::new();
    for found in &to.found {
        let mark = match found.answer {
            Answer::Gates => "",
            Answer::Passes => "~",
            Answer::NotKnown => "?",
        };
        let one = format!("{}{mark}", found.purpose);
        if !shown.contains(&one) {
            shown.push(one);
        }
    }
    shown.join(" ")
}

fn check(name: &'static str, text: &'static str, rows: &[(&str, &str)]) {
    for (script, expected) in rows {
        assert_eq!(judged(&[(name, text)], script), *expected, "{script}");
    }
}

const TASKFILE: &str = "
version: '3'
vars: {X: y}
tasks:
  default: {deps: [lint, test]}
  test: cargo test {{.CLI_ARGS}}
  lint:
    desc: looks at it
    cmds:
      - cargo clippy -- -D warnings
  both:
    cmds: [{task: lint}, {cmd: cargo test}]
  lenient:
    ignore_error: true
    cmds: [cargo test]
  one: {cmds: [{cmd: cargo test, ignore_error: true}]}
  kept: {sources: ['**/*.rs'], cmds: [cargo test]}
  state: {status: ['true'], cmds: [cargo test]}
  linux: {platforms: [linux], cmds: [cargo test]}
  each: {cmds: [{for: [a], cmd: cargo test}]}
  other: {dir: x, cmds: [cargo test]}
  put: cargo test {{.X}}
  nothing: echo no tests
  round: {deps: [round]}
  wide: {deps: [a1, a1, a1]}
  a1: {deps: [a2, a2, a2, a2, a2, a2, a2, a2]}
  a2: {deps: [a3, a3, a3, a3, a3, a3, a3, a3]}
  a3: {deps: [a4, a4, a4, a4, a4, a4, a4, a4]}
  a4: {deps: [test, test, test, test, test, test]}
";

#[test]
fn tasks_of_a_taskfile() {
    check(
        "Taskfile.yml",
        TASKFILE,
        &[
            ("task test", "test"),
            ("task", "lint test"),
            ("task lint test", "lint test"),
            ("task both", "lint test"),
            ("task -s test", "test"),
            ("task lenient", "test~"),
            ("task one", "test~"),
            ("task nothing", ""),
            ("task --list", ""),
            ("task test || true", "test~"),
        ],
    );
    for name in [
        "kept",
        "state",
        "linux",
        "each",
        "other",
        "put",
        "round",
        "wide",
        "missing",
        "docs:test",
        "test X=1",
        "-d x test",
    ] {
        let found = judged(&[("Taskfile.yml", TASKFILE)], &format!("task {name}\n"));
        assert!(!found.is_empty() && found.split(' ').all(|one| one.ends_with('?')), "{name}: {found:?}");
    }
    for text in [
        "dotenv: [.env]\ntasks: {test: cargo test}\n",
        "env: {PATH: x}\ntasks: {test: cargo test}\n",
        "tasks: [",
        "- a\n",
    ] {
        let found = judged(&[("Taskfile.yml", text)], "task test");
        assert!(!found.is_empty() && found.split(' ').all(|one| one.ends_with('?')), "{text}: {found:?}");
    }
}

#[test]
fn scripts_around_a_script_may_be_left_out() {
    let plain = r#"{"scripts": {"check": "cargo test"}}"#;
    let around = r#"{"scripts": {"check": "true", "precheck": "cargo test"}}"#;
    assert_eq!(
        judged(&[("package.json", plain), (".npmrc", "ignore-scripts=true\nmin-release-age=7\n")], "npm run check"),
        "test"
    );
    assert_eq!(judged(&[("package.json", around)], "npm run check"), "test");
    let found = judged(&[("package.json", around), (".npmrc", "ignore-scripts=true\n")], "npm run check");
    assert!(!found.is_empty() && found.split(' ').all(|one| one.ends_with('?')), "{found:?}");
}

#[test]
fn a_generated_makefile_builds() {
    let after = |build: &str| judged(&[], &format!("mkdir build\ncd build\ncmake ..\n{build}\ncd ..\ncargo test"));
    for build in ["make", "make -j $(nproc)", "make -j4 all", "make -j"] {
        assert_eq!(after(build), "test", "{build}");
    }
    // A target of its own may be anything.
    for build in ["make check", "make -i", "make X=1", "make $(targets)", "make -f x"] {
        assert!(after(build).contains('?'), "{build}: {}", after(build));
    }
    assert!(judged(&[], "make -j4\ncargo test").contains('?'));
}

#[test]
fn scripts_of_composer() {
    const COMPOSER: &str = r#"{"scripts": {"check": "cargo test", "all": ["@check", "cargo clippy -- -D warnings"], "nothing": "echo no",
        "later": "cargo test || true", "class": "Own\\Tests::run", "env": ["@putenv A=b", "cargo test"], "round": "@round", "x": 3}}"#;
    check(
        "composer.json",
        COMPOSER,
        &[
            ("composer check", "test"),
            ("composer run check", "test"),
            ("composer run-script --no-interaction all", "test lint"),
            ("composer nothing", ""),
            ("composer later", "test~"),
        ],
    );
    for script in [
        "composer class",
        "composer env",
        "composer round",
        "composer x",
        "composer run missing",
        "composer check -- --x",
    ] {
        let found = judged(&[("composer.json", COMPOSER)], script);
        assert!(!found.is_empty() && found.split(' ').all(|one| one.ends_with('?')), "{script}: {found:?}");
    }
}

#[test]
fn scripts_of_python_tools() {
    const PYPROJECT: &str = r#"
[tool.hatch.envs.default.scripts]
check = ["- cargo fmt --check", "cargo test {args}"]
all = ["check", "cargo clippy -- -D warnings"]
pytest = "echo no"
[tool.hatch.envs.style.scripts]
check = "cargo clippy -- -D warnings"
[tool.pdm.scripts]
check = "cargo test"
table = { cmd = "cargo test", help = "x" }
many = { composite = ["check", "cargo clippy -- -D warnings"] }
env = { cmd = "cargo test", env_file = ".env" }
call = { call = "own:main" }
hooked = "cargo test"
pre_hooked = "echo x"
ruff = "true"
round = { composite = ["round"] }
[tool.poe.tasks]
check = "cargo test"
many = ["check"]
own = { script = "own:main" }
[tool.rye.scripts]
check = { chain = ["a"] }
a = { cmd = "cargo test" }
"#;
    check(
        "pyproject.toml",
        PYPROJECT,
        &[
            ("hatch run check", "format~ test"),
            ("hatch run all", "format~ test lint"),
            ("hatch run style:check", "lint"),
            ("hatch run pytest", ""),
            ("pdm run check", "test"),
            ("pdm run table", "test"),
            ("pdm run many", "test lint"),
            // A script of the name of a tool takes its place.
            ("pdm run ruff", ""),
            ("poe check", "test"),
            ("poetry run poe many", "test"),
            ("rye run check", "test"),
        ],
    );
    for script in [
        "pdm run env",
        "pdm run call",
        "pdm run hooked",
        "pdm run round",
        "poe own",
        "pdm run check -x",
        "hatch run all x",
    ] {
        let found = judged(&[("pyproject.toml", PYPROJECT)], script);
        assert!(!found.is_empty() && found.split(' ').all(|one| one.ends_with('?')), "{script}: {found:?}");
    }
    check(
        "pixi.toml",
        "[tasks]\ncheck = \"cargo test\"\nall = { depends-on = [\"check\"] }\n",
        &[("pixi run check", "test"), ("pixi run all", "test")],
    );
}
