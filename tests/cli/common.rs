//! Runs the command and says what came of it.

use std::{
    path::Path,
    process::{Command, Output},
};

pub const AS_OF: &str = "2026-11-01T00:00:00Z";

pub struct Ran {
    pub code: i32,
    pub stdout: String,
    pub stderr: String,
}

pub fn command() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_plimsoll"));
    command.env_clear().env("COLUMNS", "80");
    // What is kept between runs is not that of whoever runs the tests.
    for name in ["XDG_CACHE_HOME", "XDG_STATE_HOME", "XDG_DATA_HOME"] {
        command.env(name, Path::new(env!("CARGO_TARGET_TMPDIR")).join(name));
    }
    for name in ["PATH", "HOME", "CARGO_HOME", "RUSTUP_HOME", "RUSTUP_TOOLCHAIN", "TMPDIR"] {
        if let Some(value) = std::env::var_os(name) {
            command.env(name, value);
        }
    }
    command
}

pub fn run(arguments: &[&str]) -> Ran {
    ran(command().args(arguments).output().unwrap())
}

pub fn run_in(folder: &Path, arguments: &[&str]) -> Ran {
    ran(command().current_dir(folder).args(arguments).output().unwrap())
}

fn ran(output: Output) -> Ran {
    Ran {
        code: output.status.code().unwrap_or(-1),
        stdout: String::from_utf8(output.stdout).unwrap(),
        stderr: String::from_utf8(output.stderr).unwrap(),
    }
}

/// The label of a repository as JSON.
pub fn label_json(repository: &Path) -> serde_json::Value {
    let ran = run(&["label", &repository.display().to_string(), "--as-of", AS_OF, "--format", "json", "--quiet"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    serde_json::from_str(&ran.stdout).unwrap()
}

/// The evidence of a repository as JSON.
pub fn evidence_json(repository: &Path) -> serde_json::Value {
    let ran = run(&["collect", &repository.display().to_string(), "--as-of", AS_OF, "--quiet"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    serde_json::from_str(&ran.stdout).unwrap()
}

/// Facts of one kind.
pub fn facts<'a>(evidence: &'a serde_json::Value, kind: &str) -> Vec<&'a serde_json::Value> {
    evidence["facts"].as_array().unwrap().iter().filter(|fact| fact["kind"] == kind).collect()
}
