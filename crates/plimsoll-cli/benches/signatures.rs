//! Verdicts on whole histories against `git log --format=%G?`: 2,000 commits signed with OpenPGP and with SSH, both made here, and
//! the same again from what was kept.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::print_stderr,
    clippy::indexing_slicing,
    reason = "a bench that cannot be set up has to fail at once"
)]

use std::{
    fs,
    path::PathBuf,
    process::{Command, Stdio},
    time::{Duration, Instant},
};

use criterion::Criterion;

const COMMITS: usize = 2_000;

/// A repository whose commits are all signed by one key.
struct Signed {
    folder: tempfile::TempDir,
    format: &'static str,
}

impl Signed {
    fn new(format: &'static str, algorithm: &str) -> Self {
        let folder = tempfile::Builder::new().prefix("pl").tempdir_in("/tmp").unwrap();
        let signed = Self { folder, format };
        fs::create_dir(signed.path("gnupg")).unwrap();
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            fs::set_permissions(signed.path("gnupg"), fs::Permissions::from_mode(0o700)).unwrap();
        }
        signed.done(&["git", "init", "-q", "-b", "main", "repo"]);
        let key = if format == "ssh" {
            signed.done(&["ssh-keygen", "-q", "-t", algorithm, "-N", "", "-C", "", "-f", "key"]);
            let public = fs::read_to_string(signed.path("key.pub")).unwrap();
            fs::write(signed.path("allowed"), format!("maker@example.org {public}")).unwrap();
            signed.path("key").display().to_string()
        } else {
            let user = "Maker <maker@example.org>";
            signed.done(&["gpg", "--batch", "-q", "--passphrase", "", "--quick-gen-key", user, algorithm, "sign", "0"]);
            signed.done(&["gpg", "--batch", "-q", "--armor", "--output", "keys.asc", "--export"]);
            "maker@example.org".to_owned()
        };
        let tree = signed.done(&["git", "-C", "repo", "hash-object", "-t", "tree", "-w", "/dev/null"]);
        let mut head: Option<String> = None;
        for number in 0..COMMITS {
            let message = format!("change {number}");
            let sign = format!("-S{key}");
            let mut arguments = vec!["git", "-C", "repo", "commit-tree", sign.as_str(), "-m", &message, tree.trim()];
            if let Some(head) = &head {
                arguments.extend(["-p", head.as_str()]);
            }
            head = Some(signed.done(&arguments).trim().to_owned());
        }
        signed.done(&["git", "-C", "repo", "update-ref", "refs/heads/main", &head.unwrap()]);
        signed.done(&["git", "-C", "repo", "repack", "-a", "-d", "-q"]);
        signed
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn command(&self, program: &str) -> Command {
        let mut command = Command::new(program);
        command.current_dir(self.folder.path()).env("GNUPGHOME", self.path("gnupg")).env("HOME", self.folder.path());
        command.env("GIT_CONFIG_NOSYSTEM", "1").env("GIT_CONFIG_COUNT", "2");
        command.env("GIT_CONFIG_KEY_0", "gpg.format").env("GIT_CONFIG_VALUE_0", self.format);
        command.env("GIT_CONFIG_KEY_1", "gpg.ssh.allowedSignersFile").env("GIT_CONFIG_VALUE_1", self.path("allowed"));
        for who in ["AUTHOR", "COMMITTER"] {
            command.env(format!("GIT_{who}_NAME"), "Maker").env(format!("GIT_{who}_EMAIL"), "maker@example.org");
        }
        command.stdin(Stdio::null());
        command
    }

    fn done(&self, arguments: &[&str]) -> String {
        let output = self.command(arguments[0]).args(&arguments[1..]).output().unwrap();
        assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8_lossy(&output.stdout).into_owned()
    }

    fn plimsoll(&self, more: &[&str]) -> Command {
        let mut command = self.command(env!("CARGO_BIN_EXE_plimsoll"));
        command.env("XDG_CACHE_HOME", self.path("cache")).env("XDG_STATE_HOME", self.path("state"));
        command.args(["inspect", "signatures", "repo", "--format", "jsonl"]);
        match self.format {
            "ssh" => command.args(["--allowed-signers", "allowed"]),
            _ => command.args(["--keyring", "keys.asc"]),
        };
        command.args(more).stderr(Stdio::null());
        command
    }
}

