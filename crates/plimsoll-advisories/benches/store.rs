//! Packed snapshots: opened, and 1,000 packages matched against RustSec and 200,000 records of OSV.
//!
//! The records are made from the shared ones: each comes many times, under other ids and names of packages, without its prose.
//! They are packed once as `plimsoll db update` packs a dump, and kept below the target folder.
#![allow(
    clippy::indexing_slicing,
    missing_docs,
    clippy::unwrap_used,
    clippy::print_stderr,
    reason = "a bench that cannot be set up has to fail at once"
)]

use std::{
    fs,
    hint::black_box,
    path::{Path, PathBuf},
    process::Command,
    time::{Duration, Instant},
};

use criterion::Criterion;
use jiff::civil::{Date, date};
use plimsoll_advisories::{Database, Ecosystem, Package, match_packages};
use serde_json::Value;

/// Records of OSV, and packages that are matched.
const RECORDS: usize = 200_000;
const PACKAGES: usize = 1_000;
const TODAY: Date = date(2026, 9, 1);
/// Set for the run that measures memory: the files, as in `PATH`.
const ONE_RUN: &str = "PLIMSOLL_BENCH_STORE";

/// The shared records, without prose.
fn records() -> Option<Vec<Value>> {
    let mut all = Vec::new();
    for archive in ["go-osv", "mixed-ecosystem-osv"] {
        let folder = plimsoll_testkit::unpack(&format!("advisories/{archive}.tar.zst"))?;
        add(&folder, &mut all);
    }
    add(&plimsoll_testkit::corpus()?.join("advisories/ghsa"), &mut all);
    for record in &mut all {
        let members = record.as_object_mut().unwrap();
        for prose in ["details", "summary", "references", "credits"] {
            members.remove(prose);
        }
    }
    Some(all)
}

fn add(folder: &Path, all: &mut Vec<Value>) {
    let mut paths: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    for path in paths {
        if path.is_dir() {
            add(&path, all);
        } else if path.extension().is_some_and(|ending| ending == "json") {
            let value: Value = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
            all.extend(Some(value).filter(|value| value["affected"].is_array()));
        }
    }
}

/// Snapshots of RustSec and of the records that are made.
fn snapshots(target: &Path) -> Option<[PathBuf; 2]> {
    let [made, rustsec] = ["osv", "rustsec"].map(|name| target.join(format!("{name}-{RECORDS}.advisories")));
    if !rustsec.is_file() {
        let checkout = plimsoll_testkit::unpack("advisories/rustsec-advisory-db.tar.zst")?;
        let checkout = if checkout.join("crates").is_dir() {
            checkout
        } else {
            fs::read_dir(&checkout).unwrap().next()?.unwrap().path()
        };
        let packed = Database::open(&[checkout]).unwrap().pack(None, None, None).unwrap();
        fs::write(&rustsec, packed).unwrap();
    }
    if !made.is_file() {
        let shared = records()?;
        let folder = tempfile::tempdir_in(target).unwrap();
        for number in 0..RECORDS {
            let mut record = shared.get(number % shared.len()).unwrap().clone();
            let copy = number / shared.len();
            record["id"] = format!("MADE-{number}").into();
            record["aliases"] = Value::Array(vec![format!("CVE-2026-{number}").into()]);
            for affected in record["affected"].as_array_mut().unwrap() {
                if let Some(name) = affected["package"]["name"].as_str().filter(|_| copy > 0) {
                    affected["package"]["name"] = format!("{name}-{}", copy / 3).into();
                }
            }
            fs::write(folder.path().join(format!("{number}.json")), record.to_string()).unwrap();
        }
        let packed = Database::open(&[folder.path()]).unwrap().pack(None, None, Some(TODAY)).unwrap();
        fs::write(&made, packed).unwrap();
    }
    Some([made, rustsec])
}

/// Packages of which half are spread over the records, and half over RustSec.
fn packages(snapshots: &[PathBuf]) -> Vec<Package> {
    let mut all = Vec::new();
    for path in snapshots {
        let text = String::from_utf8(fs::read(path).unwrap()).unwrap();
        // The lines of blocks are those with advisories; the others are the header and the index.
        let named: Vec<(&str, &str)> = text
            .lines()
            .filter_map(|line| {
                let mut parts = line.split('\t');
                let (ecosystem, name, rest) = (parts.next()?, parts.next()?, parts.next()?);
                rest.starts_with('[').then_some((ecosystem, name))
            })
            .collect();
        let step = (named.len() / (PACKAGES / 2)).max(1);
        let chosen = named.iter().step_by(step).take(PACKAGES / 2).map(|(ecosystem, name)| Package {
            ecosystem: Ecosystem::of(ecosystem).unwrap(),
            name: (*name).to_owned(),
            version: "1.2.3".to_owned(),
        });
        all.extend(chosen);
    }
    all
}

fn matched(database: &Database, packages: &[Package]) -> usize {
    match_packages(database, black_box(packages), TODAY).unwrap().len()
}

/// What one process takes that opens the snapshots and matches once.
fn one_run(files: &[PathBuf]) {
    let packages: Vec<Package> = fs::read_to_string(files.last().unwrap())
        .unwrap()
        .lines()
        .map(|line| {
            let (ecosystem, name) = line.split_once('\t').unwrap();
            Package { ecosystem: Ecosystem::of(ecosystem).unwrap(), name: name.to_owned(), version: "1.2.3".to_owned() }
        })
        .collect();
    let start = Instant::now();
    let database = Database::open(files.split_last().unwrap().1).unwrap();
    let opened = start.elapsed();
    let count = matched(&database, &packages);
    let took = start.elapsed().checked_sub(opened).unwrap();
    let memory = plimsoll_testkit::peak_memory(std::process::id()).unwrap_or_default() / 1024 / 1024;
    eprintln!("ONE RUN  open {opened:.1?}, match {took:.1?} ({count} found), at most {memory} MB");
}

fn main() {
    if let Some(files) = std::env::var_os(ONE_RUN) {
        one_run(&std::env::split_paths(&files).collect::<Vec<_>>());
        return;
    }
    let target = PathBuf::from(env!("CARGO_TARGET_TMPDIR"));
    let Some(files) = snapshots(&target) else { return };
    let packages = packages(&files);
    let mut criterion = Criterion::default().configure_from_args();
    let mut group = criterion.benchmark_group("advisories-200000");
    group.sample_size(20).measurement_time(Duration::from_secs(5));
    group.bench_function("open", |bencher| bencher.iter(|| Database::open(black_box(&files)).unwrap()));
    let database = Database::open(&files).unwrap();
    let count = matched(&database, &packages);
    group.bench_function("match-1000", |bencher| bencher.iter(|| matched(&database, &packages)));
    group.finish();
    for path in &files {
        eprintln!("{}: {} MB", path.display(), fs::metadata(path).unwrap().len() / 1024 / 1024);
    }
    eprintln!("{} packages, {count} advisories hold or may hold", packages.len());
    let list = target.join("packages.tsv");
    let lines: Vec<String> =
        packages.iter().map(|package| format!("{}\t{}", package.ecosystem.name, package.name)).collect();
    fs::write(&list, lines.join("\n")).unwrap();
    let all = std::env::join_paths(files.iter().chain([&list])).unwrap();
    for _ in 0..3 {
        Command::new(std::env::current_exe().unwrap()).env(ONE_RUN, &all).status().unwrap();
    }
    criterion.final_summary();
}
