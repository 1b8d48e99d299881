//! What is understood of a workflow, and what is not.

use crate::readers::{DRONE, WOODPECKER, told};

fn check(text: &str, expected: &str) {
    assert_eq!(told(WOODPECKER, ".woodpecker/a.yml", text, &[]), [expected], "{text}");
}

#[test]
fn a_workflow_gates_by_its_events() {
    let steps = "steps: [{name: t, image: rust, commands: [cargo test]}]\n";
    for (when, expected) in [
        ("", "a: test!?"),
        ("when: [{event: [push, pull_request]}]\n", "a: test!-"),
        ("when: {event: pull_request}\n", "a: test!-"),
        // By then it is taken.
        ("when: [{event: push, branch: main}, {event: tag}]\n", "a: test--"),
        ("when: [{event: [push, pull_request], branch: main}]\n", "a: test!-"),
        ("when: {branch: {exclude: [gh-pages]}}\n", "a: test!?"),
        ("when: {event: pull_request, path: {include: ['src/**']}}\n", "a: test!-"),
        ("when: {event: push, status: [success, failure]}\n", "a: test!-"),
        ("when: {event: {exclude: tag}}\n", "a: test!?"),
        ("when: {event: cron, cron: nightly}\n", "a: test-?"),
        ("when: {event: tag}\n", "a:"),
        ("when: {event: push, branch: release}\n", "a: test--"),
        ("when: {event: pull_request, path: 'docs/**'}\n", "a:"),
        ("when: {event: push, path: 'src/{a,b}.rs'}\n", "a: test?-"),
        ("when: {event: push, evaluate: 'x'}\n", "a: test?-"),
        ("when: {event: push, repo: x/y}\n", "a: test?-"),
        ("when: {event: push, status: failure}\n", "a:"),
        ("when: x\n", "a: test??"),
        ("depends_on: [b]\n", "a: test??"),
        ("skip_clone: true\n", "a: test!?"),
        ("clone: {git: {image: own}}\n", "a: any?? test??"),
        ("clone: {git: {image: woodpeckerci/plugin-git}}\n", "a: test!?"),
        ("matrix: {VERSION: [a, b]}\n", "a: test!?"),
    ] {
        check(&format!("{when}{steps}"), expected);
    }
    // What two conditions say has to be about the same event.
    check("when: {event: pull_request}\nsteps: [{image: rust, when: {event: push}, commands: [cargo test]}]\n", "a:");
    check("when: {event: push}\npipeline: {t: {image: rust, commands: [cargo test]}}\n", "a: test!-");
}

#[test]
fn a_step_counts_where_it_fails() {
    for (step, expected) in [
        ("commands: [cargo build, cargo test]", "a: test!-"),
        ("commands: cargo test, environment: {X: y}", "a: test!-"),
        ("commands: ['cargo test || true']", "a: test--"),
        ("commands: [cargo test], failure: ignore", "a: test--"),
        ("commands: [cargo test], detach: true", "a: test--"),
        ("commands: [cargo test], entrypoint: [python]", "a: any?- test?-"),
        ("commands: [cargo test], directory: /other", "a: test?-"),
        ("commands: [cargo test], environment: ['RUSTC_WRAPPER=x']", "a: test?-"),
        ("settings: {x: y}", "a: any?-"),
    ] {
        check(&format!("when: {{event: push}}\nsteps: [{{image: rust, {step}}}]\n"), expected);
    }
    check("a: b\n", "error: it has no steps");
}

#[test]
fn each_document_of_drone_is_a_pipeline() {
    let step = "steps: [{image: rust, commands: [cargo test]}]";
    let check = |text: &str, expected: &[&str]| assert_eq!(told(DRONE, ".drone.yml", text, &[]), expected, "{text}");
    check(
        &format!(
            "kind: pipeline\n{step}\n---\nkind: pipeline\nname: b\ntrigger: {{event: [pull_request]}}\ndepends_on: [default]\n{step}\n---\nkind: secret\n"
        ),
        &["default: test!?", "b: test!-"],
    );
    check(&format!("kind: pipeline\ntype: exec\n{step}\n"), &["default: any?? test??"]);
    check(&format!("kind: pipeline\nclone: {{disable: true}}\n{step}\n"), &["default: test!?"]);
    check(
        &format!("kind: template\n---\nkind: pipeline\nname: b\n{step}\n"),
        &["b: test!?", "gap: a part of it is not understood"],
    );
    check("a: b\n", &["error: it has no pipelines"]);
    check("kind: secret\n", &["error: it has no pipelines"]);
}

#[test]
fn a_workflow_for_failures_is_none_for_changes() {
    let steps = "steps: [{name: t, image: rust, commands: [cargo test]}]\n";
    check(&format!("runs_on: [failure]\n{steps}"), "a: test??");
    check(&format!("x: &x {{event: tag}}\nwhen: {{<<: *x}}\n{steps}"), "a:");
}
