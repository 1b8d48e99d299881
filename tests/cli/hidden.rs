//! What is hidden, left out or cut off never looks better than what is shown.

use plimsoll_testkit::{Commit, Repo, SIGNATURE};
use serde_json::Value;

use crate::{
    common::{evidence_json, facts, label_json},
    label::demo,
};

/// The message of a signed tag.
const SIGNED: &str = SIGNATURE;
const NOT_HERE: &str = "1111111111111111111111111111111111111111";

/// Outcome and reason of a criterion.
fn judged(repo: &Repo, id: &str) -> (String, String) {
    let label = label_json(repo.path());
    let criteria = label["predicate"]["criteria"].as_array().unwrap();
    let found = criteria.iter().find(|criterion| criterion["id"] == id).unwrap();
    (found["outcome"].as_str().unwrap().to_owned(), found["reason"].as_str().unwrap().to_owned())
}

fn check(repo: &Repo, id: &str, outcome: &str, says: &str) {
    let found = judged(repo, id);
    assert!(found.0 == outcome && found.1.contains(says), "{id}: {found:?} and not {outcome} ({says})");
}

fn report<'a>(evidence: &'a Value, kind: &str) -> &'a Value {
    &evidence["kinds"][kind]
}

fn lose_tag(repo: &Repo, name: &str) {
    let id = std::fs::read_to_string(repo.git_dir().join("refs/tags").join(name)).unwrap();
    repo.lose(id.trim());
}

#[test]
fn hiding_a_later_tag_does_not_make_an_earlier_one_the_newest() {
    let repo = || demo().commit("first").annotated_tag("v1.2.3", SIGNED);
    check(&repo(), "release.signed", "met", "a signature was seen");
    let later = repo().annotated_tag("v2.0.0", "v2, not signed");
    check(
        &later,
        "release.signed",
        "unknown",
        "the newest release tag is not signed; whether its files are is not known",
    );
    lose_tag(&later, "v2.0.0");
    check(&later, "release.signed", "unknown", "the tag v2.0.0 cannot be read");
    let evidence = evidence_json(later.path());
    assert!(facts(&evidence, "tag").iter().all(|tag| tag["body"]["newest"] == false));
    // A tag that is no release hides none.
    let other = repo().annotated_tag("nightly", "x").annotated_tag("v2.0.0-rc.1", "x");
    lose_tag(&other, "nightly");
    lose_tag(&other, "v2.0.0-rc.1");
    check(&other, "release.signed", "met", "a signature was seen");
}

#[test]
fn hiding_a_tag_does_not_change_which_changes_are_judged() {
    let signature = SIGNATURE;
    let mut repo = Repo::new().file("a", "a").commit("first").tag("v1.0.0");
    for _ in 0..20 {
        repo.commit_with(&Commit { message: "signed", signature, ..Commit::default() });
    }
    let mut repo = repo.annotated_tag("v2.0.0", "two");
    repo.commit_with(&Commit { message: "not signed", ..Commit::default() });
    check(&repo, "history.signed-or-reviewed", "unmet", "0 of 1");
    lose_tag(&repo, "v2.0.0");
    check(&repo, "history.signed-or-reviewed", "unknown", "what came after the last release is not known");
}

#[test]
fn a_tag_beyond_what_is_here_may_be_the_newest() {
    let mut repo = demo().commit("first");
    let first = repo.head().unwrap();
    let second = repo.commit_with(&Commit { message: "second", ..Commit::default() });
    repo = repo.annotated_tag("v1.2.3", SIGNED);
    check(&repo, "release.signed", "met", "a signature was seen");
    std::fs::write(repo.git_dir().join("shallow"), format!("{second}\n")).unwrap();
    check(&repo, "release.signed", "unknown", "shallow");
    std::fs::remove_file(repo.git_dir().join("shallow")).unwrap();
    repo.lose(&first);
    check(&repo, "release.signed", "unknown", "missing from the object database");
}

