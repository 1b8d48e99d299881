//! Each kind of bad input gives a clear line or a gap with its reason; none panics, hangs or counts as good.

use plimsoll_testkit::Repo;

use crate::{
    common::{AS_OF, evidence_json, label_json, run},
    label::demo,
};

fn refused(path: &std::path::Path, more: &[&str], says: &str) {
    let path = path.display().to_string();
    let mut arguments = vec!["label", &path, "--as-of", AS_OF];
    arguments.extend(more);
    let ran = run(&arguments);
    assert_eq!((ran.code, ran.stdout.as_str()), (2, ""), "{}", ran.stderr);
    assert_eq!(ran.stderr.lines().count(), 1, "{}", ran.stderr);
    assert!(ran.stderr.starts_with("plimsoll: ") && ran.stderr.contains(says), "{} does not say {says}", ran.stderr);
}

#[test]
fn where_there_is_nothing_to_examine_there_is_no_label() {
    let empty = tempfile::tempdir().unwrap();
    refused(empty.path(), &[], "not a git repository");
    refused(&empty.path().join("gone"), &[], "no such file or folder");
    refused(Repo::new().path(), &[], "no commit yet");
    refused(Repo::new().commit("no files").path(), &[], "there is nothing to examine");
    refused(demo().commit("first").path(), &["--rev", "v9"], "no commit is called \"v9\"");
    let gone = empty.path().join("gone").display().to_string();
    for flag in ["--advisories", "--practices", "--artifact"] {
        refused(demo().commit("first").path(), &[flag, &gone], &gone);
    }
    let bad = run(&["label", ".", "--as-of", "yesterday"]);
    assert!(bad.code == 2 && bad.stderr.contains("2026-11-01T00:00:00Z"));
}

#[test]
fn a_bare_repository_and_a_detached_head_are_examined() {
    let repo = demo().commit("first");
    let head = repo.head().unwrap();
    assert_eq!(label_json(&repo.git_dir())["subject"][0]["digest"]["gitCommit"], head);
    std::fs::write(repo.git_dir().join("HEAD"), format!("{head}\n")).unwrap();
    assert_eq!(label_json(repo.path())["subject"][0]["digest"]["gitCommit"], head);
}

/// Kinds that are not wholly searched, with their reasons.
fn gaps(repo: &Repo) -> String {
    let evidence = evidence_json(repo.path());
    let kinds = evidence["kinds"].as_object().unwrap();
    kinds
        .iter()
        .filter(|(_, report)| report["status"] != "searched")
        .map(|(kind, report)| format!("{kind} {} {}\n", report["status"], report["reason"]))
        .collect()
}

#[test]
fn what_cannot_be_read_is_told_with_its_reason() {
    let bomb = format!("a: &a [{}]\n", "x,".repeat(9))
        + &(b'b'..=b'i')
            .map(|c| format!("{0}: &{0} [{1}]\n", c as char, format!("*{},", (c - 1) as char).repeat(9)))
            .collect::<String>();
    let deep = format!("jobs: {}{}", "[".repeat(100_000), "]".repeat(100_000));
    let large = format!("[package]\nname = \"demo\"\nversion = \"1.0.0\"\n# {}\n", "x".repeat(100 << 20));
    for (name, repo, says) in [
        ("yaml bomb", demo().file(".github/workflows/a.yml", bomb), ".github/workflows/a.yml"),
        ("deep yaml", demo().file(".github/workflows/a.yml", deep), "nested too deeply"),
        ("large toml", demo().file("Cargo.toml", large), "Cargo.toml"),
        (
            "large claims",
            demo().file("plimsoll.toml", format!("# {}", "x".repeat(2 << 20))),
            "plimsoll.toml: larger than",
        ),
        ("malformed claims", demo().file("plimsoll.toml", "schema = 1\nclamant = \"x\"\n"), "plimsoll.toml: line"),
        ("claims that are a link", demo().symlink("plimsoll.toml", "/etc/passwd"), "plimsoll.toml: a symbolic link"),
        ("future lockfile", demo().file("Cargo.lock", "version = 99\n"), "Cargo.lock"),
        ("broken lockfile", demo().file("Cargo.lock", "[[package]]\nname = \"a\n"), "Cargo.lock"),
        ("not UTF-8", demo().file("SECURITY.md", b"\xff\xfe"), "SECURITY.md: not UTF-8"),
        (
            "a lockfile of another manifest",
            demo().file("Cargo.lock", "version = 4\n[[package]]\nname = \"demo\"\nversion = \"1.2.3\"\n"),
            "Cargo.lock does not belong to the manifests next to it",
        ),
        (
            "a manifest behind a link",
            demo().symlink("app/Cargo.toml", "../Cargo.toml"),
            "app/Cargo.toml: it is no regular file",
        ),
        ("no lockfile", demo().without("Cargo.lock"), "lock"),
        (
            "missing blob",
            demo().object("src/gone.rs", 0o100_644, "1111111111111111111111111111111111111111"),
            "the blob is missing",
        ),
    ] {
        let repo = repo.commit("bad");
        let found = gaps(&repo);
        assert!(found.contains(says), "{name}: {found}");
        let label = label_json(repo.path());
        assert_eq!(label["predicate"]["tier"]["level"], 0, "{name}");
    }
}

