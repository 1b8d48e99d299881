//! What is understood of a configuration, and what is not.

use crate::readers::{CIRCLECI, told};

fn check(text: &str, expected: &[&str]) {
    assert_eq!(told(CIRCLECI, ".circleci/config.yml", text, &[]), expected, "{text}");
}

/// One job that tests, with lines in place of `JOB`, `STEP` and `USE`.
fn with(job: &str, step: &str, used: &str, expected: &str) {
    let text = format!(
        "version: 2.1\njobs:\n  a:\n    docker: [{{image: 'rust:1'}}]\n{job}    steps:\n      - checkout\n      - run:\n          command: cargo test\n{step}workflows:\n  all:\n    jobs:\n      - a{used}\n"
    );
    check(&text, &[expected]);
}

#[test]
fn every_push_is_built() {
    with("", "", "", "a: test!-");
    check("version: 2\njobs: {build: {machine: true, steps: [checkout, {run: cargo test}]}}\n", &["build: test!-"]);
    check(
        "jobs: {a: {docker: [{image: x}], steps: [checkout, run: 'cargo test', run: 'cargo clippy -- -D warnings']}}\nworkflows: {w: {jobs: [a]}}\n",
        &["a: lint!- test!-"],
    );
}

#[test]
fn a_job_that_does_not_surely_run_gates_nothing() {
    for (used, expected) in [
        // By then it is taken.
        (":\n          filters: {branches: {only: [main]}}\n", "a: test--"),
        (":\n          filters: {branches: {only: [main, /feature.*/]}}\n", "a: test!-"),
        (":\n          filters: {branches: {only: /ma.*/}}\n", "a: test--"),
        (":\n          filters: {branches: {ignore: gh-pages}}\n", "a: test!-"),
        (":\n          filters: {tags: {only: /.*/}}\n", "a: test!-"),
        (":\n          filters: {branches: {only: release}}\n", "a: test--"),
        (":\n          filters: {branches: {ignore: /.*/}, tags: {only: /v.*/}}\n", "a:"),
        (":\n          filters: {branches: {ignore: main}}\n", "a: test--"),
        (":\n          filters: {branches: {only: '/(/'}}\n", "a: test?-"),
        (":\n          filters: << pipeline.parameters.x >>\n", "a: test?-"),
        (":\n          requires: [none]\n", "a: test?-"),
        (":\n          requires: [{b: [failed]}]\n", "a: test?-"),
    ] {
        with("", "", used, expected);
    }
    check(
        "jobs: {a: {docker: [{image: x}], steps: [checkout, run: cargo test]}}\nworkflows: {w: {jobs: [hold: {type: approval}, a: {requires: [hold]}]}}\n",
        &["hold:", "a: test--"],
    );
    for (condition, expected) in [
        ("when: true", "a: test!-"),
        ("when: << pipeline.parameters.on >>", "a: test!-"),
        ("when: << pipeline.parameters.off >>", "a:"),
        ("unless: << pipeline.parameters.off >>", "a: test!-"),
        ("when: {not: << pipeline.parameters.off >>}", "a: test!-"),
        ("when: {and: [true, << pipeline.parameters.off >>]}", "a:"),
        ("when: {equal: [webhook, << pipeline.trigger_source >>]}", "a: test!-"),
        ("when: {equal: [scheduled_pipeline, << pipeline.trigger_source >>]}", "a: test-?"),
        ("when: {equal: [main, << pipeline.git.branch >>]}", "a: test?-"),
        ("when: {matches: {pattern: x, value: y}}", "a: test?-"),
        ("when: << pipeline.parameters.none >>", "a: test?-"),
        ("triggers: [{schedule: {cron: '0 0 * * *', filters: {branches: {only: main}}}}]", "a: test-!"),
        ("triggers: [{schedule: {cron: '0 0 30 2 *'}}]", "a:"),
        ("triggers: [{schedule: {cron: daily}}]", "a: test-?"),
    ] {
        check(
            &format!(
                "parameters: {{on: {{type: boolean, default: true}}, off: {{type: boolean, default: false}}}}\njobs: {{a: {{docker: [{{image: x}}], steps: [checkout, run: cargo test]}}}}\nworkflows:\n  w:\n    {condition}\n    jobs: [a]\n"
            ),
            &[expected],
        );
    }
}

