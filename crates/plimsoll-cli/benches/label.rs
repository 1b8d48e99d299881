//! Whole commands: the label of ripgrep's full history, and a lockfile matched against advisories, against the
//! tools that one would use instead. `CARGO_AUDIT` names cargo-audit where it is not on the path.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::print_stderr,
    clippy::indexing_slicing,
    reason = "a bench that cannot be set up has to fail at once"
)]

use std::{
    io::Write as _,
    path::Path,
    process::{Command, Stdio},
    time::Duration,
};

use criterion::Criterion;

const AS_OF: &str = "2026-11-01T00:00:00Z";
const AUDIT: &str = "audit-of-23000-commits";
const COMMITS: usize = 23_000;

fn plimsoll(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_plimsoll"));
    command.args(arguments).stdout(Stdio::null()).stderr(Stdio::null());
    command
}

fn label(criterion: &mut Criterion) {
    let Some(folder) = plimsoll_testkit::unpack("git-history/ripgrep.git.tar.zst") else { return };
    let repository = folder.join("ripgrep.git").display().to_string();
    let out = tempfile::tempdir().unwrap();
    let out = out.path().join("label").display().to_string();
    let arguments = ["label", &repository, "--out", &out, "--as-of", AS_OF];
    let mut group = criterion.benchmark_group("label-ripgrep");
    group.sample_size(20).measurement_time(Duration::from_secs(10));
    group.bench_function("plimsoll", |bencher| {
        bencher.iter(|| assert!(plimsoll(&arguments).status().unwrap().success()));
    });
    // What git alone takes to say of each commit whether it is signed; it starts gpg for each that is.
    group.sample_size(10);
    group.bench_function("git-log-signatures", |bencher| {
        bencher.iter(|| {
            let mut git = Command::new("git");
            git.args(["-C", &repository, "log", "--format=%H %G?", "--max-count=300"]);
            git.stdout(Stdio::null()).stderr(Stdio::null()).status().unwrap()
        });
    });
    group.finish();
    plimsoll_testkit::print_ratio("label-ripgrep", "plimsoll", "git-log-signatures");
    eprintln!("       (git told of 300 commits, plimsoll judged all 2,287 and wrote six files)");

    let mut child = plimsoll(&arguments).spawn().unwrap();
    let mut peak = 0;
    while child.try_wait().unwrap().is_none() {
        peak = plimsoll_testkit::peak_memory(child.id()).unwrap_or(0).max(peak);
        std::thread::sleep(Duration::from_micros(200));
    }
    eprintln!("MEMORY label-ripgrep: {} MB at most", peak / 1_000_000);
}

/// A repository with a long history of one line, as it lies after a clone.
fn long(folder: &Path) -> String {
    let repository = folder.join("long").display().to_string();
    let git = |arguments: &[&str]| {
        let mut command = Command::new("git");
        command.args(["-C", &repository]).args(arguments).stdout(Stdio::null());
        command
    };
    std::fs::create_dir(&repository).unwrap();
    assert!(git(&["init", "-q", "-b", "main"]).status().unwrap().success());
    let mut import = git(&["fast-import", "--quiet"]).stdin(Stdio::piped()).spawn().unwrap();
    let mut stream = import.stdin.take().unwrap();
    let manifest = "[package]\nname = \"long\"\nversion = \"1.0.0\"\nedition = \"2021\"\n";
    for number in 0..COMMITS {
        let seconds = 1_700_000_000 + number * 600;
        write!(
            stream,
            "commit refs/heads/main\ncommitter A <a@example.org> {seconds} +0000\ndata 8\na change\n\
             M 100644 inline src/f{}.rs\ndata 9\n{number:08}\n\nM 100644 inline Cargo.toml\ndata {}\n{manifest}\n",
            number % 500,
            manifest.len()
        )
        .unwrap();
    }
    drop(stream);
    assert!(import.wait().unwrap().success());
    repository
}

