//! The history pass (every commit read once and classified) against `git rev-list --all --header`, which only
//! prints them. git's start as a process counts for it; it is about a millisecond.
#![allow(missing_docs, clippy::unwrap_used, reason = "a bench that cannot be set up has to fail at once")]

use std::{
    io::Write as _,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    time::Duration,
};

use criterion::Criterion;

const BRANCHES: usize = 64;
const LENGTH: usize = 400;

fn git(folder: &Path, arguments: &[&str]) {
    let status = Command::new("git").arg("-C").arg(folder).args(arguments).stdout(Stdio::null()).status().unwrap();
    assert!(status.success(), "git {arguments:?}");
}

/// A history of 64 lines side by side, 25,600 commits of common size, packed as git packs a clone.
fn wide(folder: &Path) -> PathBuf {
    git(folder, &["init", "--quiet", "--bare", "wide.git"]);
    let repository = folder.join("wide.git");
    let mut import = Command::new("git")
        .arg("-C")
        .arg(&repository)
        .args(["fast-import", "--quiet"])
        .stdin(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stream = import.stdin.take().unwrap();
    // Messages that differ as real ones and signatures do: equal ones would be packed to next to nothing.
    let mut state = 1_u64;
    for number in 0..LENGTH {
        for branch in 0..BRANCHES {
            let seconds = 1_500_000_000 + number * 1000 + branch;
            let mut text = format!("change {number} of line {branch}\n\n");
            for word in 0..60 {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                text.push_str(&format!("{:08x}{}", state >> 32, if word % 8 == 7 { '\n' } else { ' ' }));
            }
            text.push_str("\n\nReviewed-by: B <b@example.org>\n");
            write!(
                stream,
                "commit refs/heads/line-{branch}\nauthor A <a@example.org> {seconds} +0000\n\
                 committer C <c@example.org> {seconds} +0000\ndata {}\n{text}M 100644 inline f\ndata 9\n{number:08}\n\n",
                text.len()
            )
            .unwrap();
        }
    }
    drop(stream);
    assert!(import.wait().unwrap().success());
    git(&repository, &["repack", "-adq"]);
    repository
}

fn compare(criterion: &mut Criterion, name: &str, repository: &Path) {
    // The same work: as many commits as git counts.
    let count = Command::new("git").arg("-C").arg(repository).args(["rev-list", "--all", "--count"]).output().unwrap();
    let count: usize = String::from_utf8(count.stdout).unwrap().trim().parse().unwrap();
    assert_eq!(plimsoll_snapshot::walk_all(repository).unwrap().commits.len(), count);
    let mut group = criterion.benchmark_group(name);
    group.sample_size(20).measurement_time(Duration::from_secs(8));
    group.bench_function("plimsoll", |bencher| {
        bencher.iter(|| plimsoll_snapshot::walk_all(repository).unwrap().commits.len());
    });
    group.bench_function("git-rev-list", |bencher| {
        bencher.iter(|| {
            let output = Command::new("git")
                .arg("-C")
                .arg(repository)
                .args(["rev-list", "--all", "--header"])
                .stderr(Stdio::null())
                .output()
                .unwrap();
            output.stdout.len()
        });
    });
    group.finish();
    plimsoll_testkit::print_ratio(name, "plimsoll", "git-rev-list");
}

fn main() {
    let mut criterion = Criterion::default().configure_from_args();
    for name in ["ripgrep", "pypi-attestations", "sigstore-conformance"] {
        if let Some(folder) = plimsoll_testkit::unpack(&format!("git-history/{name}.git.tar.zst")) {
            compare(&mut criterion, &format!("history-{name}"), &folder.join(format!("{name}.git")));
        }
    }
    let folder = tempfile::tempdir().unwrap();
    let repository = wide(folder.path());
    compare(&mut criterion, "history-wide", &repository);
    criterion.final_summary();
}
