//! How a label grows with its repository: commits, components and files, each against what git takes to print the headers of
//! all commits (`git rev-list --all --header`) in the same run. Prints rows for the table in `docs/performance.md`.
//!
//! A run of seconds needs no statistics: of each, the fastest of three counts. `SCALE_MOST` leaves out what is larger.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a bench that cannot be set up has to fail at once"
)]

use std::{
    path::{Path, PathBuf},
    process::{Command, Stdio},
    time::{Duration, Instant},
};

const AS_OF: &str = "2026-11-01T00:00:00Z";
const RUNS: usize = 3;
/// People who write the commits of a made history.
const PEOPLE: usize = 211;

/// Time and peak memory of the fastest run.
fn fastest(mut command: impl FnMut() -> Command) -> (Duration, u64) {
    let run = || {
        let start = Instant::now();
        let mut child = command().stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        let mut peak = 0;
        while child.try_wait().unwrap().is_none() {
            peak = plimsoll_testkit::peak_memory(child.id()).unwrap_or(0).max(peak);
            std::thread::sleep(Duration::from_millis(1));
        }
        assert!(child.wait().unwrap().success());
        (start.elapsed(), peak)
    };
    std::iter::repeat_with(run).take(RUNS).min().unwrap()
}

/// Prints a row: what, R, cold and warm as multiples of it, memory, evidence.
fn row(name: &str, repository: &Path, folder: &Path) {
    let label = |more: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_plimsoll"));
        command.arg("label").arg(repository).arg("--out").arg(folder.join("out"));
        command.args(["--as-of", AS_OF, "--quiet"]).args(more);
        command.env("XDG_CACHE_HOME", folder.join("cache")).env("XDG_STATE_HOME", folder.join("state"));
        command
    };
    let (listed, _) = fastest(|| {
        let mut git = Command::new("git");
        git.arg("-C").arg(repository).args(["rev-list", "--all", "--header"]);
        git
    });
    let (cold, peak) = fastest(|| label(&["--no-cache"]));
    assert!(label(&[]).stdout(Stdio::null()).status().unwrap().success());
    let (warm, _) = fastest(|| label(&[]));
    let evidence = folder.join("out/evidence.json");
    let (score, _) = fastest(|| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_plimsoll"));
        command.arg("score").arg(&evidence);
        command
    });
    let (seconds, size) = (|time: Duration| time.as_secs_f64(), std::fs::metadata(&evidence).unwrap().len());
    println!(
        "| {name} | {:.2} s | {:.2} s ({:.1} R) | {:.2} s ({:.1} R) | {} MB | {:.1} MB | {} ms |",
        seconds(listed),
        seconds(cold),
        seconds(cold) / seconds(listed),
        seconds(warm),
        seconds(warm) / seconds(listed),
        peak / 1_000_000,
        f64::from(u32::try_from(size / 1000).unwrap()) / 1000.0,
        score.as_millis(),
    );
}

const MANIFEST: &str = "[package]\nname = \"made\"\nversion = \"1.0.0\"\nedition = \"2021\"\n";

/// A bare repository from a stream for `git fast-import`.
fn imported(folder: &Path, write: impl FnOnce(&mut dyn std::io::Write)) -> PathBuf {
    let repository = folder.join("made.git");
    let init = Command::new("git").args(["init", "-q", "--bare", "-b", "main"]).arg(&repository).status().unwrap();
    assert!(init.success());
    let mut import = Command::new("git");
    import.arg("-C").arg(&repository).args(["fast-import", "--quiet"]).stdin(Stdio::piped());
    let mut import = import.spawn().unwrap();
    let mut stream = std::io::BufWriter::new(import.stdin.take().unwrap());
    write(&mut stream);
    drop(stream);
    assert!(import.wait().unwrap().success());
    repository
}

