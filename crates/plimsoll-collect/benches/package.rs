//! A crate of 50 MB compared with its source, file by file, against `tar -xzf` of it into a fresh folder. The start of tar and
//! gzip as processes counts for them; it is a few milliseconds. Opening the repository and unpacking count for Plimsoll.
#![allow(missing_docs, clippy::unwrap_used, reason = "a bench that cannot be set up has to fail at once")]

use std::{
    fs,
    hint::black_box,
    path::Path,
    process::{Command, Stdio},
    time::Duration,
};

use criterion::{BatchSize, Criterion};
use flate2::{Compression, write::GzEncoder};
use plimsoll_artifacts::{
    Limits, Package,
    comparison::{Verdict, compare},
};
use plimsoll_collect::packages::CommitTree;
use plimsoll_snapshot::{OpenOptions, Snapshot};

const NAME: &str = "mixed-1.0.0.crate";
const UNPACKED: usize = 50_000_000;
const MANIFEST: &str = "[package]\nname = \"mixed\"\nversion = \"1.0.0\"\n";
const WORDS: [&str; 16] = [
    "fn", "let", "return", "self", "value", "buffer", "length", "for", "in", "if", "else", "match", "Some", "None",
    "Result", "error",
];

/// Numbers that are the same in every run.
struct Numbers(u64);

impl Numbers {
    fn next(&mut self) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap()
    }
}

/// Lines as sources have them: indented, of common words, names that come again and numbers that do not.
fn text(numbers: &mut Numbers, length: usize) -> String {
    let mut text = String::with_capacity(length + 100);
    while text.len() < length {
        text.push_str(&" ".repeat(numbers.next() % 4 * 4));
        for _ in 0..=numbers.next() % 9 {
            match numbers.next() % 8 {
                0 => text.push_str(&format!("name_{}", numbers.next() % 3_000)),
                1 => text.push_str(&format!("0x{:06x}", numbers.next() % (1 << 24))),
                other => text.push_str(WORDS.get(numbers.next() * other % WORDS.len()).unwrap()),
            }
            text.push_str([" ", "(", ") ", ", ", " = "].get(numbers.next() % 5).unwrap());
        }
        text.push_str(";\n");
    }
    text
}

fn git(folder: &Path, arguments: &[&str]) -> String {
    let output = Command::new("git").arg("-C").arg(folder).args(arguments).stderr(Stdio::null()).output().unwrap();
    assert!(output.status.success(), "git {arguments:?}");
    String::from_utf8(output.stdout).unwrap()
}

/// Writes the source, commits it, packs the repository as a clone is, and gives the crate and its number of files.
fn made(folder: &Path) -> (Vec<u8>, usize) {
    let mut numbers = Numbers(1);
    let mut files = vec![("Cargo.toml".to_owned(), MANIFEST.to_owned())];
    let mut total = 0;
    while total < UNPACKED {
        let length = 500 + numbers.next() % 40_000;
        let content = text(&mut numbers, length);
        total += content.len();
        files.push((format!("src/part{}/file{}.rs", files.len() % 40, files.len()), content));
    }
    for (path, content) in &files {
        let place = folder.join(path);
        fs::create_dir_all(place.parent().unwrap()).unwrap();
        fs::write(place, content).unwrap();
    }
    git(folder, &["init", "--quiet"]);
    git(folder, &["add", "."]);
    git(folder, &["-c", "user.name=T", "-c", "user.email=t@example.org", "commit", "--quiet", "-m", "first"]);
    git(folder, &["gc", "--quiet"]);
    let head = git(folder, &["rev-parse", "HEAD"]);
    let info = format!("{{\"git\":{{\"sha1\":\"{}\"}},\"path_in_vcs\":\"\"}}", head.trim());
    files.push((".cargo_vcs_info.json".to_owned(), info));
    files.push(("Cargo.toml.orig".to_owned(), MANIFEST.to_owned()));
    let mut archive = tar::Builder::new(GzEncoder::new(Vec::new(), Compression::default()));
    for (path, content) in &files {
        let mut header = tar::Header::new_ustar();
        header.set_size(content.len() as u64);
        header.set_mode(0o644);
        archive.append_data(&mut header, format!("mixed-1.0.0/{path}"), content.as_bytes()).unwrap();
    }
    (archive.into_inner().unwrap().finish().unwrap(), files.len())
}

fn tar(file: &Path, folder: &Path) {
    let status = Command::new("tar").arg("-xzf").arg(file).arg("-C").arg(folder).status().unwrap();
    assert!(status.success());
}

fn files_in(folder: &Path) -> usize {
    fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap())
        .map(|entry| if entry.file_type().unwrap().is_dir() { files_in(&entry.path()) } else { 1 })
        .sum()
}

/// Compares, and gives how many files were found to be the source's.
fn compared(repository: &Path, bytes: &[u8]) -> usize {
    let package = Package::read(NAME, bytes, &Limits::default()).unwrap();
    let snapshot = Snapshot::open(repository, &OpenOptions::default()).unwrap();
    let comparison = compare(&package, &CommitTree(&snapshot));
    assert_eq!(comparison.verdict, Verdict::Equal, "{:?}", comparison.files);
    usize::try_from(comparison.counts.unwrap().files()).unwrap()
}

fn main() {
    let mut criterion = Criterion::default().configure_from_args();
    let scratch = tempfile::tempdir().unwrap();
    let repository = scratch.path().join("source");
    fs::create_dir(&repository).unwrap();
    let (bytes, count) = made(&repository);
    let file = scratch.path().join(NAME);
    fs::write(&file, &bytes).unwrap();
    // The same work: as many files as tar writes.
    let written = tempfile::tempdir_in(scratch.path()).unwrap();
    tar(&file, written.path());
    assert_eq!(files_in(written.path()), count);
    assert_eq!(compared(&repository, &bytes), count);

    let mut group = criterion.benchmark_group("package-50MB");
    group.sample_size(10).measurement_time(Duration::from_secs(8));
    group.bench_function("plimsoll", |bencher| bencher.iter(|| compared(&repository, black_box(&bytes))));
    group.bench_function("tar-xzf", |bencher| {
        bencher.iter_batched(
            || tempfile::tempdir_in(scratch.path()).unwrap(),
            |folder| {
                tar(&file, folder.path());
                folder
            },
            BatchSize::PerIteration,
        );
    });
    group.finish();
    plimsoll_testkit::print_ratio("package-50MB", "plimsoll", "tar-xzf");
    criterion.final_summary();
}