/// An audit, which collects twice and scores twice, against the label that it audits.
fn audit(criterion: &mut Criterion) {
    let folder = tempfile::tempdir().unwrap();
    let repository = long(folder.path());
    let path = |name: &str| folder.path().join(name).display().to_string();
    let (out, key, bundle) = (path("out"), path("maker"), path("out/label.sigstore.json"));
    let (private, public) = (format!("{key}.key"), format!("{key}.pub"));
    assert!(plimsoll(&["key", "generate", "--no-passphrase", "--out", &key]).status().unwrap().success());
    let label = ["label", &repository, "--out", &out, "--as-of", AS_OF, "--no-cache"];
    assert!(plimsoll(&label).status().unwrap().success());
    assert!(plimsoll(&["sign", &path("out/label.json"), "--key", &private]).status().unwrap().success());
    let audit = ["audit", &bundle, "--repo", &repository, "--key", &public, "--as-of", "2026-11-02"];
    let mut group = criterion.benchmark_group(AUDIT);
    group.sample_size(10).measurement_time(Duration::from_secs(10));
    group.bench_function("label", |bencher| bencher.iter(|| assert!(plimsoll(&label).status().unwrap().success())));
    group.bench_function("audit", |bencher| bencher.iter(|| assert!(plimsoll(&audit).status().unwrap().success())));
    group.bench_function("verify", |bencher| {
        let verify = ["verify", &bundle, "--key", &public, "--as-of", "2026-11-02"];
        bencher.iter(|| assert!(plimsoll(&verify).status().unwrap().success()));
    });
    group.finish();
    plimsoll_testkit::print_ratio(AUDIT, "audit", "label");
    plimsoll_testkit::print_ratio(AUDIT, "verify", "label");
}

fn advisories(criterion: &mut Criterion) {
    let Some(corpus) = plimsoll_testkit::corpus() else { return };
    let Some(database) = plimsoll_testkit::unpack("advisories/rustsec-advisory-db.tar.zst") else { return };
    let database = database.join("advisory-db").display().to_string();
    let lockfile = corpus.join("lockfiles/tauri-apps__tauri__2024-10-24/Cargo.lock").display().to_string();
    let packed = tempfile::NamedTempFile::new().unwrap();
    let packed = packed.path().display().to_string();
    let pack = [
        "db",
        "pack",
        &database,
        "--date",
        "2026-08-21",
        "--out",
        &packed,
        "--revision",
        "bf5c0d245a92671908518d7e765914d437954ed6",
    ];
    assert!(plimsoll(&pack).status().unwrap().success());

    let mut group = criterion.benchmark_group("advisories-of-a-lockfile");
    group.sample_size(20).measurement_time(Duration::from_secs(8));
    for (name, more) in [
        ("plimsoll-checkout", &["--advisories", &database][..]),
        ("plimsoll-packed", &["--advisories", &packed][..]),
        ("plimsoll-embedded", &[][..]),
    ] {
        group.bench_function(name, |bencher| {
            bencher.iter(|| {
                let mut command = plimsoll(&["inspect", "advisories", &lockfile, "--format", "json"]);
                assert!(command.args(more).status().unwrap().success());
            });
        });
    }
    let audit = std::env::var("CARGO_AUDIT").unwrap_or_else(|_| "cargo-audit".to_owned());
    let audited = || {
        let mut command = Command::new(&audit);
        command.args(["audit", "--db", &database, "--no-fetch", "--stale", "--file", &lockfile, "--json"]);
        command.current_dir(Path::new("/")).stderr(Stdio::null());
        command
    };
    if let Ok(output) = audited().output() {
        // The same work: as many vulnerabilities as it finds.
        let theirs: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        let ours = plimsoll(&["inspect", "advisories", &lockfile, "--advisories", &database, "--format", "json"])
            .stdout(Stdio::piped())
            .output()
            .unwrap();
        let ours: serde_json::Value = serde_json::from_slice(&ours.stdout).unwrap();
        let found = ours["findings"].as_array().unwrap().iter().filter(|one| one["kind"] == "vulnerability").count();
        assert_eq!(theirs["vulnerabilities"]["count"], found);
        group.bench_function("cargo-audit", |bencher| {
            bencher.iter(|| audited().stdout(Stdio::null()).status().unwrap());
        });
    } else {
        eprintln!("cargo-audit is not installed: `cargo install cargo-audit`, or name it in CARGO_AUDIT");
    }
    group.finish();
    for ours in ["plimsoll-checkout", "plimsoll-packed", "plimsoll-embedded"] {
        plimsoll_testkit::print_ratio("advisories-of-a-lockfile", ours, "cargo-audit");
    }
}

fn main() {
    let mut criterion = Criterion::default().configure_from_args();
    label(&mut criterion);
    audit(&mut criterion);
    advisories(&mut criterion);
    criterion.final_summary();
}
