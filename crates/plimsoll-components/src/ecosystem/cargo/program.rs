//! `cargo metadata`, offline, with a scrubbed environment, in bounded time and with bounded output.

use std::{
    io::Read,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::mpsc,
    thread,
    time::{Duration, Instant},
};

use cargo_metadata::Metadata;

/// What cargo and rustup need to find themselves and the user's own registry; nothing else is passed on.
const KEPT: [&str; 12] = [
    "PATH",
    "HOME",
    "CARGO_HOME",
    "RUSTUP_HOME",
    "RUSTUP_TOOLCHAIN",
    "TMPDIR",
    "TEMP",
    "TMP",
    "USERPROFILE",
    "SYSTEMROOT",
    "PATHEXT",
    "COMSPEC",
];

/// Bytes of cargo's complaint that are kept.
const COMPLAINT: u64 = 16 << 10;

/// Why cargo gave no graph. A fixed set: what cargo says itself names folders of the machine, and is other words in each
/// version, so it decides and is never shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Refusal {
    /// It could not be started.
    Missing,
    /// It needs package sources that are not at hand.
    Offline,
    /// It does not even know which packages there are: its copy of the registry's index lacks some.
    NoIndex,
    /// The lockfile does not fit the manifests.
    Unlocked,
    /// It said something else.
    Said,
    /// Its answer was not understood, or does not fit the lockfile.
    NotUnderstood,
    /// It took too long.
    Late,
    /// It printed too much.
    Long,
}

impl Refusal {
    /// The reason in one clause.
    pub(crate) fn reason(self) -> &'static str {
        match self {
            Self::Missing => "cargo could not be started",
            Self::Offline | Self::NoIndex => {
                "cargo needs the sources of packages that are not on this machine (`cargo fetch --locked` downloads them)"
            }
            Self::Unlocked => "cargo says that Cargo.lock does not fit the manifests",
            Self::Said => "cargo refused (`cargo metadata --locked` says why)",
            Self::NotUnderstood => "cargo's answer was not understood",
            Self::Late => "cargo took too long",
            Self::Long => "cargo printed too much",
        }
    }

    /// Its name in what is pinned.
    pub(crate) fn id(self) -> &'static str {
        match self {
            Self::Missing => "cargo-missing",
            Self::Offline | Self::NoIndex => "sources-missing",
            Self::Unlocked => "lockfile-stale",
            Self::Said => "cargo-refused",
            Self::NotUnderstood => "answer-not-understood",
            Self::Late | Self::Long => "beyond-bounds",
        }
    }
}

/// What cargo says of itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Version {
    pub release: String,
    pub host: Option<String>,
}

/// A cargo, and how it is run.
pub(crate) struct Cargo {
    pub program: PathBuf,
    pub run_folder: PathBuf,
    /// How long one run may take.
    pub timeout: Duration,
    /// When the last run of all has to have ended.
    pub deadline: Instant,
    pub output_bytes: usize,
}

