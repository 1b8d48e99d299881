//! A repository, a key ring and the real programs: git, gpg and ssh-keygen.
#![allow(clippy::print_stderr, reason = "a test that cannot run here says so")]

use std::{
    collections::BTreeMap,
    fs,
    path::PathBuf,
    process::{Command, Stdio},
};

use serde_json::Value;

use crate::common::run;

/// A folder with a key ring and a repository of its own.
pub struct Forge {
    folder: tempfile::TempDir,
}

/// 2026-01-01T00:00:00Z.
const THEN: &str = "1767225600";

impl Forge {
    pub fn new() -> Option<Self> {
        for program in ["git", "gpg", "ssh-keygen"] {
            if Command::new(program).arg("-?").stdout(Stdio::null()).stderr(Stdio::null()).status().is_err() {
                assert!(std::env::var_os("CI").is_none(), "{program} is not installed");
                eprintln!("skipped: {program} is not installed");
                return None;
            }
        }
        // Short: the sockets of gpg's agent have to fit in 108 bytes.
        let forge = Self { folder: tempfile::Builder::new().prefix("pl").tempdir_in("/tmp").unwrap() };
        fs::create_dir(forge.path("gnupg")).unwrap();
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            fs::set_permissions(forge.path("gnupg"), fs::Permissions::from_mode(0o700)).unwrap();
        }
        forge.git(&["init", "-q", "-b", "main", "repo"], "");
        Some(forge)
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub fn command(&self, program: &str) -> Command {
        let mut command = Command::new(program);
        command
            .current_dir(self.folder.path())
            .env("HOME", self.folder.path())
            .env("GNUPGHOME", self.path("gnupg"))
            .env("GIT_CONFIG_NOSYSTEM", "1")
            .env("GIT_CONFIG_GLOBAL", self.path("gitconfig"))
            .env("LC_ALL", "C")
            .env("TZ", "UTC")
            .stdin(Stdio::null());
        for who in ["AUTHOR", "COMMITTER"] {
            command.env(format!("GIT_{who}_NAME"), "Maker").env(format!("GIT_{who}_EMAIL"), "maker@example.org");
            command.env(format!("GIT_{who}_DATE"), format!("{THEN} +0000"));
        }
        command
    }

    pub fn run(command: &mut Command) -> String {
        let output = command.output().unwrap();
        assert!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8_lossy(&output.stdout).into_owned()
    }

    pub fn git(&self, arguments: &[&str], more: &str) -> String {
        let mut command = self.command("git");
        command.args(["-c", &format!("gpg.ssh.allowedSignersFile={}", self.path("allowed").display())]);
        if !more.is_empty() {
            command.args(["-c", more]);
        }
        Self::run(command.args(arguments))
    }

    pub fn gpg(&self, arguments: &[&str]) -> String {
        let mut command = self.command("gpg");
        Self::run(
            command
                .args(["--batch", "--yes", "--quiet", "--pinentry-mode", "loopback", "--passphrase", ""])
                .args(arguments),
        )
    }

    /// Makes a key at `made` that lasts for `lasts`, and gives its fingerprint.
    pub fn key(&self, address: &str, kind: &str, made: &str, lasts: &str) -> String {
        let user = format!("{address} <{address}@example.org>");
        self.gpg(&["--faked-system-time", made, "--quick-gen-key", &user, kind, "sign", lasts]);
        let listed = self.gpg(&["--with-colons", "--list-keys", &format!("{address}@example.org")]);
        listed.lines().find_map(|line| line.strip_prefix("fpr:")).unwrap().trim_matches(':').to_owned()
    }

    /// Commits with a key, at `now` as gpg sees it.
    pub fn commit(&self, message: &str, key: &str, format: &str, now: Option<&str>) {
        let wrapper = self.path("gpg-at");
        let options = now.map(|now| format!("--faked-system-time {now}")).unwrap_or_default();
        fs::write(
            &wrapper,
            format!("#!/bin/sh\nexec gpg --batch --pinentry-mode loopback --passphrase '' {options} \"$@\"\n"),
        )
        .unwrap();
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            fs::set_permissions(&wrapper, fs::Permissions::from_mode(0o755)).unwrap();
        }
        let mut command = self.command("git");
        command.args(["-C", "repo", "-c", &format!("gpg.format={format}"), "-c", &format!("user.signingKey={key}")]);
        command.args(["-c", &format!("gpg.openpgp.program={}", wrapper.display())]);
        Self::run(command.args(["commit", "-q", "--allow-empty", "-S", "-m", message]));
    }

    /// Puts the current commit aside and one in its place whose message was changed after it was signed.
    pub fn tamper(&self, message: &str) {
        let raw = self.git(&["-C", "repo", "cat-file", "commit", "HEAD"], "");
        let (head, _) = raw.split_once("\n\n").unwrap();
        fs::write(self.path("raw"), format!("{head}\n\n{message}\n")).unwrap();
        let id = self.git(&["-C", "repo", "hash-object", "-t", "commit", "-w", "../raw"], "");
        self.git(&["-C", "repo", "reset", "-q", "--hard", id.trim()], "");
    }

    pub fn letters(&self) -> BTreeMap<String, (String, String)> {
        let told = self.git(&["-C", "repo", "log", "--format=%H %G? %s"], "");
        told.lines()
            .map(|line| {
                let mut words = line.splitn(3, ' ');
                let mut next = || words.next().unwrap().to_owned();
                (next(), (next(), next()))
            })
            .collect()
    }

    pub fn verdicts(&self, more: &[&str]) -> BTreeMap<String, Value> {
        let repository = self.path("repo").display().to_string();
        let ran = run(&[&["inspect", "signatures", &repository, "--format", "jsonl", "--no-cache"], more].concat());
        assert_eq!(ran.code, 0, "{}", ran.stderr);
        let lines = ran.stdout.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
        lines.map(|value| (value["commit"].as_str().unwrap().to_owned(), value)).collect()
    }

    /// Compares every commit, and gives the verdict of each message.
    pub fn compare(&self, more: &[&str]) -> BTreeMap<String, String> {
        let letters = self.letters();
        let verdicts = self.verdicts(more);
        assert_eq!(letters.len(), verdicts.len());
        let mut wrong = Vec::new();
        for (id, (letter, message)) in &letters {
            if verdicts[id]["git"] != letter.as_str() {
                wrong.push(format!("{message}: git says {letter}, here {}", verdicts[id]));
            }
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
        letters
            .into_iter()
            .map(|(id, (_, message))| (message, verdicts[&id]["verdict"].as_str().unwrap().to_owned()))
            .collect()
    }
}

impl Drop for Forge {
    fn drop(&mut self) {
        let _ = self.command("gpgconf").args(["--kill", "all"]).status();
    }
}