#[test]
fn a_release_that_came_out_of_another_is_newer_whatever_its_date() {
    let mut repo = demo();
    repo.commit_with(&Commit { message: "first", seconds: Some(1_790_000_000), ..Commit::default() });
    let mut repo = repo.annotated_tag("v1.0.0", SIGNED);
    repo.commit_with(&Commit { message: "second", seconds: Some(1_500_000_000), ..Commit::default() });
    let repo = repo.annotated_tag("v2.0.0", "not signed");
    check(
        &repo,
        "release.signed",
        "unknown",
        "the newest release tag is not signed; whether its files are is not known",
    );
}

#[test]
fn a_date_after_the_label_is_no_activity() {
    let dated = |days: &[i64]| {
        let mut repo = demo();
        for day in days {
            repo.commit_with(&Commit { message: "x", seconds: Some(day * 86_400), ..Commit::default() });
        }
        repo
    };
    // As-of is day 20758.
    check(&dated(&[20_700]), "history.active", "met", "last change on");
    check(&dated(&[16_000]), "history.active", "unmet", "last change on");
    check(&dated(&[24_000, 16_000]), "history.active", "unknown", "1 commit is dated after");
    check(&dated(&[16_000, 24_000]), "history.active", "unknown", "1 commit is dated after");
    // One wrong clock does not take away what others show.
    check(&dated(&[24_000, 20_700]), "history.active", "met", "last change on 4 Sep 2026");
}

#[test]
fn a_submodule_holds_files_that_were_not_looked_into() {
    let with = |path: &str| demo().object(path, 0o160_000, NOT_HERE).commit("first");
    check(&demo().commit("first"), "secrets.none-found", "met", "none found");
    for path in ["third", "src/third", "crates/third"] {
        check(&with(path), "secrets.none-found", "unknown", "is a submodule");
        check(&with(path), "code.memory-safe", "unknown", "is a submodule");
    }
    check(&with("tests/data/third"), "secrets.none-found", "met", "none found");
    // A copy of others' source may be built in.
    check(&with("vendor/third"), "secrets.none-found", "unknown", "is a submodule");
}

#[test]
fn a_link_to_source_or_a_policy_was_not_looked_into() {
    let linked = demo().symlink("src/ffi.c", "../fixtures/ffi.c").file("fixtures/ffi.c", "int a;\n").commit("first");
    check(&linked, "code.memory-safe", "unknown", "src/ffi.c: a symbolic link");
    let repo = demo().without("SECURITY.md").symlink("SECURITY.md", "other.md").commit("first");
    check(&repo, "reporting.policy-published", "unknown", "SECURITY.md: a symbolic link");
    let repo = demo().without("SECURITY.md").object("docs", 0o160_000, NOT_HERE).commit("first");
    check(&repo, "reporting.policy-published", "unknown", "docs: a link or a submodule");
    let repo = demo().without("SECURITY.md").commit("first");
    check(&repo, "reporting.policy-published", "unknown", "no SECURITY.md");
}

#[test]
fn files_beyond_a_limit_are_a_gap() {
    let mut repo = Repo::new().file("SHA256SUMS", format!("{}  a\n", "ab".repeat(32)));
    let blob = repo.blob("SHA256SUMS");
    for number in 0..5001 {
        repo = repo.object(&format!("docs/adr/{number:04}.md"), 0o100_644, &blob);
    }
    for number in 0..2001 {
        repo = repo.object(&format!("{number:04}.sha256"), 0o100_644, &blob);
    }
    let evidence = evidence_json(repo.commit("many").path());
    for (kind, says) in [("policy", "1 document more than the 5000"), ("checksum-file", "2 more files than the 2000")] {
        let report = report(&evidence, kind);
        let reason = report["reason"].as_str().unwrap_or_default();
        assert!(report["status"] == "partial" && reason.contains(says), "{report}");
    }
}

#[test]
fn tokens_beyond_a_limit_are_counted() {
    let tokens: Vec<_> = (0..300).map(|number| format!("glpat-aBcDeFgHiJkLmN{number:06}\n")).collect();
    let repo = demo().file("src/x.txt", tokens.concat()).commit("many");
    let evidence = evidence_json(repo.path());
    assert_eq!(facts(&evidence, "secret").len(), 200);
    let reason = report(&evidence, "secret")["reason"].as_str().unwrap();
    assert!(reason.contains("src/x.txt: 300 keys or tokens were found, of which 200 are listed"), "{reason}");
    check(&repo, "secrets.none-found", "unmet", "200 keys or tokens");
}