#[test]
fn links_submodules_and_odd_paths_do_no_harm() {
    let repo = demo()
        .symlink("docs", "/")
        .symlink("LICENSE", "../../../../etc/passwd")
        .symlink(".github/workflows/a.yml", "/etc/passwd")
        .object("sub", 0o160_000, "1111111111111111111111111111111111111111")
        .entry(b"caf\xe9.rs", 0o100_644, b"fn main() {}")
        .entry(b"bell\x07\x1b[31m.md", 0o100_644, b"x")
        .commit("odd");
    let ran = run(&["label", &repo.path().display().to_string(), "--as-of", AS_OF]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let evidence = evidence_json(repo.path()).to_string();
    assert!(!evidence.contains("root:") && !evidence.contains('\u{7}') && !ran.stdout.contains('\u{1b}'));
}

#[test]
fn a_broken_advisory_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let package = folder.path().join("crates/smallvec");
    std::fs::create_dir_all(&package).unwrap();
    std::fs::write(package.join("RUSTSEC-2019-0009.md"), "```toml\n[advisory\n```\n").unwrap();
    std::fs::write(package.join("RUSTSEC-2019-0012.md"), "```toml\n[advisory]\nid = \"RUSTSEC-2019-0012\"\npackage = \"smallvec\"\ndate = \"2026-10-30\"\n[versions]\npatched = [\">= 9.0.0\"]\n```\n\n# T\n\nx\n").unwrap();
    let repo = demo().commit("first");
    let advisories = folder.path().display().to_string();
    let ran = run(&["collect", &repo.path().display().to_string(), "--as-of", AS_OF, "--advisories", &advisories]);
    let evidence: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!(evidence["kinds"]["advisory-finding"]["count"].as_u64(), Some(1));
    let report = &evidence["kinds"]["advisory-database"];
    assert_eq!((report["status"].as_str(), report["count"].as_u64()), (Some("partial"), Some(1)));
    assert!(report["reason"].as_str().unwrap().contains("1 advisory could not be read"));
}

/// Opening a pipe waits for somebody to write into it.
#[cfg(unix)]
#[test]
fn a_pipe_in_place_of_a_file_is_refused_and_not_waited_for() {
    let folder = tempfile::tempdir().unwrap();
    let pipe = folder.path().join("pipe");
    assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    let pipe = pipe.display().to_string();
    for flag in ["--trust", "--advisories"] {
        refused(demo().commit("first").path(), &[flag, &pipe], &pipe);
    }
    let ran = run(&["verify", &pipe, "--identity", "a", "--issuer", "https://example.org", "--as-of", AS_OF]);
    assert_eq!((ran.code, ran.stdout.as_str()), (2, ""), "{}", ran.stderr);
    assert!(ran.stderr.starts_with("plimsoll: ") && ran.stderr.contains(&pipe), "{}", ran.stderr);
}

#[test]
fn label_and_evidence_files_that_are_none_are_refused() {
    let file = tempfile::NamedTempFile::new().unwrap();
    for text in ["", "{}", "[]", "null", "{\"_type\":\"https://in-toto.io/Statement/v1\"}", "\u{0}"] {
        std::fs::write(file.path(), text).unwrap();
        for command in ["score", "render"] {
            let ran = run(&[command, &file.path().display().to_string()]);
            assert_eq!((ran.code, ran.stdout.as_str()), (2, ""), "{command} {text}");
            assert!(ran.stderr.starts_with("plimsoll: "), "{}", ran.stderr);
        }
    }
}
