//! What is understood of a pipeline, and what is not.

use crate::readers::{AZURE, told};

fn check(text: &str, expected: &[&str]) {
    let files = [
        (
            "ci/steps.yml",
            "parameters: [{name: what, default: test}]\nsteps: [{script: 'cargo ${{ parameters.what }}'}]\n",
        ),
        ("ci/jobs.yml", "jobs: [{job: t, pool: {vmImage: ubuntu-latest}, steps: [{template: steps.yml}]}]\n"),
        ("ci/loop.yml", "steps: [{template: loop.yml}, {template: loop.yml}]\n"),
    ];
    assert_eq!(told(AZURE, "azure-pipelines.yml", text, &files), expected, "{text}");
}

/// A job that tests, behind lines for the whole pipeline.
fn on(top: &str, expected: &str) {
    check(&format!("{top}\npool: {{vmImage: ubuntu-latest}}\nsteps: [{{script: cargo test}}]\n"), &[expected]);
}

#[test]
fn what_the_file_says_of_its_start_counts() {
    for (top, expected) in [
        ("trigger: [main]", "job: test!-"),
        ("trigger: none\npr: ['*']", "job: test!-"),
        ("pr: {branches: {include: [master]}}", "job: test!-"),
        ("trigger: {branches: {include: ['*'], exclude: [gh-pages]}, paths: {exclude: [docs]}}", "job: test!-"),
        ("trigger: {branches: {include: [main]}, paths: {include: [src]}}", "job: test!-"),
        ("trigger: [refs/heads/main]", "job: test!-"),
        ("trigger: [releases/*]\npr: none", "job: test--"),
        ("trigger: {paths: {include: [docs]}}\npr: none", "job:"),
        ("trigger: none\npr: none", "job:"),
        ("trigger: {tags: {include: ['v*']}}\npr: none", "job: test?-"),
        ("trigger: ['${{ parameters.x }}']\npr: none", "job: test?-"),
        ("trigger: main", "job: test?-"),
        ("name: x", "job: test?-"),
        ("trigger: none", "job: test?-"),
        ("trigger: none\npr: none\nschedules: [{cron: '0 0 * * *', branches: {include: [main]}}]", "job: test-!"),
        ("trigger: none\npr: none\nschedules: [{cron: '0 0 30 2 *'}]", "job:"),
    ] {
        on(top, expected);
    }
}

#[test]
fn a_step_counts_where_it_surely_runs_and_fails() {
    for (steps, expected) in [
        ("{script: cargo test}", "job: test!-"),
        ("{bash: cargo test}", "job: test!-"),
        ("{script: \"cargo build\\ncargo test\"}", "job: test!-"),
        ("{script: cargo test, condition: succeeded()}", "job: test!-"),
        ("{checkout: self}, {script: cargo test}", "job: test!-"),
        ("{task: Bash@3, inputs: {targetType: inline, script: cargo test}}", "job: test!-"),
        ("{task: CmdLine@2, inputs: {script: cargo test}}", "job: test!-"),
        ("{task: UsePythonVersion@0}, {script: cargo test}", "job: test!-"),
        ("{script: cargo test, env: {X: y}}", "job: test!-"),
        ("{script: cargo test, workingDirectory: $(Build.SourcesDirectory)}", "job: test!-"),
        ("{template: ci/steps.yml}", "job: test!-"),
        ("{template: /ci/steps.yml, parameters: {what: clippy -- -D warnings}}", "job: lint!-"),
        // The script goes on behind what fails.
        ("{script: \"cargo test\\necho x\"}", "job: test--"),
        ("{script: \"set -e\\ncargo test\\necho x\"}", "job: test!-"),
        ("{script: cargo test, continueOnError: true}", "job: test--"),
        ("{script: cargo test, continueOnError: '${{ x }}'}", "job: test?-"),
        ("{script: cargo test, enabled: false}", "job:"),
        ("{script: cargo test, condition: failed()}", "job:"),
        ("{script: cargo test, condition: \"eq(variables['x'], 'y')\"}", "job: test?-"),
        ("{'${{ if x }}': [{script: cargo test}]}", "job: test?-"),
        ("{checkout: none}, {script: cargo fmt --check}", "job: format!-"),
        ("{checkout: self}, {checkout: other}, {script: cargo test}", "job: any?- test?-"),
        ("{script: cargo test, workingDirectory: /other}", "job: test?-"),
        ("{script: cargo test, env: {RUSTFLAGS: x, CARGO_TARGET_DIR: x, CARGO_BUILD_RUSTC_WRAPPER: y}}", "job: test?-"),
        ("{script: 'cargo $(what)'}", "job: any?-"),
        ("{task: Own@1}", "job: any?-"),
        ("{task: Bash@3, inputs: {filePath: x.sh}}", "job: any?-"),
    ] {
        check(&format!("trigger: [main]\npool: {{vmImage: ubuntu-latest}}\nsteps: [{steps}]\n"), &[expected]);
    }
    check(
        "trigger: [main]\nsteps: [{template: other.yml}, {template: x.yml@templates}, {script: cargo test}]\n",
        &[
            "job: any?- test!-",
            "gap: the template other.yml: no such file",
            "gap: the template x.yml@templates: it is not in this repository",
        ],
    );
    // A template that has itself as a part ends.
    assert!(
        told(
            AZURE,
            "azure-pipelines.yml",
            "trigger: [main]\nsteps: [{template: ci/loop.yml}]\n",
            &[("ci/loop.yml", "steps: [{template: loop.yml}, {template: loop.yml}]\n")]
        )
        .len()
            > 1
    );
    // On Windows `cmd` decides, and which machine it is may not be known.
    for (pool, expected) in [("{vmImage: windows-2022}", "job: any?- test?-"), ("{name: own}", "job: any?- test?-")] {
        check(
            &format!("trigger: [main]\npool: {pool}\nsteps: [{{script: \"cargo build\\ncargo test\"}}]\n"),
            &[expected],
        );
    }
}

