//! What ships is what the build takes in, and what is left in it is found wherever it is.

use plimsoll_testkit::Repo;

use crate::{
    common::{evidence_json, facts, label_json},
    label::demo,
};

/// Put together here: it is no secret of anybody.
fn token(number: u32) -> String {
    ["glpat", &format!("-aB3dE5gH7jK9mN1pQ{number:03}")].concat()
}

fn check(repository: Repo, outcome: &str, reason: &str, row: &str) {
    let label = label_json(repository.commit("first").path());
    let criteria = label["predicate"]["criteria"].as_array().unwrap();
    let found = criteria.iter().find(|one| one["id"] == "secrets.none-found").unwrap();
    let text = found["reason"].as_str().unwrap();
    assert!(found["outcome"] == outcome && text.contains(reason), "{found} and not {outcome} ({reason})");
    let rows = label["predicate"]["face"].as_array().unwrap();
    let found = rows.iter().find(|one| one["id"] == "secrets").unwrap();
    assert_eq!(found["text"], row, "{reason}");
}

fn with(paths: &[&str]) -> Repo {
    let numbered = paths.iter().zip(0..);
    numbered.fold(demo(), |repository, (path, number)| repository.file(path, token(number) + "\n"))
}

#[test]
fn the_reason_says_where_others_are() {
    check(with(&[]), "met", "none found", "none found");
    check(with(&["tests/a"]), "met", "none in what ships; 1 in tests", "none in what ships; 1 elsewhere");
    check(
        with(&["tests/a", "samples/b"]),
        "met",
        "none in what ships; 2 in tests and examples",
        "none in what ships; 2 elsewhere",
    );
    check(
        with(&["tests/a", "samples/b", "docs/c", "xtask/d"]),
        "met",
        "none in what ships; 4 in tests, examples, documentation and tools",
        "none in what ships; 4 elsewhere",
    );
    check(with(&["docs/a"]), "met", "none in what ships; 1 in documentation", "none in what ships; 1 elsewhere");
    check(with(&["src/a"]), "unmet", "1 key or token was found", "1 found");
    check(with(&["src/a", "b", "tests/c"]), "unmet", "2 keys or tokens were found; 1 more elsewhere", "2 found");
    check(with(&["vendor/a/src/b"]), "unmet", "1 key or token was found", "1 found");
    check(with(&["vendor/a/tests/b"]), "met", "none in what ships; 1 in tests", "none in what ships; 1 elsewhere");
}

#[test]
fn a_name_takes_nothing_out_that_is_built_or_released() {
    let member = "[package]\nname = \"app\"\nversion = \"1.0.0\"\nedition = \"2021\"\n";
    for folder in ["examples", "tests", "vendor", "demo", "fuzz", "fixtures", "third_party"] {
        let workspace = format!("[workspace]\nmembers = [\"{folder}/app\"]\n");
        let repository = |manifest: &str| {
            with(&[&format!("{folder}/app/src/prod.txt")])
                .file("Cargo.toml", format!("{workspace}[package]\nname = \"demo\"\nversion = \"1.0.0\"\n"))
                .file(&format!("{folder}/app/Cargo.toml"), manifest)
                .file(&format!("{folder}/app/src/main.rs"), "fn main() {}\n")
        };
        let evidence = evidence_json(repository(member).commit("first").path());
        let secrets = facts(&evidence, "secret");
        assert_eq!(secrets[0]["body"]["class"], "shipped", "{folder}");
        assert_eq!(secrets[0]["body"]["because"], "it is a member of Cargo.toml that may be published", "{folder}");
        if folder != "vendor" && folder != "third_party" {
            let private = member.replace("edition", "publish = false\nedition");
            check(repository(&private), "met", "none in what ships; 1", "none in what ships; 1 elsewhere");
        }
    }
}

#[test]
fn what_is_only_named_here_is_not_said_to_be_clean() {
    let pointer = format!("version https://git-lfs.github.com/spec/v1\noid sha256:{}\nsize 1234\n", "a".repeat(64));
    let says = "a Git LFS pointer, whose content is not in the repository";
    check(demo().file("src/a.bin", &pointer), "unknown", says, "not known: a part was not read");
    check(demo().file("tests/a.bin", &pointer), "met", "none found", "none found");
    check(demo().file("src/a.bin", pointer.replace("oid", "old")), "met", "none found", "none found");
    check(demo().symlink("src/a", &token(0)), "unmet", "1 key or token was found", "1 found");
}
