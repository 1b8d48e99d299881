//! What is locked, where it comes from, and whether the lockfile is that of the manifests: end to end.

use plimsoll_testkit::Repo;

use crate::common::run;

/// A day on which the built-in advisory data is fresh.
const FRESH: &str = "2026-08-30T00:00:00Z";

/// `app` with these dependencies and an entry of hyper 0.14.1, which has known vulnerabilities, from `source`.
fn repo(dependencies: &str, source: Option<&str>) -> Repo {
    let manifest =
        format!("[package]\nname = \"app\"\nversion = \"1.0.0\"\nedition = \"2021\"\n[dependencies]\n{dependencies}");
    let source = source.map(|source| format!("source = \"{source}\"\nchecksum = \"{}\"\n", "a".repeat(64)));
    let lock = format!(
        "version = 4\n[[package]]\nname = \"app\"\nversion = \"1.0.0\"\ndependencies = [\"hyper\"]\n\
         [[package]]\nname = \"hyper\"\nversion = \"0.14.1\"\n{}",
        source.unwrap_or_default()
    );
    Repo::new().file("Cargo.toml", manifest).file("Cargo.lock", lock).file("src/lib.rs", "")
}

fn outcomes(repo: &Repo) -> Vec<(String, String)> {
    let ran = run(&["label", &repo.path().display().to_string(), "--as-of", FRESH, "--format", "json", "--quiet"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let label: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
    let criteria = label["predicate"]["criteria"].as_array().unwrap();
    let word = |value: &serde_json::Value| value.as_str().unwrap().to_owned();
    criteria.iter().map(|one| (word(&one["id"]), word(&one["outcome"]))).collect()
}

fn check(name: &str, repo: Repo, expected: [(&str, &str); 3]) {
    let found = outcomes(&repo.commit("first"));
    for (criterion, outcome) in expected {
        let found = found.iter().find(|(id, _)| id == criterion).unwrap();
        assert_eq!(found.1, outcome, "{name}: {criterion}");
    }
}

const UNLOCKED: &str = "deps.locked";
const NONE: &str = "advisories.none-known";
const FRESHLY: &str = "advisories.none-known-fresh";

#[test]
fn the_same_index_in_other_words_is_matched() {
    for source in [
        "registry+https://github.com/rust-lang/crates.io-index",
        "registry+https://github.com/rust-lang/crates.io-index/",
        "registry+https://github.com/rust-lang/crates.io-index.git",
        "sparse+https://index.crates.io/",
        "sparse+https://index.crates.io",
    ] {
        let repo = repo("hyper = \"0.14\"\n", Some(source));
        check(source, repo, [(UNLOCKED, "met"), (NONE, "unmet"), (FRESHLY, "unmet")]);
    }
}

#[test]
fn what_matches_no_advisory_is_not_free_of_holes() {
    const GIT: &str = "git+https://github.com/hyperium/hyper?tag=v0.14.1#0123456789abcdef0123456789abcdef01234567";
    let tagged = "hyper = { git = \"https://github.com/hyperium/hyper\", tag = \"v0.14.1\" }\n";
    let own = "hyper = { version = \"0.14\", registry = \"own\" }\n";
    for (name, dependencies, source, locked) in [
        ("git", tagged, Some(GIT), "met"),
        ("another registry", own, Some("registry+https://own.example/index"), "met"),
        ("a mirror that nobody asks for", "hyper = \"0.14\"\n", Some("registry+https://mirror.example/index"), "unmet"),
        ("git that nobody asks for", "hyper = \"0.14\"\n", Some(GIT), "unmet"),
        ("no source", "hyper = \"=0.14.1\"\n", None, "unmet"),
    ] {
        let repo = repo(dependencies, source);
        check(name, repo, [(UNLOCKED, locked), (NONE, "unknown"), (FRESHLY, "unknown")]);
    }
    // A copy in the tree, under the name and version of one with known vulnerabilities.
    let copy = repo("hyper = { path = \"hyper\" }\n", None)
        .file("hyper/Cargo.toml", "[package]\nname = \"hyper\"\nversion = \"0.14.1\"\n");
    check("a copy", copy, [(UNLOCKED, "not-applicable"), (NONE, "unknown"), (FRESHLY, "unknown")]);
}

#[test]
fn a_lockfile_that_is_not_that_of_the_manifest_locks_nothing() {
    const INDEX: &str = "registry+https://github.com/rust-lang/crates.io-index";
    let app = "version = 4\n[[package]]\nname = \"app\"\nversion = \"1.0.0\"\n";
    let time = "time = \"0.1\"\n";
    for (name, repo) in [
        ("empty", repo("hyper = \"0.14\"\n", None).file("Cargo.lock", app)),
        ("another version of the member", repo("", None).file("Cargo.lock", app.replace("1.0.0", "0.9.0"))),
        ("one of two", repo(&format!("hyper = \"0.14\"\n{time}"), Some(INDEX))),
        ("another version", repo("hyper = \"0.13\"\n", Some(INDEX))),
    ] {
        let found = outcomes(&repo.commit("first"));
        let of = |id: &str| found.iter().find(|(other, _)| other == id).map(|(_, outcome)| outcome.as_str()).unwrap();
        assert_eq!(of(UNLOCKED), "unmet", "{name}");
        assert_ne!(of(NONE), "met", "{name}");
        assert_ne!(of(FRESHLY), "met", "{name}");
    }
}

#[test]
fn what_a_submodule_holds_is_not_known() {
    let app = || {
        Repo::new()
            .file("Cargo.toml", "[package]\nname = \"app\"\nversion = \"1.0.0\"\nedition = \"2021\"\n")
            .file("Cargo.lock", "version = 4\n[[package]]\nname = \"app\"\nversion = \"1.0.0\"\n")
            .file("src/lib.rs", "")
    };
    let submodule = |path: &str| app().object(path, 0o160_000, "1111111111111111111111111111111111111111");
    check("none", app(), [(UNLOCKED, "not-applicable"), (NONE, "met"), (FRESHLY, "met")]);
    check("shipped", submodule("third"), [(UNLOCKED, "unknown"), (NONE, "unknown"), (FRESHLY, "unknown")]);
    check("copied", submodule("vendor/third"), [(UNLOCKED, "unknown"), (NONE, "unknown"), (FRESHLY, "unknown")]);
    check("of tests", submodule("tests/data"), [(UNLOCKED, "not-applicable"), (NONE, "met"), (FRESHLY, "met")]);
}