#[test]
fn stages_and_jobs_wait_for_those_before() {
    let stage = |name: &str, more: &str| {
        format!(
            "{{stage: {name}{more}, jobs: [{{job: t, pool: {{vmImage: ubuntu-latest}}, steps: [{{script: cargo test}}]}}]}}"
        )
    };
    for (first, second, expected) in [
        ("", "", ["a/t: test!-", "b/t: test!-"]),
        (", condition: \"eq(variables['x'], 'y')\"", "", ["a/t: test?-", "b/t: test?-"]),
        (", condition: \"eq(variables['x'], 'y')\"", ", dependsOn: []", ["a/t: test?-", "b/t: test!-"]),
        (", condition: \"eq(variables['x'], 'y')\"", ", dependsOn: a", ["a/t: test?-", "b/t: test?-"]),
        ("", ", dependsOn: none", ["a/t: test!-", "b/t: test?-"]),
        ("", ", trigger: manual", ["a/t: test!-", "b/t: test--"]),
        (
            "",
            ", condition: \"and(succeeded(), ne(variables['Build.Reason'], 'PullRequest'))\"",
            ["a/t: test!-", "b/t: test!-"],
        ),
    ] {
        check(
            &format!("trigger: [main]\npr: none\nstages: [{}, {}]\n", stage("a", first), stage("b", second)),
            &expected,
        );
    }
    let text = "trigger: [main]\npr: [main]\njobs:\n- {job: t, pool: {vmImage: ubuntu-latest}, condition: \"ne(variables['Build.Reason'], 'PullRequest')\", steps: [{script: cargo test}]}\n- {deployment: d, strategy: {runOnce: {deploy: {steps: [{script: cargo test}]}}}}\n- {template: ci/jobs.yml}\n- {job: u, dependsOn: t, pool: {vmImage: ubuntu-latest}, steps: [{script: cargo test}]}\n";
    check(text, &["t: test--", "d: test?-", "t (2): test!-", "u: test--"]);
}

#[test]
fn what_is_no_pipeline_is_refused() {
    check("a: b\n", &["error: it has no stages, jobs or steps"]);
    check("[x]\n", &["error: it has no stages, jobs or steps"]);
}

#[test]
fn doubtful_switches_leave_it_open() {
    let pool = "trigger: [main]\npool: {vmImage: ubuntu-latest}\n";
    for step in [
        "{script: cargo test, enabled: 'false'}",
        "{script: cargo test, enabled: no}",
        "{script: cargo test, '${{ if true }}': {continueOnError: true}}",
        "{pwsh: cargo test, ignoreLASTEXITCODE: true}",
    ] {
        let text = format!("{pool}steps: [{step}]\n");
        check(&text, &["job: test?-"]);
    }
    check(&format!("{pool}steps: [{{script: cargo test, enabled: true}}]\n"), &["job: test!-"]);
}