impl Cargo {
    fn command(&self) -> Command {
        let mut command = Command::new(&self.program);
        command.env_clear();
        for name in KEPT {
            if let Some(value) = std::env::var_os(name) {
                command.env(name, value);
            }
        }
        // rustup must not fetch a toolchain, cargo must not fetch an index.
        command.env("RUSTUP_AUTO_INSTALL", "0").env("CARGO_NET_OFFLINE", "true").env("CARGO_TERM_COLOR", "never");
        command.current_dir(&self.run_folder).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    /// Asks for cargo's version and the machine's target.
    pub(crate) fn version(&self) -> Option<Version> {
        let mut command = self.command();
        command.args(["--version", "--verbose"]);
        let output = self.run(command).ok()?;
        let text = String::from_utf8(output).ok()?;
        let field =
            |name: &str| text.lines().find_map(|line| line.strip_prefix(name)).map(|value| value.trim().to_owned());
        Some(Version { release: field("release:")?, host: field("host:") })
    }

    /// Asks for the resolved graph of the workspace whose root manifest is at `manifest`.
    pub(crate) fn metadata(
        &self,
        manifest: &Path,
        all_features: bool,
        platform: Option<&str>,
    ) -> Result<Metadata, Refusal> {
        let mut command = self.command();
        command.args(["metadata", "--offline", "--locked", "--format-version", "1", "--manifest-path"]).arg(manifest);
        if all_features {
            command.arg("--all-features");
        }
        if let Some(platform) = platform {
            command.args(["--filter-platform", platform]);
        }
        let output = self.run(command)?;
        serde_json::from_slice(&output).map_err(|_| Refusal::NotUnderstood)
    }

    /// Packs the package whose manifest is at `manifest` into `target`. Nothing is built: `--no-verify` leaves out the one step
    /// that would run a build script, and `home` holds no configuration of git.
    pub(crate) fn package(&self, manifest: &Path, target: &Path, home: &Path, lockfile: bool) -> Result<(), Refusal> {
        let mut command = self.command();
        // cargo and rustup have their folders below the home that they are not given.
        if let Some(own) = std::env::var_os("HOME").map(PathBuf::from) {
            for (name, folder) in [("CARGO_HOME", ".cargo"), ("RUSTUP_HOME", ".rustup")] {
                if std::env::var_os(name).is_none() {
                    command.env(name, own.join(folder));
                }
            }
            command.env("HOME", home);
        }
        command.env("GIT_CONFIG_NOSYSTEM", "1").env("GIT_CONFIG_GLOBAL", home.join("gitconfig"));
        command.args(["package", "--no-verify", "--offline", "--allow-dirty", "--quiet", "--manifest-path"]);
        command.arg(manifest).arg("--target-dir").arg(target);
        if !lockfile {
            command.arg("--exclude-lockfile");
        }
        self.run(command).map(drop)
    }

    fn run(&self, mut command: Command) -> Result<Vec<u8>, Refusal> {
        let end = (Instant::now() + self.timeout).min(self.deadline);
        let mut child = command.spawn().map_err(|_| Refusal::Missing)?;
        let output = read(child.stdout.take(), self.output_bytes as u64);
        let complaint = read(child.stderr.take(), COMPLAINT);
        let answer = collect(&mut child, &output, &complaint, end, self.output_bytes)
            .and_then(|answer| answer.map_err(|complaint| understand(&complaint)));
        if answer.is_err() {
            // Already ended, or ended by this; either way it is waited for.
            let _ = child.kill();
            let _ = child.wait();
        }
        answer
    }
}

/// Reads up to one byte more than `limit` on a thread of its own, so that a full pipe never stops the other.
fn read(pipe: Option<impl Read + Send + 'static>, limit: u64) -> mpsc::Receiver<Vec<u8>> {
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || {
        let mut bytes = Vec::new();
        if let Some(pipe) = pipe {
            // What was read before an error is judged by the exit status.
            let _ = pipe.take(limit.saturating_add(1)).read_to_end(&mut bytes);
        }
        let _ = sender.send(bytes);
    });
    receiver
}

fn collect(
    child: &mut Child,
    output: &mpsc::Receiver<Vec<u8>>,
    complaint: &mpsc::Receiver<Vec<u8>>,
    end: Instant,
    limit: usize,
) -> Result<Result<Vec<u8>, String>, Refusal> {
    let late = || Refusal::Late;
    let left = || end.saturating_duration_since(Instant::now());
    let bytes = output.recv_timeout(left()).map_err(|_| late())?;
    if bytes.len() > limit {
        return Err(Refusal::Long);
    }
    // Its output has ended; it is about to.
    let status = loop {
        match child.try_wait() {
            Ok(Some(status)) => break status,
            Ok(None) if left().is_zero() => return Err(late()),
            Ok(None) => thread::sleep(Duration::from_millis(1)),
            Err(_) => return Err(Refusal::Missing),
        }
    };
    if status.success() {
        return Ok(Ok(bytes));
    }
    let complaint = complaint.recv_timeout(left()).map_err(|_| late())?;
    Ok(Err(String::from_utf8_lossy(&complaint).into_owned()))
}

/// What a complaint of cargo comes to. The words are those of cargo 1.70 to 1.95; others are taken for a refusal.
fn understand(complaint: &str) -> Refusal {
    const OFFLINE: [&str; 6] = [
        "--offline was specified",
        "you may wish to retry without the offline flag",
        "attempting to make an HTTP request",
        "unable to update",
        "you're in the offline mode",
        "you're using offline mode",
    ];
    let lower = complaint.to_lowercase();
    // Said with "no matching package named": the resolver had nothing to choose from.
    if lower.contains("offline mode") && lower.contains("no matching package") {
        return Refusal::NoIndex;
    }
    if OFFLINE.iter().any(|words| lower.contains(&words.to_lowercase())) {
        return Refusal::Offline;
    }
    if lower.contains("--locked")
        && (lower.contains("needs to be updated") || lower.contains("cannot update the lock file"))
    {
        return Refusal::Unlocked;
    }
    Refusal::Said
}