impl Drop for Signed {
    fn drop(&mut self) {
        let _ = self.command("gpgconf").args(["--kill", "all"]).status();
    }
}

fn compare(criterion: &mut Criterion, name: &str, format: &'static str, algorithm: &str) {
    let signed = Signed::new(format, algorithm);
    // git starts a program for each commit: once is enough to know how long that takes.
    let started = Instant::now();
    let letters = signed.done(&["git", "-C", "repo", "log", "--format=%G?"]);
    let git = started.elapsed();
    assert_eq!(letters.lines().filter(|letter| *letter == "G").count(), COMMITS, "git finds all of them good");

    let ours = signed.plimsoll(&["--no-cache"]).output().unwrap();
    let ours = String::from_utf8(ours.stdout).unwrap();
    assert_eq!(ours.lines().filter(|line| line.contains(r#""verdict":"good""#)).count(), COMMITS, "and so do we");

    let mut group = criterion.benchmark_group(format!("signatures-{name}"));
    group.sample_size(20).measurement_time(Duration::from_secs(8));
    for (run, more) in
        [("all-cores", &["--no-cache"][..]), ("one-core", &["--no-cache", "--jobs", "1"][..]), ("kept", &[][..])]
    {
        group.bench_function(run, |bencher| {
            bencher.iter(|| assert!(signed.plimsoll(more).stdout(Stdio::null()).status().unwrap().success()));
        });
    }
    group.finish();
    let group = format!("signatures-{name}");
    for run in ["all-cores", "one-core", "kept"] {
        plimsoll_testkit::print_ratio_to(&group, run, "git log --format=%G?", git);
    }
    plimsoll_testkit::print_ratio(&group, "all-cores", "one-core");
}

/// A history of 50,000 commits, a fifth of them signed, as it is verified and as it is told again.
fn large(criterion: &mut Criterion) {
    let signed = Signed::new("ssh", "ed25519");
    let mut script = String::new();
    for second in 1_700_000_000..1_700_050_000 {
        script.push_str(&format!(
            "commit refs/heads/large\ncommitter Maker <maker@example.org> {second} +0000\ndata 2\nx\n"
        ));
    }
    fs::write(signed.path("script"), script).unwrap();
    let script = fs::File::open(signed.path("script")).unwrap();
    assert!(
        signed.command("git").args(["-C", "repo", "fast-import", "--quiet"]).stdin(script).status().unwrap().success()
    );
    let all = ["--all"];
    let mut group = criterion.benchmark_group("signatures-of-52000-commits");
    group.sample_size(20).measurement_time(Duration::from_secs(8));
    group.bench_function("verified", |bencher| {
        bencher.iter(|| {
            let mut command = signed.plimsoll(&["--all", "--no-cache"]);
            assert!(command.stdout(Stdio::null()).status().unwrap().success());
        });
    });
    assert!(signed.plimsoll(&all).stdout(Stdio::null()).status().unwrap().success());
    group.bench_function("kept", |bencher| {
        bencher.iter(|| assert!(signed.plimsoll(&all).stdout(Stdio::null()).status().unwrap().success()));
    });
    group.finish();
    plimsoll_testkit::print_ratio("signatures-of-52000-commits", "kept", "verified");
    for more in [&["--all", "--no-cache"][..], &all] {
        let mut child = signed.plimsoll(more).stdout(Stdio::null()).spawn().unwrap();
        let mut peak = 0;
        while child.try_wait().unwrap().is_none() {
            peak = plimsoll_testkit::peak_memory(child.id()).unwrap_or(0).max(peak);
            std::thread::sleep(Duration::from_micros(200));
        }
        eprintln!("MEMORY signatures {}: {} MB at most", more.join(" "), peak / 1_000_000);
    }
}

fn main() {
    for program in ["git", "gpg", "ssh-keygen"] {
        if Command::new(program).arg("-?").stdout(Stdio::null()).stderr(Stdio::null()).status().is_err() {
            eprintln!("{program} is not installed: nothing is compared");
            return;
        }
    }
    let mut criterion = Criterion::default().configure_from_args();
    compare(&mut criterion, "openpgp-rsa2048", "openpgp", "rsa2048");
    compare(&mut criterion, "openpgp-ed25519", "openpgp", "ed25519");
    compare(&mut criterion, "ssh-ed25519", "ssh", "ed25519");
    large(&mut criterion);
    criterion.final_summary();
}
