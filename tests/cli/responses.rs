//! How changes came in, and how long vulnerabilities stayed in the lockfile, by the history.

use plimsoll_testkit::{Commit, Repo};
use serde_json::Value;

use crate::common::{AS_OF, facts, run};

/// 2026-11-01 is the day of all labels here.
const TODAY: i64 = 1_793_491_200;
const DAY: i64 = 86_400;

fn lock(version: &str) -> String {
    format!(
        "version = 4\n\n[[package]]\nname = \"demo\"\nversion = \"1.0.0\"\ndependencies = [\"smallvec\"]\n\n[[package]]\nname = \
         \"smallvec\"\nversion = \"{version}\"\nsource = \"registry+https://github.com/rust-lang/crates.io-index\"\nchecksum = \
         \"3c5e1a9a646d36c3599cd173a41282daf47c44583ad367b8e6837255952e5c67\"\n"
    )
}

fn demo() -> Repo {
    Repo::new()
        .file("Cargo.toml", "[package]\nname = \"demo\"\nversion = \"1.0.0\"\n\n[dependencies]\nsmallvec = \"1\"\n")
        .file("src/lib.rs", "\n")
}

fn commit(repo: &mut Repo, days_ago: i64, author: &str, committer: &str, message: &str) -> String {
    let seconds = Some(TODAY - days_ago * DAY);
    repo.commit_with(&Commit { message, author, committer, seconds, ..Commit::default() })
}

