//! What is understood of a pipeline, and what is not: what starts it is never in the file.

use crate::readers::{BUILDKITE, told};

fn check(text: &str, expected: &[&str]) {
    assert_eq!(told(BUILDKITE, ".buildkite/pipeline.yml", text, &[]), expected, "{text}");
}

#[test]
fn a_step_may_gate_and_never_does() {
    for (step, expected) in [
        ("{command: cargo test, key: t}", "t: test??"),
        ("{label: ':rust: t', commands: [cargo test, cargo clippy -- -D warnings]}", ":rust: t: lint?? test??"),
        ("{command: cargo test, soft_fail: true}", "step 1: test--"),
        ("{command: cargo test, soft_fail: [{exit_status: 1}]}", "step 1: test??"),
        ("{command: cargo test, skip: not now}", "step 1:"),
        ("{command: cargo test, skip: false}", "step 1: test??"),
        ("{command: cargo test, plugins: [{'docker#v5.11.0': {image: rust}}]}", "step 1: any?? test??"),
        ("{plugins: ['own#v1']}", "step 1: any??"),
        ("{trigger: other}", "step 1: any??"),
        ("{group: g, steps: [{command: cargo test}]}", "step 1: test??"),
    ] {
        check(&format!("steps: [{step}]\n"), &[expected]);
        check(&format!("[{step}]\n"), &[expected]);
    }
    check(
        "steps: [{command: cargo test}, wait, {block: go}, {command: cargo test}]\n",
        &["step 1: test??", "step 2: test--"],
    );
    check("a: b\n", &["error: it has no steps"]);
    check("steps: x\n", &["error: it has no steps"]);
}
