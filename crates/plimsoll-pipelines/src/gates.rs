//! Checks that never run, or whose failure is let pass, gate nothing.

use super::*;

/// Does the first job that tests do so for every change, and does the change fail with it?
fn gates(text: &str) -> bool {
    let pipeline = workflow(text, &["src/lib.rs"]).unwrap_or_else(|error| panic!("{error}: {text}"));
    pipeline.jobs.iter().filter_map(|job| purposes::of(job).get("test").copied()).any(|weight| weight.gates)
}

fn check(change: impl Fn(&str) -> String, expected: bool) {
    let text = change(
        "on: [push, pull_request]\njobs:\n  test:\n    runs-on: ubuntu-latest\n    steps:\n      - uses: actions/checkout@v4\n      - run: cargo test\n",
    );
    assert_eq!(gates(&text), expected, "{text}");
}

fn job(line: &str, expected: bool) {
    check(|base| base.replace("    runs-on", &format!("    {line}\n    runs-on")), expected);
}

fn step(line: &str, expected: bool) {
    check(|base| format!("{base}        {line}\n"), expected);
}

fn on(events: &str, expected: bool) {
    check(|base| base.replace("on: [push, pull_request]", &format!("on:\n  {events}")), expected);
}

fn needs(other: &str, own: &str, expected: bool) {
    let other = format!("jobs:\n  other:\n    {other}\n    runs-on: x\n    steps: []\n");
    check(
        |base| base.replace("jobs:\n", &other).replace("  test:\n", &format!("  test:\n    needs: other\n    {own}\n")),
        expected,
    );
}

#[test]
fn a_plain_job_gates() {
    check(ToOwned::to_owned, true);
    for line in [
        "if: always()",
        "if: ${{ !cancelled() }}",
        "if: github.event_name == 'push' || github.event_name == 'pull_request'",
        "if: github.event_name != 'schedule'",
        "strategy: {matrix: {rust: [stable, nightly]}}\n    continue-on-error: ${{ matrix.rust == 'nightly' }}",
        "needs: []",
    ] {
        job(line, true);
    }
    for line in
        ["if: success()", "if: ${{ always() }}", "shell: bash", "if: runner.os == 'Linux'", "continue-on-error: false"]
    {
        step(line, true);
    }
    for events in [
        "push:",
        "pull_request:",
        "push:\n    branches: ['**']",
        "push:\n    branches: [main, 'feature/**']",
        "push:\n    branches: [main]\n  pull_request:\n    branches: [main]",
        "push:\n    paths-ignore: ['**.md']",
        "merge_group:",
    ] {
        on(events, true);
    }
    needs("name: x", "name: y", true);
    needs("if: false", "if: always()", true);
    let matrix = "strategy: {matrix: {rust: [stable, nightly]}}\n    ";
    check(
        |base| base.replace("    runs-on", &format!("    {matrix}runs-on")) + "        if: matrix.rust == 'stable'\n",
        true,
    );
}

#[test]
fn a_job_that_does_not_surely_run_gates_nothing() {
    for line in [
        "if: false",
        "if: ${{ false && true }}",
        "if: github.repository == 'nobody/none'",
        "if: contains(github.event.pull_request.labels.*.name, 'run-ci')\n    name: x",
        "if: github.event_name == 'workflow_dispatch'",
        "if: github.event_name == 'push' && startsWith(github.ref, 'refs/heads/release-never')",
        "if: github.actor == 'nobody'",
        "if: startsWith(github.ref, 'refs/tags/')",
        "if: vars.TEST == 'true'",
        "if: not understood",
        "continue-on-error: true",
        "continue-on-error: ${{ inputs.lenient || vars.X }}",
        "strategy: {matrix: {rust: [nightly]}}\n    continue-on-error: ${{ matrix.rust == 'nightly' }}",
        "defaults: {run: {shell: 'bash {0}'}}",
    ] {
        job(line, false);
    }
    needs("if: false", "name: y", false);
    needs("if: github.repository == 'nobody/none'", "name: y", false);
    needs("if: false", "if: success()", false);
    needs("name: x", "if: needs.other.outputs.changed == 'true'", false);
}

#[test]
fn a_job_that_leaves_drafts_out_is_for_some_changes() {
    // Whether it gates, and whether it may.
    let found = |on: &str, condition: &str| {
        let text = format!(
            "on: {on}\njobs:\n  test:\n    if: {condition}\n    runs-on: ubuntu-latest\n    steps:\n      - uses: actions/checkout@v4\n      - run: cargo test\n"
        );
        let pipeline = workflow(&text, &["src/lib.rs"]).unwrap();
        let weight = purposes::of(&pipeline.jobs[0])["test"];
        (weight.gates, weight.may_gate, weight.named)
    };
    let ready = "{pull_request: {types: [opened, synchronize, reopened, ready_for_review]}}";
    for (on, condition, expected) in [
        ("[push, pull_request]", "github.event.pull_request.draft == false", (true, false, true)),
        (ready, "github.event.pull_request.draft == false", (true, false, true)),
        (ready, "'!github.event.pull_request.draft'", (true, false, true)),
        // Partly: the tests are there, and drafts that are made ready pass by them.
        ("pull_request", "github.event.pull_request.draft == false", (false, false, true)),
        ("pull_request", "'!github.event.pull_request.draft'", (false, false, true)),
        ("pull_request", "github.event.pull_request.draft", (false, true, true)),
        ("pull_request", "github.event.pull_request.draft == false && vars.X", (false, true, true)),
    ] {
        assert_eq!(found(on, condition), expected, "{on} {condition}");
    }
}

