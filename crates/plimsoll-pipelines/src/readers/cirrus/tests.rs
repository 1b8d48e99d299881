//! What is understood of tasks: the service is no more, so they may run at best.

use crate::readers::{CIRRUS, told};

fn check(text: &str, expected: &[&str]) {
    assert_eq!(told(CIRRUS, ".cirrus.yml", text, &[]), expected, "{text}");
}

#[test]
fn tasks_are_seen_and_gate_nothing() {
    check("task: {name: t, container: {image: 'rust:1'}, test_script: cargo test}\n", &["t: test??"]);
    check(
        "task:\n  name: a\n  script: cargo test\ntask:\n  name: b\n  script: [cargo build, cargo test]\n",
        &["a: test??", "b: test??"],
    );
    check(
        "x_template: &x {env: {A: b}}\nlint_task:\n  <<: *x\n  lint_script: cargo clippy -- -D warnings\n",
        &["lint: lint??"],
    );
    for (line, expected) in [
        ("allow_failures: true", "a: test--"),
        ("allow_failures: $X", "a: test??"),
        ("trigger_type: manual", "a: test--"),
        ("clone_script: x", "a: any?? test??"),
        ("env: {CIRRUS_SHELL: python}", "a: any?? test??"),
        ("matrix: [{more_script: cargo audit}]", "a: audit?? test??"),
    ] {
        check(&format!("a_task:\n  {line}\n  test_script: cargo test\n"), &[expected]);
    }
    check("a: b\n", &["error: it has no tasks"]);
}
