//! A repository in which everything that could be run would leave a mark. Nothing of it is run by any command.
#![cfg(unix)]

use std::{
    fs,
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
    process::Command,
};

use plimsoll_testkit::Repo;

use crate::{
    common::{AS_OF, command},
    label::demo,
};

struct Trap {
    marks: tempfile::TempDir,
    tools: tempfile::TempDir,
    repo: Repo,
}

/// A program that leaves a mark with its own name.
fn program(tools: &Path, marks: &Path, name: &str) -> String {
    let path = tools.join(name);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    let mark = marks.join(name.replace('/', "-"));
    fs::write(&path, format!("#!/bin/sh\necho \"$@\" >> '{}'\nexit 1\n", mark.display())).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
    path.display().to_string()
}

fn trap() -> Trap {
    let (marks, tools) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let leaves = |name: &str| program(tools.path(), marks.path(), name);
    let cargo_config = format!(
        "[build]\nrustc = {:?}\nrustc-wrapper = {:?}\nrustc-workspace-wrapper = {:?}\nrustdoc = {:?}\n\
         [target.'cfg(all())']\nlinker = {:?}\nrunner = {:?}\n\
         [registry]\nglobal-credential-providers = [{:?}]\n\
         [alias]\nmetadata = \"run\"\n[net]\ngit-fetch-with-cli = true\n",
        leaves("rustc"),
        leaves("wrapper"),
        leaves("workspace-wrapper"),
        leaves("rustdoc"),
        leaves("linker"),
        leaves("runner"),
        leaves("credentials"),
    );
    for name in ["toolchain/bin/cargo", "toolchain/bin/rustc"] {
        leaves(name);
    }
    let toolchain = tools.path().join("toolchain");
    fs::create_dir_all(toolchain.join("lib")).unwrap();
    let toolchain = format!("[toolchain]\npath = {:?}\n", toolchain.display().to_string());
    let build = format!(
        "fn main() {{ std::fs::write({:?}, \"x\").unwrap(); }}",
        marks.path().join("build-script").display().to_string()
    );
    let repo = demo()
        .file(".cargo/config.toml", &cargo_config)
        .file(".cargo/config", &cargo_config)
        .file("member/.cargo/config.toml", &cargo_config)
        .file("rust-toolchain.toml", &toolchain)
        .file("build.rs", &build)
        .file(".gitattributes", "* filter=evil diff=evil merge=evil\n")
        .commit("first")
        .checkout();
    let mut git = fs::read_to_string(repo.git_dir().join("config")).unwrap();
    git.push_str(&format!(
        "[core]\n\tfsmonitor = {}\n\thooksPath = {}\n\tsshCommand = {}\n\tpager = {}\n\teditor = {}\n\
         [filter \"evil\"]\n\tclean = {}\n\tsmudge = {}\n\tprocess = {}\n\trequired = true\n\
         [diff \"evil\"]\n\ttextconv = {}\n\tcommand = {}\n[diff]\n\texternal = {}\n[gpg]\n\tprogram = {}\n\
         [gpg \"ssh\"]\n\tprogram = {}\n[credential]\n\thelper = {}\n",
        leaves("fsmonitor"),
        tools.path().join("hooks").display(),
        leaves("ssh"),
        leaves("pager"),
        leaves("editor"),
        leaves("clean"),
        leaves("smudge"),
        leaves("process"),
        leaves("textconv"),
        leaves("diff"),
        leaves("external"),
        leaves("gpg"),
        leaves("gpg-ssh"),
        leaves("credential-helper"),
    ));
    for hook in ["post-checkout", "pre-commit", "post-index-change", "reference-transaction", "fsmonitor-watchman"] {
        let path = leaves(&format!("hooks/{hook}"));
        fs::create_dir_all(repo.git_dir().join("hooks")).unwrap();
        fs::copy(path, repo.git_dir().join("hooks").join(hook)).unwrap();
    }
    fs::write(repo.git_dir().join("config"), git).unwrap();
    Trap { marks, tools, repo }
}

impl Trap {
    fn marks(&self) -> Vec<PathBuf> {
        let mut marks: Vec<_> = fs::read_dir(self.marks.path()).unwrap().map(|entry| entry.unwrap().path()).collect();
        marks.sort();
        marks
    }
}

#[test]
fn nothing_of_it_is_run_by_any_command() {
    let trap = trap();
    let plimsoll = |arguments: &[&str]| {
        let out = tempfile::tempdir().unwrap();
        let arguments: Vec<String> =
            arguments.iter().map(|word| word.replace("OUT", &out.path().join("x").display().to_string())).collect();
        // Without a toolchain in the environment, rustup would take the one that the repository names.
        let ran =
            command().env_remove("RUSTUP_TOOLCHAIN").current_dir(trap.repo.path()).args(&arguments).output().unwrap();
        let said = String::from_utf8_lossy(&ran.stderr).into_owned();
        assert_eq!(trap.marks(), Vec::<PathBuf>::new(), "{arguments:?} ran something: {said}");
        assert!(ran.status.code().is_some_and(|code| code < 2), "{arguments:?}: {said}");
    };
    plimsoll(&["label", "--as-of", AS_OF]);
    plimsoll(&["label", ".", "--worktree", "--as-of", AS_OF, "--out", "OUT"]);
    plimsoll(&["label", "--resolver", "cargo", "--as-of", AS_OF]);
    plimsoll(&["collect", "--as-of", AS_OF]);
    plimsoll(&["plan", "--as-of", AS_OF]);
    plimsoll(&["init", "--print", "--as-of", AS_OF]);
    let list = command().args(["inspect", "--help"]).output().unwrap();
    let help = String::from_utf8(list.stdout).unwrap();
    for collector in plimsoll_collect::COLLECTORS.iter().map(|collector| collector.name()) {
        assert!(help.contains(collector), "{help}");
        plimsoll(&["inspect", collector, ".", "--as-of", AS_OF]);
    }
    plimsoll(&["inspect", "advisories", "Cargo.lock", "--as-of", AS_OF]);
    plimsoll(&["explain", "PS.1.1"]);
    plimsoll(&["explain", "PS.1.1", ".", "--as-of", AS_OF]);
    plimsoll(&["catalog", "check"]);
    plimsoll(&["db", "status"]);

    // The trap is a trap: git and cargo, as one would use them, step into it.
    let git = Command::new("git").args(["status", "--short"]).current_dir(trap.repo.path()).output().unwrap();
    assert!(!trap.marks().is_empty(), "git left no mark: {git:?}");
    fs::remove_dir_all(trap.marks.path()).unwrap();
    fs::create_dir(trap.marks.path()).unwrap();
    fs::remove_file(trap.repo.path().join("rust-toolchain.toml")).unwrap();
    let mut cargo = Command::new("cargo");
    cargo.args(["check", "--offline"]).env("CARGO_TARGET_DIR", trap.tools.path().join("target"));
    let cargo = cargo.current_dir(trap.repo.path()).output().unwrap();
    assert!(!trap.marks().is_empty(), "cargo left no mark: {cargo:?}");
}
