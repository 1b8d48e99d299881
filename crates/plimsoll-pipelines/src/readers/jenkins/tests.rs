//! What is understood of a Jenkinsfile: what starts it is never in the file.

use crate::readers::{JENKINS, told};

fn check(text: &str, expected: &[&str]) {
    assert_eq!(told(JENKINS, "Jenkinsfile", text, &[]), expected, "{text}");
}

fn steps(steps: &str, expected: &str) {
    check(&format!("pipeline {{ agent any\n stages {{ stage('t') {{ steps {{ {steps} }} }} }} }}"), &[expected]);
}

#[test]
fn stages_are_seen_and_gate_nothing() {
    for (text, expected) in [
        ("sh 'cargo test'", "t: test??"),
        ("sh 'cargo test'; sh 'cargo clippy -- -D warnings'", "t: lint?? test??"),
        ("sh '''\n cargo build\n cargo test\n'''", "t: test??"),
        ("sh(script: 'cargo test', label: 'x')", "t: test??"),
        ("sh \"cargo test\"", "t: test??"),
        ("timeout(time: 5, unit: 'MINUTES') { retry(2) { sh 'cargo test' } }", "t: test??"),
        ("dir('web') { sh 'npm audit' }\n sh 'cargo test'", "t: audit?? test??"),
        ("checkout scm\n sh 'cargo test'\n junit 'x.xml'", "t: test??"),
        ("withEnv(['A=b']) { sh 'cargo test' }", "t: test??"),
        ("sh(script: 'cargo test', returnStatus: true)", "t: test--"),
        ("warnError('x') { sh 'cargo test' }", "t: test--"),
        ("catchError(buildResult: 'SUCCESS') { sh 'cargo test' }", "t: test--"),
        ("catchError { sh 'cargo test' }", "t: test??"),
        ("sh 'cargo test || true'", "t: test--"),
        ("bat 'cargo test'", "t: test??"),
        ("sh \"cargo ${what}\"", "t: any??"),
        ("script { if (x) { sh 'cargo test' } }", "t: any?? test??"),
        ("own 'x'", "t: any??"),
        ("git 'https://example.org/x'\n sh 'cargo test'", "t: any?? test??"),
        ("echo 'x'", "error: it has no stages that are understood"),
    ] {
        if expected.starts_with("error") {
            check(
                &format!("pipeline {{ agent any\n stages {{ stage('t') {{ steps {{ {text} }} }} }} }}"),
                &["gap: it has no stages that are understood"],
            );
        } else {
            steps(text, expected);
        }
    }
}

#[test]
fn the_form_of_a_pipeline_is_followed() {
    check(
        "@Library('x') _
pipeline {
  agent { docker { image 'rust:1' } }
  environment { A = 'b'; C = credentials('d') }
  options { timeout(time: 1, unit: 'HOURS') }
  triggers { cron('H 4 * * *') }
  stages {
    stage('a') { when { branch 'main' } steps { sh 'cargo test' } }
    stage('b') {
      parallel {
        stage('c') { steps { sh 'cargo clippy -- -D warnings' } }
        stage('d') { stages { stage('e') { steps { sh 'cargo audit' } } } }
      }
    }
    stage('m') { matrix { axes { axis { name 'X'; values '1', '2' } } stages { stage('n') { steps { sh 'cargo test' } } } } }
  }
  post { always { sh 'cargo test' } }
}
",
        &["a: test??", "b/c: lint??", "b/d/e: audit??", "m/n: test??", "post: test??"],
    );
    check(
        "pipeline { agent any\n options { skipDefaultCheckout() }\n stages { stage('a') { steps { sh 'cargo test' } } } }",
        &["a: test??"],
    );
}

#[test]
fn a_script_and_what_does_not_fit_are_refused() {
    check("node { sh 'cargo test' }", &["error: a pipeline that is a script is not followed"]);
    check("", &["error: a pipeline that is a script is not followed"]);
    for text in ["pipeline {", "pipeline { } }", "pipeline { stages { ( } ) }", "'", "pipeline { sh 'x }"] {
        check(text, &["error: its brackets or quotes do not fit together"]);
    }
    check(&"a{".repeat(100_000), &["error: its brackets or quotes do not fit together"]);
    check(&"a(".repeat(100_000), &["error: its brackets or quotes do not fit together"]);
}

proptest::proptest! {
    #[test]
    fn no_text_makes_it_panic(
        any: String,
        likely in "(pipeline|stages|stage|steps|sh|script|post|when|\\{|\\}|\\(|\\)|\\[|\\]|'|\"|'''|:|,|=|\\n|;|\\$|\\\\|/\\*|//| ){0,60}",
    ) {
        for text in [any, likely] {
            let _ = told(JENKINS, "Jenkinsfile", &text, &[]);
        }
    }
}
