//! Each habit, and what is like it and safe.

use super::*;
use crate::workflow;

/// The rules of a workflow with these steps, without those that another test is about.
fn check(on: &str, steps: &str, expected: &[&str]) {
    let text = format!(
        "on: {on}\njobs:\n  a:\n    runs-on: ubuntu-latest\n    strategy: {{matrix: {{x: [a, b]}}}}\n    env: {{SET: plain}}\n    steps:\n{steps}"
    );
    let pipeline = workflow(&text, &[]).unwrap_or_else(|error| panic!("{error}: {text}"));
    let mut found: Vec<&str> = find(&pipeline, on.contains("target")).iter().map(|danger| danger.rule).collect();
    found.dedup();
    assert_eq!(found, expected, "{on} {steps}");
}

#[test]
fn a_token_that_stays_is_told() {
    for (step, expected) in [
        ("uses: actions/checkout@v4", &["persisted-credentials"][..]),
        ("{uses: actions/checkout@v4, with: {fetch-depth: 0}}", &["persisted-credentials"]),
        ("{uses: Actions/Checkout@v4}", &["persisted-credentials"]),
        ("{uses: actions/checkout@v4, with: {persist-credentials: false}}", &[]),
        ("{uses: actions/checkout@v4, with: {persist-credentials: true}}", &[]),
        ("uses: actions/setup-go@v5", &[]),
    ] {
        check("push", &format!("      - {step}\n"), expected);
    }
    let text = "on: push\njobs:\n  a:\n    runs-on: x\n    steps:\n      - uses: actions/checkout@v4\n      - {uses: actions/upload-artifact@v4, with: {path: .}}\n";
    let found = find(&workflow(text, &[]).unwrap(), false);
    assert_eq!((found[0].severity, found[0].line), ("medium", Some(6)));
}

#[test]
fn a_cache_matters_where_something_is_released() {
    let tag = "{push: {tags: ['v*']}}";
    for (on, step, expected) in [
        (tag, "uses: actions/cache@v4", &["cache-poisoning"][..]),
        ("release", "uses: swatinem/rust-cache@v2", &["cache-poisoning"]),
        ("{push: {branches: [release]}}", "uses: actions/setup-go@v5", &["cache-poisoning"]),
        ("[push, release]", "{uses: actions/setup-python@v5, with: {cache: pip}}", &["cache-poisoning"]),
        (
            "workflow_dispatch",
            "uses: goreleaser/goreleaser-action@v6\n      - uses: actions/setup-go@v5",
            &["cache-poisoning"],
        ),
        (
            "push",
            "{uses: docker/build-push-action@v6, with: {push: true}}\n      - uses: actions/cache@v4",
            &["cache-poisoning"],
        ),
        (tag, "{uses: actions/cache@v4, with: {lookup-only: true}}", &[]),
        (tag, "{uses: actions/setup-go@v5, with: {cache: false}}", &[]),
        (tag, "uses: actions/setup-python@v5", &[]),
        (tag, "uses: other/cache@v4", &[]),
        ("push", "uses: actions/cache@v4", &[]),
        ("push", "{uses: docker/build-push-action@v6, with: {push: false}}\n      - uses: actions/cache@v4", &[]),
    ] {
        check(on, &format!("      - {step}\n"), expected);
    }
}

#[test]
fn an_expression_in_a_script_is_told_where_its_text_is_not_the_files() {
    for (expression, told) in [
        ("github.ref_name", true),
        ("github.actor", true),
        ("inputs.x", true),
        ("steps.a.outputs.b", true),
        ("needs.a.outputs.b", true),
        ("toJson(needs)", true),
        ("env.NOT_SET", true),
        ("vars.X", true),
        ("a b c", true),
        ("matrix.x", false),
        ("env.SET", false),
        ("github.sha", false),
        ("github.event.pull_request.number", false),
        ("runner.os", false),
        ("secrets.X", false),
        ("steps.a.outcome", false),
        ("needs.a.result", false),
        ("hashFiles('x')", false),
        ("'text'", false),
    ] {
        let expected: &[&str] = if told { &["expression-in-script"] } else { &[] };
        check("push", &format!("      - run: echo \"${{{{ {expression} }}}}\"\n"), expected);
    }
}

#[test]
fn what_is_written_for_later_steps_is_told_where_strangers_are() {
    for (on, script, told) in [
        ("pull_request_target", "echo \"A=$(cat x)\" >> $GITHUB_ENV", true),
        ("pull_request_target", "cat x >> \"$GITHUB_PATH\"", true),
        ("pull_request_target", "echo \"A=$X\" | tee -a $GITHUB_ENV", true),
        ("pull_request_target", "echo A=b >> $GITHUB_ENV", false),
        ("pull_request_target", "echo $GITHUB_ENV", false),
        ("push", "echo \"A=$(cat x)\" >> $GITHUB_ENV", false),
    ] {
        let expected: &[&str] = if told { &["environment-file"] } else { &[] };
        check(on, &format!("      - run: |\n          {script}\n"), expected);
    }
}

#[test]
fn packages_by_the_way_are_told() {
    for (script, told) in [
        ("npm install -g pnpm", true),
        ("sudo gem install bundler", true),
        ("pip install build && python -m build", true),
        ("python -m pip install --upgrade pip", true),
        ("go install example.org/x@latest", true),
        ("cargo install x", true),
        ("npm install", false),
        ("npm ci", false),
        ("pip install -r requirements.txt", false),
        ("pip install .", false),
        ("pip install -e .", false),
        ("go install ./cmd/x", false),
        ("go install example.org/x@v1.2.3", false),
        ("cargo install --locked x", false),
        ("cargo install --path .", false),
        ("echo pip install x", false),
    ] {
        let expected: &[&str] = if told { &["adhoc-packages"] } else { &[] };
        check("push", &format!("      - run: |\n          {script}\n"), expected);
    }
}

#[test]
fn names_that_look_like_others_are_told() {
    for (action, expected) in [
        ("action/checkout", Some("actions/checkout")),
        ("actoins/checkout", Some("actions/checkout")),
        ("actions-/checkout", Some("actions/checkout")),
        ("dockerr/login-action", Some("docker/login-action")),
        ("actions/chekout", Some("actions/checkout")),
        ("actions/checkout", None),
        ("actions/cache", None),
        ("acme/checkout", None),
        ("my-actions/checkout", None),
        ("docker/bake-action", None),
        ("checkout", None),
    ] {
        assert_eq!(looks_like(action), expected, "{action}");
    }
    check("push", "      - uses: action/cache@v4\n", &["look-alike-action"]);
    check("push", "      - uses: actions-rs/toolchain@v1\n", &["abandoned-action"]);
}
