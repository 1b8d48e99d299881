//! What is understood of lists of commands.

use crate::readers::{APPVEYOR, BITBUCKET, Read, SOURCEHUT, TRAVIS, told};

fn check(read: Read, text: &str, expected: &[&str]) {
    assert_eq!(told(read, ".builds/linux.yml", text, &[]), expected, "{text}");
}

#[test]
fn travis_may_run() {
    check(TRAVIS, "language: rust\nscript: [cargo test, cargo clippy -- -D warnings]\n", &["script: lint?? test??"]);
    check(
        TRAVIS,
        "script: cargo test\njobs: {include: [{name: l, script: cargo audit}]}\n",
        &["script: test??", "l (1): audit??"],
    );
    check(TRAVIS, "language: rust\n", &["script: any??"]);
    check(TRAVIS, "env: [A=b]\nscript: cargo test\n", &["script: test??"]);
    check(TRAVIS, "script: cargo test || true\n", &["script: test--"]);
    check(TRAVIS, "[x]\n", &["error: it is not a table"]);
}

#[test]
fn what_appveyor_runs_is_not_known_whole() {
    for (text, expected) in [
        ("test_script: [cargo test]\n", "build: test?-"),
        ("test_script: [cmd: cargo test]\n", "build: test?-"),
        ("test_script: [sh: cargo test]\nbuild: off\n", "build: test?-"),
        ("branches: {only: [main]}\ntest_script: cargo test\n", "build: test?-"),
        ("branches: {only: [release]}\ntest_script: cargo test\n", "build: test--"),
        ("branches: {except: [main]}\ntest_script: cargo test\n", "build: test?-"),
        ("skip_commits: {files: ['*']}\ntest_script: cargo test\n", "build: test?-"),
        ("matrix: {allow_failures: [{x: y}]}\ntest_script: cargo test\n", "build: test?-"),
        ("environment: {A: b}\ntest_script: cargo test\n", "build: test?-"),
        ("clone_script: x\ntest_script: cargo fmt --check\n", "build: format?-"),
        ("build_script: cargo build\n", "build: any?-"),
        ("[x]\n", "error: it is not a table"),
    ] {
        check(APPVEYOR, text, &[expected]);
    }
}

#[test]
fn bitbucket_runs_by_branch() {
    for (pipelines, expected) in [
        ("default: [{step: {name: t, script: [cargo test]}}]", "default: t (1): test!-"),
        ("pull-requests: {'**': [{step: {name: t, script: [cargo test]}}]}", "pull-requests **: t (1): test!-"),
        ("branches: {main: [{step: {name: t, script: [cargo test]}}]}", "branches main: t (1): test-?"),
        ("branches: {x: [{step: {name: t, script: [cargo test]}}]}", "branches x: t (1): test-?"),
        ("tags: {x: [{step: {name: t, script: [cargo test]}}]}", "tags x: t (1): test-?"),
        ("default: [{parallel: [{step: {name: t, script: [cargo test]}}]}]", "default: t (1): test!-"),
        ("default: [{step: {name: t, trigger: manual, script: [cargo test]}}]", "default: t (1): test--"),
        ("default: [{step: {name: t, condition: {x: y}, script: [cargo test]}}]", "default: t (1): test?-"),
        (
            "default: [{step: {name: t, clone: {enabled: false}, script: [cargo fmt --check]}}]",
            "default: t (1): format!-",
        ),
        ("default: [{step: {name: t, on-fail: {strategy: ignore}, script: [cargo test]}}]", "default: t (1): test--"),
        ("default: [{step: {name: t, script: [pipe: x/y:1]}}]", "default: t (1): any?-"),
    ] {
        check(BITBUCKET, &format!("pipelines: {{{pipelines}}}\n"), &[expected]);
    }
    check(BITBUCKET, "a: b\n", &["error: it has no pipelines"]);
}

#[test]
fn sourcehut_may_run() {
    check(SOURCEHUT, "image: alpine/edge\ntasks: [test: cargo test]\n", &["linux: test??"]);
    check(
        SOURCEHUT,
        "sources: ['https://git.sr.ht/~x/widget']\ntasks: [{test: \"cd widget\\ncargo test\\n\"}]\n",
        &["linux: test??"],
    );
    check(SOURCEHUT, "a: b\n", &["error: it has no tasks"]);
}