fn inspected(repo: &Repo, collector: &str) -> Value {
    let path = repo.path().display().to_string();
    let ran = run(&["inspect", collector, &path, "--as-of", AS_OF, "--format", "json"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    serde_json::from_str(&ran.stdout).unwrap()
}

const MAKER: &str = "Maker <maker@acme.dev>";

/// RUSTSEC-2026-9998 of 2026-09-19 affects every version below 1.6.9.
fn database() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let record = "```toml\n[advisory]\nid = \"RUSTSEC-2026-9998\"\npackage = \"smallvec\"\ndate = \"2026-09-19\"\n\n[versions]\npatched = [\">= 1.6.9\"]\n```\n\n# bad\n\nbad\n";
    std::fs::create_dir_all(folder.path().join("crates/smallvec")).unwrap();
    std::fs::write(folder.path().join("crates/smallvec/RUSTSEC-2026-9998.md"), record).unwrap();
    folder
}

/// The responses of a repository by that advisory.
fn responses(repo: &Repo) -> (Value, Vec<Value>) {
    let database = database();
    let (path, database) = (repo.path().display().to_string(), database.path().display().to_string());
    let ran = run(&["collect", &path, "--as-of", AS_OF, "--advisories", &database, "--history", "--quiet"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let evidence: Value = serde_json::from_str(&ran.stdout).unwrap();
    let bodies = facts(&evidence, "advisory-response").iter().map(|fact| fact["body"].clone()).collect();
    (evidence["kinds"]["advisory-response"].clone(), bodies)
}

#[test]
fn a_vulnerability_is_open_from_when_it_was_known_and_locked_until_it_is_gone() {
    // 2026-09-19 is 43 days before.
    for (first, fixed, expected) in [
        // It was locked before it was known.
        (100, Some(13), Some(("2026-09-19", Some("2026-10-19"), 30))),
        // It was known before it was locked.
        (20, Some(13), Some(("2026-10-12", Some("2026-10-19"), 7))),
        (100, None, Some(("2026-09-19", None, 43))),
        // It was gone before it was known.
        (100, Some(60), None),
    ] {
        let mut repo = demo().file("Cargo.lock", lock("1.6.1"));
        commit(&mut repo, first, MAKER, "", "first");
        if let Some(days) = fixed {
            repo = repo.file("Cargo.lock", lock("1.6.9"));
            commit(&mut repo, days, MAKER, "", "fix");
        }
        let (report, bodies) = responses(&repo);
        assert_eq!(report["status"], "searched", "{report}");
        let Some((since, until, days)) = expected else {
            assert!(bodies.is_empty(), "{bodies:?}");
            continue;
        };
        assert_eq!(bodies.len(), 1, "{bodies:?}");
        assert_eq!(
            (bodies[0]["since"].as_str(), bodies[0]["until"].as_str()),
            (Some(since), until),
            "{first} {fixed:?}"
        );
        assert_eq!((bodies[0]["daysOpen"].as_i64(), bodies[0]["atLeast"].as_bool()), (Some(days), Some(false)));
        assert_eq!(bodies[0]["vulnerability"], "RUSTSEC-2026-9998");
    }
}

#[test]
fn without_being_asked_no_history_of_lockfiles_is_followed() {
    let mut repo = demo().file("Cargo.lock", lock("1.6.1"));
    commit(&mut repo, 100, MAKER, "", "first");
    let evidence = inspected(&repo, "responses");
    let report = &evidence["kinds"]["advisory-response"];
    assert_eq!(report["status"], "unavailable");
    assert!(report["reason"].as_str().unwrap().contains("--history"), "{report}");
}

#[test]
fn what_cannot_be_read_or_is_cut_off_is_a_gap() {
    let mut repo = demo().file("Cargo.lock", "not a lockfile");
    commit(&mut repo, 100, MAKER, "", "first");
    repo = repo.file("Cargo.lock", lock("1.6.9"));
    commit(&mut repo, 10, MAKER, "", "second");
    let (report, bodies) = responses(&repo);
    assert_eq!(report["status"], "partial", "{report}");
    assert!(report["reason"].as_str().unwrap().contains("a version of Cargo.lock cannot be read"), "{report}");
    assert!(bodies.is_empty());
    // A clone that was cut off.
    let head = repo.head().unwrap();
    std::fs::write(repo.git_dir().join("shallow"), format!("{head}\n")).unwrap();
    let (report, _) = responses(&repo);
    assert!(report["reason"].as_str().unwrap().contains("shallow"), "{report}");
    let changes = inspected(&repo, "history");
    assert_eq!(changes["kinds"]["change-control"]["status"], "partial");
}

#[test]
fn each_change_came_in_one_way() {
    let host = "GitHub <noreply@github.com>";
    let other = "Ann Other <ann@other.dev>";
    let mut repo = demo();
    commit(&mut repo, 500, MAKER, "", "a year ago and more");
    for (author, committer, message) in [
        (MAKER, "", "direct"),
        (MAKER, host, "squashed (#1)"),
        (MAKER, other, "applied"),
        (MAKER, "", "trailer\n\nReviewed-by: Ann Other <ann@other.dev>"),
        (MAKER, "", "own trailer\n\nReviewed-by: Maker <maker@acme.dev>"),
        (MAKER, "", "pair\n\nCo-authored-by: Ann Other <ann@other.dev>"),
        ("dependabot[bot] <1+dependabot[bot]@users.noreply.github.com>", host, "bump"),
    ] {
        repo = repo.file("src/lib.rs", message);
        commit(&mut repo, 100, author, committer, message);
    }
    for (writer, merger) in [(other, MAKER), (MAKER, MAKER)] {
        let main = repo.head().unwrap();
        repo = repo.file("src/lib.rs", format!("{writer} {merger}"));
        let seconds = Some(TODAY - 50 * DAY);
        let parents = Some(vec![main.clone()]);
        let side = repo.commit_with(&Commit { message: "side", author: writer, seconds, parents, ..Commit::default() });
        let parents = Some(vec![main, side]);
        repo.commit_with(&Commit { message: "Merge", author: merger, seconds, parents, ..Commit::default() });
    }
    let evidence = inspected(&repo, "history");
    let body = &facts(&evidence, "change-control")[0]["body"];
    let count = |name: &str| body[name].as_u64().unwrap();
    assert_eq!(body["from"], "2025-09-12");
    for (name, expected) in [
        ("throughHost", 1),
        ("appliedByAnother", 1),
        ("reviewedInTrailer", 1),
        ("coAuthored", 1),
        ("byPrograms", 1),
        ("direct", 3),
        ("mergedByAnother", 1),
        ("selfMerged", 1),
        ("secondPerson", 3),
        ("changes", 8),
        ("authors", 2),
    ] {
        assert_eq!(count(name), expected, "{name}: {body}");
    }
}