fn commit(stream: &mut dyn std::io::Write, number: usize, parents: &[usize]) {
    let (author, seconds) = (number * 7919 % PEOPLE, 1_300_000_000 + number * 60);
    let committer = if number.is_multiple_of(3) { 5 } else { author };
    let mut message = format!("change {number}\n\nSome words that say why: {:x}\n", number.wrapping_mul(2_654_435_761));
    if number.is_multiple_of(11) {
        message += &format!("\nReviewed-by: R{0} R <r{0}@corp.org>\n", number % 97);
    }
    write!(
        stream,
        "commit refs/heads/main\nmark :{number}\nauthor A{author} Doe <a{author}@corp.org> {seconds} +0000\n\
         committer A{committer} Doe <a{committer}@corp.org> {seconds} +0000\ndata {}\n{message}",
        message.len()
    )
    .unwrap();
    for (place, parent) in parents.iter().enumerate() {
        writeln!(stream, "{} :{parent}", if place == 0 { "from" } else { "merge" }).unwrap();
    }
}

fn file(stream: &mut dyn std::io::Write, path: &str, text: &str) {
    writeln!(stream, "M 100644 inline {path}\ndata {}\n{text}", text.len()).unwrap();
}

/// A line of changes with a merge at each twentieth, a release at each tenth part.
fn commits(count: usize) {
    let folder = tempfile::tempdir().unwrap();
    let repository = imported(folder.path(), |stream| {
        commit(stream, 1, &[]);
        file(stream, "Cargo.toml", MANIFEST);
        file(stream, "src/lib.rs", "\n");
        let mut head = 1;
        let mut next = 2;
        while next <= count {
            if next.is_multiple_of(20) && next + 2 <= count {
                commit(stream, next, &[head]);
                commit(stream, next + 1, &[head]);
                commit(stream, next + 2, &[next + 1, next]);
                next += 2;
            } else {
                commit(stream, next, &[head]);
            }
            head = next;
            next += 1;
        }
        for tenth in 1..10 {
            write!(stream, "reset refs/tags/v1.{tenth}.0\nfrom :{}\n\n", (count / 10 * tenth).max(1)).unwrap();
        }
    });
    row(&format!("{count} commits"), &repository, folder.path());
}

/// A workspace that locks so many packages of the registry.
fn components(count: usize) {
    let folder = tempfile::tempdir().unwrap();
    let repository = imported(folder.path(), |stream| {
        commit(stream, 1, &[]);
        let mut manifest = format!("{MANIFEST}\n[dependencies]\n");
        let mut locked =
            "version = 4\n\n[[package]]\nname = \"made\"\nversion = \"1.0.0\"\ndependencies = [\n".to_owned();
        let mut packages = String::new();
        for number in 0..count {
            manifest += &format!("made-{number:05} = \"1\"\n");
            locked += &format!(" \"made-{number:05}\",\n");
            packages += &format!(
                "\n[[package]]\nname = \"made-{number:05}\"\nversion = \"1.0.{number}\"\n\
                 source = \"registry+https://github.com/rust-lang/crates.io-index\"\nchecksum = \"{number:064x}\"\n"
            );
        }
        file(stream, "Cargo.toml", &manifest);
        file(stream, "Cargo.lock", &(locked + "]\n" + &packages));
        file(stream, "src/lib.rs", "\n");
    });
    row(&format!("{count} components"), &repository, folder.path());
}

/// Files of Rust with a test in each, a hundred in a folder.
fn files(count: usize) {
    let folder = tempfile::tempdir().unwrap();
    let repository = imported(folder.path(), |stream| {
        commit(stream, 1, &[]);
        file(stream, "Cargo.toml", MANIFEST);
        file(stream, "src/lib.rs", "\n");
        for number in 0..count {
            let text = format!(
                "pub fn f{number}() -> u32 {{\n    {number}\n}}\n\n#[test]\nfn holds() {{\n    assert_eq!(f{number}(), {number});\n}}\n"
            );
            file(stream, &format!("src/m{}/f{number}.rs", number / 100), &text);
        }
    });
    row(&format!("{count} files"), &repository, folder.path());
}

fn main() {
    let most = std::env::var("SCALE_MOST").ok().and_then(|most| most.parse().ok()).unwrap_or(usize::MAX);
    println!("| repository | R | cold | warm | memory | evidence | score |");
    println!("|---|---|---|---|---|---|---|");
    for (make, sizes) in [
        (commits as fn(usize), &[1_000, 10_000, 100_000, 1_000_000][..]),
        (components, &[10, 100, 1_000]),
        (files, &[1_000, 10_000, 100_000]),
    ] {
        sizes.iter().filter(|size| **size <= most).for_each(|size| make(*size));
    }
}
