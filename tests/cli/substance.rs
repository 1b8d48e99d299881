//! What has the form of a practice and not its substance is none.

use plimsoll_testkit::Repo;

use crate::{common::label_json, label::demo};

/// Judges one criterion over the demo with one file more, or another one in its place.
fn check(id: &str, cases: &[(&str, &str, &str)]) {
    for (path, content, outcome) in cases {
        let repo: Repo = demo().file(path, content).commit("first");
        let label = label_json(repo.path());
        let criteria = label["predicate"]["criteria"].as_array().unwrap();
        let found = criteria.iter().find(|criterion| criterion["id"] == id).unwrap();
        assert_eq!(found["outcome"], *outcome, "{id} with {path} {content:?}: {}", found["reason"]);
    }
}

#[test]
fn a_security_policy_that_says_nothing() {
    let policy = "Write privately to security@acme.org.\nWe answer within 5 days.\nAll versions are supported.\n";
    check(
        "reporting.policy-complete",
        &[
            ("SECURITY.md", &format!("# Security\n{policy}"), "met"),
            ("SECURITY.md", &format!("# Security\n<!--\n{policy}-->\nNothing yet.\nReally.\n"), "unmet"),
            ("SECURITY.md", &policy.replace("security@acme.org", "git@github.com"), "unmet"),
            ("SECURITY.md", "", "unmet"),
        ],
    );
}

#[test]
fn code_owners_of_nothing() {
    check(
        "policy.code-owners",
        &[
            (".github/CODEOWNERS", "* @acme/team\n", "met"),
            (".github/CODEOWNERS", "/src/ @acme/team\n", "met"),
            (".github/CODEOWNERS", "/nothing/ @acme/team\n", "unmet"),
            (".github/CODEOWNERS", "* nobody@\n", "unmet"),
            (".github/CODEOWNERS", "", "unmet"),
            (".github/CODEOWNERS.md", "* @acme/team\n", "unmet"),
        ],
    );
}

#[test]
fn tests_that_test_nothing() {
    check(
        "tests.present",
        &[
            ("src/lib.rs", "#[test]\nfn a() { assert_eq!(b(), 1) }\n", "met"),
            ("src/lib.rs", "#[test]\nfn a() { assert_eq!(1, 1) }\n", "unmet"),
            ("src/lib.rs", "#[test]\nfn a() {}\n", "unmet"),
            ("src/lib.rs", "#[test]\n#[ignore]\nfn a() { b() }\n", "unmet"),
            ("src/lib.rs", "/// ```\n/// ```\npub fn a() {}\n", "unmet"),
        ],
    );
}

#[test]
fn lints_that_the_next_line_switches_off_bound_no_unsafe_code() {
    let much = "pub fn a() { unsafe { b() } }\n".repeat(60);
    check(
        "code.memory-safe",
        &[
            ("src/x.rs", "pub fn a() { unsafe { b() } }\n", "met"),
            // The root forbids it, so that whatever it says is not compiled.
            ("src/x.rs", &much, "met"),
            ("src/lib.rs", &format!("#![deny(unsafe_code)]\n#![allow(unsafe_code)]\n{much}"), "unmet"),
            ("tests/x.rs", &much, "met"),
            ("src/lib.rs", "include!(\"x.inc\");\n", "unknown"),
            ("src/lib.rs", "#[path = \"../vendor/x.rs\"]\nmod x;\n", "unknown"),
            ("src/lib.rs", "#[path = \"../other/x.rs\"]\nmod x;\n", "met"),
        ],
    );
}

#[test]
fn a_root_that_is_not_the_crates_forbids_nothing() {
    let much = "pub fn a() { unsafe { b() } }\n".repeat(60);
    let manifest = "[package]\nname = \"demo\"\nversion = \"1.2.3\"\n[lib]\npath = \"real.rs\"\n";
    for (root, outcome) in [(much.clone(), "unmet"), (format!("#![forbid(unsafe_code)]\n{much}"), "met")] {
        let repo = demo().file("Cargo.toml", manifest).file("real.rs", root).commit("first");
        let label = label_json(repo.path());
        let criteria = label["predicate"]["criteria"].as_array().unwrap();
        let found = criteria.iter().find(|criterion| criterion["id"] == "code.memory-safe").unwrap();
        assert_eq!(found["outcome"], outcome, "{}", found["reason"]);
    }
}

#[test]
fn a_version_of_something_else_pins_no_compiler() {
    check(
        "build.toolchain-pinned",
        &[
            ("rust-toolchain.toml", "[toolchain]\nchannel = \"1.95.0\"\n", "met"),
            ("rust-toolchain.toml", "[toolchain]\nchannel = \"stable\"\n", "unmet"),
            (".nvmrc", "20.1.2\n", "unmet"),
            (".python-version", "3.12.1\n", "unmet"),
        ],
    );
}
