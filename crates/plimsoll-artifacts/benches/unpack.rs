//! A source package of 50 MB read and checked in memory, against `tar -xzf` into a fresh folder, and against `tar -xzO`,
//! which writes no files. The start of tar and gzip as processes counts for them; it is a few milliseconds.
#![allow(missing_docs, clippy::unwrap_used, reason = "a bench that cannot be set up has to fail at once")]

use std::{
    hint::black_box,
    path::Path,
    process::{Command, Stdio},
    time::Duration,
};

use criterion::{BatchSize, Criterion};
use flate2::{Compression, write::GzEncoder};
use plimsoll_artifacts::{Limits, Package};

const NAME: &str = "mixed-1.0.0.tar.gz";
const UNPACKED: usize = 50_000_000;
const WORDS: [&str; 24] = [
    "fn", "let", "return", "self", "value", "buffer", "length", "for", "in", "if", "else", "match", "Some", "None",
    "Result", "error", "import", "from", "class", "def", "const", "static", "the", "of",
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

/// The package, and how many files it has.
fn package() -> (Vec<u8>, usize) {
    let mut numbers = Numbers(1);
    let mut archive = tar::Builder::new(GzEncoder::new(Vec::new(), Compression::default()));
    let mut add = |path: &str, content: &str| {
        let mut header = tar::Header::new_ustar();
        header.set_size(content.len() as u64);
        header.set_mode(0o644);
        archive.append_data(&mut header, format!("mixed-1.0.0/{path}"), content.as_bytes()).unwrap();
        content.len()
    };
    let mut total = add("PKG-INFO", "Metadata-Version: 2.1\nName: mixed\nVersion: 1.0.0\n");
    let mut count = 1;
    while total < UNPACKED {
        let length = 500 + numbers.next() % 40_000;
        total += add(&format!("src/part{}/file{count}.rs", count % 40), &text(&mut numbers, length));
        count += 1;
    }
    (archive.into_inner().unwrap().finish().unwrap(), count)
}

fn tar(flags: &str, file: &Path, folder: &Path) {
    let mut command = Command::new("tar");
    command.arg(flags).arg(file).arg("-C").arg(folder).stdout(Stdio::null());
    assert!(command.status().unwrap().success());
}

fn files_in(folder: &Path) -> usize {
    std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap())
        .map(|entry| if entry.file_type().unwrap().is_dir() { files_in(&entry.path()) } else { 1 })
        .sum()
}

fn main() {
    let mut criterion = Criterion::default().configure_from_args();
    let (bytes, count) = package();
    let scratch = tempfile::tempdir().unwrap();
    let file = scratch.path().join(NAME);
    std::fs::write(&file, &bytes).unwrap();
    // The same work: as many files as tar writes.
    let written = tempfile::tempdir_in(scratch.path()).unwrap();
    tar("-xzf", &file, written.path());
    assert_eq!(files_in(written.path()), count);
    assert_eq!(Package::read(NAME, &bytes, &Limits::default()).unwrap().files().len(), count);

    let mut group = criterion.benchmark_group("unpack-50MB");
    group.sample_size(10).measurement_time(Duration::from_secs(8));
    group.bench_function("plimsoll", |bencher| {
        bencher.iter(|| Package::read(NAME, black_box(&bytes), &Limits::default()).unwrap().files().len());
    });
    group.bench_function("tar-xzf", |bencher| {
        bencher.iter_batched(
            || tempfile::tempdir_in(scratch.path()).unwrap(),
            |folder| {
                tar("-xzf", &file, folder.path());
                folder
            },
            BatchSize::PerIteration,
        );
    });
    group.bench_function("tar-xzO", |bencher| bencher.iter(|| tar("-xzOf", &file, scratch.path())));
    group.finish();
    for other in ["tar-xzf", "tar-xzO"] {
        plimsoll_testkit::print_ratio("unpack-50MB", "plimsoll", other);
    }
    criterion.final_summary();
}
