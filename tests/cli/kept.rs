//! What is kept between runs changes nothing but the time that they take.

use std::{fs, path::Path};

use plimsoll_testkit::Repo;

use crate::common::{AS_OF, command};

const WORKFLOW: &str = "on: [push, pull_request]\njobs:\n  test:\n    runs-on: ubuntu-latest\n    steps:\n      - uses: actions/checkout@v4\n      - run: cargo test\n";

/// The evidence of a repository with what is kept in `folder`, and without anything kept.
fn check(repo: &Repo, folder: &Path, more: &[&str]) -> serde_json::Value {
    let collected = |cached: &[&str]| {
        let mut command = command();
        command.env("XDG_CACHE_HOME", folder.join("cache")).env("XDG_STATE_HOME", folder.join("state"));
        command.args(["collect", &repo.path().display().to_string(), "--as-of", AS_OF, "--quiet"]);
        let output = command.args(more).args(cached).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    };
    let without = collected(&["--no-cache"]);
    for run in ["first", "second"] {
        assert_eq!(collected(&[]), without, "{run} run");
    }
    serde_json::from_str(&without).unwrap()
}

fn kept(folder: &Path, name: &str) -> Vec<std::path::PathBuf> {
    let listing = fs::read_dir(folder.join("cache/plimsoll")).into_iter().flatten();
    let files = listing.map(|entry| entry.unwrap().path());
    files.filter(|path| path.file_name().unwrap().to_string_lossy().starts_with(name)).collect()
}

#[test]
fn evidence_is_the_same_with_and_without_what_is_kept() {
    let folder = tempfile::tempdir().unwrap();
    let mut repo = Repo::new()
        .file("Cargo.toml", "[package]\nname = \"a\"\nversion = \"1.0.0\"\n")
        .file("src/lib.rs", "#[test]\nfn holds() { assert!(super::x()); }\n")
        .file(".github/workflows/ci.yml", WORKFLOW)
        .commit("one");
    let first = check(&repo, folder.path(), &[]);
    assert!(first["facts"].as_array().unwrap().iter().any(|fact| fact["kind"] == "workflow-job"));
    assert_eq!((kept(folder.path(), "facts").len(), kept(folder.path(), "history").len()), (1, 1));
    // Another day, another commit, an older commit, the working copy.
    check(&repo, folder.path(), &["--rev", "HEAD"]);
    repo = repo.file(".github/workflows/ci.yml", WORKFLOW.replace("cargo test", "true")).commit("two");
    let second = check(&repo, folder.path(), &[]);
    assert_ne!(first["facts"], second["facts"]);
    check(&repo, folder.path(), &["--rev", "HEAD~1"]);
    let repo = repo.checkout();
    fs::write(repo.path().join("src/lib.rs"), "").unwrap();
    check(&repo, folder.path(), &["--worktree"]);
    check(&repo, folder.path(), &[]);
    assert_eq!(kept(folder.path(), "facts").len(), 1, "one file for each repository");
    // What was touched is not believed.
    let path = kept(folder.path(), "facts").remove(0);
    let whole = fs::read(&path).unwrap();
    for at in [0, 20, 60, whole.len() - 1] {
        let mut damaged = whole.clone();
        damaged[at] ^= 0xff;
        fs::write(&path, damaged).unwrap();
        check(&repo, folder.path(), &[]);
    }
}

#[test]
fn nothing_is_kept_of_what_could_not_be_read() {
    let folder = tempfile::tempdir().unwrap();
    let repo = Repo::new().file("src/lib.rs", "x").file(".github/workflows/ci.yml", WORKFLOW).commit("one");
    let lost = repo.blob(".github/workflows/ci.yml");
    let object = fs::read(repo.git_dir().join("objects").join(&lost[..2]).join(&lost[2..])).unwrap();
    repo.lose(&lost);
    check(&repo, folder.path(), &[]);
    assert_eq!(kept(folder.path(), "facts").len(), 0);
    // It is back, and kept, and lost again.
    let place = repo.git_dir().join("objects").join(&lost[..2]);
    fs::create_dir_all(&place).unwrap();
    fs::write(place.join(&lost[2..]), object).unwrap();
    check(&repo, folder.path(), &[]);
    assert_eq!(kept(folder.path(), "facts").len(), 1);
    repo.lose(&lost);
    check(&repo, folder.path(), &[]);
}

/// Where git has a loose object.
fn place(repo: &Repo, id: &str) -> std::path::PathBuf {
    repo.git_dir().join("objects").join(&id[..2]).join(&id[2..])
}

#[test]
fn what_was_damaged_since_is_seen() {
    let folder = tempfile::tempdir().unwrap();
    let repo = Repo::new().file("src/lib.rs", "x").file(".github/workflows/ci.yml", WORKFLOW).commit("one");
    let first = repo.head().unwrap();
    let repo = repo.file("src/lib.rs", "y").commit("two");
    for id in [repo.blob(".github/workflows/ci.yml"), first] {
        let whole = check(&repo, folder.path(), &[]);
        let object = fs::read(place(&repo, &id)).unwrap();
        fs::remove_file(place(&repo, &id)).unwrap();
        // As long as before.
        fs::write(place(&repo, &id), vec![b'x'; object.len()]).unwrap();
        assert_ne!(whole["kinds"], check(&repo, folder.path(), &[])["kinds"], "{id}");
        fs::write(place(&repo, &id), object).unwrap();
    }
}