#[test]
fn a_step_that_does_not_surely_run_gates_nothing() {
    for line in [
        "if: github.event_name == 'workflow_dispatch'",
        "if: github.actor == 'nobody'",
        "if: failure()",
        "if: steps.x.outputs.y == 'true'",
        "if: runner.os == 'Windows'",
        "if: matrix.rust == 'stable'",
        "continue-on-error: true",
        "continue-on-error: ${{ true }}",
        "shell: bash {0}",
        "shell: python",
        "background: true",
    ] {
        step(line, false);
    }
}

#[test]
fn an_event_that_leaves_changes_out_gates_nothing() {
    for events in [
        "push:\n    branches: [never-exists]",
        // By then the change is taken.
        "push:\n    branches: [main]",
        "push:\n    branches: [main, master]\n  workflow_dispatch:",
        "push:\n    branches: [main, 'release/**']",
        "push:\n    branches: ['**', '!topic', '!*/a']",
        "pull_request:\n    types: [closed]",
        "push:\n    paths-ignore: ['**']",
        "push:\n    branches-ignore: ['**']",
        "push:\n    paths: ['docs/src/**']",
        "push:\n    tags-ignore: [x]\n    branches: []",
        "pull_request_target:",
        "schedule:\n    - cron: 0 0 * * *",
        "workflow_dispatch:",
    ] {
        on(events, false);
    }
    // Each event is judged with the conditions that hold for it.
    check(
        |base| {
            base.replace("[push, pull_request]", "[push, workflow_dispatch]")
                .replace("    runs-on", "    if: github.event_name == 'pull_request'\n    runs-on")
        },
        false,
    );
}

/// Is a check by the clock sure (`Some(true)`), not known, or none?
fn by_the_clock(schedule: &str) -> Option<bool> {
    let text = format!(
        "on:\n  push:\n  schedule: {schedule}\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - uses: actions/checkout@v4\n      - run: cargo test\n"
    );
    let pipeline = workflow(&text, &["src/lib.rs"]).unwrap_or_else(|error| panic!("{error}: {text}"));
    let weight = purposes::of(&pipeline.jobs[0])["test"];
    assert!(weight.gates && pipeline.scheduled == weight.scheduled, "{text}");
    if weight.may_be_scheduled && !weight.scheduled { None } else { Some(weight.scheduled) }
}

#[test]
fn what_one_event_lets_pass_is_no_gate_of_every_change() {
    for line in [
        "continue-on-error: ${{ github.event_name == 'pull_request' }}",
        "continue-on-error: ${{ github.event_name == 'push' }}",
        "continue-on-error: ${{ vars.X == 'y' }}",
    ] {
        job(line, false);
        step(line, false);
    }
    step("continue-on-error: ${{ github.event_name == 'schedule' }}", true);
    step("continue-on-error: ${{ false }}", true);
}

#[test]
fn a_clock_that_never_strikes_schedules_nothing() {
    for (schedule, expected) in [
        ("[{cron: '0 4 * * 1'}]", Some(true)),
        ("[{cron: '0 0 30 2 *'}, {cron: '*/15 * * * *'}]", Some(true)),
        ("[{cron: '0 0 30 2 *'}]", Some(false)),
        ("[{cron: '0 0 31 4,6 *'}]", Some(false)),
        ("[{cron: '61 0 * * *'}]", Some(false)),
        ("[]", Some(false)),
        ("[{cron: '@daily'}]", None),
        ("[{cron: '* * *'}]", None),
        ("[{cron: ''}]", None),
        ("[{cron: '0 4 * * 1'}, {cron: 'daily'}]", None),
        ("~", None),
    ] {
        assert_eq!(by_the_clock(schedule), expected, "{schedule}");
    }
}

#[test]
fn what_nothing_starts_serves_no_purpose() {
    for (on, expected) in [
        ("{push: {tags: ['v*']}}", true),
        ("{push: {tags: ['!**']}, workflow_dispatch: }", true),
        ("{push: {tags: ['!**']}}", false),
        ("{push: {branches: ['!main']}}", false),
        ("{schedule: [{cron: '0 0 30 2 *'}]}", false),
    ] {
        let text = format!(
            "on: {on}\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - uses: actions/checkout@v4\n      - run: cargo cyclonedx\n"
        );
        let pipeline = workflow(&text, &["src/lib.rs"]).unwrap_or_else(|error| panic!("{error}: {text}"));
        let found = purposes::found(&pipeline.jobs[0], &super::tree::Empty, &purposes::Local::default());
        assert_eq!(found.weights.contains_key("sbom"), expected, "{on}");
    }
}