#[test]
fn a_step_counts_where_it_surely_runs_and_fails() {
    for (step, expected) in [
        ("          when: always\n", "a: test!-"),
        ("          name: x\n          no_output_timeout: 20m\n", "a: test!-"),
        ("          environment: {X: y}\n", "a: test!-"),
        ("          working_directory: ~/project\n", "a: test!-"),
        ("          shell: /bin/bash -eo pipefail\n", "a: test!-"),
        ("          when: on_fail\n", "a:"),
        ("          background: true\n", "a: test--"),
        ("          shell: /bin/bash\n      - run: echo x\n", "a: test!-"),
        ("          shell: python\n", "a: any?- test?-"),
        ("          working_directory: /other\n", "a: test?-"),
        (
            "          environment: {RUSTFLAGS: --cfg=x, CARGO_TARGET_DIR: x, CARGO_BUILD_RUSTC_WRAPPER: x}\n",
            "a: test?-",
        ),
    ] {
        with("", step, "", expected);
    }
    for (steps, expected) in [
        ("[checkout, run: 'cargo test || true']", "a: test--"),
        ("[checkout, {run: {command: \"cargo test\\necho x\", shell: /bin/bash}}]", "a: test--"),
        ("[checkout, {run: 'cargo test | tee log'}]", "a: test!-"),
        ("[run: cargo fmt --check]", "a: format!-"),
        ("[attach_workspace: {at: .}, run: cargo test]", "a: any?- test?-"),
        ("[checkout: {path: other}, run: cargo test]", "a: any?- test?-"),
        ("[checkout, run: 'echo export RUSTC=x >> $BASH_ENV', run: cargo test]", "a: test?-"),
        ("[checkout, run: 'circleci-agent step halt', run: cargo test]", "a: any?- test?-"),
        ("[checkout, when: {condition: true, steps: [run: cargo test]}]", "a: test!-"),
        ("[checkout, when: {condition: false, steps: [run: cargo test]}]", "a:"),
        ("[checkout, when: {condition: << parameters.x >>, steps: [run: cargo test]}]", "a: test?-"),
        ("[checkout, own/test]", "a: any?-"),
        ("[checkout, own/setup: {x: y}, run: cargo test]", "a: any?- test!-"),
        ("[checkout, run: 'cargo << parameters.y >>']", "a: any?-"),
    ] {
        check(
            &format!("jobs: {{a: {{docker: [{{image: x}}], steps: {steps}}}}}\nworkflows: {{w: {{jobs: [a]}}}}\n"),
            &[expected],
        );
    }
}

#[test]
fn own_commands_executors_and_parameters_are_put_in() {
    check(
        "version: 2.1
executors: {rust: {docker: [{image: 'rust:<< parameters.tag >>'}], parameters: {tag: {type: string, default: '1'}}}}
commands:
  check:
    parameters: {what: {type: string, default: test}, locked: {type: boolean, default: false}}
    steps:
      - run: cargo << parameters.what >>
      - when: {condition: << parameters.locked >>, steps: [run: cargo audit]}
jobs:
  a:
    executor: {name: rust, tag: '2'}
    parameters: {lint: {type: boolean, default: false}}
    steps: [checkout, check, check: {what: clippy -- -D warnings, locked: << parameters.lint >>}]
workflows: {w: {jobs: [a, a: {name: b, lint: true}, other/job]}}
",
        &["a: lint!- test!-", "b: audit!- lint!- test!-", "other/job: any?-"],
    );
    // A command that has itself as a part ends.
    check(
        "commands: {x: {steps: [x, x]}}\njobs: {a: {docker: [{image: x}], steps: [checkout, x]}}\nworkflows: {w: {jobs: [a]}}\n",
        &["a: any?-"],
    );
}

#[test]
fn what_is_no_configuration_is_refused() {
    check("a: b\n", &["error: it has no jobs and no workflows"]);
    check("[x]\n", &["error: it has no jobs and no workflows"]);
    check(
        "setup: true\njobs: {a: {docker: [{image: x}], steps: [checkout, run: cargo test]}}\nworkflows: {w: {jobs: [a]}}\n",
        &["a: test!-", "gap: it makes the pipeline that runs while it runs, which is not followed"],
    );
    assert!(
        told(CIRCLECI, "", "jobs: {a: {steps: [run: x]}}\nworkflows: {w: {jobs: [a: {requires: [a]}]}}\n", &[])[0]
            .starts_with("error")
    );
}

#[test]
fn what_is_merged_in_counts() {
    check(
        "version: 2.1\nx: &x {background: true}\njobs: {a: {docker: [{image: 'rust:1'}], steps: [checkout, run: {<<: *x, command: cargo test}]}}\nworkflows: {w: {jobs: [a]}}\n",
        &["a: test--"],
    );
    check(
        "version: 2.1\nx: &x {filters: {branches: {only: release}}}\njobs: {a: {docker: [{image: 'rust:1'}], steps: [checkout, run: cargo test]}}\nworkflows: {w: {jobs: [a: {<<: *x}]}}\n",
        &["a: test--"],
    );
    check(
        "version: 2.1\njobs: {a: {docker: [{image: 'rust:1'}], steps: [checkout, run: cargo test]}}\nworkflows: {w: {when: pipeline.git.branch == \"release\", jobs: [a]}}\n",
        &["a: test?-"],
    );
}
